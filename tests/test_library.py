"""The folder of scripts on a disk where anything may lie."""

import hashlib
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadcaster import library
from broadcaster.library import ScriptFolder, file_of, read_library
from broadcaster.model.words import Severity
from broadcaster.scripts import parse_script


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "scripts"
    write(folder / "study" / "020-salt.txt", '+++\ntitle = "少吃盐"\n+++\n乡亲们，少吃一点盐。')
    write(folder / "study" / "010-walk.md", "多走路。")
    write(folder / "emergency" / "flood.txt", "山洪来了！")
    return folder


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)


def only_complaint(library):
    (complaint,) = library.complaints
    return complaint


def test_scripts_come_in_the_order_of_their_names(folder):
    library = read_library(folder)

    assert [script.name for script in library.scripts] == ["emergency/flood", "study/010-walk", "study/020-salt"]
    assert library.complaints == ()


def test_readmes_hidden_files_and_tables_are_left_alone(folder):
    write(folder / "study" / "README.md", "about")
    write(folder / "study" / ".hidden.txt", "draft")
    write(folder / "study" / "points.csv", "姓名")

    assert read_library(folder) == read_library(folder)
    assert len(read_library(folder).scripts) == 3
    assert read_library(folder).complaints == ()


def test_a_broken_script_is_complained_of_and_the_others_stay(folder):
    write(folder / "study" / "030-broken.txt", "+++\ntitle = \n+++\n字")

    library = read_library(folder)

    assert len(library.scripts) == 3
    assert only_complaint(library).file == "scripts/study/030-broken.txt"


def test_a_folder_that_vanished_is_one_complaint(tmp_path):
    library = read_library(tmp_path / "scripts")

    assert library.scripts == ()
    assert only_complaint(library).severity is Severity.ERROR
    assert only_complaint(library).what.zh == (
        "稿件文件夹 'scripts' 读不了（No such file or directory），仍用原来的稿件。请把它放回原处。"
    )


def test_two_files_of_one_name_are_not_mixed_up(folder):
    write(folder / "study" / "010-walk.txt", "另一篇。")

    library = read_library(folder)

    assert len(library.scripts) == 3
    assert only_complaint(library).what.zh == "稿件 'study/010-walk' 有两个文件，这一个不用。请给它改个名字。"


def test_a_link_out_of_the_folder_is_not_followed(folder, tmp_path):
    write(tmp_path / "secret.txt", "password")
    (folder / "study" / "link.txt").symlink_to(tmp_path / "secret.txt")

    assert only_complaint(read_library(folder)).what.zh == (
        "'scripts/study/link.txt' 指向稿件文件夹外面，不读。请把文件放进来。"
    )


def test_a_link_to_itself_is_a_complaint(folder):
    (folder / "study" / "ring.txt").symlink_to("ring.txt")

    assert "'scripts/study/ring.txt' 读不了" in only_complaint(read_library(folder)).what.zh


def test_a_pipe_is_no_script_and_is_not_waited_for(folder):
    os.mkfifo(folder / "study" / "pipe.txt")

    assert "不是普通的文件" in only_complaint(read_library(folder)).what.zh


def test_a_folder_named_like_a_script_is_no_script(folder):
    (folder / "study" / "more.txt").mkdir()

    assert "不是普通的文件" in only_complaint(read_library(folder)).what.zh


def test_a_file_of_more_than_a_megabyte_is_not_read(folder):
    write(folder / "study" / "big.txt", b"a" * 1_000_001)

    assert only_complaint(read_library(folder)).what.en == (
        "'scripts/study/big.txt' has 1000001 bytes, at most 1000000 are allowed. Split it into several scripts."
    )


def test_a_name_torn_by_another_encoding_is_a_complaint(folder):
    write(folder / "study" / os.fsdecode(b"\xc4\xe3.txt"), "a")

    assert "认不出的字" in only_complaint(read_library(folder)).what.zh


def test_a_text_outside_the_folders_and_an_office_document_are_pointed_out(folder):
    write(folder / "stray.txt", "字")
    write(folder / "study" / "停水.docx", b"PK")

    library = read_library(folder)

    assert [complaint.severity for complaint in library.complaints] == [Severity.WARNING] * 2
    assert [complaint.file for complaint in library.complaints] == ["scripts/stray.txt", "scripts/study/停水.docx"]


# --- looking again --------------------------------------------------------------------------------------------


@pytest.fixture
def shelf(folder):
    return ScriptFolder(folder)


def titles(shelf):
    return {script.name: script.title for script in shelf.library.scripts}


def test_nothing_is_new_while_nothing_changes(folder, shelf):
    before = shelf.library

    assert [shelf.look(), shelf.look()] == [False, False]
    assert shelf.library is before


def test_an_edit_an_addition_a_removal_and_a_vanished_folder_are_seen(folder, shelf):
    write(folder / "study" / "010-walk.md", "多走一走路。")
    assert shelf.look() and shelf.library.scripts[1].body == "多走一走路。"
    write(folder / "study" / "030-new.txt", "新的。")
    assert shelf.look() and "study/030-new" in titles(shelf)
    (folder / "emergency" / "flood.txt").unlink()
    assert shelf.look() and "emergency/flood" not in titles(shelf)
    write(folder / "notice" / "010-water.txt", "停水。")
    assert shelf.look() and "notice/010-water" in titles(shelf)
    folder.rename(folder.parent / "away")
    assert shelf.look() and shelf.library.scripts == () and only_complaint(shelf.library).path == ""
    (folder.parent / "away").rename(folder)
    assert shelf.look() and len(titles(shelf)) == 4 and shelf.library.complaints == ()


def test_a_file_replaced_by_one_of_the_same_size_and_time_is_seen(folder, shelf):
    path = folder / "study" / "010-walk.md"
    status = path.stat()
    write(folder / "study" / "new.tmp", "多跑步。")
    os.utime(folder / "study" / "new.tmp", ns=(status.st_atime_ns, status.st_mtime_ns))
    (folder / "study" / "new.tmp").replace(path)

    assert path.stat().st_size == status.st_size
    assert shelf.look() and shelf.library.scripts[1].body == "多跑步。"


def test_a_change_in_one_of_many_files_makes_nobody_read_the_others(folder, shelf, monkeypatch):
    """Saving a script took 2.7 s in a station with 10,000, and the planner waited: every file was parsed anew."""
    before = {script.name: script for script in shelf.library.scripts}
    parsed = []
    monkeypatch.setattr(
        library, "parse_script", lambda name, data, file: parsed.append(name) or parse_script(name, data, file=file)
    )
    write(folder / "study" / "010-walk.md", "多走一走路。")

    assert shelf.look()
    assert parsed == ["study/010-walk"]
    assert [script.name for script in shelf.library.scripts if script is not before[script.name]] == parsed


def test_of_very_many_files_each_look_asks_some_and_none_is_forgotten(folder, shelf, monkeypatch):
    monkeypatch.setattr(library, "LOOKED_AT_ONCE", 2)
    for number in range(9):
        write(folder / "study" / f"{number:03}-more.txt", "前。")
    assert shelf.look()
    while shelf.look():
        pass
    for path in folder.glob("*/*-more.txt"):
        path.write_text("后来。", encoding="utf-8")  # in place: the folder looks as before

    found = [shelf.look() for _ in range(6)]

    assert any(found)
    assert {script.body for script in shelf.library.scripts if script.name.endswith("-more")} == {"后来。"}


def test_a_file_that_may_be_read_again_is_read(folder, shelf, monkeypatch):
    """The owner mends the permissions, which leaves time and size as they were."""
    forbidden = {folder / "study" / "030-mine.txt"}
    really = os.open
    monkeypatch.setattr(os, "open", lambda path, flags: really("/nowhere" if path in forbidden else path, flags))
    write(folder / "study" / "030-mine.txt", "我的。")
    assert shelf.look() and "'scripts/study/030-mine.txt' 读不了" in only_complaint(shelf.library).what.zh
    forbidden.clear()

    assert shelf.look()
    assert shelf.library.complaints == () and "study/030-mine" in titles(shelf)


def test_what_a_link_leads_to_is_looked_at_each_time(folder, shelf, tmp_path):
    link = folder / "study" / "link.txt"
    link.symlink_to(folder / "study" / "010-walk.md")
    assert shelf.look() and "study/link" in titles(shelf)
    write(tmp_path / "secret.txt", "password")
    link.unlink()
    link.symlink_to(tmp_path / "secret.txt")

    assert shelf.look() and "study/link" not in titles(shelf)


@given(steps=st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["写", "改", "放", "删"])), max_size=12))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_after_any_changes_the_library_is_the_one_that_is_read_anew(tmp_path, steps):
    folder = Path(tempfile.mkdtemp(dir=tmp_path)) / "scripts"
    write(folder / "study" / "a.txt", "甲。")
    shelf = ScriptFolder(folder)
    for count, (number, does) in enumerate(steps):
        path = folder / ("study", "notice")[number % 2] / f"{number}.txt"
        if does == "删":
            path.unlink(missing_ok=True)
        elif does == "改":
            write(path, "+++\n" + "坏" * (count + 1))
        elif does == "放":
            write(folder / "new.tmp", "放" * (count + 1))
            path.parent.mkdir(exist_ok=True)
            (folder / "new.tmp").replace(path)
        else:
            write(path, "写" * (count + 1))  # sizes differ: the clock of a file system ticks slowly
        shelf.look()

        assert shelf.library == read_library(folder)


# --- approved readings ----------------------------------------------------------------------------------------

READING = """\
text_sha256 = "ab"
who = "王书记"
at = 2026-11-24T07:30:00+08:00
[[line]]
spoken = "盐。"
pinyin = "yan2"
"""


def test_a_script_knows_the_hash_of_all_its_bytes(folder):
    salt = read_library(folder).scripts[2]

    assert salt.sha256 == hashlib.sha256((folder / "study" / "020-salt.txt").read_bytes()).hexdigest()


def test_the_approved_reading_beside_a_script_is_read_with_it(folder):
    write(folder / "study" / "020-salt.reading.toml", READING)

    library = read_library(folder)

    [reading] = library.readings
    assert (reading.script, reading.spoken, reading.who) == ("study/020-salt", "盐。", "王书记")
    assert len(library.scripts) == 3
    assert library.complaints == ()


@pytest.mark.parametrize(
    ("data", "zh"),
    [
        (b"\xff\xfe\x00", "念法的文件不是 UTF-8 文本，不用它。"),
        (READING.replace("yan2", "yan").encode(), "第 1 行“盐”的 'yan' 不是带数字声调的拼音，比如 ying2。"),
    ],
)
def test_a_reading_that_cannot_be_used_is_an_error_and_the_script_stays(folder, data, zh):
    write(folder / "study" / "020-salt.reading.toml", data)

    library = read_library(folder)

    assert library.readings == ()
    assert len(library.scripts) == 3
    complaint = only_complaint(library)
    assert (complaint.file, complaint.severity, complaint.what.zh) == (
        "scripts/study/020-salt.reading.toml",
        Severity.ERROR,
        zh,
    )


def test_a_reading_without_its_script_is_pointed_out(folder):
    write(folder / "study" / "021-salt.reading.toml", READING)

    complaint = only_complaint(read_library(folder))

    assert (complaint.severity, complaint.what.zh, complaint.what.en) == (
        Severity.WARNING,
        "没有稿件 'study/021-salt'，这个念法用不上。稿子改名了就一起改名，不要了就删掉。",
        "there is no script 'study/021-salt', so this reading is of no use. Rename it with its script, or remove it.",
    )


def test_a_new_reading_is_seen_at_the_next_look(folder, shelf):
    write(folder / "study" / "020-salt.reading.toml", READING)

    assert shelf.look()
    assert [reading.script for reading in shelf.library.readings] == ["study/020-salt"]


def test_the_file_of_a_script_is_the_one_that_is_read(folder):
    write(folder / "study" / "010-walk.txt", "跑步。")

    assert file_of(folder, "study/010-walk") == folder / "study" / "010-walk.md"
    assert file_of(folder, "study/none") is None
    assert file_of(folder, "none/none") is None
