"""The station's end of a deck: whatever happens to the process, another one takes over within two seconds."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from broadcaster.playout.cue import Arm, Finished, Lost, Ready, Started
from broadcaster.playout.link import GONE, DeckLink, _is_zombie, next_pause
from broadcaster.playout.understudy import Understudy
from tests.playout.air import cue, samples, sine
from tests.playout.deck_room import TAPE, Reports, any_hour, write_clip
from tests.servers import wait_for

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


def test_a_process_waits_that_takes_over_and_is_shared_by_all_links(tmp_path):
    understudy = Understudy(tmp_path)
    told = [Reports(), Reports()]
    links = [
        DeckLink(
            replace(TAPE, name=name),
            var=tmp_path,
            rules=any_hour(datetime.now(UTC)),
            on_report=reports,
            understudy=understudy,
        )
        for name, reports in zip(("east", "west"), told, strict=True)
    ]
    for link, reports in zip(links, told, strict=True):
        link.start()
        reports.wait(Ready)

    [waits] = wait_for(lambda: {*processes_of(tmp_path)} - {link.pid for link in links}, "one waits")
    os.kill(links[0].pid, signal.SIGKILL)
    told[0].wait(Ready, count=2)
    assert links[0].pid == waits

    links[0].close()
    wait_for(lambda: len(processes_of(tmp_path)) == 2, "the other deck is left, and who waits for it")
    links[1].close()
    assert processes_of(tmp_path) == []


def test_one_that_died_while_it_waited_is_not_taken(link, reports):
    waits = wait_for(lambda: {*processes_of(link._var)} - {link.pid}, "another waits").pop()
    os.kill(waits, signal.SIGKILL)
    before = link.pid
    os.kill(before, signal.SIGKILL)

    reports.wait(Ready, count=2)
    assert link.pid not in (before, waits)


def processes_of(var):
    """The deck processes of a folder, also the one that waits."""
    found = []
    for folder in Path("/proc").iterdir():
        with suppress(OSError):
            if (
                folder.name.isdigit()
                and b"broadcaster.playout.deck\0--var\0%b\0" % str(var).encode() in (folder / "cmdline").read_bytes()
            ):
                found.append(int(folder.name))
    return found


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


def test_a_deck_that_died_is_followed_at_once_and_a_card_that_stays_away_is_looked_for_every_five_seconds():
    pauses, pause = [], 0.05
    for away_s in (0, 0.1, 0.3, 0.8, 1.8, 30, 61, 65, 71, 0):
        pause = next_pause(pause, away_s)
        pauses.append(pause)

    assert pauses == [0.05, 0.1, 0.2, 0.4, 0.8, 1.0, 2.0, 4.0, 5.0, 0.05]


STATION = """
import sys
from pathlib import Path
from broadcaster.model.outputs import AmplifierKind, AmplifierSettings, OutputKind, OutputSettings
from broadcaster.playout.cue import GateRules, PutOff, Ready
from broadcaster.playout.link import DeckLink

var, lamp = Path(sys.argv[1]), sys.argv[2]
horns = AmplifierSettings(name="horns", kind=AmplifierKind.COMMAND, outputs=("main",), off=("rm", lamp))
link = DeckLink(
    OutputSettings(name="main", kind=OutputKind.TAPE, device=""),
    var=var,
    rules=GateRules(quiet_hours=(), timezone="UTC"),
    on_report=lambda report: isinstance(report, Ready) and print(link.pid, flush=True),
)
link.send(PutOff(amplifiers=(horns,), after_s=0.5))
link.start()
sys.stdin.read()
"""


def test_an_amplifier_is_put_off_where_a_killed_station_never_comes_back(tmp_path):
    lamp = tmp_path / "lamp"
    lamp.touch()
    line = [sys.executable, "-c", STATION, str(tmp_path / "var"), str(lamp)]
    with subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as station:
        deck = int(station.stdout.readline())
        station.kill()

    wait_for(lambda: not lamp.exists(), "it is off")
    wait_for(lambda: not Path(f"/proc/{deck}").exists() or _is_zombie(deck), "nothing is left of the station")
