"""docs/schedule.md is the reference: every key is in it, in both languages, with its true default."""

import re
from pathlib import Path

import pytest

from broadcaster.model.days import SOLAR_TERMS
from broadcaster.model.timetable import Schedule
from broadcaster.model.words import Sentence
from broadcaster.schedule import parse_schedule
from broadcaster.schedule.days import days
from broadcaster.schedule.keys import KEYS
from broadcaster.schedule.play import KINDS, source
from broadcaster.schedule.slots import MOST_SLOTS
from broadcaster.schedule.syntax import LONGEST_FILE
from broadcaster.schedule.table import MOST_IN_A_LIST

PAGE = (Path(__file__).parents[2] / "docs" / "schedule.md").read_text(encoding="utf-8")
CHINESE, ENGLISH = PAGE.split("\n---\n")
LANGUAGES = pytest.mark.parametrize("page", [CHINESE, ENGLISH], ids=["zh", "en"])
HEADINGS = {
    "amplifier": r"\[amplifier\.",
    "trigger": r"\[trigger\.",
    "profile": r"\[profile\.",
    "zone": r"\[zone\.",
    "output": r"\[output\.",
    "slot": r"\[\[slot",
}
SLOT = '[[slot]]\nid = "a"\nat = "07:30"\nplay = "next:study"\n'
KEY = '[trigger.x]\nscript = "emergency/flood"\ndevice = "USB Keypad"\nkey = "f1"\n'
HEADS = {
    "slot": SLOT,
    "output": "[output.main]\n",
    "zone": '[zone.all]\noutputs = ["main"]\n',
    "profile": "[profile.hill]\n",
    "amplifier": '[amplifier.main]\non = "a"\noff = "b"\n',
    "trigger": KEY,
    "trigger.within": f'{KEY}confirm = "twice"\n',
}
WITHOUT_A_VALUE = {"一定要写", "required", "不限", "any day", "照 `[sound]`", "that of `[sound]`"} | {
    "看 `kind`",
    "by `kind`",
    "全部输出",
    "every output",
    "全村",
    "the whole village",
    "它的名字",
    "its own name",
}


def section(page, heading):
    """The text below the first heading that begins so, up to the next heading."""
    found = re.search(rf"^##+ {heading}.*?$(.*?)(?=^##|\Z)", page, re.MULTILINE | re.DOTALL)
    assert found is not None, heading
    return found[1]


def rows(text):
    """The cells of each row of the tables in *text*, head and rule left out."""
    lines = [line for line in text.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def keys_of(page, table):
    return {cells[0].strip("` "): cells[1:] for cells in rows(section(page, HEADINGS.get(table, rf"\[{table}\]")))}


@LANGUAGES
@pytest.mark.parametrize("table", KEYS)
def test_every_key_that_the_parser_knows_is_explained_and_no_other(page, table):
    assert tuple(keys_of(page, table)) == KEYS[table]


@LANGUAGES
@pytest.mark.parametrize(("table", "key"), [(table, key) for table, keys in KEYS.items() for key in keys])
def test_every_default_is_the_true_one(page, table, key):
    default, may_be, meaning = keys_of(page, table)[key]

    assert may_be and meaning
    if default in WITHOUT_A_VALUE:
        return
    head = HEADS.get(f"{table}.{key}", HEADS.get(table, f"[{table}]\n"))
    parsed = parse_schedule(f"{head}{key} = {default.strip('`')}")
    assert parsed.complaints == ()
    assert parsed.schedule == (
        parse_schedule(head).schedule if table in ("slot", "amplifier", "trigger") else Schedule()
    )


@LANGUAGES
def test_every_example_can_be_used(page):
    examples = re.findall(r"^```toml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)

    assert len(examples) == 2
    for example in examples:
        assert parse_schedule(example).complaints == ()


@LANGUAGES
def test_the_full_example_has_every_table_and_every_key_of_a_slot(page):
    example = re.findall(r"^```toml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)[1]

    assert set(re.findall(r"^\[+(\w+)", example, re.MULTILINE)) == set(KEYS)

    assert re.findall(r"^(\w+) =", example.partition("[[slot]]")[2], re.MULTILINE) == list(KEYS["slot"])


@pytest.mark.parametrize(
    ("page", "heading"), [(CHINESE, "日子的写法"), (ENGLISH, "How to write days")], ids=["zh", "en"]
)
def test_every_way_of_writing_days_is_understood(page, heading):
    written = [text for cells in rows(section(page, heading)) for text in re.findall(r"`([^`]+)`", cells[0])]

    assert len(written) > 30
    for text in (*written, *SOLAR_TERMS):
        assert not isinstance(days(text), Sentence), text


@pytest.mark.parametrize(("page", "heading"), [(CHINESE, "播什么"), (ENGLISH, "What to play")], ids=["zh", "en"])
def test_every_kind_of_source_is_explained(page, heading):
    written = [cells[0].strip("`") for cells in rows(section(page, heading))]

    assert [text.partition(":")[0] for text in written] == list(KINDS)
    for text in written:
        assert not isinstance(source(text), Sentence)


@LANGUAGES
def test_the_limits_of_a_file_are_the_true_ones(page):
    for limit in (LONGEST_FILE, MOST_SLOTS, MOST_IN_A_LIST):
        assert f"{limit:,}" in page


RANGES = [
    ("voice", "rate", "60", "300", ""),
    *((table, "loudness_lufs", "-40", "-8", "") for table in ("sound", "profile")),
    *((table, "peak_dbtp", "-12", "-0.5", "") for table in ("sound", "profile")),
    *((table, "low_hz", "50", "800", "") for table in ("sound", "profile")),
    *((table, "high_hz", "2500", "20000", "") for table in ("sound", "profile")),
    *((table, "compression", "1", "10", "") for table in ("sound", "profile")),
    *((table, "pace", "50", "120", "") for table in ("sound", "profile")),
    *((table, "echo", "0s", "3s", '"') for table in ("sound", "profile")),
    ("output", "level_db", "-60", "12", ""),
    ("output", "emergency_level_db", "-20", "12", ""),
    ("page", "port", "1024", "65535", ""),
    ("amplifier", "lead", "0s", "60s", '"'),
    ("amplifier", "tail", "0s", "10m", '"'),
    ("amplifier", "longest", "1m", "24h", '"'),
    ("trigger", "repeat", "0", "100", ""),
    ("trigger", "hold", "1s", "10s", '"'),
    ("trigger", "within", "1s", "10s", '"'),
    ("slot", "repeat", "1", "10", ""),
    ("slot", "grace", "5s", "2h", '"'),
    ("sound", "amplifier_lead", "0s", "60s", '"'),
    *(("sound", key, "0s", "10s", '"') for key in ("lead_in", "tail")),
    *(
        (table, key, "0s", "10s", '"')
        for table in ("sound", "profile")
        for key in ("comma_pause", "name_pause", "sentence_pause", "repeat_pause")
    ),
]


@pytest.mark.parametrize(
    ("table", "key", "low", "high", "quote"), RANGES, ids=[f"{case[0]}.{case[1]}" for case in RANGES]
)
def test_every_range_is_the_true_one(table, key, low, high, quote):
    mark = "`" if quote else ""
    ends = [f"{mark}{quote}{end}{quote}{mark}" for end in (low, high)]
    head = HEADS.get(f"{table}.{key}", HEADS.get(table, f"[{table}]\n"))

    assert " 到 ".join(ends) in keys_of(CHINESE, table)[key][1]
    assert " to ".join(ends) in keys_of(ENGLISH, table)[key][1]
    for end in (low, high):
        assert parse_schedule(f"{head}{key} = {quote}{end}{quote}").complaints == ()
    (complaint,) = parse_schedule(f"{head}{key} = {quote}999999{'h' if quote else ''}{quote}").complaints
    assert low in complaint.what.zh and high in complaint.what.en
