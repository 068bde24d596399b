"""Sound to horns on the network: RTP through ffmpeg, to a multicast group or to one machine that was allowed."""

from __future__ import annotations

from pathlib import Path

from broadcaster.model.outputs import Codec, OutputSettings
from broadcaster.outputs.encoder import Encoder

USUAL_CODEC = Codec.PCMU
"""Every horn knows it, and needs no description of the stream."""
PATIENCE_S = 1.0
HOPS = 8


class RtpLine(Encoder):
    """Nobody answers to RTP: a horn that is not there looks like one that is."""

    def __init__(self, settings: OutputSettings, var: Path) -> None:
        description = description_of(settings, var)
        description.parent.mkdir(parents=True, exist_ok=True)
        target = ["-f", "rtp", "-sdp_file", str(description), f"{settings.address}?ttl={HOPS}"]
        super().__init__(settings.codec or USUAL_CODEC, target, has_output=False, patience_s=PATIENCE_S)


def description_of(settings: OutputSettings, var: Path) -> Path:
    """The stream described for receivers that ask for it (SDP): written anew with each start."""
    return var / "streams" / f"{settings.name}.sdp"
