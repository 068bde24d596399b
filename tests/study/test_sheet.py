"""Points sheets as people export and edit them."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadcaster.errors import PointsUnusable
from broadcaster.model.words import Severity
from broadcaster.study.cells import date_in_name
from broadcaster.study.sheet import PointsRow, read_points

HEADER = "姓名,学习小组,总积分,日期,同意点名,拼音\n"
SHEET = HEADER + "单丽,第一学习小组,41200,2026-11-16,是,shan4 li4\n解明,第二学习小组,3000,2026-11-16,否,\n"
ROWS = (
    PointsRow(
        line=2,
        name="单丽",
        group="第一学习小组",
        points=41200,
        on=date(2026, 11, 16),
        consents=True,
        pinyin="shan4 li4",
    ),
    PointsRow(line=3, name="解明", group="第二学习小组", points=3000, on=date(2026, 11, 16), consents=False),
)


def only_row(line, header=HEADER):
    (row,) = read_points((header + line).encode()).rows
    return row


def complaints(*lines):
    sheet = read_points((SHEET + "\n".join(lines)).encode())
    assert sheet.rows[:2] == ROWS
    return [complaint.what.zh for complaint in sheet.complaints]


def refusal(data, **values):
    with pytest.raises(PointsUnusable) as caught:
        read_points(data if isinstance(data, bytes) else data.encode(), **values)
    return caught.value.sentence.zh


@pytest.mark.parametrize(
    "data",
    [
        SHEET.encode(),
        SHEET.encode("utf-8-sig"),
        SHEET.encode("gb18030"),
        SHEET.replace("\n", "\r\n").encode(),
        SHEET.replace(",", ";").encode(),
        SHEET.replace(",", "\t").encode("utf-16"),
        SHEET.replace(
            "姓名,学习小组,总积分,日期,同意点名,拼音", "Name,Group,Total Points,Date,Consent,Pinyin"
        ).encode(),
    ],
    ids=["utf-8", "utf-8 with mark", "gb18030", "windows lines", "semicolons", "excel's unicode text", "english"],
)
def test_it_does_not_matter_how_it_was_saved(data):
    assert read_points(data).rows == ROWS
    assert read_points(data).complaints == ()


def test_titles_above_the_header_and_columns_in_another_order_are_read():
    sheet = "大营村学习积分表,,,\n\n日期,积分,小组,名字,备注\n2026-11-16,500,一组,单丽,好\n"

    (row,) = read_points(sheet.encode()).rows
    assert (row.line, row.name, row.group, row.points, row.consents) == (4, "单丽", "一组", 500, None)


@pytest.mark.parametrize("points", ['"41,200"', "４１２００", "41200.0", "41200分", " 41200 ", "4 1 2 0 0", "41'200"])
def test_points_may_be_written_in_many_ways(points):
    assert only_row(f"单丽,一组,{points},2026-11-16").points == 41200


@pytest.mark.parametrize(
    "day",
    ["2026-11-16", "2026/11/16", "2026.11.16", "2026年11月16日", "20261116", "2026-11-16 08:30:00", "２０２６-11-16"],
)
def test_days_may_be_written_in_many_ways(day):
    assert only_row(f"单丽,一组,1,{day}").on == date(2026, 11, 16)


@pytest.mark.parametrize(
    ("word", "consents"),
    [("是", True), ("1", True), ("YES", True), ("同意", True), ("否", False), ("0", False), ("no", False), ("", None)],
)
def test_consent_is_yes_no_or_not_said(word, consents):
    assert only_row(f"单丽,一组,1,2026-11-16,{word}").consents is consents


def test_the_space_in_a_short_name_is_only_layout():
    assert only_row("单　丽, 第一 学习小组,1,2026-11-16").name == "单丽"
    assert only_row("Li  Ming,East,1,2026-11-16").name == "Li Ming"
    assert only_row("阿依古丽·买买提,一组,1,2026-11-16").name == "阿依古丽·买买提"


def test_a_line_said_twice_counts_once():
    assert read_points((SHEET + "单丽,第一学习小组,41200,2026-11-16").encode()).rows == ROWS


@pytest.mark.parametrize(
    ("line", "zh"),
    [
        (",一组,5,2026-11-16", "第 4 行：'' 不是名字。"),
        ("=cmd(),一组,5,2026-11-16", "第 4 行：'=cmd()' 不是名字。"),
        ("合计,,9000,", "第 4 行：'合计' 不是人，没有导入。"),
        ("查红,,5,2026-11-16", "第 4 行：'' 不是小组的名字。"),
        ("查红,一组,很多,2026-11-16", "第 4 行：积分 '很多' 不是整数。请写成 41200 这样。"),
        ("查红,一组,-5,2026-11-16", "第 4 行：积分 '-5' 不是整数。请写成 41200 这样。"),
        ("查红,一组,5.5,2026-11-16", "第 4 行：积分 '5.5' 不是整数。请写成 41200 这样。"),
        ("查红,一组,99999999,2026-11-16", "第 4 行：积分 '99999999' 不是整数。请写成 41200 这样。"),
        ("查红,一组,5,昨天", "第 4 行：日期 '昨天' 看不懂。请写成 2026-11-16 这样。"),
        ("查红,一组,5,2026-13-16", "第 4 行：日期 '2026-13-16' 看不懂。请写成 2026-11-16 这样。"),
        ("查红,一组,5,1926-11-16", "第 4 行：日期 '1926-11-16' 看不懂。请写成 2026-11-16 这样。"),
        ("查红,一组,41,200,2026-11-16,是", "第 4 行：日期 '200' 看不懂。请写成 2026-11-16 这样。"),
        ("查红,一组,5,2026-11-16,也许", "第 4 行：同意点名 '也许' 看不懂，当作没有写。请写是或否。"),
        ("查红,一组,5,2026-11-16,是,zhā", "第 4 行：拼音 'zhā' 看不懂，没有用。请写成 shan4 li4 这样。"),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_read(line, zh):
    assert complaints(line) == [zh]


def test_a_character_that_only_one_computer_knows_is_pointed_out():
    assert complaints("李\ue863红,一组,5,2026-11-16") == ["文件里有 1 个认不出的字，已经去掉。请看一看名字有没有少字。"]


def test_a_number_with_a_comma_that_makes_a_column_too_many_is_explained():
    sheet = "姓名,小组,日期,总积分\n单丽,一组,2026-11-16,5\n解明,一组,2026-11-16,41,200\n"

    (complaint,) = read_points(sheet.encode()).complaints
    assert complaint.severity is Severity.ERROR
    assert complaint.what.zh == "第 3 行：列数比表头多。数字里有逗号的，请加上引号，或者去掉逗号。"
    assert complaint.what.en == (
        "line 3: it has more columns than the header. Put numbers with commas in quotes, or leave the commas out."
    )


@pytest.mark.parametrize(
    ("data", "zh"),
    [
        ("", "找不到表头，第一行是 ''。表头要有这些列：姓名、小组、总积分、日期。"),
        ("姓名,电话\n单丽,1\n", "找不到表头，第一行是 '姓名,电话'。表头要有这些列：姓名、小组、总积分、日期。"),
        (b"PK\x03\x04\x00\x00\x00\x00\x00\x00\x01", "这不是 CSV 文件。请在 Excel 或 WPS 里另存为 CSV 文件。"),
        (HEADER, "积分表里只有表头，没有人。"),
        (
            HEADER + "单丽,一组,很多,2026-11-16",
            "积分表里没有一行能导入。第 2 行：积分 '很多' 不是整数。请写成 41200 这样。",
        ),
        ("姓名,小组,积分\n单丽,一组,5", "积分表里没有“日期”这一列，不知道是哪一天的积分。请加上这一列，或者写明日期。"),
        (b"a" * 5_000_001, "积分表太大，有 5000001 字节，最多 5000000 字节。请只导出需要的列。"),
        (HEADER + "单丽,一组,1,2026-11-16\n" * 20_001, "积分表超过 20000 行。请分成几个文件。"),
        (HEADER + '"' + "a" * 140_000, "第 2 行读不下去（field larger than field limit (131072)）。请看引号成不成对。"),
    ],
)
def test_a_sheet_without_a_usable_row_is_refused_in_words(data, zh):
    assert refusal(data) == zh


def test_a_sheet_without_dates_needs_a_day_and_the_day_is_part_of_its_fingerprint():
    sheet = "姓名,小组,积分\n单丽,一组,5".encode()
    monday, tuesday = date(2026, 11, 16), date(2026, 11, 17)

    assert read_points(sheet, on=monday).rows[0].on == monday
    assert read_points(sheet, on=monday).sha256 != read_points(sheet, on=tuesday).sha256
    assert read_points(SHEET.encode(), on=monday).sha256 == read_points(SHEET.encode()).sha256


def test_the_day_can_be_taken_from_the_name_of_the_file():
    assert date_in_name("points-example-2026-11-16.csv") == date(2026, 11, 16)
    assert date_in_name("积分20261116.csv") == date(2026, 11, 16)
    assert date_in_name("积分.csv") is None


@settings(deadline=None, max_examples=200)
@given(
    data=st.binary(max_size=300)
    | st.text(max_size=200).map(lambda text: (SHEET + text).encode("utf-8", "replace"))
    | st.lists(
        st.sampled_from(["姓名", "小组", "积分", "日期", ",", "\n", '"', "单丽", "5", "2026-11-16", "\x00"])
    ).map(lambda pieces: "".join(pieces).encode())
)
def test_no_bytes_raise_anything_but_points_unusable(data):
    try:
        sheet = read_points(data)
    except PointsUnusable as error:
        assert error.sentence.zh
    else:
        assert sheet.rows
