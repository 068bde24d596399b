"""dalaba backup and dalaba restore, as a person types them."""

import json

import pytest

from broadcaster.__main__ import main
from broadcaster.store import open_store
from tests.backup.conftest import Box
from tests.station.conftest import write_station


@pytest.fixture
def box(tmp_path):
    (tmp_path / "village").mkdir()
    write_station(tmp_path / "village")
    return Box(tmp_path / "village")


def run(box, *words):
    return main([*map(str, words), "--home", str(box.home.root)])


def test_there_and_back_with_a_look_and_a_question(box, tmp_path, capsys, monkeypatch):
    file = tmp_path / "b.zip"
    assert run(box, "backup", file) == 0
    assert f"备份好了：{file}（6 个文件，0.0 MB）。里面没有密码和令牌。" in capsys.readouterr().out
    (box.home.scripts / "study" / "a.txt").write_text("别的话。", encoding="utf-8")
    changed = box.files()

    monkeypatch.setattr("builtins.input", lambda _question: "n")
    assert run(box, "restore", file) == 1
    said = capsys.readouterr().out
    assert "换成备份里的 / changed: 1\n  ~ scripts/study/a.txt\n" in said and "没有放回去，什么都没变。" in said
    assert box.files() == changed

    monkeypatch.setattr("builtins.input", lambda _question: "是")
    assert run(box, "restore", file, "--who", "王") == 0
    assert box.files()["scripts/study/a.txt"] == "第一课。今天学怎么看天气预报。".encode()
    [before] = (box.home.var / "backups").glob("dalaba-*-before-restore.zip")
    [(_number, deed)] = open_store(box.home.database).trail.deeds(9)
    assert (deed.who, deed.what, deed.before, deed.after) == ("王", "backup.restore", before.name, "+0 ~1 -0")

    capsys.readouterr()
    assert run(box, "restore", before, "--yes") == 0
    assert box.files() == changed


def test_what_is_as_it_was_is_not_put_back(box, tmp_path, capsys):
    run(box, "backup", tmp_path / "b.zip")
    capsys.readouterr()

    assert run(box, "restore", tmp_path / "b.zip") == 0
    assert "和现在一样，没有要变的。" in capsys.readouterr().out
    assert not (box.home.var / "backups").exists()


def test_a_wrong_file_changes_nothing(box, tmp_path, capsys):
    before = box.files()
    (tmp_path / "b.zip").write_bytes(b"hello")

    assert run(box, "restore", tmp_path / "b.zip", "--yes") == 1
    assert "这个文件不是大喇叭的备份，什么都没有变。" in capsys.readouterr().err
    assert run(box, "restore", tmp_path / "nothing.zip", "--yes") == 1
    assert "没有文件" in capsys.readouterr().err
    assert box.files() == before and not list(box.home.var.glob("restore-*"))


def test_for_programs(box, tmp_path, capsys):
    assert run(box, "backup", tmp_path / "b.zip", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told == {"file": str(tmp_path / "b.zip"), "bytes": (tmp_path / "b.zip").stat().st_size, "files": 6}

    (tmp_path / "file").write_text("x")
    assert run(box, "backup", tmp_path / "file" / "b.zip", "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert told["error"].startswith("备份没有做成：") and told["error_en"].startswith("no backup was made: ")
