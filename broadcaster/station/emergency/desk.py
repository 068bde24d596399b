"""Where an emergency is called and stopped, from any thread: no network, database, voice or healthy schedule needed.

It never waits for the planner: what it needs lies ready in one value, and everything that has to be written goes to
the planner's inbox. A prepared text sounds at once; free words begin with the siren, and the speech follows it as
soon as it is rendered, or recorded words where no voice can speak.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from broadcaster.errors import DalabaError, Refused
from broadcaster.model.airing import AiringId, LogEntry, airing_id
from broadcaster.model.clip import Clip, ClipOrder
from broadcaster.model.texts import Announcement, ScriptName
from broadcaster.model.timetable import SlotId
from broadcaster.model.words import Fate, Priority, Sentence
from broadcaster.playout.cue import Arm, Command, Cue, Permit, Stop
from broadcaster.ports import Clock
from broadcaster.station.bulletins import voices_to_try
from broadcaster.station.emergency.calls import Call, Called, Ended, GoesOn
from broadcaster.station.emergency.cues import cue_of
from broadcaster.station.emergency.prepared import Prepared
from broadcaster.station.emergency.words import reason_of, text_of, words_of
from broadcaster.station.status import PreparedText

log = logging.getLogger(__name__)

SLOT = SlotId("emergency")
WORDS = ScriptName("")
"""No script: an operator's own words, which need no approval but a name."""
WAITED_FOR_SPEECH_S = 20.0
"""Then recorded words follow the siren."""
STAND_INS = ("~siren", "~recorded")


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
        self._calls: dict[AiringId, Call] = {}
        self._prepared = Prepared()

    def prepare(self, prepared: Prepared) -> None:
        self._prepared = prepared

    def texts(self) -> tuple[PreparedText, ...]:
        """What can be called by name; never waits. One whose blanks cannot be filled today is shown as written."""
        prepared, now = self._prepared, self._clock.now()
        scripts = [script for script in prepared.library.scripts if script.folder == "emergency"]
        return tuple(text_of(prepared, script, now) for script in scripts)

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
        script, title, text = words_of(prepared, what.strip(), self._clock.now())
        reason = reason_of(prepared.schedule, reason.strip(), title, self._clock.now())
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
            is_slow = prepared.siren is not None and self._clock.now() + prepared.siren_length < words_from
            begins_cold = clip is not None and is_slow
            cue = self._first_cue(prepared, entry, permit, plays, None if begins_cold else clip)
            if clip is not None:
                entry = replace(entry, clip=clip.key, voice=clip.voice)
            call = Call(entry=entry, cue=cue, outputs=outputs, plays=plays, words_from=words_from)
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

    def _end(self, call: Call) -> None:
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
        return cue_of(
            AiringId(entry.airing + suffix), sound.path, sound.sha256, permit, 0, self._clock.now(), gap_s=0.3
        )

    def _follow_when_warm(self, prepared: Prepared, call: Call, clip: Clip) -> None:
        """The prepared clip has a siren of its own in front, which covers the last of the waiting."""
        permit = call.cue.permit or Permit(who="", reason="")
        follower = self._cue_of(call.entry.airing, clip, permit, call.plays, follows=call.cue.airing)
        call.cue = replace(follower, starts_at=call.words_from - prepared.siren_length)
        self._goes_on(call)

    def _cue_of(self, airing: AiringId, clip: Clip, permit: Permit, plays: int, follows: AiringId | None = None) -> Cue:
        path = self._clip_path(clip.key)
        cue = cue_of(airing, path, clip.sha256, permit, plays, self._clock.now(), follows=follows)
        return replace(cue, sentence_starts=clip.sentence_starts)

    def _speak(self, prepared: Prepared, call: Call, words: Announcement) -> None:
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

    def _spoken(self, prepared: Prepared, call: Call, future: Future[Clip]) -> None:
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

    def _recorded_words(self, prepared: Prepared, call: Call) -> None:
        with self._lock:
            has_no_use = call.is_over or call.cue.airing.endswith("~recorded") or call.cue.airing == call.entry.airing
            if has_no_use or prepared.general is None:
                return
            call.entry = replace(call.entry, voice="recorded")
            permit = call.cue.permit or Permit(who="", reason="")
            sound, before = prepared.general, call.cue.airing
            call.cue = cue_of(
                AiringId(call.entry.airing + "~recorded"),
                sound.path,
                sound.sha256,
                permit,
                call.plays,
                max(self._clock.now(), call.words_from),
                follows=before,
            )
            self._goes_on(call)

    def _end_spare(self, call: Call) -> None:
        if call.spare is not None:
            call.spare.cancel()
            call.spare = None

    def _goes_on(self, call: Call) -> None:
        self._inbox(GoesOn(entry=call.entry, cue=call.cue))
        self._to_all(call.outputs, Arm(cue=call.cue))

    def _to_all(self, outputs: tuple[str, ...], command: Command) -> None:
        for output in outputs:
            self._send(output, command)
