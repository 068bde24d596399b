"""Opens the output that the timetable asks for, or a tape where there is no sound card, and says which."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from broadcaster.errors import OutputLost
from broadcaster.model.airing import AiringId
from broadcaster.model.outputs import Channel, OutputKind, OutputSettings
from broadcaster.model.words import Sentence
from broadcaster.outputs import snapcast, soundcard, soundserver
from broadcaster.outputs.icecast import IcecastLine
from broadcaster.outputs.network import Line, NetworkOutput
from broadcaster.outputs.rtp import RtpLine
from broadcaster.outputs.snapcontrol import SnapcastPlayers
from broadcaster.outputs.soundcard import SoundCardOutput
from broadcaster.outputs.soundserver import MAY_BE_A_CARD, NoSoundServer, SoundServerOutput, sink_of
from broadcaster.outputs.tape import TapeOutput
from broadcaster.ports import Fill, HastyOutput, Output

log = logging.getLogger(__name__)

TAPE = "tape"


class CountingOutput(Output, Protocol):
    """An output that knows how often it ran dry."""

    @property
    def underruns(self) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An output that asks for blocks."""

    output: CountingOutput
    device: str
    """What it really is, for people."""
    is_tape: bool
    latency_ms: float
    network: NetworkOutput | None = None
    """The same output where it is one that may lose its line and find it again."""
    players: SnapcastPlayers | None = None
    """Who plays what is sent there, where somebody can say it."""
    hasty: HastyOutput | None = None
    """The same output where it can take back what it has sent ahead."""


def open_output(
    *,
    settings: OutputSettings,
    var: Path,
    tape_instead: bool,
    fill: Fill,
    airing: Callable[[], AiringId | None],
    before_sound: Callable[[], None] = lambda: None,
) -> Opened:
    """Start the output. Raises OutputLost where it is not there and nothing may stand in for it.

    *before_sound* is called when all that takes long is done, on the thread that starts those that make sound.
    """
    device = settings.device
    if settings.kind is OutputKind.TAPE:
        name = Path(device).name
        folder = var / (TAPE if name in ("", "default") else name)
        before_sound()
        return _tape(folder, fill, airing, f"录音带 / tape {folder}")
    if settings.kind in (OutputKind.STREAM, OutputKind.SNAPCAST):
        before_sound()
        return _network(settings, var, fill)
    try:
        card = _open_card(settings, fill, before_sound)
    except OutputLost as error:
        if not tape_instead:
            raise
        why = error.sentence
    except OSError as error:  # PortAudio itself is not installed
        why = Sentence(f"声卡系统没有装好：{error}", f"the sound system is not installed: {error}")
        if not tape_instead:
            raise OutputLost(why) from error
    else:
        return Opened(
            output=card,
            device=_card_name(settings),
            is_tape=False,
            latency_ms=card.latency_ms,
            hasty=card if isinstance(card, SoundServerOutput) else None,
        )
    log.warning("%s Playing to a tape instead.", why.en)
    folder = var / TAPE
    return _tape(folder, fill, airing, f"没有声卡，录到 / no sound card, tape {folder}")


def _open_card(
    settings: OutputSettings, fill: Fill, before_sound: Callable[[], None]
) -> SoundServerOutput | SoundCardOutput:
    """By the sound server where there is one; the default card may also be the system's own. Raises OutputLost."""
    sink = sink_of(settings.device)
    if sink is not None:
        try:
            server = SoundServerOutput(sink, settings.channel)
            before_sound()
            server.start(fill)
        except NoSoundServer:
            if settings.device not in MAY_BE_A_CARD:
                raise
        else:
            return server
    card = SoundCardOutput(settings.device, settings.channel)
    before_sound()
    card.start(fill)
    return card


def is_there(settings: OutputSettings) -> bool:
    """Whether the card could be opened now. Only while this process plays to none."""
    sink = sink_of(settings.device)
    if sink is not None and soundserver.is_there(sink):
        return True
    return (sink is None or settings.device in MAY_BE_A_CARD) and soundcard.is_there(settings.device)


def _network(settings: OutputSettings, var: Path, fill: Fill) -> Opened:
    network = NetworkOutput(_line_of(settings, var), delay_s=delay_of(settings))
    players = None
    if settings.kind is OutputKind.SNAPCAST:
        players = SnapcastPlayers(snapcast.control_of(settings), settings.address, settings.clients)
        players.start()
    network.start(fill)
    return Opened(
        output=network,
        device=f"网络 / network {settings.address}",
        is_tape=False,
        latency_ms=delay_of(settings) * 1000,
        network=network,
        players=players,
    )


def delay_of(settings: OutputSettings) -> float:
    """Seconds from sending to hearing."""
    told_s = settings.delay.total_seconds() if settings.delay is not None else None
    if settings.kind is OutputKind.SNAPCAST:
        return snapcast.heard_after(snapcast.USUAL_BUFFER_S if told_s is None else told_s)
    return told_s or 0.0


def _line_of(settings: OutputSettings, var: Path) -> Callable[[], Line]:
    if settings.kind is OutputKind.SNAPCAST:
        return lambda: snapcast.SnapcastLine(settings.address)
    if settings.address.startswith("icecast:"):
        return lambda: IcecastLine(settings, var.parent)
    return lambda: RtpLine(settings, var)


def _card_name(settings: OutputSettings) -> str:
    sides = {Channel.LEFT: "（左声道） (left)", Channel.RIGHT: "（右声道） (right)"}
    return f"声卡 / sound card {settings.device}{sides.get(settings.channel, '')}"


def _tape(folder: Path, fill: Fill, airing: Callable[[], AiringId | None], device: str) -> Opened:
    tape = TapeOutput(folder, airing)
    tape.start(fill)
    return Opened(output=tape, device=device, is_tape=True, latency_ms=20.0)
