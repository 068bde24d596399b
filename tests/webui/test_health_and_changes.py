"""How the station is, and who changed what, on the page of the owner."""

import csv
import io
import re
from pathlib import Path

import webui
from broadcaster.model.people import Role
from tests.station.conftest import at
from tests.webui.conftest import OFFICE, House
from webui.pages.changes import SHOWN

DEED = re.compile(r"""note\(\s*(?:[\w.()]+|"[^"]*"),\s*"([a-z]+\.[a-z_]+)\"""")


def test_a_station_that_is_well_says_so(house, owner):
    owner.open("/settings").open("/settings/health")

    assert "“main”接着。" in owner.words
    assert re.search(r"磁盘还有 \d+\.\d GB", owner.words)


def test_a_mistake_in_the_timetable_is_on_top_with_its_remedy(house, owner):
    path = house.village.home.schedule
    path.write_text(path.read_text().replace('at = "07:30"', 'at = "25:30"'))
    house.village.advance(3)
    owner.open("/settings/health")

    assert "有的地方坏了，要修。" in owner.words
    first = owner.words.index("节目表 schedule.toml 有写错的地方，仍按以前的播。")
    assert first < owner.words.index("在 slot.morning.at：'25:30'") < owner.words.index("磁盘还有")


def test_every_deed_that_the_program_writes_down_is_said_in_words(house, owner):
    root = Path(webui.__file__).parents[1]
    files = [*(root / "webui").rglob("*.py"), *(root / "broadcaster").rglob("*.py")]
    known = {word for file in files for word in DEED.findall(file.read_text(encoding="utf-8"))}
    assert len(known) > 20
    for word in known:
        house.doorkeeper.note("王主任", word, "x")
    owner.open("/settings/changes")

    assert [word for word in known if word in owner.words] == []


def test_a_deed_is_found_by_who_what_and_before_and_after(house, owner):
    house.doorkeeper.note("李会计", "account.change", "张三", "editor", "emergency")
    house.doorkeeper.note("河道水位计（程序）", "emergency.call", "emergency@1", "", "山洪")
    for wanted in ("李会计", "改了账号", "张三", "EDITOR", "account.change"):
        owner.open("/settings/changes", query_string={"find": wanted})
        assert "李会计 改了账号：张三 改之前：editor 改之后：emergency" in owner.words
        assert "emergency@1" not in owner.words
    assert "没有找到。" in owner.open("/settings/changes?find=没有的").words


def test_older_deeds_are_a_page_further(house, owner):
    for number in range(SHOWN + 5):
        house.doorkeeper.note("李会计", "airing.skip", f"nr-{number:03}")
    owner.open("/settings/changes?find=nr-")
    assert "nr-054" in owner.words and "nr-005" in owner.words and "nr-004" not in owner.words
    (older,) = re.findall(r'href="([^"]*before=[^"]*)"', owner.answer.text)
    owner.open(older.replace("&amp;", "&"))
    assert "nr-004" in owner.words and "nr-000" in owner.words and "nr-005" not in owner.words


def test_the_table_is_for_spreadsheets_and_holds_no_formula(house, owner):
    house.doorkeeper.note("李会计", "script.save", "=HYPERLINK(1)", "a\nb", "c")
    owner.open("/settings/changes.csv")
    rows = list(csv.reader(io.StringIO(owner.answer.text.removeprefix("\ufeff"))))

    assert rows[0] == ["at", "who", "what", "subject", "before", "after"]
    assert rows[1][1:] == ["李会计", "script.save", "'=HYPERLINK(1)", "a\nb", "c"]
    assert rows[1][0] == f"{house.station.status().now:%Y-%m-%d %H:%M:%S}"


def test_strange_addresses_break_nothing(owner):
    for query in ("before=x", "before=-1", "before=" + "9" * 40, "before=٣", "find=" + "x" * 5000, "find=%00"):
        assert owner.open("/settings/changes?" + query).code == 200


def test_only_owners_see_both(house):
    other = house.person("张书记", Role.APPROVER)
    for path in ("/settings/health", "/settings/changes", "/settings/changes.csv"):
        assert other.open(path).code == 403


def test_both_are_there_in_english(house, owner):
    house.until(at("07:31"))
    owner.open("/settings/health").press("就这样", language="en")
    assert "'main' is open." in owner.words
    assert "What to find" in owner.open("/settings/changes").words


def test_a_certificate_that_cannot_be_used_is_told(tmp_path):
    page = '\n[page]\ncertificate = "page.pem"\nkey = "page.key"\n'
    house = House(tmp_path, schedule=OFFICE + page)
    words = house.person("王主任", Role.OWNER).open("/settings/health").words
    house.station.backups.close()

    assert f"网页的加密用不了：没有文件“{tmp_path}/page.pem”。" in words
    assert "开着的网页还用以前读到的那一张；重新开站以后，就只有这台机器打得开网页了。" in words
