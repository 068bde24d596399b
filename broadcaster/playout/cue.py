"""What the station tells a deck and what a deck reports, as values and as lines of JSON.

Every message is one line; unknown kinds and missing keys are refused by name. Instants travel as ISO 8601 with
offset, lengths in samples or in the unit that the key names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from broadcaster.model.airing import AiringId
from broadcaster.model.hours import QuietHours
from broadcaster.model.outputs import AmplifierSettings, OutputSettings
from broadcaster.model.words import Heard, IfInterrupted, Priority, Sentence

# --- to the deck ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """What a deck process is there for: the first line that it is told, perhaps long after it was started."""

    output: OutputSettings
    may_be_tape: bool
    """Whether a tape may stand in where the sound card is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Permit:
    """Who let an emergency through the gate, and why. Both must be there."""

    who: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveFeed:
    """An airing whose samples come while it sounds, on the pipe for live sound."""

    delay_s: float
    """From coming to the station to being heard at the output; the same for all that are to sound together."""
    patience_s: float
    """Without a sample for so long the source counts as hung, and the airing ends."""
    peak_dbfs: float
    """No sample is louder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """One airing, ready to sound on one output."""

    airing: AiringId
    clip: str
    """Path of the WAV file: 48 kHz, mono, 16 bit."""
    sha256: str
    """Of its samples; checked by the deck when the cue is loaded."""
    sentence_starts: tuple[int, ...]
    starts_at: datetime
    """Wall time of the first sample; in the past: as soon as possible, within *grace_s*."""
    grace_s: float
    """How late after *starts_at* it may still start or resume."""
    priority: Priority
    if_interrupted: IfInterrupted = IfInterrupted.RESUME
    plays: int = 1
    """How often the clip is played; 0: until stopped."""
    gap_s: float = 2.0
    """Silence between two plays."""
    offset: int = 0
    """Sample to begin at, when an airing goes on after a crash."""
    max_length_s: float = 1800.0
    """Sound ends here whatever happens; not for emergencies."""
    emergency_length_s: float | None = None
    """An emergency with an end time sounds so long, gaps included, also where the station is gone. None: no end."""
    follows: AiringId | None = None
    """Takes over from this cue at the end of the play that is sounding (siren, then speech)."""
    is_trial: bool = False
    """For headphones: refused by the deck of every other output."""
    permit: Permit | None = None
    """Required for EMERGENCY, ignored for everything else."""
    live: LiveFeed | None = None
    """None: it has a clip; otherwise *clip* and *sha256* are empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """Hold this cue and start it at its instant. Arming an id again replaces what has not started yet."""

    cue: Cue


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Fade out and forget one airing, or everything when *airing* is None."""

    airing: AiringId | None
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndLive:
    """The source of a live airing is over: what came before *tick* is still heard, then it ends."""

    airing: AiringId
    tick: int
    """Samples of the machine's monotonic clock."""
    reason: Sentence
    """Nothing to say: it ended as it should."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateRules:
    """The deck's own copy of the rules of the gate. Before the first, nothing passes but an emergency."""

    quiet_hours: tuple[QuietHours, ...]
    timezone: str
    is_holding: bool = False
    """True while the clock is not trusted, or people hold everything: only emergencies pass."""
    is_monitor: bool = False
    """The output is headphones, which nobody else hears. Written by the deck itself, whatever the station says."""
    longest_live_s: float = 1800.0
    """No live source is heard for longer, whatever its cue says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyClip:
    """A clip that may be needed without a warning."""

    clip: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepReady:
    """Read and check these clips now and keep their samples, so that a cue with one of them starts at once."""

    clips: tuple[ReadyClip, ...]
    """The most needed first: memory has an end."""
    intro: ReadyClip | None = None
    """Said before a programme goes on where it was cut; without it, it goes on at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PutOff:
    """What switches the horns of this output: a deck whose station died and is not back after so long puts them off."""

    amplifiers: tuple[AmplifierSettings, ...]
    after_s: float


TIME_IS_UP = Sentence("到了结束时间", "its end time came")
"""Why an emergency with an end time is over."""


def stopped_by(who: str) -> Sentence:
    """Why an airing ended that a person did not want to be heard any more."""
    return Sentence(f"{who} 停止", f"stopped by {who}")


Command = Arm | Stop | EndLive | GateRules | KeepReady | PutOff

# --- from the deck --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """The output is open."""

    output: str
    device: str
    """What was really opened, for people: ``pulse``, or ``tape var/tape`` where no sound card is."""
    is_tape: bool
    latency_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Armed:
    airing: AiringId


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """The first sample sounds at *at*; also when it goes on after an interruption (*offset* > 0)."""

    airing: AiringId
    at: datetime
    offset: int = 0
    play: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Interrupted:
    """Something more urgent cut in at sample *position*; ``will_resume`` says whether it waits to go on."""

    airing: AiringId
    at: datetime
    by: AiringId
    position: int
    will_resume: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """Played to its end (*is_whole*), or ended early for the *reason*."""

    airing: AiringId
    at: datetime
    is_whole: bool
    reason: Sentence
    position: int = 0
    """Where in the clip it ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAired:
    """Never sounded: refused by the gate, past its grace, or its clip is damaged."""

    airing: AiringId
    fate: str
    """A value of ``Fate``: refused, missed or failed."""
    reason: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """The pulse of a deck, several times a second."""

    rms_dbfs: float
    peak_dbfs: float
    underruns: int
    """Since the output was opened."""
    airing: AiringId | None
    position: int
    """In the clip that is on the air, samples."""
    play: int = 0
    """How often that clip has begun; 0: nothing is on the air."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Buffered:
    """How evenly a live source comes; told with each pulse while it is on the air."""

    airing: AiringId
    depth_ms: int
    """At hand beyond what has left."""
    holes: int
    """How often nothing was there in time."""
    silent_ms: int
    """Silence put in for that."""
    dropped_ms: int
    """Came too late or was too much, and was not heard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsent:
    """So much of an airing never left for the network; told right before it has finished."""

    airing: AiringId
    seconds: float
    is_all: bool
    """True: nobody on this output heard anything of it."""
    reason: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Nothing can be sent now, and the deck keeps trying; nothing to say: it is over."""

    reason: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Players:
    """Who plays what this output sends, where a server can say it; told when it changes."""

    online: tuple[str, ...]
    offline: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listened:
    """What the microphone heard of an airing; told some seconds after it has finished."""

    airing: AiringId
    heard: Heard
    delay_ms: int | None
    level_db: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deaf:
    """The microphone cannot be listened to; nothing to say: it can again."""

    reason: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadAir:
    """Silence is sent where sound was planned; without an airing: sound is sent again."""

    airing: AiringId | None
    seconds: float
    """How long the silence was when it was told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """The output has gone; the deck process ends after this line and is started anew."""

    reason: Sentence


# --- from a deck to the next station --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class LastWords:
    """What a deck wrote down when its station was gone."""

    airing: AiringId | None
    """What was sounding; None: nothing was."""
    position: int
    """The sample that it had reached."""
    heard: Mapping[AiringId, datetime]
    """Airings that were played to their end, and when: the station may have died before it wrote that down."""


Report = (
    Ready
    | Armed
    | Started
    | Interrupted
    | Finished
    | NotAired
    | Level
    | Buffered
    | Unsent
    | Trouble
    | Players
    | Listened
    | Deaf
    | DeadAir
    | Lost
)
