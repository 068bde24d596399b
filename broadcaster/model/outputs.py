"""Where sound goes: outputs, the zones that name them, and the amplifiers behind them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from broadcaster.model.hours import QuietHours


class OutputKind(StrEnum):
    SOUNDCARD = "soundcard"
    STREAM = "stream"
    SNAPCAST = "snapcast"
    TAPE = "tape"


class Channel(StrEnum):
    """Which wires of a sound card: one card can serve two ends of a village."""

    BOTH = "both"
    LEFT = "left"
    RIGHT = "right"


class Codec(StrEnum):
    """How sound travels in a stream."""

    OPUS = "opus"
    MP3 = "mp3"
    L16 = "l16"
    PCMU = "pcmu"
    G722 = "g722"


@dataclass(frozen=True, slots=True)
class LevelSpan:
    """So loud during these hours."""

    hours: QuietHours
    level_db: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputSettings:
    name: str
    kind: OutputKind = OutputKind.SOUNDCARD
    device: str = "default"
    """A name, never a number. For a tape: a folder below ``var/``, ``tape`` when empty."""
    channel: Channel = Channel.BOTH
    address: str = ""
    """Of a stream or of a Snapcast source, for example ``icecast://host:8000/village``."""
    codec: Codec | None = None
    """None: the usual one of the stream's kind."""
    password: str = ""
    """Where it is kept, never the word itself: ``file:PATH`` or ``env:NAME``."""
    allows_unicast: bool = False
    """True: RTP may go to one machine; otherwise only to a multicast group."""
    delay: timedelta | None = None
    """How much later than it is sent the sound is heard. None: as the other end says, or nothing."""
    control: str = ""
    """Where the Snapcast server listens to JSON-RPC, ``host:port``; empty: port 1705 of the address."""
    clients: tuple[str, ...] = ()
    """The Snapcast players that belong to this output."""
    level_db: float = 0.0
    levels: tuple[LevelSpan, ...] = ()
    """Instead of *level_db* at some hours; the first that holds counts."""
    is_muted: bool = False
    emergency_level_db: float = 0.0
    """Of emergencies, whatever mute, level and hours say."""
    listen: str = ""
    """A microphone or line that hears the horns, by name; empty: nobody listens."""
    is_monitor: bool = False
    """Headphones: texts are tried here. Never in a zone, and nothing of the timetable is heard on it."""


class AmplifierKind(StrEnum):
    COMMAND = "command"
    GPIO = "gpio"
    RELAY = "relay"
    MQTT = "mqtt"


@dataclass(frozen=True, slots=True, kw_only=True)
class AmplifierSettings:
    """What switches the power of some horns."""

    name: str
    kind: AmplifierKind
    outputs: tuple[str, ...] = ()
    """Whose horns it drives."""
    on: tuple[str, ...] = ()
    """The words of a command; for a relay one word of hexadecimal bytes, for MQTT one message."""
    off: tuple[str, ...] = ()
    pin: int = 0
    is_inverted: bool = False
    port: str = ""
    address: str = ""
    user: str = ""
    password: str = ""
    """Where it is kept, never the word itself."""
    lead: timedelta = timedelta(seconds=3)
    """On so long before the first sound."""
    tail: timedelta = timedelta(seconds=3)
    """Off so long after the last."""
    longest: timedelta = timedelta(hours=4)
    """On for longer than this without a pause is a fault, and ends; not in an emergency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    name: str
    outputs: tuple[str, ...]
    profile: str = ""
    """The profile of the horns behind these outputs, whatever zone an airing names; empty: [sound]."""
