"""Everything that can be killed is killed in the middle of an airing: it goes on, or says why not, and never twice."""

import os
import signal
from contextlib import closing

import pytest

from broadcaster.model.words import Fate
from tests import pulse
from tests.e2e.house import once_more_where_samples_were_dropped, places
from tests.pulse import RATE_HZ, PulseServer

pytestmark = [pulse.needed, pytest.mark.real, pytest.mark.slow, pytest.mark.timed, pytest.mark.timeout(300)]
AFTER_THE_FADE = 480


@pytest.fixture
def card():
    """A sound server that a test may pull out."""
    card = PulseServer()
    yield card
    card.close()


def on_air(house, village=None, seconds=4):
    """A long airing that has sounded for a while; its identity."""
    airing = house.play("script:study/long")
    house.wait(lambda: house.log()[airing].fate is Fate.ON_AIR, "it sounds")
    if village is not None:
        village.wait_for(lambda samples: len(samples) > seconds * RATE_HZ, since=len(village.samples()))
    return airing


def heard_once_to_its_end(village, before, house, entry):
    clip, _ = house.clip(entry)
    return len(places(village.samples(before), clip[-2 * RATE_HZ : -RATE_HZ])) == 1


@once_more_where_samples_were_dropped
def test_a_deck_that_is_killed_comes_back_and_the_airing_goes_on(found, village):
    house = found().start()
    before = len(village.samples())
    airing = on_air(house, village)
    os.kill(house.deck_pid(), signal.SIGKILL)

    entry = house.fate(airing)

    assert entry.fate is Fate.AIRED
    assert entry.reason.zh.endswith("输出 main 中断过")  # a busy machine may begin "now" a second later
    assert heard_once_to_its_end(village, before, house, entry)


@once_more_where_samples_were_dropped
def test_a_station_that_is_killed_goes_on_at_the_last_sentence(found, village):
    house = found().start()
    before = len(village.samples())
    airing = on_air(house, village, seconds=6)
    house.kill()

    house.start()
    entry = house.fate(airing)

    assert entry.fate is Fate.AIRED
    assert entry.reason.zh.endswith("站中断过")  # a busy machine may begin "now" a second later
    assert heard_once_to_its_end(village, before, house, entry)
    clip, sentences = house.clip(entry)
    begins = len(places(village.samples(before), clip[sentences[0] + AFTER_THE_FADE :][: 2 * RATE_HZ]))
    assert sentences[1] < 6 * RATE_HZ
    assert begins == 1  # it had come to the second, and went on from there or later
    assert len([one for one in house.log() if one == airing]) == 1


def test_a_renderer_that_is_killed_is_replaced_and_the_text_is_spoken(found):
    house = found().start()
    for number in range(3):
        (house.home.scripts / "study" / f"more{number}.txt").write_text("多念一段话。" * 60, encoding="utf-8")
    house.write(
        *((f"more{number}", house.in_seconds(3600 + 60 * number), f"script:study/more{number}") for number in range(3))
    )
    pid = house.wait(
        lambda: house.status()["clips_missing"] and house.pid_of("broadcaster.render_worker"), "it renders"
    )
    os.kill(pid, signal.SIGKILL)

    house.wait(lambda: house.status()["clips_missing"] == 0, "all is rendered")
    assert house.pid_of("broadcaster.render_worker") != pid
    assert house.status()["faults"] == []


@once_more_where_samples_were_dropped
def test_a_card_that_disappears_comes_back_and_the_airing_goes_on(found, card):
    house = found(env=card.env).start()
    airing = on_air(house)
    card.kill()
    house.wait(lambda: not house.output()["is_open"], "the card is missed")
    reason = house.output()["reason"]
    card.start()
    with closing(card.record()) as village:
        entry = house.fate(airing)

        assert reason
        assert entry.fate is Fate.AIRED
        assert entry.reason.zh.endswith("输出 main 中断过")  # a busy machine may begin "now" a second later
        assert heard_once_to_its_end(village, 0, house, entry)
        assert not house.output()["is_tape"]


def test_one_folder_has_one_station_and_a_killed_one_frees_it(found):
    house = found().start()
    with pytest.raises(AssertionError, match="一个文件夹只能运行一个站"):
        house.run("run")
    house.kill()
    house.start()


def test_what_was_called_or_stopped_a_moment_before_a_kill_is_not_forgotten(found):
    """Whoever hears that it worked may believe it, whatever dies next."""
    house = found().start()
    flood = house.emergency("script:flood", plays=0)
    house.kill()

    house.start()
    house.wait(lambda: house.log()[flood].fate is Fate.ON_AIR, "it goes on")
    house.stop()
    house.kill()

    house.start()
    entry = house.fate(flood)
    assert entry.reason.zh == "原因：洪水；李 停止"
    assert house.status()["on_air"] == []
