"""One airing over different horns: each output is armed with its own clip, all equally long, at the same instant."""

import pytest

from broadcaster.clips import clip_key
from broadcaster.model.airing import AiringId
from broadcaster.model.timetable import SoundSettings
from broadcaster.model.words import Fate
from broadcaster.playout.cue import Arm, Level
from tests.station.conftest import SCHEDULE, at, write_station

MORNING = AiringId("morning@2026-11-24T07:30:00")
TWO_KINDS = (
    SCHEDULE.replace('outputs = ["main"]', 'outputs = ["main", "hill"]')
    + """
[output.hill]
kind = "tape"

[zone.upper]
outputs = ["hill"]
profile = "far"
"""
)
FAR = SoundSettings().for_far_horns()


def armed(village, output, airing=MORNING):
    return [
        command.cue
        for command in village.decks[output].commands
        if isinstance(command, Arm) and command.cue.airing == airing
    ]


def test_each_kind_of_horns_has_its_own_clip_at_the_same_instant(found, tmp_path):
    write_station(tmp_path, TWO_KINDS)
    village = found("07:20")

    village.until(at("07:31"))

    ((main,), (hill,)) = armed(village, "main"), armed(village, "hill")
    assert main.clip != hill.clip and main.sha256 != hill.sha256
    assert (main.starts_at, main.sentence_starts) == (hill.starts_at, hill.sentence_starts)
    assert village.fates()[MORNING] == "aired"
    sounds = {order.sound for order in village.renderer.orders if "第一课" in order.texts[0]}
    assert sounds == {FAR, SoundSettings().in_time_with([FAR])}


def test_a_deck_that_comes_back_is_given_the_sound_of_its_own_horns(found, tmp_path):
    write_station(tmp_path, TWO_KINDS)
    village = found("07:20")
    village.until(at("07:30:02"), step=0.25)
    deck = village.decks["hill"]
    deck.report(Level(rms_dbfs=-20, peak_dbfs=-3, underruns=0, airing=MORNING, position=48_000))

    deck.die()
    deck.revive()
    village.advance(1)

    first, again = armed(village, "hill")
    assert again.clip == first.clip != armed(village, "main")[0].clip
    assert again.offset == 48_000


def test_horns_whose_own_clip_is_missing_play_that_of_the_others(found, tmp_path):
    """Better the wrong sound than none: it is waited for until five seconds before the set time."""
    write_station(tmp_path, TWO_KINDS)
    village = found("07:20")
    village.until(at("07:25"))
    village.renderer.refuses = lambda order: order.sound == FAR
    village.clips.damaged |= {
        clip_key(order, village.home.audio) for order in village.renderer.orders if order.sound == FAR
    }

    village.until(at("07:29:50"))
    waiting = armed(village, "main")
    village.until(at("07:31"))

    assert waiting == []
    assert armed(village, "hill")[0].clip == armed(village, "main")[0].clip
    assert village.fates()[MORNING] == "aired"


@pytest.mark.parametrize("what", ["script:emergency/flood", "河水涨了，快到高处去！"])
def test_an_emergency_has_no_greeting_and_no_thanks(found, tmp_path, what):
    polite = SCHEDULE + '\n[sound]\nopening = "大家好。"\nclosing = "谢谢收听。"\nclosing_chime = "fall"\n'
    write_station(tmp_path, polite)
    village = found("07:20")

    village.station.emergency(what, who="王书记")
    village.until(at("07:31"))

    flood = [order.sound for order in village.renderer.orders if "河水涨了" in order.texts[0]]
    study = [order.sound for order in village.renderer.orders if "第一课" in order.texts[0]]
    assert {(sound.opening, sound.closing, sound.closing_chime) for sound in flood} == {("", "", "")}
    assert {(sound.opening, sound.closing, sound.closing_chime) for sound in study} == {
        ("大家好。", "谢谢收听。", "fall")
    }


def test_an_emergency_is_one_sound_for_all_horns_at_the_slowest_pace(found, tmp_path):
    write_station(tmp_path, TWO_KINDS)
    village = found("07:20")
    village.advance(2)

    village.station.emergency("script:emergency/flood", who="王书记")
    village.advance(1)

    (airing,) = [airing for airing in village.fates() if airing.startswith("emergency")]
    assert armed(village, "main", airing)[0].clip == armed(village, "hill", airing)[0].clip
    (order,) = {order for order in village.renderer.orders if "河水涨了" in order.texts[0]}
    assert order.sound == SoundSettings().in_time_with([FAR]).for_emergency("siren")
    assert village.log()[airing].fate is Fate.ON_AIR
