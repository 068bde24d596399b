"""Sound to horns on the network: RTP through ffmpeg, to a multicast group or to one machine that was allowed."""

from __future__ import annotations

import time
from pathlib import Path

from broadcaster.model.outputs import Codec, OutputSettings
from broadcaster.outputs.encoder import Encoder

USUAL_CODEC = Codec.PCMU
"""Every horn knows it, and needs no description of the stream."""
PATIENCE_S = 1.0
HOPS = 8
PACKET_S = {Codec.PCMU: 0.02, Codec.G722: 0.02, Codec.L16: 0.01, Codec.OPUS: 0.02}
NUMBERS = 65_536


class RtpLine(Encoder):
    """Nobody answers to RTP: a horn that is not there looks like one that is."""

    def __init__(self, settings: OutputSettings, var: Path) -> None:
        description = description_of(settings, var)
        description.parent.mkdir(parents=True, exist_ok=True)
        codec = settings.codec or USUAL_CODEC
        target = ["-f", "rtp", "-seq", str(number_of(codec, time.monotonic())), "-sdp_file", str(description)]
        super().__init__(codec, [*target, f"{settings.address}?ttl={HOPS}"], has_output=False, patience_s=PATIENCE_S)


def number_of(codec: Codec, at: float) -> int:
    """The number of the packet that would be sent *at* (monotonic s), had there been one for ever.

    An encoder that is started anew goes on from there. Numbers by chance lie behind the old ones half of the time, and
    a horn that looks at nothing else throws away what seems old: it was silent for up to ten minutes.
    """
    return round(at / PACKET_S[codec]) % NUMBERS


def description_of(settings: OutputSettings, var: Path) -> Path:
    """The stream described for receivers that ask for it (SDP): written anew with each start."""
    return var / "streams" / f"{settings.name}.sdp"
