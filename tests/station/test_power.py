"""The amplifier of a station: on before, off after, shared, never a reason for silence, and told when it fails."""

from datetime import timedelta

import pytest

from broadcaster.model.airing import AiringId
from broadcaster.model.clip import CLIP_RATE_HZ
from broadcaster.model.words import Fate, Sentence
from broadcaster.playout.cue import Arm
from broadcaster.station.status import AmplifierStatus
from tests.station.conftest import SCHEDULE, at, write_station

MORNING = AiringId("morning@2026-11-24T07:30:00")
AMPLIFIER = """
[amplifier.horns]
kind = "command"
on = ["relay", "on"]
off = ["relay", "off"]
lead = "{lead}"
tail = "5s"
longest = "1m"
"""


@pytest.fixture
def village(tmp_path, found):
    def make(moment="07:20", lead="3s"):
        write_station(tmp_path, SCHEDULE + AMPLIFIER.format(lead=lead))
        return found(moment)

    return make


def turns(village):
    return village.keepers["horns"].turns


def test_it_is_on_before_the_set_time_and_off_after_the_last_word(village):
    village = village()
    village.until(at("07:29:30"))
    assert turns(village) == []

    village.until(at("07:29:55"), step=0.25)
    village.until(at("07:31:30"), step=0.25)

    (on, on_at), (off, off_at) = turns(village)
    assert (on, off) == (True, False)
    assert timedelta(seconds=3) <= at("07:30:00") - on_at <= timedelta(seconds=3.5)
    finished_at = village.log()[MORNING].finished_at
    assert timedelta(seconds=5) <= off_at - finished_at <= timedelta(seconds=5.5)


def test_the_status_says_whether_it_is_on(village):
    village = village()
    assert village.station.status().amplifiers == (AmplifierStatus(name="horns", is_on=False),)

    village.until(at("07:29:30"))
    village.until(at("07:30:01"), step=0.25)

    assert village.station.status().amplifiers == (AmplifierStatus(name="horns", is_on=True),)


def test_an_emergency_has_it_on_before_the_planner_wakes(village):
    village = village("12:30")

    village.station.emergency("快跑", who="test")

    assert [is_on for is_on, _ in turns(village)] == [True]
    village.turn()
    village.advance(10)
    assert [is_on for is_on, _ in turns(village)] == [True]

    village.station.stop(None, who="test")
    village.advance(10, step=0.25)
    assert [is_on for is_on, _ in turns(village)] == [True, False]


def cues(village):
    return [command.cue for command in village.decks["main"].commands if isinstance(command, Arm)]


def test_a_prepared_text_begins_at_once_where_its_own_siren_covers_the_warming_up(village):
    village = village("12:30")
    village.advance(2)

    village.station.emergency("script:emergency/flood", who="test")

    (cue,) = cues(village)
    assert not cue.airing.endswith("~siren")
    assert cue.starts_at == village.clock.now()


def test_a_slow_amplifier_hears_the_siren_alone_until_words_can_be_heard(village):
    """A valve amplifier of twenty seconds swallowed the first sentence of every flood warning."""
    village = village("12:30", lead="20s")
    village.advance(2)

    village.station.emergency("script:emergency/flood", who="test")

    siren, words = cues(village)
    assert siren.airing == words.airing + "~siren"
    assert (siren.starts_at, siren.plays) == (village.clock.now(), 0)
    assert words.follows == siren.airing
    own_siren = timedelta(seconds=6)
    assert words.starts_at == village.clock.now() + timedelta(seconds=20) - own_siren


def test_free_words_wait_for_a_slow_amplifier_too_but_the_siren_does_not(village):
    village = village("12:30", lead="20s")

    village.station.emergency("快跑", who="test")

    siren, words = cues(village)
    assert siren.starts_at == village.clock.now()
    assert words.starts_at == village.clock.now() + timedelta(seconds=20)


def test_an_amplifier_that_is_warm_makes_nobody_wait(village):
    village = village("07:20", lead="20s")
    village.until(at("07:29:30"))
    village.until(at("07:30:05"), step=0.25)

    village.station.emergency("script:emergency/flood", who="test")

    assert [cue.airing.endswith("~siren") for cue in cues(village)] == [False, False]


def test_a_switch_that_fails_is_a_fault_and_in_the_log_and_the_sound_goes_on(village):
    village = village()
    village.keepers["horns"].failure = Sentence("没有电", "it has no current")

    village.until(at("07:29:30"))
    village.until(at("07:30:05"), step=0.25)
    (fault,) = village.station.status().faults
    what = Sentence("功放 horns 开不了：没有电", "amplifier horns cannot be switched on: it has no current")
    assert (fault.name, fault.what) == ("amplifier.horns", what)

    village.keepers["horns"].failure = None
    village.advance(60)
    assert village.station.status().faults == ()
    entry = village.log()[MORNING]
    assert (entry.fate, entry.reason) == (Fate.AIRED, what)


def test_what_holds_it_for_too_long_is_a_fault_and_the_horns_go_off(village):
    village = village()
    village._frames = lambda path: 600 * CLIP_RATE_HZ
    village.decks["main"].lengths = village._frames
    village.until(at("07:29:30"))
    village.until(at("07:31:10"), step=0.5)

    assert [is_on for is_on, _ in turns(village)] == [True, False]
    (fault,) = village.station.status().faults
    assert fault.what == Sentence(
        "功放 horns 一直开着，到了最长时间，已经关掉", "amplifier horns was on for its longest and was ended"
    )


def test_an_amplifier_that_is_taken_out_is_switched_off(village, tmp_path):
    village = village()
    village.until(at("07:29:30"))
    village.until(at("07:30:02"), step=0.25)

    write_station(tmp_path, SCHEDULE)
    village.advance(3)

    keeper = village.keepers["horns"]
    assert keeper.is_closed
    assert [is_on for is_on, _ in keeper.turns] == [True, False]


def test_the_end_of_the_station_switches_it_off(village):
    village = village()
    village.until(at("07:29:30"))
    village.until(at("07:30:02"), step=0.25)

    village.station.close()

    assert village.keepers["horns"].is_closed
