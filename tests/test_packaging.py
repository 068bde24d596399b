"""What is installed beside the program: the service, and the page that explains it."""

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
SERVICE = PROJECT / "packaging" / "dalaba.service"
PAGE = (PROJECT / "docs" / "installing.md").read_text(encoding="utf-8")


@pytest.fixture
def service():
    parsed = configparser.ConfigParser(interpolation=None)
    parsed.optionxform = str
    parsed.read_string(SERVICE.read_text(encoding="utf-8"))
    return parsed


def test_the_service_runs_a_command_that_there_is(service):
    program, *words = service["Service"]["ExecStart"].split()

    assert program.endswith(".venv/bin/dalaba")
    assert words == ["run", "--home", service["Service"]["WorkingDirectory"]]


def test_a_station_that_dies_or_hangs_is_started_anew_for_ever(service):
    assert service["Service"]["Type"] == "notify"
    assert service["Service"]["Restart"] == "always"
    assert int(service["Service"]["WatchdogSec"]) <= 60
    assert service["Unit"]["StartLimitIntervalSec"] == "0"


def test_a_deck_left_behind_is_not_killed_with_its_station(service):
    """An emergency that is on the air when the station dies goes on to sound; systemd's default would silence it."""
    assert service["Service"]["KillMode"] == "process"


def test_what_the_service_may_not_compile_is_compiled_by_its_setup(service):
    """It may not write where the program lies, so each process of each start compiled the whole program anew."""
    assert service["Service"]["ProtectSystem"] == "strict"
    assert "/opt" not in service["Service"]["ReadWritePaths"]
    line = ["make", "--dry-run", "--always-make", "setup"]
    said = subprocess.run(line, cwd=PROJECT, capture_output=True, text=True, check=True).stdout

    assert "-m compileall -q broadcaster webui" in said


@pytest.mark.real
def test_systemd_understands_the_service(tmp_path):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not on this machine")
    text = SERVICE.read_text(encoding="utf-8")
    there = tmp_path / "dalaba.service"
    there.write_text(re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", text, flags=re.M), encoding="utf-8")

    told = subprocess.run(["systemd-analyze", "verify", str(there)], capture_output=True, text=True, check=False)

    assert "Unknown" not in told.stderr and "Invalid" not in told.stderr, told.stderr


@pytest.mark.parametrize("page", PAGE.split("\n---\n"), ids=["zh", "en"])
def test_the_page_names_the_folders_of_the_service(service, page):
    for place in (service["Service"]["WorkingDirectory"], service["Service"]["ExecStart"].split()[0], SERVICE.name):
        assert place in page
