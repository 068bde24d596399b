"""Where people speak live: a source on this machine → the decks of its zones, its recording, its row in the log.

The decks enforce what counts (quiet hours, the longest time, a source that hangs); here is who speaks, and to whom.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Protocol

from broadcaster.errors import Refused
from broadcaster.model.airing import AiringId, LogEntry, airing_id
from broadcaster.model.clip import CLIP_RATE_HZ
from broadcaster.model.timetable import LiveSettings, Schedule, SlotId
from broadcaster.model.words import NOTHING_TO_SAY, Fate, IfInterrupted, Priority, Sentence, joined
from broadcaster.playout.cue import (
    Buffered,
    Command,
    Cue,
    EndLive,
    Finished,
    Interrupted,
    LiveFeed,
    Lost,
    NotAired,
    Ready,
    Report,
    Started,
    Stop,
)
from broadcaster.ports import Clock
from broadcaster.station.livestamps import LiveStamps
from broadcaster.station.livetapes import LiveTape, LiveTapes

LIVE_SLOT = SlotId("live")
"""In no timetable: a person speaks."""
BEGINS_WITHIN_S = 5.0
"""Later than this nobody waits at the microphone any more."""
NEAR = timedelta(milliseconds=200)
"""Outputs that are heard so soon after they are sent sound together; others go by their own delay."""
USUAL_LATENCY = timedelta(milliseconds=50)
LONGEST_NAME, LONGEST_REASON = 60, 120
NOTICEABLY_SILENT_S = 0.5

NO_NAME = Sentence("没有写是谁讲话。", "who speaks is not written.")
NO_REASON = Sentence("没有写为什么讲话。请写一句，记进播出记录。", "why is not written. Say it, for the as-run log.")
LINE_BROKE = Sentence("话筒那头断了", "the line to the microphone broke")
LEFT_EARLY = Sentence("还没有开始就走了", "left before it began")
CLOSING = Sentence("站关了", "the station was closed")
EMERGENCY = Sentence(
    "正在紧急广播，等它停了再讲。", "an emergency is on the air. Speak when it is over, or stop it: dalaba stop."
)


class Stage(Enum):
    WAITING = "waiting"
    """For the amplifiers, or the decks."""
    ON_AIR = "on air"
    ENDING = "ending"
    """Nothing more is taken; its row in the log is on the way."""
    OVER = "over"


class OneDeck(Protocol):
    """What the desk wants to know of a deck."""

    @property
    def ready(self) -> Ready | None: ...


class Air(Protocol):
    """The decks, as far as live sound needs them."""

    def send(self, output: str, command: Command) -> None: ...

    def sound(self, output: str, airing: AiringId, tick: int, pcm: bytes) -> bool: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How a live broadcast is, for whoever speaks."""

    stage: Stage
    seconds: float
    """So long it was heard."""
    outputs: Mapping[str, Buffered | None]
    """Where it is heard, and how evenly it comes; None: not told yet."""
    is_recorded: bool


class Broadcast:
    """One person who speaks. ``sound`` and ``end`` are for one thread, all else for any."""

    def __init__(self, entry: LogEntry, outputs: tuple[str, ...], air: Air, clock: Clock, tapes: LiveTapes) -> None:
        self.airing = entry.airing
        self.outputs = outputs
        self._entry = entry
        self._air = air
        self._clock = clock
        self._tapes = tapes
        self._stamps = LiveStamps()
        self._changed = threading.Condition()
        self._stage = Stage.WAITING
        self._on: dict[str, Buffered | None] = {}
        self._over: set[str] = set()
        self._samples = 0
        self._tape: LiveTape | None = None
        self._lost: dict[str, int] = {}
        self._silent_s = 0.0

    # --- for whoever speaks -----------------------------------------------------------------------------------

    @property
    def entry(self) -> LogEntry:
        """Its row in the log; once it is over, with its fate and why."""
        return self._entry

    def sound(self, pcm: bytes) -> float:
        """48 kHz, mono, 16 bit, as it comes; what comes before it is on the air is not heard, nor what comes after.

        How many seconds it is ahead of what is heard: who reads a file waits for that.
        """
        now = self._now()
        pcm = pcm[: len(pcm) // 2 * 2]
        if self._stage is not Stage.ON_AIR or not pcm:
            return 0.0
        tick = self._stamps.stamp(len(pcm) // 2, now)
        for output in tuple(self._on):
            if not self._air.sound(output, self.airing, tick, pcm):
                self._lost[output] = self._lost.get(output, 0) + len(pcm) // 2
        self._samples += len(pcm) // 2
        if self._tape is not None:
            self._tape.write(pcm)
        return self._stamps.ahead_s(now)

    def end(self, why: Sentence = NOTHING_TO_SAY) -> None:
        """Nothing comes any more: what is on the way is still heard. *why*: it broke off. Safe to call twice."""
        with self._changed:
            stage = self._stage
            if stage in (Stage.WAITING, Stage.ON_AIR):
                self._stage = Stage.ENDING
                self._changed.notify_all()
        if stage is Stage.WAITING:
            for output in self.outputs:
                self._air.send(output, Stop(airing=self.airing, who=self._entry.who))
        elif stage is Stage.ON_AIR:
            for output in tuple(self._on):
                self._air.send(output, EndLive(airing=self.airing, tick=self._stamps.end, reason=why))

    def wait_beyond(self, stage: Stage, timeout_s: float) -> Stage:
        """The stage, as soon as it is another than *stage*, or after so long."""
        with self._changed:
            self._changed.wait_for(lambda: self._stage is not stage, timeout_s)
            return self._stage

    def progress(self) -> Progress:
        with self._changed:
            tape = self._tape
            return Progress(
                stage=self._stage,
                seconds=self._samples / CLIP_RATE_HZ,
                outputs=dict(self._on),
                is_recorded=tape is not None and not tape.trouble.zh,
            )

    # --- for the desk -----------------------------------------------------------------------------------------

    @property
    def is_over(self) -> bool:
        return self._stage is Stage.OVER

    def report(self, output: str, report: Report) -> None:
        """What the deck of one output says of it."""
        with self._changed:
            match report:
                case Started():
                    self._begin(output)
                case Buffered(silent_ms=silent_ms):
                    self._on[output] = report
                    self._silent_s = max(self._silent_s, silent_ms / 1000)
                case Finished() | NotAired() | Lost() | Interrupted(will_resume=False):
                    self._on.pop(output, None)
                    self._over.add(output)
            if self._over >= set(self.outputs) and self._stage is Stage.ON_AIR:
                self._stage = Stage.ENDING
            self._changed.notify_all()

    def close(self, entry: LogEntry) -> None:
        """Its fate is known."""
        if self._tape is not None:
            self._tape.close()
        with self._changed:
            self._entry, self._stage = entry, Stage.OVER
            self._changed.notify_all()

    def remark(self) -> Sentence:
        """What the log should say of it beside its fate."""
        said = []
        if self._silent_s >= NOTICEABLY_SILENT_S:
            silent = f"{self._silent_s:.1f}"
            said.append(Sentence(f"声音断断续续，共断了 {silent} 秒", f"it came unevenly, {silent} s were silent"))
        for output, samples in self._lost.items():
            lost = f"{samples / CLIP_RATE_HZ:.1f}"
            said.append(Sentence(f"输出 {output} 有 {lost} 秒没有收下", f"output {output} did not take {lost} s of it"))
        if self._tape is not None and self._tape.trouble.zh:
            said.append(self._tape.trouble)
        return joined(said)

    def _begin(self, output: str) -> None:
        self._on.setdefault(output, None)
        self._over.discard(output)  # its deck died while it waited, and is back
        if self._stage is Stage.WAITING:
            self._tape = self._tapes.begin(self._entry.clip, self._entry.planned_at)
            self._stage = Stage.ON_AIR

    def _now(self) -> int:
        return round(self._clock.monotonic() * CLIP_RATE_HZ)


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """A broadcast that may begin: what goes into the log, and to the decks."""

    broadcast: Broadcast
    entry: LogEntry
    cue: Cue
    own_cues: Mapping[str, Cue]


class LiveDesk:
    """Knows every live broadcast that is not over. May be called from any thread."""

    def __init__(
        self, *, clock: Clock, air: Air, tapes: LiveTapes, lead_of: Callable[[Iterable[str]], timedelta]
    ) -> None:
        """*lead_of*: how long until the amplifiers of some outputs can be heard, once they are switched on."""
        self._clock = clock
        self._air = air
        self._tapes = tapes
        self._lead_of = lead_of
        self._lock = threading.Lock()
        self._broadcasts: dict[AiringId, Broadcast] = {}

    def prepare(
        self,
        schedule: Schedule,
        decks: Mapping[str, OneDeck],
        *,
        who: str,
        reason: str,
        zones: tuple[str, ...],
        emergencies: Iterable[LogEntry],
        is_taken: Callable[[AiringId], bool],
    ) -> Speech:
        """Everything for somebody to speak now. Raises Refused."""
        who, reason = (
            " ".join(words.split())[:longest] for words, longest in ((who, LONGEST_NAME), (reason, LONGEST_REASON))
        )
        if not who:
            raise Refused(NO_NAME)
        if not reason:
            raise Refused(NO_REASON)
        zones = zones or tuple(zone.name for zone in schedule.zones)
        outputs = schedule.outputs_of(zones)
        self._may_begin(schedule, decks, outputs, emergencies)
        now = self._clock.now().astimezone(schedule.station.zone)
        at = now.replace(microsecond=0)
        while is_taken(airing_id(LIVE_SLOT, at)):
            at += timedelta(seconds=1)
        airing = airing_id(LIVE_SLOT, at)
        entry = LogEntry(
            airing=airing,
            slot=LIVE_SLOT,
            title=f"现场讲话：{reason}",
            planned_at=at,
            priority=Priority.LIVE,
            zones=zones,
            clip=hashlib.sha256(f"{airing} {now.isoformat()}".encode()).hexdigest()[:32],
            fate=Fate.CLAIMED,
            who=who,
        )
        cues = self._cues(entry, schedule, decks, outputs, now + self._lead_of(outputs))
        broadcast = Broadcast(entry, outputs, self._air, self._clock, self._tapes)
        with self._lock:
            self._broadcasts[airing] = broadcast
        self._tapes.clear_away(schedule.live, now)
        return Speech(broadcast=broadcast, entry=entry, cue=cues[outputs[0]], own_cues=cues)

    def report(self, output: str, report: Report) -> None:
        """What a deck says, at once and before the planner looks at it."""
        with self._lock:
            broadcasts = tuple(self._broadcasts.values())
        for one in broadcasts:
            is_of_it = getattr(report, "airing", None) == one.airing or isinstance(report, Lost)
            if is_of_it and output in one.outputs:
                one.report(output, report)

    def with_remark(self, entry: LogEntry) -> LogEntry:
        """The last row of a live broadcast, with what went wrong on the way."""
        broadcast = self._broadcasts.get(entry.airing)
        if broadcast is None or not entry.fate.is_final:
            return entry
        return replace(entry, reason=joined((entry.reason, broadcast.remark())))

    def is_over(self, entry: LogEntry) -> None:
        """The log has its fate."""
        with self._lock:
            broadcast = self._broadcasts.pop(entry.airing, None)
        if broadcast is not None:
            threading.Thread(target=broadcast.close, args=(entry,), name="live ends", daemon=True).start()

    def close(self) -> None:
        """The station ends: whoever speaks is told, and the recordings are closed."""
        with self._lock:
            broadcasts = tuple(self._broadcasts.values())
        for one in broadcasts:
            one.close(replace(one.entry, fate=Fate.INTERRUPTED, reason=CLOSING))

    def _may_begin(
        self,
        schedule: Schedule,
        decks: Mapping[str, OneDeck],
        outputs: tuple[str, ...],
        emergencies: Iterable[LogEntry],
    ) -> None:
        if not any(output in decks and decks[output].ready is not None for output in outputs):
            raise Refused(Sentence("现在没有能响的输出。", "no output is open now."))
        taken = {
            output
            for one in emergencies
            if one.priority is Priority.EMERGENCY
            for output in schedule.outputs_of(one.zones or tuple(zone.name for zone in schedule.zones))
        }
        if taken >= set(outputs):
            raise Refused(EMERGENCY)
        with self._lock:
            speaks = next((one for one in self._broadcasts.values() if set(one.outputs) & set(outputs)), None)
        if speaks is not None:
            name = speaks.entry.who
            raise Refused(Sentence(f"{name} 正在讲话，等讲完再来。", f"{name} is speaking. Wait until that is over."))

    def _cues(
        self,
        entry: LogEntry,
        schedule: Schedule,
        decks: Mapping[str, OneDeck],
        outputs: tuple[str, ...],
        starts_at: datetime,
    ) -> dict[str, Cue]:
        latencies = {output: _latency(decks.get(output)) for output in outputs}
        together = max((one for one in latencies.values() if one <= NEAR), default=USUAL_LATENCY)
        return {
            output: _cue(entry, schedule.live, schedule.sound.peak_dbtp, starts_at, max(latency, together))
            for output, latency in latencies.items()
        }


def _latency(deck: OneDeck | None) -> timedelta:
    if deck is None or deck.ready is None or deck.ready.is_tape:
        return USUAL_LATENCY
    return max(USUAL_LATENCY, timedelta(milliseconds=deck.ready.latency_ms))


def _cue(entry: LogEntry, live: LiveSettings, peak_dbfs: float, starts_at: datetime, latency: timedelta) -> Cue:
    return Cue(
        airing=entry.airing,
        clip="",
        sha256="",
        sentence_starts=(0,),
        starts_at=starts_at,
        grace_s=BEGINS_WITHIN_S,
        priority=Priority.LIVE,
        if_interrupted=IfInterrupted.DROP,
        max_length_s=live.longest.total_seconds(),
        live=LiveFeed(
            delay_s=(live.jitter + latency).total_seconds(),
            patience_s=live.silence.total_seconds(),
            peak_dbfs=peak_dbfs,
        ),
    )
