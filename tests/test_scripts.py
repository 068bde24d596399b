"""From the bytes of a script to the words that are spoken."""

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadcaster.errors import ScriptUnusable
from broadcaster.model.texts import MAX_TEXT_CHARACTERS, Script, ScriptName
from broadcaster.model.words import Severity
from broadcaster.scripts import blanks_of, expired, fill, parse_script

FILE = "scripts/study/010-salt.txt"
NAME = ScriptName("study/010-salt")
SALT = """+++
title = "少吃盐"
kind = "study"
author = "李会计"
expires = 2026-12-03
voice = "mei"
+++
乡亲们，少吃盐。
"""


@dataclass(frozen=True)
class Someone:
    name: str
    points: int = 41200


TEMPLATE_PIECES = [
    *("{{", "}}", "{%", "%}", "{#", "#}", "if", "for", "in", "else", "endif", "endfor", "top", "x", "names"),
    *("|", "(", ")", "[", "]", ".", "'", "=", "1", "-", "*", "**", "盐", "__class__", "+++\n", "\n"),
]
TOP = [Someone("单丽"), Someone("解明"), Someone("查红")]


def parsed(data, name=NAME):
    return parse_script(name, data if isinstance(data, bytes) else data.encode(), file=FILE)


def script_of(body):
    script, complaints = parsed(body)
    assert script is not None, complaints
    return script


def only_complaint(data, name=NAME):
    _, (complaint,) = parsed(data, name)
    return complaint


def filled(body, **facts):
    return fill(script_of(body), facts).text


def reason(body, **facts):
    with pytest.raises(ScriptUnusable) as caught:
        filled(body, **facts)
    return caught.value.sentence


# --- reading --------------------------------------------------------------------------------------------------


def test_a_script_has_a_header_and_words():
    script, complaints = parsed(SALT)

    assert complaints == ()
    assert script == Script(
        name=NAME,
        title="少吃盐",
        body="乡亲们，少吃盐。",
        voice="mei",
        author="李会计",
        expires=date(2026, 12, 3),
        blanks=frozenset(),
    )


@pytest.mark.parametrize(
    "data",
    [
        SALT.encode("utf-8-sig"),
        SALT.encode("gb18030"),
        SALT.replace("\n", "\r\n").encode(),
        b"\xff\xfe" + SALT.encode("utf-16-le"),
        b"\xfe\xff" + SALT.encode("utf-16-be"),
    ],
    ids=["utf-8 with mark", "gb18030", "windows lines", "utf-16 le", "utf-16 be"],
)
def test_it_does_not_matter_which_editor_saved_it(data):
    assert parsed(data) == parsed(SALT)


def test_without_a_header_the_title_is_the_name_of_the_file():
    assert script_of("乡亲们，少吃盐。").title == "010-salt"


def test_an_unknown_key_is_a_warning_with_a_suggestion():
    script, (complaint,) = parsed('+++\ntitel = "少吃盐"\n+++\n字。')

    assert script is not None
    assert complaint.severity is Severity.WARNING
    assert (complaint.file, complaint.path) == (FILE, "titel")
    assert complaint.what.zh == (
        "没有叫 'titel' 的说明。是不是 'title'？能写的有：title、kind、voice、recording、expires、author。"
    )
    assert complaint.what.en == (
        "there is no key called 'titel'. Did you mean 'title'? Known: title, kind, voice, recording, expires, author."
    )


def test_a_script_may_have_a_recording_that_is_played_instead():
    script = script_of('+++\nrecording = "cunzhang.m4a"\n+++\n乡亲们，少吃盐。')

    assert script.recording == "cunzhang.m4a"
    assert fill(script, {}).recording == "cunzhang.m4a"


@pytest.mark.parametrize("file", ["../own.wav", "/etc/passwd", "a\\b.wav", "C:x.wav", ".hidden"])
def test_a_recording_is_a_file_name_and_no_path(file):
    script, (complaint,) = parsed(f"+++\nrecording = '{file}'\n+++\n字。")

    assert script.recording == ""
    assert (complaint.path, complaint.severity) == ("recording", Severity.WARNING)
    assert complaint.what.zh == (
        f"'{file}' 不是文件名。只写 audio/recordings/ 里的文件名，不写路径，例如 'cunzhang.m4a'。"
        "现在先由合成的声音来念。"
    )
    assert complaint.what.en == (
        f"'{file}' is not a file name. Write only the name of a file in audio/recordings/, no path, "
        "for example 'cunzhang.m4a'. Until then a voice speaks."
    )


def test_a_kind_must_be_that_of_its_folder():
    script, (complaint,) = parsed('+++\nkind = "policy"\n+++\n字。')

    assert script is None
    assert complaint.path == "kind"
    assert complaint.what.zh == (
        "写的是 'policy'，文件却在 'study' 文件夹里。请改成 'study'，或者把文件移到 'policy'。"
    )
    assert complaint.what.en == (
        "it says 'policy', but the file is in the folder 'study'. Write 'study', or move the file to 'policy'."
    )


def test_a_folder_of_the_owners_own_may_hold_any_known_kind():
    assert parsed('+++\nkind = "policy"\n+++\n字。', ScriptName("season/010-seeds"))[1] == ()
    assert only_complaint('+++\nkind = "polcy"\n+++\n字。', ScriptName("season/010-seeds")).what.zh == (
        "没有叫 'polcy' 的类别。是不是 'policy'？能写的有：study、policy、leaderboard、notice、emergency、season。"
    )


def test_control_characters_are_left_out_with_a_warning():
    script, (complaint,) = parsed("少吃\x00盐\x07。\u202e")

    assert script.body == "少吃盐。"
    assert complaint.severity is Severity.WARNING
    assert complaint.what.zh == "里面有 3 个看不见的控制字符，已经去掉。"


@pytest.mark.parametrize("length", [MAX_TEXT_CHARACTERS + 1, 200_000])
def test_a_text_that_would_never_end_is_refused(length):
    script, (complaint,) = parsed("盐" * length)

    assert script is None
    assert complaint.what.zh == f"正文有 {length} 个字，最多 5000 个。请分成几篇。"


def test_the_longest_allowed_text_is_read():
    assert len(script_of("盐" * MAX_TEXT_CHARACTERS).body) == MAX_TEXT_CHARACTERS


@pytest.mark.parametrize(
    ("data", "zh"),
    [
        ("", "文件里没有字。"),
        (" \n\t\n", "文件里没有字。"),
        ('+++\ntitle = "盐"\n+++\n', "只有开头的说明，没有要念的话。请写在第二行 +++ 的下面。"),
        ('+++\ntitle = "盐"\n字。', "开头的说明没有结束：少了第二行 +++。"),
        (
            b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00",
            "这不是文本文件，或者编码认不出来。请在记事本里另存为 UTF-8 编码的 .txt 文件。",
        ),
        ("+++\nexpires = 20261203\n+++\n字。", "'20261203' 不是日期。请写成年-月-日，比如 2026-12-03。"),
        ('+++\nexpires = "下周"\n+++\n字。', "'下周' 不是日期。请写成年-月-日，比如 2026-12-03。"),
        ("+++\ntitle = 5\n+++\n字。", "'5' 不是文字。请加上引号，比如 title = \"…\"。"),
    ],
)
def test_what_cannot_be_said_is_refused_in_words(data, zh):
    script, (complaint,) = parsed(data)

    assert script is None
    assert complaint.severity is Severity.ERROR
    assert complaint.what.zh == zh


def test_a_broken_header_names_the_line():
    assert only_complaint("+++\ntitle = “盐”\n+++\n字。").what.zh == (
        "开头的说明写得不对（Invalid value (at line 1, column 9)，从 +++ 的下一行数起）。"
        '每行写成：title = "题目"，引号用英文的。'
    )


@pytest.mark.parametrize("header", ["a = " + "[" * 3900, "a = " + "9" * 3900, "x" * 5000, "expires = 2026-13-45"])
def test_a_malicious_header_is_only_a_complaint(header):
    script, complaints = parsed(f"+++\n{header}\n+++\n字。")

    assert all(complaint.path in ("", "a") for complaint in complaints)
    assert (script is None) == any(complaint.severity is Severity.ERROR for complaint in complaints)


def test_a_text_may_be_given_a_date_in_quotes():
    assert parsed('+++\nexpires = "2026-12-03"\n+++\n字。')[0].expires == date(2026, 12, 3)


def test_a_script_is_said_on_its_last_day_and_not_after():
    script, _ = parsed(SALT)

    assert not expired(script, date(2026, 12, 3))
    assert expired(script, date(2026, 12, 4))
    assert not expired(script_of("字。"), date.max)


def test_a_blank_that_no_day_offers_is_a_warning_with_a_suggestion():
    script, (complaint,) = parsed("今天是{{ todya }}。")

    assert script is not None
    assert complaint.severity is Severity.WARNING
    assert complaint.what.en.startswith(
        "there is no blank called 'todya'. Did you mean 'today'? Known: station, today,"
    )


@settings(deadline=None, max_examples=200)
@given(data=st.binary(max_size=400) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_no_bytes_raise_and_a_script_means_no_error(data):
    script, complaints = parsed(data)

    assert (script is None) == any(complaint.severity is Severity.ERROR for complaint in complaints)


@settings(deadline=None, max_examples=200)
@given(
    pieces=st.lists(
        st.sampled_from(TEMPLATE_PIECES),
        max_size=25,
    )
)
def test_no_template_raises_anything_but_its_own_error(pieces):
    script, _ = parsed("盐" + " ".join(pieces))
    if script is not None:
        try:
            fill(script, {"top": TOP, "x": 3, "names": "a", "in": 1})
        except ScriptUnusable as error:
            assert error.sentence.zh.startswith("稿件 'study/010-salt' ")


# --- which blanks are needed ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "needed"),
    [
        ("没有空。", set()),
        ("{{ today }}，{{ weekday }}。", {"today", "weekday"}),
        ("{{ today }}{% if solar_term %}，{{ solar_term }}{% endif %}。", {"today"}),
        ("{% if festival %}{{ festival }}{% else %}{{ today }}{% endif %}", {"today"}),
        ("{% if not festival %}{{ today }}{% else %}{{ festival }}{% endif %}", {"today"}),
        ("{% if festival is defined %}{{ festival }}{% endif %}。", set()),
        ("{% if festival and solar_term %}{{ festival }}{{ solar_term }}{% endif %}。", set()),
        ("{% if festival or solar_term %}{{ festival }}{% endif %}。", {"festival"}),
        ("{% if festival %}好。{% endif %}{{ festival }}", {"festival"}),
        ("{% if average > 3 %}好。{% endif %}", {"average"}),
        ("{% if top and top[0].points > 3 %}好。{% endif %}", set()),
        ("{% if a %}1{% elif b %}{{ a }}{{ b }}{% endif %}", {"a"}),
        ("{% for one in top %}{{ one.name }}{{ loop.index }}{% endfor %}", {"top"}),
        ("{% for one in top %}{{ one.name }}{% endfor %}{{ one.name }}", {"top", "one"}),
        ("{% if top %}{% for one in top %}{{ as_of }}{% endfor %}{% endif %}", {"as_of"}),
    ],
)
def test_a_blank_is_needed_unless_a_question_has_made_sure_of_it(body, needed):
    assert blanks_of(body) == needed


@settings(deadline=None)
@given(
    body=st.lists(
        st.sampled_from(
            ["{{ a }}", "{% if a %}{{ a }}{% endif %}", "{% if not b %}{{ a }}{% endif %}", "{{ b }}", "盐"]
        ),
        min_size=1,
        max_size=6,
    ).map(lambda pieces: "盐" + "".join(pieces))
)
def test_a_script_whose_blanks_are_all_there_can_be_filled(body):
    needed = blanks_of(body)

    assert fill(script_of(body), dict.fromkeys(needed, "好")).text


# --- filling --------------------------------------------------------------------------------------------------


def test_a_filled_script_is_an_announcement():
    script, _ = parsed('+++\ntitle = "开会"\nvoice = "mei"\n+++\n今天是{{ today }}。')

    announcement = fill(script, {"today": date(2026, 11, 24)})

    assert announcement.text == "今天是2026年11月24日。"
    assert (announcement.script, announcement.title, announcement.voice) == (NAME, "开会", "mei")


def test_an_optional_blank_is_left_out_on_days_that_have_none():
    body = "今天是{{ today }}{% if solar_term %}，{{ solar_term }}{% endif %}。"

    assert filled(body, today="今天", solar_term="小雪") == "今天是今天，小雪。"
    assert filled(body, today="今天") == "今天是今天。"
    assert filled(body, today="今天", solar_term="") == "今天是今天。"
    assert filled(body, today="今天", solar_term=None) == "今天是今天。"


def test_people_are_gone_through_one_by_one():
    body = "{% for one in top %}第{{ loop.index }}位，{{ one.name }}，{{ one.points | number }}分。\n{% endfor %}祝贺。"

    assert filled(body, top=TOP[:2]) == "第1位，单丽，41200分。\n第2位，解明，41200分。\n祝贺。"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("{{ top | names }}", "单丽、解明、查红"),
        ("{{ top | first(2) | names }}", "单丽、解明"),
        ("{{ top[:1] | names }}", "单丽"),
        ("{{ top | count }}", "3"),
        ("{{ top[0].name }}", "单丽"),
        ("{{ 12.50 | number }}", "12.5"),
        ("{{ 41200.0 | number }}", "41200"),
        ("{{ 2 * 3 + 1 - 2 }}", "5"),
        ("{% if 3 > 2 and not 1 > 2 %}对{% else %}错{% endif %}", "对"),
        ("{# 说明 #}字", "字"),
        ("第一行\n\n  {% if top %}\n第二行\n{% endif %}\n", "第一行\n第二行"),
    ],
)
def test_what_templates_can_do(body, text):
    assert filled(body, top=TOP) == text


def test_a_missing_fact_names_itself():
    assert reason("{{ festival }}快乐。").zh == (
        "稿件 'study/010-salt' 需要 'festival'（当天的节日），今天没有。只有有的日子才念的话，请放进 {% if … %} 里。"
    )


def test_a_fact_without_words_is_missing():
    assert "需要 'festival'" in reason("{{ festival }}快乐。", festival="").zh


def test_a_leaderboard_without_points_says_so():
    sentence = reason("{{ top10 | names }}", today="今天")

    assert sentence.zh == (
        "稿件 'study/010-salt' 需要 'top10'（积分前十名），还没有导入积分。请先用 dalaba points 导入积分表。"
    )
    assert sentence.en == (
        "script 'study/010-salt' needs 'top10' (the first ten in points): "
        "no points were imported yet. Import a sheet with dalaba points first."
    )


def test_a_leaderboard_that_nobody_agreed_to_says_so():
    assert reason("{{ top10 | names }}", people_count=120).zh == (
        "稿件 'study/010-salt' 需要 'top10'（积分前十名），现在说不出来：同意点名的人不够，或者没有一个星期以前的积分。"
    )


@pytest.mark.parametrize(
    ("body", "zh"),
    [
        ("{{ top }}", "名单要写成 {{ top | names }} 才能念。"),
        ("{{ top[7].name }}", "里面没有 '7' 这一项。"),
        ("{{ top[0].nmae }}", "里面没有 'nmae' 这一项。"),
        ("{{ top.count }}", "里面没有 'count' 这一项。"),
        ("{{ word.upper }}", "里面没有 'upper' 这一项。"),
        ("{{ 'a' * 1000000000 }}", "'*' 只能用来算数。"),
        ("{{ word + word }}", "'+' 只能用来算数。"),
        ("{{ 1000000 * 1000000 }}", "算出来的数太大。"),
        ("{{ word | names }}", "names 的前面要是名单。"),
        ("{{ top | first }}", "first 要这样写：top | first(3)。"),
        ("{{ word | number }}", "number 的前面要是数。"),
        ("{% for one in word %}{{ one }}{% endfor %}", "只有名单能用 for 念一遍。"),
        ("{% if gone %}字{% endif %}", "填好以后没有一个字要念。"),
        ("{% for a in top %}{{ long }}{{ long }}{{ long }}{% endfor %}", "填好以后超过 5000 个字。"),
        ("{% for a in many %}{% for b in many %}{% endfor %}{% endfor %}字", "循环转了超过 20000 圈。"),
    ],
)
def test_what_cannot_be_filled_is_a_reason(body, zh):
    facts = {"top": TOP, "word": "盐", "long": "盐" * 1000, "many": list(range(2000))}

    assert reason(body, **facts).zh == f"稿件 'study/010-salt' 填不出来：{zh}"


@pytest.mark.parametrize(
    "body",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ top['__class__']() }}",
        "{{ _steps }}",
        "{{ range(1000000000) }}",
        "{% for x in range(9) %}字{% endfor %}",
        "{{ 'a' * 10 ** 9 }}",
        "{{ '%1000000000d' % 5 }}",
        "{{ 'a' ~ 'b' }}",
        "{{ top | map('upper') }}",
        "{{ top | first(top) }}",
        "{{ top | _counted }}",
        "{% set x = 1 %}",
        "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
        "{% include '/etc/passwd' %}",
        "{% import 'os' as os %}",
        "{% extends 'x' %}",
        "{% block a %}字{% endblock %}",
        "{% for a in top recursive %}{{ loop(top) }}{% endfor %}",
        "{% for a in top %}{% for b in top %}{% for c in top %}字{% endfor %}{% endfor %}{% endfor %}",
        "{% for a, b in top %}字{% endfor %}",
        "{% for a in 'aaaa' %}字{% endfor %}",
        "{% for a in [1, 2] %}字{% endfor %}",
        "{{ " + "(" * 900 + "1" + ")" * 900 + " }}",
        "{% if a %}" * 200 + "字" + "{% endif %}" * 200,
        "{{ " + "9" * 4900 + " }}",
        "{{ " + "-" * 4000 + "1 }}",
        "{{ today",
        "{% if today %}字",
        "{% while true %}{% endwhile %}",
    ],
)
def test_a_script_can_do_nothing_else(body):
    script, complaints = parsed(body)

    assert script is None
    assert all(complaint.what.zh.startswith("正文第 ") for complaint in complaints)


def test_loop_parts_beyond_the_simple_ones_are_out_of_reach():
    assert "里面没有 'cycle' 这一项。" in reason("{% for a in top %}{{ loop.cycle }}{% endfor %}", top=TOP).zh


def test_a_fact_that_is_no_fact_is_our_own_mistake():
    with pytest.raises(TypeError):
        filled("{{ a }}", a=object())


def test_text_among_the_facts_is_never_taken_for_a_template():
    assert filled("{{ name }}", name="{{ 7 * 7 }}") == "{{ 7 * 7 }}"
