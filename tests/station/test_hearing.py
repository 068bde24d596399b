"""What microphones and dead air say, in the log and among the faults."""

import pytest

from broadcaster.model.airing import AiringId
from broadcaster.model.words import NOTHING_TO_SAY, Fate, Heard, Sentence
from broadcaster.playout.cue import DeadAir, Deaf, Listened
from tests.station.conftest import SCHEDULE, at, write_station

MORNING = AiringId("morning@2026-11-24T07:30:00")
TWO_ENDS = SCHEDULE.replace(
    'outputs = ["main"]\n\n[output.main]\nkind = "tape"\n',
    'outputs = ["east", "west"]\n\n[output.east]\nkind = "tape"\n[output.west]\nkind = "tape"\n',
)


def listened(airing=MORNING, heard=Heard.YES, delay_ms=412, level_db=-18.5):
    if heard is not Heard.YES:
        delay_ms = level_db = None
    return Listened(airing=airing, heard=heard, delay_ms=delay_ms, level_db=level_db)


def faults(village):
    return {fault.name: fault.what for fault in village.station.status().faults}


def say(village, report, output="main"):
    village.decks[output].report(report)
    village.turn()


def proof(village, airing=MORNING):
    entry = village.log()[airing]
    return (entry.heard, entry.delay_ms, entry.level_db)


@pytest.fixture
def aired(found):
    """The morning's airing has finished."""
    village = found("07:20")
    village.until(at("07:31"))
    assert village.fates()[MORNING] == Fate.AIRED.value
    return village


def test_where_nobody_listens_the_log_says_so(aired):
    assert proof(aired) == (Heard.NOT_LISTENED, None, None)


def test_what_was_heard_comes_into_the_row_of_an_airing_that_is_over(aired):
    say(aired, listened())

    assert proof(aired) == (Heard.YES, 412, -18.5)


def test_what_was_heard_before_the_airing_has_its_fate_is_not_lost(found):
    """Two ends: the east had finished and was heard while the west still played."""
    village = found("07:20")
    village.until(at("07:30:02"))
    say(village, listened())
    village.until(at("07:31"))

    assert village.fates()[MORNING] == Fate.AIRED.value
    assert proof(village) == (Heard.YES, 412, -18.5)


def test_one_end_that_was_not_heard_is_what_the_log_says(found, tmp_path):
    write_station(tmp_path, TWO_ENDS)
    village = found("07:20")
    village.until(at("07:31"))
    say(village, listened(heard=Heard.NO), "west")
    say(village, listened(), "east")

    assert proof(village) == (Heard.NO, None, None)


def test_the_siren_before_the_words_belongs_to_the_same_row(aired):
    say(aired, listened(AiringId(f"{MORNING}~siren")))

    assert proof(aired)[0] is Heard.YES


def test_three_airings_in_a_row_that_nobody_heard_are_a_fault_until_one_is_heard(aired):
    for number in range(2):
        say(aired, listened(AiringId(f"x@{number}"), Heard.NO))
    assert faults(aired) == {}

    say(aired, listened(heard=Heard.NO))

    assert faults(aired) == {
        "unheard.main": Sentence(
            "输出 main 连续 3 次没有听到声音。请看功放、喇叭线和麦克风。",
            "output main was not heard 3 times in a row. Look after its amplifier, its wires and the microphone.",
        )
    }
    say(aired, listened())
    assert faults(aired) == {}


def test_one_that_was_heard_in_between_begins_the_count_anew(aired):
    for heard in (Heard.NO, Heard.NO, Heard.YES, Heard.NO, Heard.NO):
        say(aired, listened(heard=heard))

    assert faults(aired) == {}


def test_a_microphone_that_cannot_be_listened_to_is_a_fault_until_it_can(aired):
    say(aired, Deaf(reason=Sentence("它不给声音", "it gives no sound")))

    assert faults(aired) == {
        "listen.main": Sentence(
            "听不了输出 main 的喇叭：它不给声音", "nobody listens to output main: it gives no sound"
        )
    }
    say(aired, Deaf(reason=NOTHING_TO_SAY))
    assert faults(aired) == {}


def test_dead_air_is_a_fault_and_is_noted_on_the_airing(found):
    village = found("07:20")
    village.until(at("07:30:02"))
    say(village, DeadAir(airing=MORNING, seconds=12.0))

    assert faults(village) == {
        "deadair.main": Sentence(
            "输出 main 该响的时候没有声音送出去。请看 mute 和 level_db，再听一听这次播的文件。",
            "output main sent silence where sound was planned. Look at mute and level_db, "
            "and listen to what was played.",
        )
    }
    village.until(at("07:31"))
    entry = village.log()[MORNING]
    assert (entry.fate, entry.reason) == (
        Fate.AIRED,
        Sentence("输出 main 有 12 秒没有声音", "output main sent 12 s of silence"),
    )
    say(village, DeadAir(airing=None, seconds=0))
    assert faults(village) == {}


def test_an_output_that_is_listened_to_no_more_has_no_such_fault(found, tmp_path):
    write_station(tmp_path, SCHEDULE.replace('kind = "tape"', 'kind = "tape"\nlisten = "yard"'))
    village = found("07:20")
    for _ in range(3):
        say(village, listened(heard=Heard.NO))
    say(village, Deaf(reason=Sentence("它不给声音", "it gives no sound")))
    assert set(faults(village)) == {"unheard.main", "listen.main"}
    write_station(tmp_path, SCHEDULE)

    village.advance(3)

    assert faults(village) == {}


def test_the_faults_of_an_output_go_with_it(aired, tmp_path):
    for _ in range(3):
        say(aired, listened(heard=Heard.NO))
    write_station(tmp_path, SCHEDULE.replace("main", "horn"))

    aired.advance(3)

    assert "unheard.main" not in faults(aired)
