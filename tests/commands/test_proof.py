"""Looking before it goes on the air, and putting it on record, as a person does it at a terminal."""

import hashlib
import io
import json
from datetime import datetime
from pathlib import Path

import pytest

from broadcaster.__main__ import main
from broadcaster.home import Home
from broadcaster.model.approval import Verdict
from broadcaster.store import open_store
from tests.station.conftest import SCHEDULE, SCRIPTS, write_station

pytestmark = pytest.mark.slow  # each command opens the whole desk
TEXT = "102户。单丽。"
OURS = {"event/water": TEXT, "event/day": "{{ station }}。{{ today }}。"}
LEXICON = '\n[lexicon]\n"单丽" = "shan4 li4"\n'


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "village"
    folder.mkdir()
    return write_station(folder, SCHEDULE + LEXICON, SCRIPTS | OURS)


@pytest.fixture
def run(folder, capsys, monkeypatch):
    """Runs a command with what a person types; its exit code and all that it said."""

    def run(*words, typed="", code=0):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(typed.encode()), encoding="utf-8"))
        assert main([*words, "--home", str(folder)]) == code
        said = capsys.readouterr()
        return said.out + said.err

    return run


def side_file(folder, name="event/water"):
    return folder / "scripts" / f"{name}.reading.toml"


def strict(folder, schedule=SCHEDULE):
    (folder / "schedule.toml").write_text(schedule.replace("[zone.all]", "strict = true\n[zone.all]"), encoding="utf-8")


def decisions(folder):
    store = open_store(Home(folder).database)
    found = store.approvals.decisions()
    store.close()
    return found


SHOWN = """\
== event/water  water
念作 / spoken: 一百零二户。单丽。

  yi4 bai3 ling2 er4 hu4    shan4 li4
  一  百   零    二  户  。 单    丽  。
"""


def test_a_script_is_read_as_it_will_be_spoken_with_its_length(run):
    said = run("read", "script:event/water")

    assert said.startswith(SHOWN + "\n7 个字，念一遍约 ")
    assert said.rpartition("\n7 characters, about ")[2].endswith(" s when said once (without the chime).\n")


def test_a_script_may_be_named_by_its_stem_and_a_wrong_name_gets_a_hint(run):
    assert run("read", "script:water").startswith(SHOWN)
    assert run("read", "script:event/watre", code=1) == (
        "没有稿件“event/watre”。是不是“event/water”？\nthere is no script 'event/watre'. Did you mean 'event/water'?\n"
    )


def test_blanks_are_filled_with_the_facts_of_the_day(run):
    told = json.loads(run("read", "script:event/day", "--on", "2026-12-01", "--json"))

    assert told["text"] == "试验村。12月1日。"
    assert told["script"] == "event/day"
    assert told["approved"] is None
    assert told["seconds"] > 5


def test_lines_of_json_keep_their_five_keys_whatever_is_read(run):
    lines = ["大米", "", "script:event/water", "\x00\u202e", "<b>", "1" * 300]

    answers = [json.loads(line) for line in run("read", "--lines", "--json", typed="\n".join(lines)).splitlines()]

    assert [one["text"] for one in answers] == lines
    assert {tuple(one) for one in answers} == {("text", "spoken", "pinyin", "syllables", "doubts")}


def test_words_are_read_from_the_command_and_from_standard_input(run):
    shown = "念作 / spoken: 大米。\n\n  da4 mi3\n  大  米  。\n\n2 个字，念一遍约 "

    assert run("read", "大米。").startswith(shown)
    assert run("read", typed="大米。\n").startswith(shown)


@pytest.mark.parametrize(
    "given", [b"\xff\xfe \xe5\xa4\xa7", "大\ud800\x00\u202e".encode("utf-8", "surrogatepass"), b""]
)
def test_bytes_that_are_no_text_are_read_as_far_as_they_can_be(run, given, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(given), encoding="utf-8"))
    assert main(["read", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["pinyin"] in ("da4", "")

    assert main(["read", "--json", given.decode(errors="surrogateescape")]) == 0
    assert json.loads(capsys.readouterr().out)["pinyin"] in ("da4", "")


def test_an_approval_shows_the_reading_asks_and_is_kept_with_the_script(run, folder):
    said = run("approve", "script:event/water", "--who", "王书记", typed="是\n")

    sha256 = hashlib.sha256(TEXT.encode()).hexdigest()
    assert said == SHOWN + (
        "批准吗？ / Approve? (y/n) "
        f"王书记 批准了 event/water（{sha256[:12]}），照上面的念法播。\n"
        f"王书记 approved event/water ({sha256[:12]}); it is spoken as shown above.\n"
    )
    [made] = decisions(folder)
    assert (made.script, made.verdict, made.who, made.sha256, made.before) == (
        "event/water",
        Verdict.APPROVED,
        "王书记",
        sha256,
        "",
    )
    assert 'pinyin = "shan4 li4"' in side_file(folder).read_text(encoding="utf-8")


@pytest.mark.parametrize("typed", ["n\n", "", "\n", "nein\n"])
def test_whoever_does_not_say_yes_approves_nothing(run, folder, typed):
    said = run("approve", "script:event/water", typed=typed, code=1)

    assert said.endswith("没有批准，什么都没变：event/water\nnot approved, nothing was changed: event/water\n")
    assert not side_file(folder).exists()
    assert not Home(folder).database.exists() or decisions(folder) == []


def test_an_approval_needs_a_name_and_a_script(run, folder):
    assert run("approve", "script:event/water", "--who", " ", "--yes", code=1).endswith(
        "批准要写明是谁。请加 --who 名字。\nan approval needs a name. Add --who NAME.\n"
    )
    assert run("approve", code=1) == (
        "批准哪一篇？请写 script:文件夹/稿件，或者用 --all。\n"
        "approve which script? Write script:FOLDER/NAME, or --all.\n"
    )
    assert not side_file(folder).exists()


def test_the_approved_reading_outlives_a_change_of_the_lexicon_and_the_check_shows_both(run, folder):
    run("approve", "script:event/water", "--who", "王书记", "--yes")
    assert "没有错误，0 处提醒" in run("check")

    (folder / "schedule.toml").write_text(SCHEDULE + LEXICON.replace("shan4", "dan1"), encoding="utf-8")

    [complaint] = json.loads(run("check", "--json"))
    assert complaint == {
        "file": "scripts/event/water.reading.toml",
        "path": "",
        "severity": "warning",
        "what": "批准的念法和今天的规则不一样，播的是 王书记 批准的。“户。单丽。”：批准的念“单 shan4”，"
        "今天的规则念“单 dan1”。要用今天的：dalaba approve script:event/water --anew",
        "what_en": "the approved reading is not what today's rules say; what 王书记 approved is spoken: "
        "in “户。单丽。”: approved “单 shan4”, today's rules say “单 dan1”. "
        "To take today's: dalaba approve script:event/water --anew",
    }
    said = run("read", "script:event/water")
    assert said.startswith(SHOWN)
    assert said.endswith(
        "今天的规则会念得不一样：\n"
        "today's rules would read it differently:\n"
        "“户。单丽。”：批准的念“单 shan4”，今天的规则念“单 dan1”\n"
        "in “户。单丽。”: approved “单 shan4”, today's rules say “单 dan1”\n"
    )
    told = json.loads(run("read", "script:event/water", "--json"))
    assert told["pinyin"].endswith("shan4 li4")
    assert told["changes"] == [{"place": "户。单丽。", "approved": "单 shan4", "today": "单 dan1"}]
    assert told["approved"]["who"] == "王书记"


def test_todays_reading_is_taken_only_when_a_person_says_so(run, folder):
    run("approve", "script:event/water", "--yes")
    (folder / "schedule.toml").write_text(SCHEDULE + LEXICON.replace("shan4", "dan1"), encoding="utf-8")

    run("approve", "script:event/water", "--yes")
    assert "shan4 li4" in side_file(folder).read_text(encoding="utf-8")

    run("approve", "script:event/water", "--yes", "--anew")
    assert "dan1 li4" in side_file(folder).read_text(encoding="utf-8")
    assert "没有错误，0 处提醒" in run("check")


def test_a_reading_that_a_person_corrected_in_the_file_is_what_is_read_and_approved(run, folder):
    run("approve", "script:event/water", "--who", "王书记", "--yes")
    path = side_file(folder)
    path.write_text(path.read_text(encoding="utf-8").replace("shan4", "chan2"), encoding="utf-8")

    assert "chan2 li4" in run("read", "script:event/water")
    run("approve", "script:event/water", "--who", "李会计", "--yes")

    assert [one.reading.syllables[5].pinyin for one in decisions(folder)] == ["shan4", "chan2"]


def test_a_changed_text_ends_its_approved_reading_and_the_check_says_so(run, folder):
    run("approve", "script:event/water", "--who", "王书记", "--yes")
    (folder / "scripts/event/water.txt").write_text("来水了。", encoding="utf-8")

    assert run("check") == (
        "  [warning] scripts/event/water.reading.toml: "
        "稿子改过了，王书记 批准的念法不再算数，照规则念。看一遍再批准：dalaba approve script:event/water\n"
        "      the script was changed, so the reading that 王书记 approved no longer counts and the rules read it. "
        "Look and approve anew: dalaba approve script:event/water\n"
        "没有错误，1 处提醒。\nNo error, 1 warning(s).\n"
    )
    assert "王书记" not in run("read", "script:event/water")


def test_a_script_with_blanks_says_what_its_reading_covers(run, folder):
    said = run("approve", "script:event/day", "--on", "2026-12-01", "--who", "王", "--yes")

    assert (
        "有空要填，念法只管填成这样的那些天 / it has blanks: the reading counts on days with this very text\n" in said
    )
    assert "王 批准" not in run("read", "script:event/day", "--on", "2026-12-02")
    assert "念法由 王 在 " in run("read", "script:event/day", "--on", "2026-12-01")
    assert "没有错误，0 处提醒" in run("check")


def test_a_script_that_cannot_be_filled_today_is_approved_by_its_words(run, folder):
    (folder / "scripts/event/rank.txt").write_text("一共{{ people_count }}位。", encoding="utf-8")

    said = run("approve", "script:event/rank", "--who", "王", "--yes")

    assert "一共{{ people_count }}位。\n今天填不出来，只能批文字 / cannot be filled today, only its words" in said
    assert "），只批了文字，没有念法。\n" in said
    assert decisions(folder)[0].reading is None
    assert not side_file(folder, "event/rank").exists()


def test_a_strict_station_says_what_it_airs_and_why_the_rest_is_silent(run, folder):
    strict(folder)
    assert run("read", "script:event/water").endswith(
        "稿件“event/water”还没有批准，本站是严格模式（strict），不能播。\n"
        "script 'event/water' has no approval and the station is strict, so it may not be heard.\n"
    )
    run("approve", "--all", "--yes", "--who", "王书记")
    assert "没有错误，0 处提醒" in run("check")
    assert run("approve", "--all", "--yes") == "所有稿件都批准了。\nevery script is approved.\n"

    (folder / "scripts/event/water.txt").write_text("来水了。", encoding="utf-8")
    today = datetime.now().astimezone(Home(folder) and decisions(folder)[0].at.tzinfo)
    earlier = (
        f"稿件“event/water”改过以后还没有批准，播的是 王书记 {today:%Y-%m-%d} 批准的那一版。"
        "批准新的：dalaba approve script:event/water\n"
    )
    assert earlier in run("check")
    assert earlier in run("read", "script:event/water")


def test_a_withdrawn_script_is_silent_and_its_reading_is_gone(run, folder):
    strict(folder)
    run("approve", "script:event/water", "--who", "王书记", "--yes")

    said = run("approve", "script:event/water", "--withdraw", "--why", "水来了", "--who", "李会计")

    assert said == (
        "李会计 撤回了 event/water：重新批准以前不再播。\n"
        "李会计 withdrew event/water: it is not heard until it is approved anew.\n"
    )
    assert not side_file(folder).exists()
    assert run("approve", "script:event/water", "--withdraw", code=1) == (
        "“event/water”没有批准过，或者已经撤回，没有什么可撤的。\n"
        "'event/water' was never approved, or was withdrawn already: there is nothing to withdraw.\n"
    )


def test_withdrawing_where_nothing_is_strict_says_what_it_does_not_do(run, folder):
    run("approve", "script:event/water", "--who", "王书记", "--yes")

    assert run("approve", "script:event/water", "--withdraw", "--who", "李会计") == (
        "李会计 撤回了 event/water：本站不是严格模式，文件还在就照样播；不要播就删掉文件。\n"
        "李会计 withdrew event/water: the station is not strict, so the file is still heard; "
        "remove the file to end that.\n"
    )


def test_a_script_whose_file_is_gone_can_still_be_withdrawn(run, folder):
    run("approve", "script:event/water", "--yes")
    (folder / "scripts/event/water.txt").unlink()

    assert "撤回了 event/water" in run("approve", "script:event/water", "--withdraw", "--who", "王")


def test_the_paper_trail_shows_who_when_and_what_changed(run, folder):
    assert run("approvals") == "还没有批准过什么。\nnothing was approved yet.\n"
    run("approve", "script:event/water", "--who", "王书记", "--yes")
    (folder / "scripts/event/water.txt").write_text("来水了。", encoding="utf-8")
    run("approve", "script:event/water", "--who", "李会计", "--yes", "--why", "水来了")
    first, second = decisions(folder)

    assert run("approvals", "script:event/water") == (
        f"{first.at:%Y-%m-%d %H:%M}  批准 / approved  event/water  王书记  {first.sha256[:12]}\n"
        f"    +{TEXT}\n"
        f"{second.at:%Y-%m-%d %H:%M}  批准 / approved  event/water  李会计  {second.sha256[:12]}\n"
        "    水来了\n"
        f"    -{TEXT}\n"
        "    +来水了。\n"
    )
    rows = json.loads(run("approvals", "--json"))
    assert [(row["who"], row["before_sha256"], row["spoken"]) for row in rows] == [
        ("王书记", "", "一百零二户。单丽。"),
        ("李会计", first.sha256, "来水了。"),
    ]
    [_, row] = json.loads(run("approvals", "script:water", "--json"))
    assert (row["text_before"], row["text"], row["why"]) == (TEXT, "来水了。", "水来了")


def test_a_full_folder_keeps_the_decision_and_says_what_is_missing(run, folder):
    side_file(folder).mkdir()

    said = run("approve", "script:event/water", "--who", "王书记", "--yes", code=1)

    assert "决定已经记下，但念法的文件“water.reading.toml”写不了：" in said
    assert "Check the disk and do it again.\n" in said
    assert len(decisions(folder)) == 1
    assert not [path for path in Path(folder / "scripts/event").iterdir() if path.name.endswith(".tmp")]
