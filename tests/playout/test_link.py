"""The station's end of a deck: whatever happens to the process, another one takes over within two seconds."""

import os
import signal
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from broadcaster.playout.cue import Arm, Finished, Lost, Ready, Started
from broadcaster.playout.link import GONE, DeckLink
from tests.playout.air import cue, samples, sine
from tests.playout.deck_room import TAPE, Reports, any_hour, write_clip

pytestmark = [pytest.mark.real, pytest.mark.slow]


@pytest.fixture
def reports():
    return Reports()


@pytest.fixture
def link(tmp_path, reports):
    link = DeckLink(TAPE, var=tmp_path, rules=any_hour(datetime.now(UTC)), on_report=reports)
    link.start()
    reports.wait(Ready)
    yield link
    link.close()


def on_air(link, reports, tmp_path, **more):
    armed = cue("a", at=datetime.now(UTC), **write_clip(tmp_path, samples=sine(30)), **more)
    link.send(Arm(cue=armed))
    reports.wait(Started, "a")
    return armed


@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGSTOP])
def test_a_deck_that_is_killed_or_hangs_comes_back_and_keeps_the_rules(link, reports, tmp_path, blow):
    armed = on_air(link, reports, tmp_path)
    before = link.pid
    os.kill(before, blow)

    assert reports.wait(Lost).reason == GONE
    reports.wait(Ready, count=2)
    assert link.pid != before

    link.send(Arm(cue=replace(armed, offset=samples(29.9))))
    assert reports.wait(Started, "a", count=2).offset == samples(29.9)
    assert reports.wait(Finished, "a").is_whole


def test_a_deck_that_does_not_read_loses_nothing_but_its_place(link, reports, tmp_path):
    before = link.pid
    os.kill(before, signal.SIGSTOP)
    armed = Arm(cue=cue("a", **write_clip(tmp_path)))
    for _ in range(400):  # more than a pipe holds
        link.send(armed)

    reports.wait(Ready, count=2)
    assert link.pid != before


def test_noise_from_a_driver_is_left_out(tmp_path, reports):
    """A library that printed raw bytes ended the thread that listens: the deck was never heard again."""
    noise = tmp_path / "noise"
    noise.mkdir()
    (noise / "sitecustomize.py").write_text(
        "import os; os.write(1, b'\\xff\\xfe\\x80 ALSA!\\n[]\\n')", encoding="utf-8"
    )
    env = os.environ | {"PYTHONPATH": str(noise)}
    link = DeckLink(TAPE, var=tmp_path, rules=any_hour(datetime.now(UTC)), on_report=reports, env=env)
    link.start()

    reports.wait(Ready)
    link.close()


def test_a_report_that_cannot_be_taken_does_not_end_the_listening(tmp_path, caplog):
    reports = Reports()

    def on_report(report):
        reports(report)
        raise KeyError("our mistake")

    link = DeckLink(TAPE, var=tmp_path, rules=any_hour(datetime.now(UTC)), on_report=on_report)
    link.start()
    reports.wait(Ready)
    on_air(link, reports, tmp_path)
    link.close()
    assert "a report of deck main was not taken" in caplog.messages


def test_closing_ends_the_deck_in_order_and_may_be_done_twice(link, reports, tmp_path):
    on_air(link, reports, tmp_path)
    pid = link.pid

    link.close()
    link.close()

    assert not (Path("/proc") / str(pid)).exists()
    assert (tmp_path / "decks" / "main.last.json").exists()
    reports.wait(Finished, "a")
