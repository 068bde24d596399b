"""Text as it comes out of WeChat, Word and web pages."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadcaster.model.words import Sentence
from broadcaster.scripts.pasting import clean


@pytest.mark.parametrize(
    ("pasted", "words"),
    [
        ("今天　停水", "今天停水"),
        ("下午２：３０到Ａ座", "下午2：30到A座"),
        ("好的😀👍🏽[微笑][强]❤️", "好的"),
        ("零\u200b宽\ufeff字\u00ad符", "零宽字符"),
        ("<p>第一段</p><p>第二段<br>换行</p>", "第一段\n第二段\n换行"),
        ("<scr<b>ipt>x</scr</b>ipt>好", "好"),
        ("<style>p{color:red}</style><!-- x -->好&nbsp;的&amp;好", "好的&好"),
        ("● 第一条\n• 第二条", "第一条\n第二条"),
        ("一\n\n\n\n二", "一\n\n二"),
        ("{{ today }}，{% if x < 3 and y > 2 %}好{% endif %}", "{{ today }}，{% if x < 3 and y > 2 %}好{% endif %}"),
        ("a < b 和 c > d", "a < b 和 c > d"),
        ("Happy New Year", "Happy New Year"),
        ("[今天下午两点]开会", "[今天下午两点]开会"),
    ],
)
def test_what_cannot_be_spoken_is_taken_out_and_nothing_else(pasted, words):
    assert clean(pasted).text == words


def test_what_was_taken_out_is_said():
    assert clean("好　的😀").changes == (
        Sentence("去掉了 1 个表情和图案", "1 emoji and sign(s) were taken out"),
        Sentence("去掉了 2 处多余的空格", "2 needless space(s) were taken out"),
    )
    assert clean("好的。").changes == ()


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from("好a1 \n　<>/p&;#x6c0😀[]微笑●\u200b２{}%"), max_size=60))
def test_cleaning_twice_changes_nothing_more(text):
    once = clean(text).text

    assert clean(once).text == once
