"""The deck's process: what it plays, what it refuses, and what it does when its station is gone."""

import fcntl
import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import numpy as np
import pytest

from broadcaster.errors import ClipDamaged
from broadcaster.model.hours import QuietHours
from broadcaster.model.outputs import AmplifierKind, AmplifierSettings, OutputSettings
from broadcaster.model.words import Fate, Priority, Sentence
from broadcaster.playout.cue import Armed, Finished, GateRules, LastWords, Level, NotAired, PutOff, Ready, Started, Stop
from broadcaster.playout.held import read_clip
from broadcaster.playout.lastwords import read_last_words, write_last_words
from broadcaster.playout.link import end_left_over
from tests import pulse
from tests.playout.air import cue, samples, sine
from tests.playout.deck_room import TAPE, DeckProcess, any_hour, taped, write_clip
from tests.pulse import PulseServer
from tests.servers import wait_for

pytestmark = [pytest.mark.real, pytest.mark.slow, pytest.mark.timed]
NEXT_BLOCK = timedelta(milliseconds=60)


def now():
    return datetime.now(UTC)


@pytest.fixture
def deck(tmp_path):
    deck = DeckProcess(tmp_path, any_hour(now()))
    deck.reports.wait(Ready)
    yield deck
    deck.close()


def test_an_airing_is_heard_whole_at_its_instant_and_on_tape(deck, tmp_path):
    at = now() + timedelta(seconds=0.4)
    deck.arm(cue("a", at=at, **write_clip(tmp_path)))

    finished = deck.reports.wait(Finished, "a")
    started = deck.reports.wait(Started, "a")

    assert isinstance(deck.reports.of("a")[0], Armed)
    assert abs(started.at - at) < timedelta(milliseconds=1)
    assert finished.is_whole
    assert abs(finished.at - at - timedelta(seconds=0.5)) < timedelta(milliseconds=1)
    deck.hang_up()
    deck.process.wait(10)
    sound = np.flatnonzero(taped(tmp_path))
    assert sound[-1] - sound[0] == samples(0.5) - 2  # a sine begins at zero, and ends one step before
    assert any(level.airing == "a" and level.rms_dbfs > -12 for level in deck.reports.all if isinstance(level, Level))


def test_a_stop_reaches_a_clip_that_is_still_being_read(deck, tmp_path):
    """A stop overtook the loading of a long clip, and the clip was heard afterwards."""
    deck.arm(cue("long", at=now(), **write_clip(tmp_path, "long", sine(60))))
    deck.send(Stop(airing="long", who="李"))
    deck.arm(cue("next", at=now(), **write_clip(tmp_path)))

    deck.reports.wait(Finished, "next")

    [fate] = [one for one in deck.reports.of("long") if not isinstance(one, Armed)]
    assert isinstance(fate, NotAired)
    assert fate.fate == Fate.SKIPPED.value


def test_lines_that_are_no_command_are_left_out(deck, tmp_path):
    deck.process.stdin.write(b"\xff\xfe\x00 noise\n{}\n" + b"x" * 200_000 + b"\n")
    deck.arm(cue("a", at=now(), **write_clip(tmp_path)))

    assert deck.reports.wait(Finished, "a").is_whole


def test_when_the_station_is_gone_an_airing_fades_out_and_its_place_is_written_down(deck, tmp_path):
    deck.arm(cue("a", at=now(), **write_clip(tmp_path, samples=sine(30))))
    deck.reports.wait(Started, "a")
    deck.hang_up()

    assert deck.process.wait(10) == 0
    words = read_last_words(tmp_path, "main")
    assert words.airing == "a"
    assert 0 < words.position < samples(10)
    sound = taped(tmp_path)
    assert np.max(np.abs(sound[-10:])) < 600  # faded, not broken off


def test_when_the_station_is_gone_an_emergency_is_spoken_to_its_end(deck, tmp_path):
    flood = cue("flood", at=now(), priority=Priority.EMERGENCY, plays=2, gap_s=0.1, **write_clip(tmp_path))
    deck.arm(flood)
    deck.reports.wait(Started, "flood")
    deck.hang_up()

    assert deck.process.wait(10) == 0
    assert deck.reports.wait(Finished, "flood").is_whole
    assert np.count_nonzero(taped(tmp_path)) > 2 * samples(0.5) * 0.95  # a sine passes through zero
    assert list(read_last_words(tmp_path, "main").heard) == ["flood"]


def test_a_process_that_waits_for_its_duty_ends_when_the_station_does(tmp_path):
    line = [sys.executable, "-m", "broadcaster.playout.deck", "--var", str(tmp_path)]

    assert subprocess.run(line, input=b"", capture_output=True, timeout=30, check=False).returncode == 0


def test_a_deck_that_was_left_over_is_ended_by_the_next_station(deck, tmp_path):
    deck.arm(cue("flood", at=now(), priority=Priority.EMERGENCY, plays=0, **write_clip(tmp_path)))
    deck.reports.wait(Started, "flood")
    deck.hang_up()

    end_left_over(tmp_path, "main")

    assert deck.process.wait(10) == 0
    assert read_last_words(tmp_path, "main").airing == "flood"


@pytest.fixture
def power(tmp_path):
    """An amplifier that is on as long as a file is there."""
    lamp = tmp_path / "lamp"
    lamp.touch()
    settings = AmplifierSettings(name="horns", kind=AmplifierKind.COMMAND, outputs=("main",), off=("rm", str(lamp)))
    return lamp, PutOff(amplifiers=(settings,), after_s=0.2)


def test_an_amplifier_whose_station_never_comes_back_is_put_off(deck, tmp_path, power):
    lamp, command = power
    deck.send(command)
    deck.arm(cue("a", at=now(), **write_clip(tmp_path, samples=sine(10))))
    deck.reports.wait(Started, "a")
    deck.hang_up()

    assert deck.process.wait(10) == 0
    assert not lamp.exists()


def test_a_station_that_is_back_keeps_its_amplifier(deck, tmp_path, power):
    lamp, command = power
    with (tmp_path / "station.lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        deck.send(command)
        deck.reports.wait(Ready)
        deck.hang_up()

        assert deck.process.wait(10) == 0
        assert lamp.exists()


def test_a_deck_that_the_next_station_ends_leaves_the_amplifier_to_it(deck, tmp_path, power):
    lamp, command = power
    deck.send(replace(command, after_s=600.0))
    deck.arm(cue("a", at=now(), **write_clip(tmp_path, samples=sine(10))))
    deck.reports.wait(Started, "a")
    deck.hang_up()
    wait_for(lambda: (tmp_path / "decks" / "main.last.json").exists(), "its last words are written")

    end_left_over(tmp_path, "main")

    assert deck.process.wait(10) == 0
    assert lamp.exists()


def test_a_process_that_is_no_deck_is_left_alone(tmp_path):
    (tmp_path / "decks").mkdir()
    for pid in (str(os.getpid()), "nonsense", "999999999"):
        (tmp_path / "decks" / "main.pid").write_text(pid, encoding="ascii")
        end_left_over(tmp_path, "main")


def test_last_words_are_read_once_and_damaged_ones_never(tmp_path):
    words = LastWords(airing="a", position=7, heard={"b": now()})
    write_last_words(tmp_path, "main", words)

    assert read_last_words(tmp_path, "main") == words
    assert read_last_words(tmp_path, "main") is None
    for change in ({"airing": 7, "position": "x"}, {"heard": []}, {"heard": {"b": "07:30"}}, {"heard": None}):
        told = {"airing": "a", "position": 7, "heard": {}} | change
        (tmp_path / "decks" / "main.last.json").write_text(json.dumps(told), encoding="utf-8")
        assert read_last_words(tmp_path, "main") is None
    for text in ("", "[]", '{"airing": "a"}'):
        (tmp_path / "decks" / "main.last.json").write_text(text, encoding="utf-8")
        assert read_last_words(tmp_path, "main") is None


@pulse.needed
def test_a_tape_that_stands_in_gives_way_when_the_card_is_there(tmp_path):
    """After a power cut the station was up before the sound server, and played to a tape for ever."""
    server = PulseServer()
    server.kill()
    deck = DeckProcess(tmp_path, any_hour(now()), OutputSettings(name="main", device="pulse"), server.env)
    try:
        assert deck.reports.wait(Ready).is_tape
        server.start()

        again = deck.reports.wait(Ready, count=2)
        assert (again.is_tape, again.device) == (False, "声卡 / sound card pulse")
        deck.arm(cue("a", at=now() + timedelta(seconds=1), **write_clip(tmp_path)))
        assert deck.reports.wait(Finished, "a").is_whole
    finally:
        deck.close()
        server.close()


# --- clips ----------------------------------------------------------------------------------------------------------


def test_a_clip_that_is_not_what_was_rendered_is_not_played(tmp_path):
    good = cue("a", **write_clip(tmp_path))
    assert len(read_clip(good.clip, good.sha256)) == samples(0.5)

    data = bytearray((tmp_path / "clip.wav").read_bytes())
    data[1000] ^= 1
    for content in (bytes(data), bytes(data[:5000]), b"RIFF", b""):
        (tmp_path / "clip.wav").write_bytes(content)
        with pytest.raises(ClipDamaged):
            read_clip(good.clip, good.sha256)


@pytest.mark.parametrize(
    ("name", "zh"),
    [("nothing.wav", "声音文件读不了：[Errno 2] No such file or directory: '{}'"), ("clip.wav", "声音文件坏了")],
)
def test_a_damaged_clip_is_a_failed_airing_with_its_reason(deck, tmp_path, name, zh):
    write_clip(tmp_path)
    path = tmp_path / name
    deck.arm(cue("a", at=now(), clip=str(path), sha256="0" * 64))

    told = deck.reports.wait(NotAired, "a")
    assert (told.fate, told.reason.zh) == ("failed", zh.format(path))


HEADPHONES = replace(TAPE, is_monitor=True)
ALWAYS_QUIET = GateRules(
    quiet_hours=(QuietHours(time(0, 0), time(12, 0)), QuietHours(time(12, 0), time(0, 0))), timezone="UTC"
)


def test_a_horn_refuses_a_trial_whatever_the_station_says(deck, tmp_path):
    deck.send(replace(any_hour(now()), is_monitor=True))
    deck.arm(cue("try@1", at=now(), is_trial=True, **write_clip(tmp_path)))

    assert deck.reports.wait(NotAired, "try@1") == NotAired(
        airing="try@1",
        fate=Fate.REFUSED.value,
        reason=Sentence("试听不能上喇叭", "a trial never goes to a horn"),
    )


def test_a_horn_keeps_its_quiet_hours_whatever_the_station_says(deck, tmp_path):
    deck.send(replace(ALWAYS_QUIET, is_monitor=True))
    deck.arm(cue("a", at=now(), **write_clip(tmp_path)))

    assert deck.reports.wait(NotAired, "a").fate == Fate.REFUSED.value


def test_headphones_play_trials_at_any_hour_and_nothing_else(tmp_path):
    deck = DeckProcess(tmp_path, replace(ALWAYS_QUIET, is_holding=True), HEADPHONES)
    try:
        deck.arm(cue("try@1", at=now(), is_trial=True, **write_clip(tmp_path)))
        assert deck.reports.wait(Finished, "try@1").is_whole
        deck.arm(cue("a", at=now(), priority=Priority.EMERGENCY, **write_clip(tmp_path)))
        assert deck.reports.wait(NotAired, "a").reason == Sentence(
            "这个输出只用来试听", "this output is for trying only"
        )
    finally:
        deck.close()
