"""The log in depth: finding, one airing with sound and text, the paper books, minutes of sound."""

import io
import re
import wave
import zipfile
from datetime import timedelta
from xml.etree import ElementTree

import pytest

from broadcaster.model.airing import LogEntry, airing_id
from broadcaster.model.approval import Approval, Verdict
from broadcaster.model.words import Fate, Sentence
from tests.station.conftest import at
from webui import bookfiles

KEY = "0123456789abcdef" * 2
WHY = Sentence("因为停电，已错过时限", "there was no power")


def heard(house, title, moment="2026-11-20 12:00", slot="x", **more):
    planned = at(moment)
    values = {"airing": airing_id(slot, planned), "slot": slot, "title": title, "planned_at": planned}
    house.village.store.log.write(LogEntry(**values | {"fate": Fate.AIRED, "zones": ("all",)} | more))


@pytest.fixture
def busy(house):
    """A few days of a village."""
    heard(house, "停水通知", who="李会计", started_at=at("2026-11-20 12:00:01"), finished_at=at("2026-11-20 12:01:31"))
    heard(house, "傍晚学习", "2026-11-20 18:00", slot="evening", fate=Fate.MISSED, reason=WHY)
    heard(
        house,
        "东头的事",
        "2026-11-21 09:00",
        zones=("east",),
        started_at=at("2026-11-21 09:00:00"),
        finished_at=at("2026-11-21 09:02:00"),
    )
    return house


def titles(person, query=""):
    text = person.open(f"/log/find?{query}").answer.text
    return re.findall(r'<h2><a href="/log/airing/[^"]+">\s*(?:<svg.*?</svg>)?\s*(.*?)</a>', text, re.DOTALL)


# --- finding ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("to=2026-11-23", ["东头的事", "傍晚学习", "停水通知"]),
        ("to=2026-11-23&zone=east", ["东头的事"]),
        ("fate=missed", ["傍晚学习"]),
        ("fate=trouble", ["傍晚学习"]),
        ("text=停电", ["傍晚学习"]),
        ("text=李会计", ["停水通知"]),
        ("from=2026-11-21&to=2026-11-21", ["东头的事"]),
        ("text=没有这个", []),
    ],
)
def test_entries_are_found_by_days_zone_fate_and_words(busy, query, found):
    assert titles(busy.person(), query) == found


def test_many_answers_come_page_by_page(house, owner):
    for minute in range(120):
        heard(house, f"第{minute}条", f"2026-11-20 {10 + minute // 60}:{minute % 60:02}")
    seen = titles(owner, "text=条")
    assert len(seen) == 50
    while (more := re.search(r'href="(/log/find\?behind=[^"]+)"', owner.answer.text)) is not None:
        owner.open(more[1].replace("&amp;", "&"))
        seen += re.findall(r'<h2><a href="/log/airing/[^"]+">\s*(.*?)</a>', owner.answer.text, re.DOTALL)
    assert seen == [f"第{minute}条" for minute in reversed(range(120))]
    assert "回到最近的" in owner.words


@pytest.mark.parametrize(
    "query",
    [
        "fate=eaten",
        "from=2026-11-25&to=2026-11-01",
        "behind=%00",
        "behind=e30",
        "behind=WzEsMl0",
        "behind=" + "A" * 900,
        "from=x",
    ],
)
def test_questions_that_make_no_sense_are_refused(owner, query):
    assert owner.open(f"/log/find?{query}").code == 400


# --- one airing -------------------------------------------------------------------------------------------------


def test_an_airing_tells_its_fate_its_text_and_lets_hear_its_clip(house, owner, tmp_path):
    with wave.open(str(tmp_path / KEY), "wb") as file:
        file.setparams((1, 2, 48_000, 0, "NONE", ""))
        file.writeframes(b"\0" * 9600)
    house.station.logbook._clip_path = lambda key: tmp_path / key
    heard(house, "防火", scripts=("policy/fire", "policy/gone", "recording:old.mp3"), clip=KEY, reason=WHY, voice="v:1")

    words = owner.open("/log/airing/x@2026-11-20T12:00:00").words
    assert "防火 2026-11-20 12:00" in words and WHY.zh in words
    assert "天干物燥，请大家小心火烛。 这是稿子现在的样子" in words
    assert "policy/gone 这篇稿子已经没有了。" in words and "old.mp3 播的是录音。" in words
    assert f'src="/log/clips/{KEY}.wav"' in owner.answer.text

    part = owner.client.get(f"/log/clips/{KEY}.wav", headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.data, part.mimetype) == (206, b"RIFF", "audio/wav")
    part.close()


def test_the_text_is_that_of_then_where_it_was_kept(house, owner):
    from broadcaster.model.revisions import Revision, Step
    from broadcaster.station.proofs import content_hash

    for moment, words in (("2026-11-19 08:00", "旧的话。"), ("2026-11-22 08:00", "新的话。")):
        content = f'+++\ntitle = "题目"\n+++\n{words}'.encode()
        step = Revision(
            script="policy/fire", step=Step.WRITTEN, who="王主任", at=at(moment), sha256=content_hash(content)
        )
        house.village.store.revisions.keep(step, content)
    heard(house, "防火", scripts=("policy/fire",))

    words = owner.open("/log/airing/x@2026-11-20T12:00:00").words
    assert "题目 旧的话。" in words and "现在的样子" not in words


def test_without_a_clip_the_page_says_so(house, owner):
    heard(house, "防火", clip=KEY)
    assert "这一条没有留下声音" in owner.open("/log/airing/x@2026-11-20T12:00:00").words
    assert owner.open("/log/airing/nobody@2026-11-20T12:00:00").code == 404


@pytest.mark.parametrize("key", ["..%2f..%2fstation.db", "../../schedule.toml", "x", KEY, KEY.upper(), KEY + "0"])
def test_nothing_but_a_clip_is_ever_given_out(owner, key):
    assert owner.open(f"/log/clips/{key}.wav").code == 404


@pytest.mark.parametrize(
    "path", ["/log/find", "/log/register.pdf", "/log/approvals.xlsx", "/log/minutes", f"/log/clips/{KEY}.wav"]
)
def test_strangers_see_nothing(house, path):
    answer = house.stranger().client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 303 and answer.location.startswith("/sign-in")


# --- paper books ------------------------------------------------------------------------------------------------

DAYS = "from=2026-11-20&to=2026-11-21"


def decided(house):
    content = b'+++\ntitle = "x"\n+++\nx'
    from broadcaster.station.proofs import content_hash

    house.village.store.approvals.decide(
        Approval(
            script="policy/fire",
            verdict=Verdict.APPROVED,
            who="王书记",
            at=at("2026-11-20 08:05"),
            sha256=content_hash(content),
            why="=1+1",
        ),
        content,
    )


def test_the_register_has_a_line_for_each_airing_and_room_to_sign(busy):
    words = busy.person().open(f"/log/register?{DAYS}").words

    assert "试验村 播出登记本 2026-11-20 – 2026-11-21 日期 计划 开始 结束" in words
    assert "2026-11-20 12:00 12:00:01 12:01:31 停水通知 全村 播完了 李会计" in words
    assert f"2026-11-20 18:00 傍晚学习 全村 错过了 {WHY.zh} 节目表" in words
    assert "负责人签字：" in words


def test_the_book_of_approvals(house, owner):
    decided(house)
    words = owner.open(f"/log/approvals?{DAYS}").words

    assert "2026-11-20 08:05 fire policy/fire 王书记 批准 =1+1" in words
    assert "这些天没有记录。" in owner.open("/log/approvals?from=2026-11-21&to=2026-11-22").words


def test_the_pdf_is_whole_and_has_a_page_for_every_page(busy):
    if not any(font.is_file() for font in bookfiles.FONTS):
        pytest.skip("fonts-wqy-zenhei is not installed: packaging/setup.sh installs it")
    person = busy.person()
    short = person.client.get(f"/log/register.pdf?{DAYS}")
    assert short.data.startswith(b"%PDF-") and short.data.rstrip().endswith(b"%%EOF")
    assert short.headers["Content-Disposition"] == 'attachment; filename="register-2026-11-20-2026-11-21.pdf"'
    assert len(re.findall(rb"/Type /Page\b(?!s)", short.data)) == 1

    for minute in range(60):
        heard(busy, f"第{minute}条通知，字很多很多很多很多很多很多", f"2026-11-21 10:{minute:02}")
    long = person.client.get(f"/log/register.pdf?{DAYS}").data
    assert len(re.findall(rb"/Type /Page\b(?!s)", long)) >= 3


def test_without_a_font_the_pdf_says_what_to_do(busy, tmp_path):
    person = busy.person()
    assert person.open("/log/books").code == 200
    with busy.app.test_request_context():
        from broadcaster.errors import Refused
        from webui.books import register

        book = register("村", at("08:00").tzinfo, at("08:00").date(), at("08:00").date(), [])
        with pytest.raises(Refused) as refused:
            bookfiles.pdf(book, at("08:00"), fonts=(tmp_path / "none.ttc",))
    assert refused.value.sentence == bookfiles.NO_FONT


def cells(data):
    """The words of a spreadsheet, row by row, and whether any cell is a formula or a link."""
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        shared = ["".join(one.itertext()) for one in ElementTree.fromstring(file.read("xl/sharedStrings.xml"))]
        sheet = file.read("xl/worksheets/sheet1.xml")
    rows = []
    for row in ElementTree.fromstring(sheet).iter(f"{space}row"):
        rows.append([shared[int(cell.findtext(f"{space}v"))] for cell in row if cell.get("t") == "s"])
    return rows, b"<f>" in sheet or b"hyperlink" in sheet


def test_a_spreadsheet_holds_words_and_never_a_formula(house, owner):
    decided(house)
    nasty = '=HYPERLINK("http://x","y")'
    heard(house, nasty, who="@SUM(A1)", reason=Sentence("http://x", "+1"))

    rows, is_alive = cells(owner.client.get(f"/log/register.xlsx?{DAYS}").data)
    assert not is_alive
    assert rows[0][:5] == ["日期", "计划", "开始", "结束", "播出内容"]
    assert rows[1][2] == nasty or nasty in rows[1]
    rows, is_alive = cells(owner.client.get(f"/log/approvals.xlsx?{DAYS}").data)
    assert not is_alive and "=1+1" in rows[1]


@pytest.mark.parametrize("path", ["register", "register.pdf", "approvals.xlsx", "minutes"])
@pytest.mark.parametrize("query", ["from=2026-01-01&to=2026-11-20", "from=2026-11-20&to=2026-11-01", "from=x"])
def test_books_of_too_many_days_are_refused(owner, path, query):
    assert owner.open(f"/log/{path}?{query}").code == 400


# --- minutes ----------------------------------------------------------------------------------------------------


def test_minutes_count_for_every_zone_that_heard_them(busy):
    words = busy.person().open("/log/minutes?from=2026-11-20&to=2026-11-22").words

    assert "11月20日 星期五 1:30 1:30 11月21日 星期六 2:00 2:00 11月22日 星期日 0:00 0:00" in words


def test_what_is_said_in_one_end_is_not_counted_elsewhere(busy):
    found = busy.station.logbook.minutes(at("2026-11-21 00:00").date(), at("2026-11-21 00:00").date())

    # "all" has the horns of the east, too, so somebody of all heard it.
    assert found[0].by_zone == {"all": timedelta(minutes=2), "east": timedelta(minutes=2)}


def test_in_english(busy):
    person = busy.person()
    person.open("/today").press("就这样", language="en")
    assert "Register of broadcasts" in person.open(f"/log/register?{DAYS}").words
    assert "Minutes a day" in person.open("/log/minutes").words
    assert "there was no power" in person.open("/log/find?text=power").words.lower()
