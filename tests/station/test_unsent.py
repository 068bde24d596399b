"""What a network output could not send is in the log and in the status, and leaves the other outputs alone."""

import pytest

from broadcaster.model.airing import AiringId
from broadcaster.model.words import NOTHING_TO_SAY, Fate, Sentence
from broadcaster.playout.cue import Trouble, Unsent
from tests.station.conftest import SCHEDULE, at, write_station

MORNING = AiringId("morning@2026-11-24T07:30:00")
GONE = Sentence("Icecast 断开了", "Icecast hung up")
BOTH = SCHEDULE.replace('outputs = ["main"]', 'outputs = ["main", "phones"]') + (
    '[output.phones]\nkind = "stream"\naddress = "icecast://127.0.0.1:8000/village"\n'
)
ONLY = SCHEDULE.replace('kind = "tape"', 'kind = "stream"\naddress = "icecast://127.0.0.1:8000/village"')


@pytest.fixture
def village(tmp_path, found):
    def make(schedule):
        write_station(tmp_path, schedule)
        village = found("07:20")
        village.until(at("07:30:02"), step=0.25)
        return village

    return make


def unsent(seconds, *, is_all=False):
    return Unsent(airing=MORNING, seconds=seconds, is_all=is_all, reason=GONE)


def test_the_other_outputs_play_on_and_the_log_says_what_the_phones_missed(village):
    village = village(BOTH)

    village.decks["phones"].report(unsent(3.5))
    village.advance(30)

    entry = village.log()[MORNING]
    assert entry.fate is Fate.AIRED
    assert entry.reason == Sentence(
        "输出 phones 有 3.5 秒没有送出：Icecast 断开了", "output phones did not send 3.5 s of it: Icecast hung up"
    )


def test_an_airing_of_which_nothing_left_has_failed(village):
    village = village(ONLY)

    village.decks["main"].report(unsent(12.0, is_all=True))
    village.advance(30)

    entry = village.log()[MORNING]
    assert entry.fate is Fate.FAILED
    assert entry.reason == Sentence(
        "输出 main 全部没有送出：Icecast 断开了", "output main sent nothing of it: Icecast hung up"
    )


@pytest.mark.parametrize(("seconds", "fate"), [(0.8, Fate.AIRED), (4.0, Fate.INTERRUPTED)])
def test_a_short_gap_is_told_and_a_long_one_is_no_good_end(village, seconds, fate):
    village = village(ONLY)

    village.decks["main"].report(unsent(seconds))
    village.advance(30)

    assert village.log()[MORNING].fate is fate
    assert "没有送出" in village.log()[MORNING].reason.zh


def test_a_line_in_trouble_is_a_fault_until_it_is_back(village):
    village = village(BOTH)

    village.decks["phones"].report(Trouble(reason=GONE))
    village.turn()

    (fault,) = village.station.status().faults
    assert (fault.name, fault.what.zh, fault.what.en) == (
        "output.phones",
        "输出 phones 现在没有声音：Icecast 断开了",
        "output phones is silent: Icecast hung up",
    )
    told = {output.name: (output.is_open, output.why_not) for output in village.station.status().outputs}
    assert told == {"main": (True, NOTHING_TO_SAY), "phones": (False, GONE)}

    village.decks["phones"].report(Trouble(reason=NOTHING_TO_SAY))
    village.turn()

    assert village.station.status().faults == ()
    assert all(output.is_open for output in village.station.status().outputs)


def test_a_fault_of_an_output_that_is_taken_out_goes_with_it(village, tmp_path):
    village = village(BOTH)
    village.decks["phones"].report(Trouble(reason=GONE))
    village.turn()

    write_station(tmp_path, SCHEDULE)
    village.advance(5)

    assert village.station.status().faults == ()
