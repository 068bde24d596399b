"""An emergency, from the button to the decks: needs no network, no database, no voice and no healthy schedule.

It never waits for the planner: what it needs lies ready in one value, and everything that has to be written goes to
the planner's inbox. A prepared text sounds at once; free words begin with the siren, and the speech follows it as
soon as it is rendered, or recorded words where no voice can speak.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from broadcaster.errors import DalabaError, Refused, ScriptUnusable
from broadcaster.model.airing import AiringId, LogEntry, airing_id
from broadcaster.model.clip import CLIP_RATE_HZ, Clip, ClipOrder
from broadcaster.model.texts import Announcement, Library, Script, ScriptName
from broadcaster.model.timetable import Schedule, SlotId
from broadcaster.model.words import Fate, Priority, Sentence
from broadcaster.plan.rounds import find_script
from broadcaster.playout.cue import Arm, Command, Cue, Permit, Stop
from broadcaster.ports import Clock
from broadcaster.station.bulletins import Bulletins, voices_to_try
from broadcaster.station.sources import InForce
from broadcaster.station.status import PreparedText
from broadcaster.station.stored import StoredSound

log = logging.getLogger(__name__)

SLOT = SlotId("emergency")
WORDS = ScriptName("")
"""No script: an operator's own words, which need no approval but a name."""
MOST_CHARACTERS = 1_000
"""About six minutes of speech; more cannot be rendered while people wait."""
WAITED_FOR_SPEECH_S = 20.0
"""Then recorded words follow the siren."""
ANY_TIME_S = 24 * 3600.0
STAND_INS = ("~siren", "~recorded")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """All that an emergency needs, ready before it comes."""

    bulletins: Bulletins = field(default_factory=lambda: Bulletins(InForce()))
    ready: Mapping[ScriptName, Clip] = field(default_factory=dict)
    """Scripts of the folder ``emergency`` with siren, rendered as they are now."""
    siren: StoredSound | None = None
    general: StoredSound | None = None

    @property
    def schedule(self) -> Schedule:
        return self.bulletins.in_force.schedule

    @property
    def library(self) -> Library:
        return self.bulletins.in_force.library


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """An emergency is on the way to the decks: to be written, and armed again where a deck comes back."""

    entry: LogEntry
    cue: Cue
    outputs: tuple[str, ...]
    what: str
    plays: int
    """What was asked for, to be able to go on after a restart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoesOn:
    """The emergency goes on with another clip."""

    entry: LogEntry
    cue: Cue


@dataclass(frozen=True, slots=True)
class Ended:
    """Somebody stopped an airing; decks that are away must not begin it again."""

    airing: AiringId
    who: str


@dataclass(slots=True)
class _Call:
    entry: LogEntry
    cue: Cue
    """What was armed last."""
    outputs: tuple[str, ...]
    plays: int
    words_from: datetime
    """Before this no amplifier is ready for words; the siren sounds until then."""
    is_over: bool = False
    spare: threading.Timer | None = None


class EmergencyDesk:
    """Where emergencies are called and stopped, from any thread."""

    def __init__(
        self,
        *,
        clock: Clock,
        send: Callable[[str, Command], None],
        render: Callable[[ClipOrder], Future[Clip]],
        clip_path: Callable[[str], Path],
        inbox: Callable[[Called | GoesOn | Ended], None],
        warm_up: Callable[[tuple[str, ...]], timedelta],
    ) -> None:
        """*warm_up* switches the amplifiers of some outputs on, and says how long until they can be heard."""
        self._clock = clock
        self._send = send
        self._render = render
        self._clip_path = clip_path
        self._inbox = inbox
        self._warm_up = warm_up
        self._lock = threading.Lock()
        self._calls: dict[AiringId, _Call] = {}
        self._prepared = Prepared()

    def prepare(self, prepared: Prepared) -> None:
        self._prepared = prepared

    def texts(self) -> tuple[PreparedText, ...]:
        """What can be called by name; never waits. One whose blanks cannot be filled today is shown as written."""
        prepared, now = self._prepared, self._clock.now()
        scripts = [script for script in prepared.library.scripts if script.folder == "emergency"]
        return tuple(_text_of(prepared, script, now) for script in scripts)

    def called(self) -> tuple[LogEntry, ...]:
        """Those that go on, the newest first; never waits for long."""
        with self._lock:
            return tuple(call.entry for call in reversed(self._calls.values()) if not call.is_over)

    def call(
        self,
        what: str,
        *,
        who: str,
        reason: str,
        plays: int = 0,
        zones: tuple[str, ...] = (),
        again: AiringId | None = None,
    ) -> AiringId:
        """Put *what*, words or ``script:NAME``, on the air now; *plays* times, 0: until it is stopped.

        *again* is the identity of one that was cut off by a restart. Raises Refused; then nothing sounds.
        """
        prepared = self._prepared
        if not who.strip():
            raise Refused(Sentence("紧急广播要写明是谁发的。", "an emergency needs the name of who calls it."))
        script, title, text = _words(prepared, what.strip(), self._clock.now())
        reason = _reason(prepared.schedule, reason.strip(), title, self._clock.now())
        outputs = prepared.schedule.outputs_of(zones or (zone.name for zone in prepared.schedule.zones))
        if not outputs:
            raise Refused(
                Sentence(f"没有这样的分区：“{'、'.join(zones)}”。", f"there is no such zone: {', '.join(zones)!r}.")
            )
        with self._lock:
            entry = self._entry(prepared, title, who, reason, zones, script, again)
            permit = Permit(who=who, reason=reason)
            clip = prepared.ready.get(script) if script else None
            words_from = self._clock.now() + self._warm_up(outputs)
            is_slow = prepared.siren is not None and self._clock.now() + _siren_length(prepared) < words_from
            begins_cold = clip is not None and is_slow
            cue = self._first_cue(prepared, entry, permit, plays, None if begins_cold else clip)
            if clip is not None:
                entry = replace(entry, clip=clip.key, voice=clip.voice)
            call = _Call(entry=entry, cue=cue, outputs=outputs, plays=plays, words_from=words_from)
            self._calls[entry.airing] = call
            self._inbox(Called(entry=entry, cue=cue, outputs=outputs, what=what, plays=plays))
            self._to_all(outputs, Arm(cue=cue))  # within the lock, or a stop could overtake it
            if clip is not None and begins_cold:
                self._follow_when_warm(prepared, call, clip)
        log.warning("emergency %s called by %s", entry.airing, who)
        if clip is None:
            self._speak(prepared, call, Announcement(script=script or WORDS, title=title, text=text))
        return entry.airing

    def stop(self, airing: AiringId | None, who: str) -> tuple[AiringId, ...]:
        """Stop one emergency, or all; what they cut goes on. The identities that were stopped."""
        with self._lock:
            stopped = [call for id_, call in self._calls.items() if airing in (None, id_) and not call.is_over]
            for call in stopped:
                self._end(call)
                for id_ in (call.entry.airing, *(AiringId(call.entry.airing + suffix) for suffix in STAND_INS)):
                    self._to_all(call.outputs, Stop(airing=id_, who=who))
                self._inbox(Ended(call.entry.airing, who))
        return tuple(call.entry.airing for call in stopped)

    def is_over(self, airing: AiringId) -> None:
        """The decks are done with it."""
        with self._lock:
            call = self._calls.pop(airing, None)
            if call is not None:
                self._end(call)

    def close(self) -> None:
        with self._lock:
            for call in self._calls.values():
                self._end(call)

    def _end(self, call: _Call) -> None:
        call.is_over = True
        if call.spare is not None:
            call.spare.cancel()

    def _entry(
        self,
        prepared: Prepared,
        title: str,
        who: str,
        reason: str,
        zones: tuple[str, ...],
        script: ScriptName | None,
        again: AiringId | None,
    ) -> LogEntry:
        moment = self._clock.now().astimezone(prepared.schedule.station.zone).replace(microsecond=0)
        while airing_id(SLOT, moment) in self._calls:
            moment += timedelta(seconds=1)
        return LogEntry(
            airing=again or airing_id(SLOT, moment),
            slot=SLOT,
            title=title,
            planned_at=moment
            if again is None
            else datetime.fromisoformat(again.partition("@")[2]).replace(tzinfo=prepared.schedule.station.zone),
            priority=Priority.EMERGENCY,
            zones=zones or tuple(zone.name for zone in prepared.schedule.zones),
            scripts=(script,) if script else (),
            fate=Fate.CLAIMED,
            reason=Sentence(f"原因：{reason}", f"reason: {reason}"),
            who=who,
        )

    def _first_cue(self, prepared: Prepared, entry: LogEntry, permit: Permit, plays: int, clip: Clip | None) -> Cue:
        if clip is not None:
            return self._cue_of(entry.airing, clip, permit, plays)
        sound, suffix = prepared.siren, "~siren"
        if sound is None:
            sound, suffix = prepared.general, "~recorded"
        if sound is None:
            raise Refused(
                Sentence(
                    "警报声和备用录音都不见了，请重新安装。", "siren and recorded words are both missing: install anew."
                )
            )
        return _cue(AiringId(entry.airing + suffix), sound.path, sound.sha256, permit, 0, self._clock.now(), gap_s=0.3)

    def _follow_when_warm(self, prepared: Prepared, call: _Call, clip: Clip) -> None:
        """The prepared clip has a siren of its own in front, which covers the last of the waiting."""
        permit = call.cue.permit or Permit(who="", reason="")
        follower = self._cue_of(call.entry.airing, clip, permit, call.plays, follows=call.cue.airing)
        call.cue = replace(follower, starts_at=call.words_from - _siren_length(prepared))
        self._goes_on(call)

    def _cue_of(self, airing: AiringId, clip: Clip, permit: Permit, plays: int, follows: AiringId | None = None) -> Cue:
        path = self._clip_path(clip.key)
        cue = _cue(airing, path, clip.sha256, permit, plays, self._clock.now(), follows=follows)
        return replace(cue, sentence_starts=clip.sentence_starts)

    def _speak(self, prepared: Prepared, call: _Call, words: Announcement) -> None:
        spare = threading.Timer(WAITED_FOR_SPEECH_S, self._recorded_words, (prepared, call))
        spare.daemon = True
        call.spare = spare
        spare.start()
        schedule = prepared.schedule
        order = ClipOrder(
            texts=(words.text,),
            voices=voices_to_try(schedule, schedule.voices[0].name),
            sound=schedule.sound_of_all().for_emergency(),
            lexicon=prepared.bulletins.lexicon(),
            readings=prepared.bulletins.readings([words]),
        )
        self._render(order).add_done_callback(lambda future: self._spoken(prepared, call, future))

    def _spoken(self, prepared: Prepared, call: _Call, future: Future[Clip]) -> None:
        try:
            clip = future.result()
        except DalabaError as error:
            log.error("no voice for emergency %s, recorded words follow: %s", call.entry.airing, error)
            self._recorded_words(prepared, call)
            return
        with self._lock:
            if call.is_over:
                return
            self._end_spare(call)
            call.entry = replace(call.entry, clip=clip.key, voice=clip.voice)
            permit = call.cue.permit or Permit(who="", reason="")
            follower = self._cue_of(call.entry.airing, clip, permit, call.plays, follows=call.cue.airing)
            call.cue = replace(follower, starts_at=max(follower.starts_at, call.words_from))
            self._goes_on(call)

    def _recorded_words(self, prepared: Prepared, call: _Call) -> None:
        with self._lock:
            has_no_use = call.is_over or call.cue.airing.endswith("~recorded") or call.cue.airing == call.entry.airing
            if has_no_use or prepared.general is None:
                return
            call.entry = replace(call.entry, voice="recorded")
            permit = call.cue.permit or Permit(who="", reason="")
            sound, before = prepared.general, call.cue.airing
            call.cue = _cue(
                AiringId(call.entry.airing + "~recorded"),
                sound.path,
                sound.sha256,
                permit,
                call.plays,
                max(self._clock.now(), call.words_from),
                follows=before,
            )
            self._goes_on(call)

    def _end_spare(self, call: _Call) -> None:
        if call.spare is not None:
            call.spare.cancel()
            call.spare = None

    def _goes_on(self, call: _Call) -> None:
        self._inbox(GoesOn(entry=call.entry, cue=call.cue))
        self._to_all(call.outputs, Arm(cue=call.cue))

    def _to_all(self, outputs: tuple[str, ...], command: Command) -> None:
        for output in outputs:
            self._send(output, command)


def _siren_length(prepared: Prepared) -> timedelta:
    return timedelta(seconds=prepared.siren.frames / CLIP_RATE_HZ) if prepared.siren else timedelta()


def _text_of(prepared: Prepared, script: Script, now: datetime) -> PreparedText:
    try:
        text = _words(prepared, f"script:{script.name}", now)[2]
    except Refused:
        text = script.body
    return PreparedText(script=script.name, title=script.title, text=text, is_ready=script.name in prepared.ready)


def _words(prepared: Prepared, what: str, now: datetime) -> tuple[ScriptName | None, str, str]:
    """The script, its title and the words. Raises Refused."""
    if what.startswith("script:"):
        by_name = {script.name: script for script in prepared.library.scripts}
        name = what.removeprefix("script:").strip()
        script = find_script(by_name, name) or by_name.get(ScriptName(f"emergency/{name}"))
        if script is None:
            known = "、".join(name for name in by_name if name.startswith("emergency/"))
            raise Refused(
                Sentence(
                    f"没有稿件“{name}”。应急稿有：{known}。", f"there is no script {name!r}. Prepared ones: {known}."
                )
            )
        if script.why_not.zh:
            raise Refused(
                Sentence(
                    f"{script.why_not.zh}情况紧急，就把要喊的话直接写上。",
                    f"{script.why_not.en} If it is urgent, write the words themselves.",
                )
            )
        day = now.astimezone(prepared.schedule.station.zone).date()
        try:
            return script.name, script.title, prepared.bulletins.announcement(script, day).text
        except ScriptUnusable as error:
            raise Refused(error.sentence) from error
    if not any(character.isalnum() for character in what):
        raise Refused(Sentence("紧急广播没有可念的话。请写一句。", "there is nothing to say. Write a sentence."))
    if len(what) > MOST_CHARACTERS:
        raise Refused(
            Sentence(
                f"紧急广播最多 {MOST_CHARACTERS} 个字，这里有 {len(what)} 个。请写短一点。",
                f"an emergency has at most {MOST_CHARACTERS} characters, this has {len(what)}. Make it shorter.",
            )
        )
    first_words = what if len(what) <= 20 else what[:20] + "…"
    return None, f"紧急广播：{first_words}", what


def _reason(schedule: Schedule, reason: str, title: str, now: datetime) -> str:
    """What the gate and the log are told. By day the words speak for themselves. Raises Refused at night."""
    if reason:
        return reason
    if schedule.station.is_quiet(now):
        raise Refused(
            Sentence(
                "现在是静音时段，紧急广播要写明原因，例如 --reason 上游水库泄洪。",
                "these are quiet hours: an emergency needs a reason, for example --reason 'the dam opens'.",
            )
        )
    return title


def _cue(
    airing: AiringId,
    path: Path,
    sha256: str,
    permit: Permit,
    plays: int,
    now: datetime,
    *,
    follows: AiringId | None = None,
    gap_s: float = 2.0,
) -> Cue:
    return Cue(
        airing=airing,
        clip=str(path),
        sha256=sha256,
        sentence_starts=(0,),
        starts_at=now,
        grace_s=ANY_TIME_S,
        priority=Priority.EMERGENCY,
        plays=plays,
        gap_s=gap_s,
        follows=follows,
        permit=permit,
    )
