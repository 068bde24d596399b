"""The commands as a person runs them, without a running station where none is needed."""

import csv
import io
import json
import re
import subprocess
import sys
import wave
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from broadcaster.__main__ import PLACES, main
from broadcaster.commands.parser import build_parser
from broadcaster.home import Home, shipped
from broadcaster.model.airing import LogEntry
from broadcaster.model.words import Fate, Heard, Sentence
from broadcaster.store import open_store
from tests.station.conftest import SCHEDULE, write_station

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture
def home(tmp_path):
    folder = tmp_path / "village"
    folder.mkdir()
    return str(write_station(folder))


def commands():
    actions = build_parser()._subparsers._group_actions
    return actions[0].choices


def test_every_command_is_documented_with_every_option():
    page = (DOCS / "commands.md").read_text(encoding="utf-8")
    rows = {
        re.match(r"\| `dalaba ([a-z-]+)", line)[1]: line for line in page.splitlines() if line.startswith("| `dalaba")
    }

    assert rows.keys() == commands().keys() == PLACES.keys()
    for name, parser in commands().items():
        for action in parser._actions:
            for option in set(action.option_strings) - {"-h", "--help", "--home", "--json"}:
                assert option in rows[name], f"{name} {option}"


def test_every_command_explains_itself_in_both_languages():
    for name, parser in commands().items():
        assert re.search("[一-龥].*/.*[a-z]", parser.description), name
        for action in parser._actions:
            if "--help" not in action.option_strings:
                assert re.search("[一-龥].*/.*[a-z]|'18:10'", action.help), f"{name} {action.dest}"


@pytest.mark.slow
@pytest.mark.real
@pytest.mark.parametrize(
    "loaded, spared",
    [
        ("import broadcaster.commands.running, webui.pages; list(webui.pages.all_pages())", {"numpy", "pypinyin"}),
        ("import broadcaster.commands.asking", {"numpy", "pypinyin", "sqlalchemy", "flask", "apscheduler"}),
    ],
    ids=["run", "stop"],
)
def test_no_process_loads_what_it_does_not_need(loaded, spared):
    """A station had loaded numpy and the dictionaries of speech: ready later by half, and 40 MB larger."""
    line = f"import sys; {loaded}; print(*sorted({spared} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", line], capture_output=True, text=True, check=True)

    assert done.stdout.split() == []


def test_a_good_station_passes_its_check(home, capsys):
    assert main(["check", "--home", home]) == 0
    assert "没有错误" in capsys.readouterr().out


def test_the_shipped_station_passes_its_check_without_a_word(capsys):
    assert main(["check", "--home", str(shipped()), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_a_check_names_every_mistake_and_fails(home, capsys):
    text = SCHEDULE.replace('"07:30"', '"25:10"').replace("policy/fire", "policy/fier")
    (Path(home) / "schedule.toml").write_text(text, encoding="utf-8")

    assert main(["check", "--home", home]) == 1

    said = capsys.readouterr().out
    assert "slot.morning.at" in said
    assert "25:10" in said


def test_a_folder_without_a_station_is_told_what_to_do(tmp_path, capsys):
    for command in (["check"], ["plan"], ["log"], ["status"], ["stop"], ["run"]):
        assert main([*command, "--home", str(tmp_path)]) == 1
        said = capsys.readouterr().err
        assert re.search("没有站|没有正在运行的站", said)
        assert re.search("no station", said)


def test_init_makes_a_station_that_passes_its_check(tmp_path, capsys):
    assert main(["init", str(tmp_path / "new")]) == 0
    assert main(["check", "--home", str(tmp_path / "new")]) == 0
    assert main(["init", str(tmp_path / "new")]) == 1
    assert "没有动它" in capsys.readouterr().err


def test_a_plan_is_the_same_files_without_a_station(home, capsys):
    assert main(["plan", "--home", home, "--from", "2027-03-01", "--days", "2", "--json"]) == 0

    airings = json.loads(capsys.readouterr().out)
    assert [(one["airing"], one["starts_at"], one["fate"]) for one in airings][:2] == [
        ("morning@2027-03-01T07:30:00", "2027-03-01T07:30:00+08:00", "planned"),
        ("noon@2027-03-01T12:00:00", "2027-03-01T12:00:00+08:00", "planned"),
    ]
    assert len(airings) == 6


def test_looking_makes_no_database(home, capsys):
    main(["plan", "--home", home])
    main(["check", "--home", home])

    assert not Home(Path(home)).database.exists()


@pytest.mark.parametrize("wrong", [["--from", "morgen"], ["--days", "0"], ["--days", "x"]])
def test_a_wrong_option_is_refused_in_both_languages(home, capsys, wrong):
    with pytest.raises(SystemExit) as stopped:
        main(["plan", "--home", home, *wrong])

    assert stopped.value.code == 2
    assert re.search(f"'{wrong[1]}' .*[一-龥].*/", capsys.readouterr().err)


def logged(home, *entries):
    store = open_store(Home(Path(home)).database)
    for entry in entries:
        store.log.write(entry)
    store.close()


def entry(**fields):
    planned = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)
    base = {"airing": "a@1", "slot": "a", "title": "一", "planned_at": planned, "fate": Fate.AIRED}
    return LogEntry(**(base | fields))


def test_the_log_is_read_without_a_station(home, capsys):
    logged(home, entry(), entry(airing="b@1", fate=Fate.MISSED, reason=Sentence("停电", "power cut")))

    assert main(["log", "--home", home, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(row["airing"], row["fate"], row["reason"]) for row in rows] == [
        ("a@1", "aired", ""),
        ("b@1", "missed", "停电"),
    ]

    assert main(["log", "--home", home]) == 0
    assert "停电" in capsys.readouterr().out


def test_no_cell_of_the_table_is_a_formula(home, capsys):
    logged(home, entry(title="=HYPERLINK(1)", who="+王"))

    assert main(["log", "--home", home, "--csv"]) == 0

    [row] = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert (row["title"], row["who"], row["fate"]) == ("'=HYPERLINK(1)", "'+王", "aired")


def test_the_log_says_what_the_microphone_heard(home, capsys):
    logged(
        home,
        entry(heard=Heard.YES, delay_ms=412, level_db=-18.5),
        entry(airing="b@1", heard=Heard.NO),
        entry(airing="c@1"),
    )

    assert main(["log", "--home", home]) == 0
    said = capsys.readouterr().out
    assert said.count("听到了 / heard（412 ms, -18.5 dB）") == 1
    assert said.count("麦克风没有听到 / the microphone did not hear it") == 1

    assert main(["log", "--home", home, "--csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [(row["heard"], row["delay_ms"], row["level_db"]) for row in rows] == [
        ("yes", "412", "-18.5"),
        ("no", "", ""),
        ("not listened", "", ""),
    ]


def test_a_pipe_that_is_cut_is_no_error(home):
    line = f"{sys.executable} -m broadcaster plan --home {home} --days 300 | head -1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", line], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


SHEET = "姓名,组别,积分,日期,同意\n张三,一组,41000,2026-11-23,是\n李四,一组,39000,2026-11-23,否\n"


def test_points_are_shown_then_imported_once(home, tmp_path, capsys):
    file = tmp_path / "积分.csv"
    file.write_bytes(SHEET.encode("gb18030"))

    assert main(["points", str(file), "--home", home, "--preview"]) == 0
    assert "2" in capsys.readouterr().out
    assert main(["points", str(file), "--home", home, "--yes"]) == 0
    assert "已导入" in capsys.readouterr().out
    assert main(["points", str(file), "--home", home, "--yes", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["changes_nothing"]


def test_a_sheet_that_cannot_be_read_changes_nothing(home, tmp_path, capsys):
    file = tmp_path / "points.csv"
    file.write_bytes(b"\x00\x01PK")

    assert main(["points", str(file), "--home", home]) == 1
    assert main(["points", str(tmp_path / "none.csv"), "--home", home]) == 1
    assert "读不了" in capsys.readouterr().err


def test_consent_is_given_and_taken_by_name(home, tmp_path, capsys):
    file = tmp_path / "points.csv"
    file.write_text(SHEET, encoding="utf-8")
    main(["points", str(file), "--home", home, "--yes"])

    assert main(["consent", "李四", "yes", "--home", home]) == 0
    assert main(["consent", "张三", "no", "--home", home]) == 0
    assert main(["consent", "王五", "yes", "--home", home]) == 1

    people = open_store(Home(Path(home)).database).roster.snapshot().people
    assert {person.name: person.consents for person in people} == {"张三": False, "李四": True}


@pytest.mark.real
@pytest.mark.slow
def test_a_text_is_tried_into_a_file_where_there_are_no_headphones(home, tmp_path, capsys):
    out = tmp_path / "tried.wav"

    assert main(["try", "script:policy/fire", "--home", home, "--out", str(out)]) == 0
    assert "没有上喇叭。" in capsys.readouterr().out
    assert main(["try", "天干物燥", "--home", home]) == 0

    said = capsys.readouterr().out
    assert "there are no headphones (a running station and an output with monitor = true): it goes into a file." in said
    [kept] = (Path(home) / "var" / "said").glob("*.wav")
    for path in (out, kept):
        with wave.open(str(path), "rb") as file:
            assert file.getnframes() > 48_000


def test_what_cannot_be_tried_is_refused_in_words(home, capsys):
    assert main(["try", "script:policy/fir", "--home", home]) == 1
    assert "Did you mean 'policy/fire'?" in capsys.readouterr().err
