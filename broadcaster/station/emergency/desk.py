"""Where an emergency is called and stopped, from any thread: no network, database, voice or healthy schedule needed.

It never waits for the planner: what it needs lies ready in one value, and everything that has to be written goes to
the planner's inbox. A prepared text sounds at once; free words begin with the siren, and the speech follows it as
soon as it is rendered, or recorded words where no voice can speak. Drills, all-clears and corrections take the same
way without a siren: they begin when their words are ready.
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
from broadcaster.model.words import Fate, Sentence
from broadcaster.playout.cue import Arm, Command, Cue, Permit, Stop
from broadcaster.ports import Clock
from broadcaster.station.emergency.calls import Asked, Call, Called, CallKind, Ended, GivenUp, GoesOn
from broadcaster.station.emergency.cues import cue_of, entry_of
from broadcaster.station.emergency.journal import Journal
from broadcaster.station.emergency.prepared import Prepared
from broadcaster.station.emergency.words import (
    ALL_CLEAR_SOUND,
    Words,
    as_it_must_be,
    check,
    reason_of,
    text_of,
    why_it_may_not_follow,
    words_of,
)
from broadcaster.station.status import PreparedText
from broadcaster.station.stored import StoredSound

log = logging.getLogger(__name__)

WORDS = ScriptName("")
"""No script: an operator's own words, which need no approval but a name."""
WAITED_FOR_SPEECH_S = 20.0
"""Then recorded words follow the siren."""
STAND_INS = ("~siren", "~recorded")
STOPPED = Sentence("开播前停止", "stopped before it began")
NO_VOICE = Sentence("语音没有合成出来", "its speech could not be rendered")

ToPlanner = Callable[[Called | GoesOn | Ended | GivenUp], None]


class EmergencyDesk:
    """Where emergencies are called and stopped, from any thread."""

    def __init__(
        self,
        *,
        clock: Clock,
        journal: Journal,
        send: Callable[[str, Command], None],
        render: Callable[[ClipOrder], Future[Clip]],
        clip_path: Callable[[str], Path],
        inbox: ToPlanner,
        warm_up: Callable[[tuple[str, ...]], timedelta],
        heard: Callable[[AiringId | None], LogEntry | None],
    ) -> None:
        """*warm_up* switches the amplifiers of some outputs on, and says how long until they can be heard.

        *heard*: an emergency of the as-run log, None: the last one.
        """
        self.clip_path = clip_path
        self._clock = clock
        self._journal = journal
        self._send = send
        self._render = render
        self._inbox = inbox
        self._warm_up = warm_up
        self._heard = heard
        self._lock = threading.Lock()
        self._calls: dict[AiringId, Call] = {}
        self._prepared = Prepared()

    def prepare(self, prepared: Prepared) -> None:
        self._prepared = prepared

    def texts(self) -> tuple[PreparedText, ...]:
        """What can be called by name; never waits. One whose blanks cannot be filled today is shown as written."""
        prepared, now = self._prepared, self._clock.now()
        return tuple(text_of(prepared, script, now) for script in prepared.library.in_folder("emergency"))

    def called(self) -> tuple[LogEntry, ...]:
        """Those that go on, the newest first; never waits for long."""
        with self._lock:
            return tuple(call.entry for call in reversed(self._calls.values()) if not call.is_over)

    def call(self, asked: Asked, *, again: AiringId | None = None, left: timedelta | None = None) -> AiringId:
        """Put what was asked for on the air now.

        *again* is the identity of one that was cut off by a restart, *left* how long that goes on yet: its end time
        may lie beyond what the clock says now. Raises Refused; then nothing sounds.
        """
        prepared, now = self._prepared, self._clock.now()
        asked = as_it_must_be(prepared, asked)
        check(prepared, asked if left is None else replace(asked, until=None), now)
        left = asked.until - now if asked.until is not None and left is None else left
        words = words_of(prepared, asked, now)
        reason = reason_of(prepared, asked, words.title, now)
        outputs = prepared.schedule.outputs_of(asked.zones or (zone.name for zone in prepared.schedule.zones))
        if not outputs:
            zones = asked.zones
            raise Refused(
                Sentence(f"没有这样的分区：“{'、'.join(zones)}”。", f"there is no such zone: {', '.join(zones)!r}.")
            )
        with self._lock:
            self._keep_drills_out(asked.kind)
            call = self._new_call(prepared, asked, words, reason, outputs, again, left)
            clip = None if asked.kind is CallKind.DRILL or words.script is None else prepared.ready.get(words.script)
            is_cold = self._begin(prepared, call, clip)
        log.warning("%s %s called by %s", asked.kind.value, call.entry.airing, asked.who)
        if is_cold:
            self._speak(prepared, call, Announcement(script=words.script or WORDS, title=words.title, text=words.text))
        if again is None:
            self._journal.note_call(call.entry, asked)
        return call.entry.airing

    def afterwards(self, asked: Asked) -> AiringId:
        """An all-clear or a correction: what it is about is stopped, and its zones hear this. Raises Refused."""
        with self._lock:
            running = [call.entry for call in self._calls.values() if call.asked.kind is CallKind.EMERGENCY]
            known = [entry for entry in running if asked.about in (None, entry.airing)]
        emergency = known[-1] if known else self._heard(asked.about)
        why_not = why_it_may_not_follow(emergency, self._clock.now())
        if why_not is not None or emergency is None:
            raise Refused(why_not or STOPPED)
        asked = replace(asked, about=emergency.airing, zones=asked.zones or emergency.zones)
        check(self._prepared, asked, self._clock.now())
        words_of(self._prepared, asked, self._clock.now())  # what cannot be said must not stop what is being said
        self.stop(emergency.airing, asked.who)
        return self.call(asked)

    def stop(self, airing: AiringId | None, who: str) -> tuple[AiringId, ...]:
        """Stop one emergency, or all; what they cut goes on. The identities that were stopped."""
        with self._lock:
            stopped = [call for id_, call in self._calls.items() if airing in (None, id_) and not call.is_over]
            for call in stopped:
                self._stop(call, who)
        for call in stopped:
            self._journal.note_stop(call.entry.airing, who)
        return tuple(call.entry.airing for call in stopped)

    def end_what_is_due(self) -> None:
        """End those whose end time has come. The planner asks once a turn; the decks know it by themselves, too."""
        now_s = self._clock.monotonic()
        with self._lock:
            for call in self._calls.values():
                if not call.is_over and call.ends_s is not None and now_s >= call.ends_s:
                    self._stop(call, "")

    def clip_failed(self, airing: AiringId, output: str) -> bool:
        """A deck cannot use the clip of this emergency. True: the siren and new speech stand in for it there."""
        prepared = self._prepared
        with self._lock:
            call = self._calls.get(airing)
            if call is None or call.is_over:
                return False
            if output in call.failed_on:
                return self._say_recorded_words(prepared, call, output)
            sound = prepared.first_sound(call.asked.kind)
            if sound is None:
                return False
            is_first = not call.failed_on
            call.failed_on.add(output)
            call.cue = self._sound_cue(call, *sound)
            self._send(output, Arm(cue=call.cue))
            script, title = (call.entry.scripts or (WORDS,))[0], call.entry.title
        log.error("the clip of emergency %s cannot be used on %s and is made again", airing, output)
        if is_first:
            text = words_of(prepared, call.asked, self._clock.now()).text
            self._speak(prepared, call, Announcement(script=script, title=title, text=text))
        return True

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

    # --- with the lock held ---------------------------------------------------------------------------------

    def _keep_drills_out(self, kind: CallKind) -> None:
        """Who hears the real thing must not hear in the next breath that it is none. Raises Refused."""
        running = any(call.asked.kind is CallKind.EMERGENCY and not call.is_over for call in self._calls.values())
        if kind is CallKind.DRILL and running:
            raise Refused(
                Sentence("正在播紧急广播，现在不能演练。", "an emergency is on the air: no drill may be held now.")
            )

    def _new_call(
        self,
        prepared: Prepared,
        asked: Asked,
        words: Words,
        reason: str,
        outputs: tuple[str, ...],
        again: AiringId | None,
        left: timedelta | None,
    ) -> Call:
        now, moment = self._clock.now(), self._moment(prepared, asked.kind)
        call = Call(
            asked=asked,
            entry=entry_of(prepared, asked, words, reason, again or airing_id(asked.kind.slot, moment)),
            permit=Permit(who=asked.who, reason=reason),
            outputs=outputs,
            words_from=now + self._warm_up(outputs),
            ends_s=self._clock.monotonic() + left.total_seconds() if left is not None else None,
        )
        self._calls[call.entry.airing] = call
        return call

    def _moment(self, prepared: Prepared, kind: CallKind) -> datetime:
        """The second of its identity: now, or the next one that is free."""
        moment = self._clock.now().astimezone(prepared.schedule.station.zone).replace(microsecond=0)
        while airing_id(kind.slot, moment) in self._calls:
            moment += timedelta(seconds=1)
        return moment

    def _begin(self, prepared: Prepared, call: Call, clip: Clip | None) -> bool:
        """The first sound. True: its words have to be rendered."""
        needs_siren = prepared.siren is not None and self._clock.now() + prepared.siren_length < call.words_from
        begins_cold = clip is None or (needs_siren and call.asked.kind is CallKind.EMERGENCY)
        if clip is not None:
            call.entry = replace(call.entry, clip=clip.key, voice=clip.voice)
        if clip is not None and not begins_cold:
            call.cue = self._clip_cue(call, clip, max(self._clock.now(), self._when_heard(prepared, call)))
        elif call.asked.kind is CallKind.EMERGENCY:
            call.cue = self._siren(prepared, call)
        self._inbox(Called(entry=call.entry, cue=call.cue, outputs=call.outputs, asked=call.asked))
        if call.cue is not None:
            self._to_all(call.outputs, Arm(cue=call.cue))  # within the lock, or a stop could overtake it
        if clip is not None and begins_cold:
            # The prepared clip has a siren of its own in front, which covers the last of the waiting.
            starts_at = call.words_from - prepared.siren_length
            self._go_on(call, self._clip_cue(call, clip, starts_at, follows=call.cue))
        return clip is None

    def _when_heard(self, prepared: Prepared, call: Call) -> datetime:
        """A clip with the siren in front covers the amplifier's waking; one without waits for it."""
        return self._clock.now() if call.asked.kind is CallKind.EMERGENCY else call.words_from

    def _siren(self, prepared: Prepared, call: Call) -> Cue:
        sound = prepared.first_sound(CallKind.EMERGENCY)
        if sound is None:
            del self._calls[call.entry.airing]
            raise Refused(
                Sentence(
                    "警报声和备用录音都不见了，请重新安装。", "siren and recorded words are both missing: install anew."
                )
            )
        return self._sound_cue(call, *sound)

    def _sound_cue(self, call: Call, sound: StoredSound, suffix: str) -> Cue:
        return cue_of(
            AiringId(call.entry.airing + suffix),
            sound.path,
            sound.sha256,
            call.permit,
            self._clock.now(),
            length_s=self._length_s(call),
        )

    def _clip_cue(self, call: Call, clip: Clip, starts_at: datetime, follows: Cue | None = None) -> Cue:
        return cue_of(
            call.entry.airing,
            self.clip_path(clip.key),
            clip.sha256,
            call.permit,
            starts_at,
            kind=call.asked.kind,
            plays=call.asked.times,
            gap_s=call.asked.gap.total_seconds(),
            length_s=self._length_s(call),
            follows=follows.airing if follows is not None else None,
            sentence_starts=clip.sentence_starts,
        )

    def _length_s(self, call: Call) -> float | None:
        return None if call.ends_s is None else max(0.0, call.ends_s - self._clock.monotonic())

    def _stop(self, call: Call, who: str) -> None:
        self._end(call)
        if call.cue is None:
            self._give_up(call, Fate.SKIPPED, STOPPED)
        else:
            self._inbox(Ended(call.entry.airing, who))  # first, so that the planner knows why a deck ends it
        for id_ in (call.entry.airing, *(AiringId(call.entry.airing + suffix) for suffix in STAND_INS)):
            self._to_all(call.outputs, Stop(airing=id_, who=who))

    def _end(self, call: Call) -> None:
        call.is_over = True
        self._end_spare(call)

    def _end_spare(self, call: Call) -> None:
        if call.spare is not None:
            call.spare.cancel()
            call.spare = None

    def _give_up(self, call: Call, fate: Fate, why: Sentence) -> None:
        reason = Sentence(f"{call.entry.reason.zh}；{why.zh}", f"{call.entry.reason.en}; {why.en}")
        self._inbox(GivenUp(replace(call.entry, fate=fate, reason=reason)))

    def _say_recorded_words(self, prepared: Prepared, call: Call, output: str) -> bool:
        """New speech is of no use there either."""
        if call.asked.kind is not CallKind.EMERGENCY or prepared.general is None:
            return False
        cue = self._sound_cue(call, prepared.general, "~recorded")
        self._send(output, Arm(cue=replace(cue, follows=AiringId(call.entry.airing + "~siren"))))
        return True

    def _go_on(self, call: Call, cue: Cue) -> None:
        """With its words; whatever sounded until then is followed by them."""
        is_first, call.cue = call.cue is None, cue
        if is_first:
            self._inbox(Called(entry=call.entry, cue=cue, outputs=call.outputs, asked=call.asked))
        else:
            self._inbox(GoesOn(entry=call.entry, cue=cue))
        self._to_all(call.outputs, Arm(cue=cue))

    def _to_all(self, outputs: tuple[str, ...], command: Command) -> None:
        for output in outputs:
            self._send(output, command)

    # --- words that are not ready ---------------------------------------------------------------------------

    def _speak(self, prepared: Prepared, call: Call, words: Announcement) -> None:
        spare = threading.Timer(WAITED_FOR_SPEECH_S, self._recorded_words, (prepared, call))
        spare.daemon = True
        call.spare = spare
        spare.start()
        chimes = {CallKind.EMERGENCY: "", CallKind.DRILL: prepared.schedule.sound.chime}
        order = prepared.order(words, chimes.get(call.asked.kind, ALL_CLEAR_SOUND))
        self._render(order).add_done_callback(lambda future: self._spoken(prepared, call, future))

    def _spoken(self, prepared: Prepared, call: Call, future: Future[Clip]) -> None:
        try:
            clip = future.result()
        except DalabaError as error:
            log.error("no voice for %s: %s", call.entry.airing, error)
            self._recorded_words(prepared, call)
            return
        with self._lock:
            if call.is_over:
                return
            self._end_spare(call)
            call.entry = replace(call.entry, clip=clip.key, voice=clip.voice)
            starts_at = max(self._clock.now(), call.words_from)
            self._go_on(call, self._clip_cue(call, clip, starts_at, follows=call.cue))

    def _recorded_words(self, prepared: Prepared, call: Call) -> None:
        recorded = {CallKind.EMERGENCY: prepared.general, CallKind.ALL_CLEAR: prepared.all_clear}.get(call.asked.kind)
        with self._lock:
            before = call.cue
            if call.is_over or (before is not None and not before.airing.endswith("~siren")):
                return
            if recorded is None:
                if before is None:
                    self._end(call)
                    self._give_up(call, Fate.FAILED, NO_VOICE)
                return
            call.entry = replace(call.entry, voice="recorded")
            cue = self._sound_cue(call, recorded, "~recorded")
            self._go_on(
                call,
                replace(
                    cue,
                    starts_at=max(cue.starts_at, call.words_from),
                    plays=call.asked.times,
                    gap_s=call.asked.gap.total_seconds(),
                    follows=before.airing if before is not None else None,
                ),
            )
