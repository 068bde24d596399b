"""The state of the station in sentences: what is worst, and what to do."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from broadcaster.model.words import NOTHING_TO_SAY, Complaint, Sentence, Severity
from broadcaster.station.faults import Fault
from broadcaster.station.health import Disk, Grade, findings
from broadcaster.station.night import NightAsked
from broadcaster.station.status import AmplifierStatus, OutputStatus, Status

NOW = datetime(2026, 11, 24, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
ROOMY = Disk(free_bytes=20_000_000_000, whole_bytes=32_000_000_000)
MAIN = OutputStatus(
    name="main", is_open=True, device="card", is_tape=False, rms_dbfs=None, underruns=0, why_not=NOTHING_TO_SAY
)
WELL = Status(
    station="试验村",
    language="zh-CN",
    now=NOW,
    is_clock_trusted=True,
    why_clock_is_not_trusted=NOTHING_TO_SAY,
    is_quiet=False,
    on_air=(),
    hold=None,
    next=(),
    outputs=(replace(MAIN, players_online=("东头", "西头")),),
    amplifiers=(AmplifierStatus(name="horns", is_on=False),),
    faults=(),
    complaints=(),
    is_schedule_old=False,
    clips_missing=0,
    writes_waiting=0,
    emergencies_ready=10,
    pid=1,
    planner_asleep_s=0.1,
)


def found(name, status=WELL, disk=ROOMY):
    return next(one for one in findings(status, disk, ("pyttsx3", "pyttsx3")) if one.name == name)


def fault(name):
    return Fault(name=name, what=Sentence("坏了。", "broken."), since=NOW)


def test_a_station_that_is_well_says_so_of_every_part():
    told = findings(WELL, ROOMY, ("pyttsx3",))

    assert {one.grade for one in told} == {Grade.GOOD}
    assert [one.what.zh for one in told] == [
        "时间是准的：2026-11-24 12:00。",
        "“main”接着，2 个喇叭在线。",
        "功放“horns”关着，要播的时候自己开。",
        "磁盘还有 20.0 GB，一共 32.0 GB。",
        "记录都存好了。",
        "节目表没有问题。",
        "声音（pyttsx3）好用，一天半以内的都合成好了。",
        "10 篇紧急稿随时能播。",
    ]
    assert [one.remedy.zh for one in told] == [""] * 8


@pytest.mark.parametrize(
    ("name", "changed", "grade", "what"),
    [
        (
            "clock",
            {"is_clock_trusted": False, "why_clock_is_not_trusted": Sentence("还没对准。", "It is not set.")},
            Grade.BAD,
            "It is not set.",
        ),
        (
            "output.main",
            {"outputs": (replace(MAIN, is_open=False, why_not=Sentence("拔了。", "it is gone.")),)},
            Grade.BAD,
            "'main' makes no sound: it is gone.",
        ),
        (
            "output.main",
            {"outputs": (replace(MAIN, players_online=("东头",), players_offline=("西头",)),)},
            Grade.WATCH,
            "Horns of 'main' are away: 西头.",
        ),
        ("amplifier.horns", {"faults": (fault("amplifier.horns"),)}, Grade.BAD, "broken."),
        ("log", {"writes_waiting": 3}, Grade.BAD, "3 records are not on the disk yet."),
        (
            "schedule",
            {"is_schedule_old": True},
            Grade.BAD,
            "The file schedule.toml has a mistake; an earlier timetable is in force.",
        ),
        ("render", {"faults": (fault("render"),)}, Grade.BAD, "broken."),
        ("render", {"clips_missing": 5}, Grade.GOOD, "Speech (pyttsx3) is being made: 5 pieces are left."),
        ("render", {"clips_missing": 21}, Grade.WATCH, "Speech (pyttsx3) is being made: 21 pieces are left."),
        (
            "emergency",
            {"emergencies_ready": 0},
            Grade.WATCH,
            "No emergency text has its sound ready. The red button would begin with the siren.",
        ),
        ("deadair.main", {"faults": (fault("deadair.main"),)}, Grade.BAD, "broken."),
    ],
)
def test_what_is_not_well_is_said_with_what_to_do(name, changed, grade, what):
    one = found(name, replace(WELL, **changed))

    assert (one.grade, one.what.en) == (grade, what)
    assert bool(one.remedy.en) == (grade is not Grade.GOOD and name != "schedule" and "pieces" not in what)


@pytest.mark.parametrize(
    ("free", "grade"), [(1_000_000_000, Grade.GOOD), (999_999_999, Grade.WATCH), (199_999_999, Grade.BAD)]
)
def test_a_full_disk_is_noticed_before_it_hurts(free, grade):
    assert found("disk", disk=Disk(free_bytes=free, whole_bytes=32_000_000_000)).grade is grade


def test_a_disk_that_says_nothing_is_bad():
    assert found("disk", disk=None).grade is Grade.BAD


def test_complaints_come_with_the_first_and_a_mistake_with_its_remedy():
    minor = Complaint(file="scripts/a", path="", what=Sentence("小事。", "Small."), severity=Severity.WARNING)
    error = Complaint(file="schedule.toml", path="slot.a", what=Sentence("大事。", "Large."))
    one = found("schedule", replace(WELL, complaints=(minor, minor)))
    assert (one.grade, one.what.en, one.remedy.en) == (
        Grade.WATCH,
        "Timetable and scripts hold 2 things to look at, the first in scripts/a.",
        "Small.",
    )

    assert (
        found("schedule", replace(WELL, complaints=(minor, error), is_schedule_old=True)).remedy.en
        == "At slot.a: Large."
    )


def test_the_worst_comes_first():
    told = findings(replace(WELL, writes_waiting=1, emergencies_ready=0), ROOMY, ("pyttsx3",))

    assert [one.name for one in told[:2]] == ["log", "emergency"]


def test_a_night_that_waits_for_its_owner_is_told_with_what_to_do():
    asked = NightAsked(agreed="21:00-06:30 (UTC)", wished="22:00-06:30 (UTC)", opens="21:00-22:00")

    told = found("night", replace(WELL, night=asked))

    assert (told.grade, told.what) == (Grade.WATCH, asked.what)
    assert (
        told.remedy.en == "An owner looks at it, and agrees under Settings, or puts quiet_hours of the timetable back."
    )
