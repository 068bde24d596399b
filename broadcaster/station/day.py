"""What a person changes in the day: something is heard now, left out, later. Not where only emergencies may sound."""

from __future__ import annotations

from datetime import datetime, timedelta

from broadcaster.errors import Refused
from broadcaster.model.airing import Airing, AiringId, Move, PlayNow, Skip, airing_id
from broadcaster.model.words import NOTHING_TO_SAY, Fate, Sentence
from broadcaster.station.books import PlanBooks
from broadcaster.station.byhand import slot_for
from broadcaster.station.ledger import Ledger
from broadcaster.station.planner import Planner
from broadcaster.station.silence import Silence
from broadcaster.station.timekeeper import Timekeeper

QUIET = Sentence("现在是静音时段，只有紧急广播能响。", "these are quiet hours: nothing but an emergency may sound.")


class Day:
    """Called under the station's lock."""

    def __init__(self, planner: Planner, ledger: Ledger, books: PlanBooks, time: Timekeeper, silence: Silence) -> None:
        self._planner = planner
        self._ledger = ledger
        self._books = books
        self._time = time
        self._silence = silence

    def may_sound(self, now: datetime) -> None:
        """Raises Refused in quiet hours, while all is held, and by a clock that nobody believes."""
        station = self._books.schedule.station
        if station.is_quiet(now):
            raise Refused(QUIET)
        hold = self._silence.now(now)
        if hold is not None:
            until = f"{hold.until.astimezone(station.zone):%m-%d %H:%M}"
            raise Refused(
                Sentence(
                    f"{hold.who} 让 {until} 以前都不播。要播，请先恢复播出。",
                    f"{hold.who} wants silence until {until}. Lift that first.",
                )
            )
        if not self._time.trust.is_trusted:
            raise Refused(self._time.trust.why_not or NOTHING_TO_SAY)

    def play(self, what: str, now: datetime, *, who: str, zones: tuple[str, ...]) -> AiringId:
        """A slot, or ``script:NAME``, as soon as its clip is ready. Raises Refused."""
        self.may_sound(now)
        slot = slot_for(what, self._books.schedule, self._books.in_force.library, zones)
        at = now.astimezone(self._books.schedule.station.zone).replace(microsecond=0)
        while self._planner.airing(airing_id(slot.id, at)) is not None:
            at += timedelta(seconds=1)
        self._ledger.change(PlayNow(slot=slot, at=at, who=who), now)
        self._planner.turn()
        airing = self._planner.airing(airing_id(slot.id, at))
        if airing is None or not airing.scripts:
            reason = airing.left_out[0].reason if airing and airing.left_out else NOTHING_TO_SAY
            raise Refused(
                Sentence(f"“{what}”现在没有可播的。{reason.zh}", f"{what!r} has nothing to say now. {reason.en}")
            )
        return airing.id

    def skip(self, airing: AiringId, now: datetime, *, who: str, why: str = "") -> None:
        """Leave one airing out. Raises Refused."""
        self._planned(airing)
        self._ledger.change(Skip(airing=airing, who=who, why=why), now)
        self._planner.turn()

    def move(self, airing: AiringId, to: datetime, now: datetime, *, who: str) -> None:
        """Start one airing at another time of its day. Raises Refused."""
        planned, station = self._planned(airing), self._books.schedule.station
        local = to.astimezone(station.zone)
        if local.date() != planned.planned_at.date() or to <= now:
            raise Refused(
                Sentence(
                    f"只能挪到 {planned.planned_at:%m月%d日} 当天、现在以后的时间，“{local:%m-%d %H:%M}”不行。",
                    f"it can only move to a later time of {planned.planned_at:%Y-%m-%d}, "
                    f"not to '{local:%Y-%m-%d %H:%M}'.",
                )
            )
        if station.is_quiet(to):
            raise Refused(
                Sentence(
                    f"“{local:%H:%M}”在静音时段里，不能播。请换一个时间。",
                    f"'{local:%H:%M}' is in quiet hours. Choose another time.",
                )
            )
        self._planner.take_back(airing, Fate.PLANNED, NOTHING_TO_SAY, who)
        self._ledger.change(Move(airing=airing, to=to, who=who), now)
        self._planner.turn()

    def _planned(self, airing: AiringId) -> Airing:
        found = self._planner.airing(airing)
        if found is None:
            raise Refused(
                Sentence(
                    f"昨天到后天的节目里没有“{airing}”。用 dalaba plan 看有哪些。",
                    f"there is no airing {airing!r} from yesterday to the day after tomorrow. See: dalaba plan.",
                )
            )
        if found.fate not in (Fate.PLANNED, Fate.CLAIMED):
            raise Refused(
                Sentence(
                    f"“{airing}”已经不能改了（{found.fate.value}）。",
                    f"{airing!r} can no longer be changed ({found.fate.value}).",
                )
            )
        return found
