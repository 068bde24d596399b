"""One turn of the station: look at clock, files and log, and do what is due. Called several times a second.

Nothing here waits for sound, speech or a network; what takes long runs elsewhere and is looked at again next turn.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import takewhile
from queue import Empty

from broadcaster.errors import StoreFailed
from broadcaster.model.airing import Airing, AiringId, DayPlan
from broadcaster.model.clip import Clip, ClipOrder
from broadcaster.model.words import NOTHING_TO_SAY, Fate, Sentence, joined
from broadcaster.plan import from_a_wrong_clock, left_out, overdue, upcoming
from broadcaster.playout.cue import Arm, GateRules, Lost, NotAired, Ready, Report, Stop, Trouble
from broadcaster.station.aftermath import Aftermath
from broadcaster.station.claims import NO_CLIP, cue_of, entry_of, said_of
from broadcaster.station.emergency.calls import Called, Ended, GivenUp, GoesOn
from broadcaster.station.emergency.record import CallRecord
from broadcaster.station.hearing import Hearing
from broadcaster.station.ledger import LOOKED_BACK
from broadcaster.station.livedesk import Speech
from broadcaster.station.onair import OnAir, Told
from broadcaster.station.orders import Ordered, OrderedClip
from broadcaster.station.parts import Parts
from broadcaster.station.recovery import TAKEN_OUT
from broadcaster.station.timekeeper import LAST_SEEN, Moment
from broadcaster.station.witness import TOO_LATE

log = logging.getLogger(__name__)

OPEN = frozenset({Fate.PLANNED, Fate.MISSED, Fate.SKIPPED})
"""Fates that may still change: a missed airing comes back with the clock, and a person brings back a skipped one."""
ARMED_AHEAD = timedelta(seconds=90)
RENDERED_AHEAD = timedelta(hours=36)
CLIPS_AWAITED_UNTIL = timedelta(seconds=5)
"""So long before its start an airing waits for the clips of all its outputs; then it takes what is there."""
PLAN_AGAIN_S = 30.0
STEP_STANDS_S = 1800.0
"""A clock that was set back and is right again by then had used up no identities: what was heard stays heard."""
SET_BACK = "clock_set_back"
"""The memory of when that was, by the clock as it was set."""
NOTHING_LEFT = Sentence("没有可念的稿件", "nothing was left to say")
NO_OUTPUT = Sentence("没有输出能播", "no output was open")
WRITTEN_TOO_LATE = Sentence("写进节目表时已经过了时间", "was written in after its time")


class Planner:
    """Decides and does; the only one who touches ledger, books and claims. Not for two threads at once."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self.on_air = OnAir()
        self._hearing = Hearing(parts.ledger, parts.faults)
        self._record = CallRecord(parts.ledger, parts.journal)
        self.plans: tuple[DayPlan, ...] = ()
        self._airings: list[Airing] = []
        """Those of the plans."""
        self._planned_for: tuple[object, ...] = ()
        self._plan_again_at = float("-inf")
        self._new: set[AiringId] = set()
        """Airings that the last change of files brought."""
        self._open: list[Airing] = []
        """Those of which something may still become, in order of their start."""
        self._to_come: list[Airing] = []
        """Those of them that may be heard within the time that is rendered ahead."""
        self._orders: Mapping[AiringId, Ordered] = {}
        self._wanted: Mapping[str, ClipOrder] = {}
        """By key, the soonest first."""
        self._aftermath = Aftermath(parts, self._record, self.on_air, self._apply)
        self._wants_void = True
        self._void_at: float | None = None
        """Monotonic; None: not asked yet whether the clock was set back shortly before this start."""

    def turn(self) -> None:
        """Everything that is due at this moment."""
        parts = self._parts
        moment = parts.time.look()
        if moment.was_set:
            parts.ledger.reload()
            self._wants_void, self._void_at = True, moment.monotonic + STEP_STANDS_S
            if moment.was_set < timedelta():
                parts.ledger.remember(SET_BACK, moment.wall.isoformat())
        parts.books.refresh(moment.wall, moment.monotonic)
        parts.ledger.save(moment.wall, moment.monotonic)
        self._set_decks(moment)
        parts.readiness.look(moment.wall, moment.monotonic)
        parts.desk.end_what_is_due()
        self._read_inbox(moment)
        self._aftermath.call_again(moment)
        if moment.is_trusted:
            self._void(moment)
            self._plan(moment)
            self._aftermath.recover(self._airings, moment)
            soon = moment.wall + ARMED_AHEAD
            near = list(takewhile(lambda airing: airing.starts_at <= soon, self._open))
            self._miss(near, moment)
            self._note_left_out(near, moment)
            self._arm(near, moment)
        self._record.note_plays(self.on_air.all(), parts.decks.states)
        parts.amplifiers.look(self.on_air.all(), parts.books.schedule.station.is_quiet)
        self._render(moment)
        self._apply(self.on_air.give_up(moment.wall))
        self._aftermath.remember_who_is_done()
        parts.ledger.save(moment.wall, moment.monotonic)
        self._record.settle()

    def turn_off(self) -> None:
        """Write down what the decks said last. Their closing words go on to the next station."""
        moment = self._parts.time.look()
        self._read_inbox(moment)
        if moment.is_trusted:
            self._parts.ledger.remember(LAST_SEEN, moment.wall.isoformat())
        self._parts.ledger.save(moment.wall, float("inf"))

    def airing(self, id_: AiringId) -> Airing | None:
        """An airing of yesterday, today or the next two days."""
        of_slot = (airing for airing in self._airings if id_.startswith(airing.slot.id))
        return next((airing for airing in of_slot if airing.id == id_), None)

    def take_back(self, id_: AiringId, fate: Fate, reason: Sentence, who: str) -> None:
        """A claimed airing that has not sounded is not to start."""
        live = self.on_air.take(id_)
        if live is None:
            return
        for output in live.parts:
            self._parts.decks.send(output, Stop(airing=id_, who=who))
        self._parts.ledger.write(replace(live.entry, fate=fate, reason=reason, who=who))

    def speak(self, speech: Speech) -> None:
        """A person goes on the air: in the log first, then to the decks."""
        moment = self._parts.time.look()
        self._parts.ledger.write(speech.entry)
        self._parts.ledger.save(moment.wall, moment.monotonic)
        self.on_air.claim(speech.entry, speech.cue, speech.own_cues, speech.own_cues)
        for output, cue in speech.own_cues.items():
            self._parts.decks.send(output, Arm(cue=cue))

    # --- one thing after the other --------------------------------------------------------------------------

    def _set_decks(self, moment: Moment) -> None:
        schedule = self._parts.books.schedule
        rules = GateRules(
            quiet_hours=schedule.station.quiet_hours,
            timezone=schedule.station.timezone,
            is_holding=not moment.is_trusted,
            longest_live_s=schedule.live.longest.total_seconds(),
        )
        before = set(self._parts.decks.states)
        self._parts.decks.set(schedule.outputs, rules)
        for output in before - set(self._parts.decks.states):
            self._parts.faults.mend(f"output.{output}")
            self._hearing.forget(output)
        self._parts.amplifiers.set(schedule.amplifiers)
        self._parts.decks.set_amplifiers(schedule.amplifiers)

    def _read_inbox(self, moment: Moment) -> None:
        while True:
            try:
                message = self._parts.inbox.get_nowait()
            except Empty:
                return
            match message:
                case Called():
                    self._called(message)
                case GoesOn(entry=entry, cue=cue):
                    self._apply(self.on_air.replace_cue(entry, cue))
                case Ended(airing=airing, who=who):
                    self._apply(self.on_air.stop(airing, who, moment.wall))
                case GivenUp(entry=entry):
                    self._apply(Told(entries=[entry]))
                case (output, NotAired(airing=airing, fate=Fate.FAILED.value)) if self._parts.desk.clip_failed(
                    airing, output
                ):
                    self._parts.ahead.checked(self.on_air.clip_of(airing))
                case (output, report):
                    self._parts.decks.note(output, report)
                    self._fault_of(output, report, moment)
                    self._hearing.report(output, report, moment.wall)
                    self._apply(self.on_air.report(output, report, moment.wall))

    def _fault_of(self, output: str, report: Report, moment: Moment) -> None:
        match report:
            case Lost(reason=reason) | Trouble(reason=reason) if reason.zh and output in self._parts.decks.states:
                what = Sentence(f"输出 {output} 现在没有声音：{reason.zh}", f"output {output} is silent: {reason.en}")
                self._parts.faults.tell(f"output.{output}", what, moment.wall)
            case Ready() | Trouble():
                self._parts.faults.mend(f"output.{output}")

    def _apply(self, told: Told) -> None:
        for entry in told.entries:
            airing = self.airing(entry.airing)
            if entry.fate is Fate.MISSED and airing is not None:
                why = self._why_missed(airing)
                entry = replace(entry, reason=entry.reason if why == TOO_LATE and entry.reason.zh else why)
            entry = self._parts.live.with_remark(self._hearing.with_proof(entry))
            self._parts.ledger.write(entry)
            if entry.fate.is_final:
                log.log(*said_of(entry))
                self._parts.desk.is_over(entry.airing)
                self._parts.live.is_over(entry)
        for output, command in told.commands:
            self._parts.decks.send(output, command)

    def _called(self, called: Called) -> None:
        entry = called.entry
        self._parts.ledger.write(entry)
        if called.cue is not None:
            self.on_air.claim(entry, called.cue, called.outputs)
        self._record.keep(entry.airing, called.asked)

    def _void(self, moment: Moment) -> None:
        if self._void_at is None:
            self._void_at = self._step_stands_at(moment)
        if not self._wants_void or moment.monotonic < self._void_at:
            return
        wrong = from_a_wrong_clock(self._parts.ledger.entries.values(), moment.wall)
        with suppress(StoreFailed):  # tried again with the next turn
            if wrong:
                log.warning("%d entries of a clock that ran ahead no longer count", len(wrong))
                self._parts.ledger.void(wrong)
            self._wants_void = False

    def _step_stands_at(self, moment: Moment) -> float:
        """A station that died while its clock was set back must not take up its log at the next start either."""
        set_back = self._parts.ledger.recall(SET_BACK)
        since = moment.wall - datetime.fromisoformat(set_back) if set_back else timedelta.max
        left_s = STEP_STANDS_S - since.total_seconds()
        return moment.monotonic + left_s if 0 < left_s <= STEP_STANDS_S else moment.monotonic

    def _plan(self, moment: Moment) -> None:
        schedule = self._parts.books.schedule
        today = moment.wall.astimezone(schedule.station.zone).date()
        planned_for = (self._parts.books.bulletins, self._parts.ledger.version, today)
        if planned_for == self._planned_for and moment.monotonic < self._plan_again_at:
            return
        before = self._airings
        files_changed = self._planned_for[2:] == (today,) and self._planned_for[0] is not planned_for[0]
        self._planned_for, self._plan_again_at = planned_for, moment.monotonic + PLAN_AGAIN_S
        self.plans = self._parts.books.plans(today - timedelta(days=1), 4, moment.wall)
        self._airings = [airing for plan in self.plans for airing in plan.airings]
        self._take_back_what_is_gone()
        self._new = {one.id for one in self._airings} - {one.id for one in before} if files_changed else set()
        self._order(moment)
        self._parts.ledger.forget_before(moment.wall - LOOKED_BACK)

    def _take_back_what_is_gone(self) -> None:
        for id_ in self.on_air.unheard():
            airing = self.airing(id_)
            if airing is None:
                self.take_back(id_, Fate.SKIPPED, TAKEN_OUT, "")
            elif airing.fate is Fate.SKIPPED:
                self.take_back(id_, Fate.SKIPPED, airing.reason, airing.who)
            elif self._parts.books.withholds(airing.scripts):
                self.take_back(id_, Fate.PLANNED, NOTHING_TO_SAY, airing.who)

    def _order(self, moment: Moment) -> None:
        until = moment.wall + RENDERED_AHEAD
        self._open = sorted((a for a in self._airings if a.fate in OPEN), key=lambda airing: airing.starts_at)
        to_come = takewhile(lambda airing: airing.starts_at <= until, self._open)
        wanted = [airing for airing in to_come if airing.fate is not Fate.SKIPPED and airing.scripts]
        self._to_come = [airing for airing in wanted if moment.wall <= airing.must_start_by]
        self._orders = self._parts.books.orders(self._to_come)
        self._wanted = {one.key: one.order for ordered in self._orders.values() for one in ordered.clips}

    def _miss(self, near: Iterable[Airing], moment: Moment) -> None:
        for airing in overdue(near, moment.wall):
            was_known = airing.id in self._parts.ledger.entries  # left behind by a station that died
            if airing.id in self.on_air or not (was_known or self._is_ours(airing)):
                continue
            came_too_late = airing.id in self._new
            fate = Fate.SKIPPED if came_too_late else Fate.MISSED
            entry = entry_of(airing, fate, WRITTEN_TOO_LATE if came_too_late else self._why_missed(airing))
            self._parts.ledger.write(entry)
            log.log(*said_of(entry))

    def _note_left_out(self, near: Iterable[Airing], moment: Moment) -> None:
        """What people left out is in the log, too, once nobody can bring it back."""
        for airing in left_out(near, moment.wall):
            entry = self._parts.ledger.entries.get(airing.id)
            if self._is_ours(airing) and (entry is None or not entry.fate.is_final):
                self._parts.ledger.write(entry_of(airing, Fate.SKIPPED, airing.reason))

    def _why_missed(self, airing: Airing) -> Sentence:
        ordered = self._orders.get(airing.id)
        if ordered is not None and ordered.clips and not self._ready(ordered):
            return joined((NO_CLIP, self._parts.ahead.why_not(ordered.key) or NOTHING_TO_SAY))
        return self._parts.time.witness.why_missed(airing)

    def _arm(self, near: Iterable[Airing], moment: Moment) -> None:
        for airing in upcoming(near, moment.wall, ARMED_AHEAD):
            ordered = self._orders.get(airing.id)
            if airing.id in self.on_air:
                continue
            if ordered is None or not ordered.clips:
                self._nothing_to_say(airing, ordered, moment)
                continue
            is_last_moment = moment.wall >= airing.starts_at - CLIPS_AWAITED_UNTIL
            if len(self._ready(ordered)) == len(ordered.clips) or is_last_moment:
                clips = {one: clip for one in ordered.clips if (clip := self._parts.ahead.checked(one.key)) is not None}
                if clips and (len(clips) == len(ordered.clips) or is_last_moment):
                    self._claim(airing, ordered, clips, moment)

    def _ready(self, ordered: Ordered) -> list[Clip]:
        found = (self._parts.ahead.clip(one.key) for one in ordered.clips)
        return [clip for clip in found if clip is not None]

    def _nothing_to_say(self, airing: Airing, ordered: Ordered | None, moment: Moment) -> None:
        if moment.wall < airing.starts_at or airing.fate is not Fate.PLANNED:
            return
        left_out = ordered.left_out if ordered else airing.left_out
        reason = joined((NOTHING_LEFT, *(left.reason for left in left_out)))
        self._parts.ledger.write(entry_of(airing, Fate.SKIPPED, reason))
        log.error("nothing to say in %s: %s", airing.id, reason.en)

    def _claim(self, airing: Airing, ordered: Ordered, clips: Mapping[OrderedClip, Clip], moment: Moment) -> None:
        """In the log first, then to the decks: whatever dies in between, it is not heard twice.

        An output whose own clip was not rendered in time plays that of the others.
        """
        outputs = self._parts.books.schedule.outputs_of(airing.slot.zones)
        if not outputs:
            self._parts.ledger.write(entry_of(airing, Fate.FAILED, NO_OUTPUT))
            return
        clip = next(iter(clips.values()))
        reason = joined((*(left.reason for left in ordered.left_out), clip.remark))
        entry = replace(entry_of(airing, Fate.CLAIMED, reason), clip=clip.key, voice=clip.voice)
        path_of = self._parts.clip_path
        cue = cue_of(airing, clip, path_of)
        own_cues = {output: cue_of(airing, clips[one], path_of) for one in clips for output in one.outputs}
        self._parts.ledger.write(entry)
        self._parts.ledger.save(moment.wall, moment.monotonic)
        self.on_air.claim(entry, cue, outputs, own_cues)
        for output in outputs:
            self._parts.decks.send(output, Arm(cue=own_cues.get(output, cue)))

    def _render(self, moment: Moment) -> None:
        soon = moment.wall + ARMED_AHEAD
        readiness = self._parts.readiness
        urgent = {
            one.key
            for airing in takewhile(lambda airing: airing.starts_at <= soon, self._to_come)
            for one in self._orders[airing.id].clips
        }
        self._parts.ahead.want({**readiness.orders, **self._wanted, **readiness.intro}, urgent, moment.monotonic)
        self._parts.ahead.check_hourly(readiness.keys, moment.monotonic)
        if self._parts.ahead.failures:
            self._parts.faults.tell("render", joined(self._parts.ahead.failures), moment.wall)
        else:
            self._parts.faults.mend("render")

    def _is_ours(self, airing: Airing) -> bool:
        counts_from = self._parts.time.counts_from
        return counts_from is not None and airing.must_start_by >= counts_from
