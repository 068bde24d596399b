"""The home folder: a new one from the shipped one, and one station in each."""

import subprocess
import sys

import pytest

from broadcaster.errors import Refused, StationAlreadyRunning
from broadcaster.home import Home, HomeLock, found, shipped


def test_the_shipped_station_is_beside_the_program():
    assert (shipped() / "schedule.toml").is_file()
    assert (shipped() / "scripts" / "study").is_dir()


def test_a_new_station_has_the_shipped_timetable_and_scripts(tmp_path):
    root = found(tmp_path / "village")

    assert (root / "schedule.toml").read_bytes() == (shipped() / "schedule.toml").read_bytes()
    assert len(list((root / "scripts" / "study").glob("*.txt"))) >= 24


def test_a_folder_that_holds_a_station_is_left_as_it_is(tmp_path):
    (tmp_path / "schedule.toml").write_text("mine", encoding="utf-8")

    with pytest.raises(Refused) as refused:
        found(tmp_path)

    assert refused.value.sentence.zh == f"“{tmp_path}”里已经有一个站了，没有动它。请换一个空文件夹。"
    assert (tmp_path / "schedule.toml").read_text(encoding="utf-8") == "mine"


def test_a_station_that_cannot_be_written_is_refused_in_words(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(Refused) as refused:
        found(tmp_path / "file" / "village")

    assert refused.value.sentence.en.endswith("Check disk and permissions.")


def test_a_second_station_in_the_same_folder_is_told_who_owns_it(tmp_path):
    first, second = HomeLock(Home(tmp_path)), HomeLock(Home(tmp_path))
    first.take()

    with pytest.raises(StationAlreadyRunning) as running:
        second.take()
    assert "这个文件夹里已经有一个站在运行（进程 " in running.value.sentence.zh

    first.free()
    second.take()
    second.free()


def test_a_folder_where_var_cannot_be_is_refused_in_words(tmp_path):
    (tmp_path / "var").write_text("", encoding="utf-8")

    with pytest.raises(Refused) as refused:
        HomeLock(Home(tmp_path)).take()

    assert "cannot be written" in refused.value.sentence.en


HOLD = """
import sys
from pathlib import Path
from broadcaster.home import Home, HomeLock
lock = HomeLock(Home(Path(sys.argv[1])))
lock.take()
print("taken", flush=True)
sys.stdin.read()
"""


@pytest.mark.slow
def test_kill_9_frees_the_folder(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as owner:
        assert owner.stdout.readline() == b"taken\n"
        with pytest.raises(StationAlreadyRunning) as running:
            HomeLock(Home(tmp_path)).take()
        assert str(owner.pid) in running.value.sentence.en
        owner.kill()
    lock = HomeLock(Home(tmp_path))
    lock.take()
    lock.free()
