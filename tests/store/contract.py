"""What every store promises, the real one and the fake. A subclass supplies ``store``."""

import hashlib
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from broadcaster.model.airing import Hold, Lift, LogEntry, Move, PlayNow, Skip, airing_id
from broadcaster.model.approval import Approval, Verdict
from broadcaster.model.days import (
    Daily,
    DateSpan,
    Holidays,
    LunarDay,
    MonthDay,
    NthWeekday,
    SolarTerm,
    Weekdays,
    Workdays,
)
from broadcaster.model.revisions import Revision, Step
from broadcaster.model.texts import ApprovedReading, Syllable
from broadcaster.model.timetable import PlayLatest, PlayLeaderboard, PlayNext, PlayRecording, PlayScript, Slot
from broadcaster.model.words import Fate, Heard, IfInterrupted, Priority, Sentence
from broadcaster.study.roster import person_id
from broadcaster.study.sheet import read_points

SHANGHAI = ZoneInfo("Asia/Shanghai")
MORNING = datetime(2026, 11, 24, 7, 30, tzinfo=SHANGHAI)
DAY = timedelta(days=1)


def entry(planned_at=MORNING, slot="morning-study", **values):
    id_ = airing_id(slot, planned_at)
    return LogEntry(**{"airing": id_, "slot": slot, "title": "每天学一点", "planned_at": planned_at} | values)


FULL = entry(
    priority=Priority.EMERGENCY,
    zones=("east", "西头"),
    scripts=("study/010-salt", "recording:老歌.mp3"),
    clip="ab12",
    voice="pyttsx3:cmn-latn-pinyin",
    fate=Fate.INTERRUPTED,
    reason=Sentence("被紧急广播打断", "cut by an emergency"),
    who="李会计",
    started_at=MORNING + timedelta(milliseconds=3),
    finished_at=(MORNING + timedelta(seconds=40)).astimezone(UTC),
    heard=Heard.YES,
    delay_ms=412,
    level_db=-18.5,
)
SLOT = Slot(
    id="now-1",
    title="今天停水",
    at=(time(7, 30), time(18, 0, 5)),
    days=(Daily(), Weekdays(frozenset({0, 4})), Workdays(), Holidays(), NthWeekday(-1, 4), SolarTerm("清明")),
    except_days=(MonthDay(1, 10), DateSpan(date(2026, 1, 1), date(2026, 1, 3)), LunarDay(12, -1, is_leap=True)),
    first_day=date(2026, 12, 1),
    play=(PlayScript("a"), PlayNext("b"), PlayLatest("c"), PlayLeaderboard("d"), PlayRecording("e.mp3")),
    repeat=3,
    zones=("east",),
    priority=Priority.URGENT,
    grace=timedelta(seconds=90),
    if_interrupted=IfInterrupted.DROP,
    voice="mei",
    chime="",
)


class AsRunLogContract:
    def test_an_entry_comes_back_as_it_was_written(self, store):
        store.log.write(FULL)

        assert store.log.entries(MORNING) == [FULL]

    def test_local_times_keep_their_offset(self, store):
        store.log.write(FULL)

        assert store.log.entries(MORNING)[0].planned_at.utcoffset() == timedelta(hours=8)

    def test_writing_an_airing_again_replaces_its_row(self, store):
        store.log.write(entry(fate=Fate.CLAIMED))
        store.log.write(entry(fate=Fate.AIRED))

        assert [one.fate for one in store.log.entries(MORNING)] == [Fate.AIRED]

    def test_entries_are_those_planned_from_since_up_to_but_not_at_until_in_order(self, store):
        for days in (2, 0, 1, 3):
            store.log.write(entry(MORNING + days * DAY))

        found = store.log.entries(MORNING + DAY, MORNING + 3 * DAY)

        assert [one.planned_at for one in found] == [MORNING + DAY, MORNING + 2 * DAY]
        assert len(store.log.entries(MORNING.astimezone(UTC))) == 4

    def test_a_script_counts_as_used_once_its_airing_is_heard(self, store):
        store.log.write(entry(scripts=("study/a",), fate=Fate.CLAIMED))
        store.log.write(entry(MORNING + DAY, scripts=("study/b",), fate=Fate.MISSED))
        assert store.log.last_uses() == {}

        store.log.write(entry(scripts=("study/a",), fate=Fate.ON_AIR))
        assert set(store.log.last_uses()) == {"study/a"}

    def test_later_uses_have_larger_numbers_and_one_airing_is_one_use(self, store):
        first, second = (
            entry(scripts=("a", "b"), fate=Fate.ON_AIR),
            entry(MORNING + DAY, scripts=("c",), fate=Fate.ON_AIR),
        )
        store.log.write(first)
        store.log.write(second)
        store.log.write(entry(scripts=("a", "b"), fate=Fate.AIRED))
        uses = store.log.last_uses()
        assert uses["a"] < uses["b"] < uses["c"]

        store.log.write(entry(MORNING + 2 * DAY, scripts=("a",), fate=Fate.INTERRUPTED))
        assert store.log.last_uses()["a"] > uses["c"]

    def test_a_voided_row_is_kept_and_its_identity_is_free_again(self, store):
        store.log.write(entry(fate=Fate.AIRED, scripts=("a",)))
        store.log.void([entry().airing])
        store.log.write(entry(fate=Fate.CLAIMED))

        assert [(one.airing, one.fate) for one in store.log.entries(MORNING)] == [
            ("morning-study@2026-11-24T07:30:00", Fate.CLAIMED),
            ("morning-study@2026-11-24T07:30:00~void1", Fate.AIRED),
        ]
        assert set(store.log.last_uses()) == {"a"}

    def test_an_airing_can_be_voided_twice_and_a_voided_row_only_once(self, store):
        store.log.write(entry(title="eins"))
        store.log.void([entry().airing])
        store.log.write(entry(title="zwei"))
        store.log.void([entry().airing, f"{entry().airing}~void1", "nobody@2026-01-01T00:00:00"])

        assert [(one.airing[-6:], one.title) for one in store.log.entries(MORNING)] == [
            ("~void1", "eins"),
            ("~void2", "zwei"),
        ]


class ChangeLogContract:
    @pytest.mark.parametrize(
        "change",
        [
            Skip(airing="a@2026-11-24T07:30:00", who="李会计", why="下雨"),
            Move(airing="a@2026-11-24T07:30:00", to=MORNING, who="李会计"),
            PlayNow(slot=SLOT, at=MORNING, who="王书记"),
            Hold(since=MORNING, until=MORNING + DAY, who="王书记", why="村里有丧事"),
            Lift(at=MORNING, who="王书记"),
        ],
        ids=["skip", "move", "play now", "hold", "lift"],
    )
    def test_a_change_comes_back_as_it_was_made(self, store, change):
        store.changes.add_change(change, MORNING)

        assert store.changes.changes(MORNING) == [change]

    def test_changes_come_oldest_first_and_none_from_before(self, store):
        for hour in range(3):
            store.changes.add_change(Skip(airing=str(hour), who="李会计"), MORNING + timedelta(hours=hour))

        assert [change.airing for change in store.changes.changes(MORNING + timedelta(hours=1))] == ["1", "2"]

    def test_the_order_of_making_holds_even_when_the_clock_went_back(self, store):
        store.changes.add_change(Skip(airing="first", who="李会计"), MORNING + timedelta(hours=1))
        store.changes.add_change(Skip(airing="second", who="李会计"), MORNING)

        assert [change.airing for change in store.changes.changes(MORNING)] == ["first", "second"]


class MemoryContract:
    def test_nothing_is_recalled_before_something_was_remembered(self, store):
        assert store.memory.recall("clock") is None

    def test_the_last_value_is_recalled(self, store):
        store.memory.remember("clock", "1")
        store.memory.remember("clock", "二")
        store.memory.remember("other", "")

        assert store.memory.recall("clock") == "二"
        assert store.memory.recall("other") == ""


GBK = "今天停水。\r\n".encode("gb18030") + b"\xff\x00"
NEWER = "今天停电。".encode()


def decision(content=GBK, verdict=Verdict.APPROVED, **values):
    usual = {"script": "event/water-off", "verdict": verdict, "who": "王书记", "at": MORNING}
    return Approval(**(usual | {"sha256": hashlib.sha256(content).hexdigest()} | values))


READING = ApprovedReading(
    script="event/water-off",
    text_sha256="ab" * 32,
    spoken="今天，停水。\n“A”组。",
    syllables=tuple(map(Syllable, "今天停水A组", ["jin1", "tian1", "ting2", "shui3", "A", "zu3"])),
    who="王书记",
    at=MORNING,
)


class ApprovalsContract:
    def test_a_decision_and_its_content_come_back_byte_for_byte(self, store):
        made = decision(reading=READING, before="cd" * 32, why="改了日期")
        store.approvals.decide(made, GBK)

        assert store.approvals.decisions() == [made]
        assert store.approvals.content(made.sha256) == GBK

    def test_decisions_come_in_the_order_they_were_made_whatever_the_clock_said(self, store):
        made = [
            decision(at=MORNING + DAY),
            decision(NEWER, at=MORNING),
            decision(NEWER, Verdict.WITHDRAWN, at=MORNING - DAY),
        ]
        for one, content in zip(made, (GBK, NEWER, None), strict=True):
            store.approvals.decide(one, content)

        assert store.approvals.decisions() == made

    def test_content_that_is_not_what_was_decided_about_is_not_kept(self, store):
        with pytest.raises(ValueError, match="not what was decided"):
            store.approvals.decide(decision(GBK), NEWER)

        assert store.approvals.decisions() == []

    def test_the_same_content_may_be_approved_twice_and_under_another_name(self, store):
        store.approvals.decide(decision(), GBK)
        store.approvals.decide(decision(who="李会计"), GBK)
        store.approvals.decide(decision(script="notice/water-off"), GBK)

        assert [(one.script, one.who) for one in store.approvals.decisions()] == [
            ("event/water-off", "王书记"),
            ("event/water-off", "李会计"),
            ("notice/water-off", "王书记"),
        ]

    def test_content_that_nobody_decided_about_is_not_there(self, store):
        assert store.approvals.content("ef" * 32) is None


SHEET = "姓名,小组,总积分,日期,同意点名\n单丽,一组,41200,2026-11-16,是\n解明,一组,3000,2026-11-16,否\n"
LATER = "姓名,小组,总积分,日期,同意点名\n单丽,一组,41900,2026-11-23,是\n查红,二组,500,2026-11-23,\n"


def imported(store, text, file="积分.csv"):
    return store.roster.apply(read_points(text.encode()), file=file, at=MORNING, who="李会计")


class RosterContract:
    def test_an_import_brings_people_and_their_points(self, store):
        change = imported(store, SHEET)
        roster = store.roster.snapshot()

        assert [person.name for person in change.new] == ["单丽", "解明"]
        assert [(person.name, person.group, person.consents) for person in roster.people] == [
            ("单丽", "一组", True),
            ("解明", "一组", False),
        ]
        assert {(total.on, total.points) for total in roster.totals} == {
            (date(2026, 11, 16), 41200),
            (date(2026, 11, 16), 3000),
        }

    def test_the_same_file_twice_changes_nothing(self, store):
        imported(store, SHEET)
        before = store.roster.snapshot()
        change = imported(store, SHEET)

        assert change.is_same_file
        assert change.changes_nothing
        assert store.roster.snapshot() == before

    def test_an_earlier_sheet_is_history_and_does_not_overwrite_a_later_one(self, store):
        imported(store, LATER)
        change = imported(store, SHEET)
        roster = store.roster.snapshot()

        assert change.older == 1
        assert roster.latest()[person_id("单丽", "一组")].points == 41900
        assert len(roster.totals) == 4

    def test_a_snapshot_since_a_day_holds_all_people_and_only_newer_points(self, store):
        imported(store, SHEET)
        imported(store, LATER)
        roster = store.roster.snapshot(since=date(2026, 11, 20))

        assert len(roster.people) == 3
        assert {total.on for total in roster.totals} == {date(2026, 11, 23)}

    def test_what_was_withdrawn_by_hand_no_sheet_gives_back(self, store):
        imported(store, SHEET)
        store.roster.set_consent(person_id("单丽", "一组"), False)
        imported(store, LATER)
        assert not _person(store, "单丽").consents

        store.roster.set_consent(person_id("单丽", "一组"), True)
        assert _person(store, "单丽").consents

    def test_a_reading_can_be_corrected(self, store):
        imported(store, SHEET)
        store.roster.set_pinyin(person_id("单丽", "一组"), "shan4 li4")

        assert store.roster.snapshot().readings() == (("单丽", "shan4 li4"),)


def _person(store, name):
    return next(person for person in store.roster.snapshot().people if person.name == name)


class RevisionsContract:
    """The life of each script."""

    def step(self, content, script="policy/fire", step=Step.WRITTEN, **more):
        sha256 = hashlib.sha256(content).hexdigest()
        return Revision(**{"script": script, "step": step, "who": "李会计", "at": MORNING, "sha256": sha256} | more)

    def test_steps_come_back_in_the_order_they_were_made_with_their_bytes(self, store):
        first = self.step(b"a", at=MORNING + DAY)
        second = self.step(GBK, note="写上电话", step=Step.SENT_BACK)
        again = self.step(b"a", who="")
        for one, content in ((first, b"a"), (second, GBK), (again, b"a"), (self.step(b"b", "study/a"), b"b")):
            store.revisions.keep(one, content)

        assert store.revisions.steps("policy/fire") == [first, second, again]
        assert store.revisions.steps("nobody/knows") == []
        assert store.approvals.content(second.sha256) == GBK

    def test_the_last_step_of_every_script_is_known(self, store):
        store.revisions.keep(self.step(b"a"), b"a")
        last = self.step(b"b", step=Step.RETIRED)
        other = self.step(b"c", "study/a")
        store.revisions.keep(last, b"b")
        store.revisions.keep(other, b"c")

        assert dict(store.revisions.latest()) == {"policy/fire": last, "study/a": other}

    def test_bytes_of_another_hash_are_not_kept(self, store):
        with pytest.raises(ValueError):
            store.revisions.keep(self.step(b"a"), b"b")

        assert store.revisions.steps("policy/fire") == []


class StoreContract(
    AsRunLogContract, ChangeLogContract, MemoryContract, ApprovalsContract, RevisionsContract, RosterContract
):
    pass
