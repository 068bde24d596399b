"""What is pasted along with a text: tags, stars, bullets, tables, emoji. It goes, and a person is told what went."""

from __future__ import annotations

import re
import unicodedata

from broadcaster.model.texts import DoubtKind
from broadcaster.model.words import Sentence
from broadcaster.render.normalize.draft import Said, Unsure, after, before, rule
from broadcaster.render.normalize.numbers import ordinal
from broadcaster.render.normalize.words import SURNAMES

HANZI = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"

SILENT = Sentence("这里有念不出来的符号，播出时不念。", "These signs cannot be said and will be left out.")
_HIDDEN = Sentence(
    "这里有看不见的控制字符，已经去掉。看看前后的字对不对。",
    "Invisible control characters stood here and were left out; look whether the words round them are right.",
)
_BLANK = Sentence(
    "这里像是没有填好的空，或者有意遮住的字。",
    "This looks like a blank that nobody filled, or like something masked on purpose.",
)
_EMOJI_SPARED = "→∶℃℉−≈≠≤≥±×÷√∞"
_EMOJI = "\u2100-\u214f\u2190-\u2bff\u3012\u3020\u303f\ufe00-\ufe0f\U0001f000-\U0001faff\U000e0000-\U000e007f"
_HIDES = "\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffd\ufff9-\ufffc\ue000-\uf8ff"


def _left_out(match: re.Match[str]) -> Said:
    return Unsure(reading="", why=SILENT, kind=DoubtKind.DROPPED)


def _broken(match: re.Match[str]) -> Said:
    return Unsure(reading="\n", why=SILENT, kind=DoubtKind.DROPPED)


def _spaced(match: re.Match[str]) -> Said:
    return Unsure(reading=" ", why=SILENT, kind=DoubtKind.DROPPED)


def _inner(match: re.Match[str]) -> Said:
    """What stands between two pieces of markup."""
    return Unsure(reading=match[1], why=SILENT, kind=DoubtKind.DROPPED)


def _hidden(match: re.Match[str]) -> Said:
    return Unsure(reading="", why=_HIDDEN, kind=DoubtKind.DROPPED)


def _masked_name(match: re.Match[str]) -> Said:
    return Unsure(reading="某" * len(match[0]), why=_BLANK, kind=DoubtKind.DROPPED)


def _masked_digits(match: re.Match[str]) -> Said:
    return Unsure(reading="，尾号", why=_BLANK, kind=DoubtKind.DROPPED)


def crosses(match: re.Match[str]) -> Said:
    return Unsure(reading="某" * min(len(match[0]), 3), why=_BLANK, kind=DoubtKind.DROPPED)


def _unfilled(match: re.Match[str]) -> Said:
    return Unsure(reading="，", why=_BLANK, kind=DoubtKind.DROPPED)


def _circled(match: re.Match[str]) -> str:
    """① as a number of its own, or as the head of an item."""
    value = ordinal(str(int(unicodedata.numeric(match[0]))))
    if re.match(r"[号组组队楼层栋班区类级月日和与、或至到~-]|$", after(match, 1)) or before(match, 1) in tuple(
        "图表第题选注项条"
    ):
        return value
    return f"，{value}、"


_VULGAR = "½¼¾⅓⅔⅕⅖⅗⅘⅙⅛"
_PARTS = "二分之一 四分之一 四分之三 三分之一 三分之二 五分之一 五分之二 五分之三 五分之四 六分之一 八分之一".split()  # noqa: SIM905


def _vulgar(match: re.Match[str]) -> str:
    part = _PARTS[_VULGAR.index(match[2])]
    return f"{ordinal(match[1])}又{part}" if match[1] else part


_CIRCLED = "①-⑳⑴-⒇⒈-⒛㉑-㉟㊱-㊿㈠-㈩㊀-㊉❶-❿➀-➓⓫-⓾"

_APART = r"(?<![\d.])(?<!\d,)"
"""Not within a number; a comma after a name parts, it does not join: 李秀英,38,650分."""

RULES = (
    rule("hidden characters", f"[{_HIDES}]+", _hidden, needs=""),
    rule("spaces", r"[ \t]{2,}|\t", lambda m: "，" if "\t" in m[0] else " ", needs="\t "),
    rule("blank lines", r" ?\n[ \n]*", "\n", needs="\n"),
    rule("comment", r"<!--[^>]{0,300}-->", _left_out, needs="<"),
    rule("line break tag", r"</?(?:br|p|div|li|tr|h[1-6])(?: [^<>\n]{0,200})?/?>", _broken, needs="<"),
    rule("tag", r"</?[A-Za-z][A-Za-z0-9]{0,20}(?:[ ][^<>\n]{0,200})?/?>", _left_out, needs="<"),
    rule("entity", r"&(?:nbsp|amp|lt|gt|quot|ldquo|rdquo|hellip|#\d{1,5});", _spaced, needs="&"),
    rule("link", r"!?\[([^\[\]\n]{0,100})\]\((?:https?:|/|www)[^()\s]{0,300}\)", _inner, needs="["),
    rule("code fence", r"^'{3}\w{0,20}$|'{3}", _left_out, needs="'"),
    rule("heading", r"^ ?#{1,6} ", _left_out, needs="#"),
    rule("table rule", r"^[ |]*:?-{2,}:?[-|: ]{0,200}$", _left_out, needs="-"),
    rule("line drawn", r"^ ?([-=*_#~+·])\1{2,} ?$", _left_out, needs="-=*_#~+·"),
    rule("bullet", rf"^ ?(?:[-*+·>] |[·*] ?(?=[{HANZI}]))", _left_out, needs="-*+·>"),
    rule("masked number", r"(?<=\d)[*xX×]{2,12}(?=\d)", _masked_digits, needs="*xX×"),
    rule(
        "masked name",
        rf"(?<=^[{SURNAMES}])\*{{1,2}}|(?<=[、，：: “和及][{SURNAMES}])[*×]{{1,2}}|(?<=[{SURNAMES}])\*(?=[{HANZI}])",
        _masked_name,
        needs="*×",
    ),
    rule("emphasis", r"(?:\*\*|~~|__)(?=\S)([^*_~\n]{1,200})(?<=\S)(?:\*\*|~~|__)", _inner, needs="*_~"),
    rule("light emphasis", r"(?<![\w*])\*(?=\S)([^*\n]{1,200})(?<=\S)\*(?![\w*])", _inner, needs="*"),
    rule(
        "crosses",
        r"(?<![A-Za-z0-9零一二三四五六七八九十百千万亿])(?:×{2,6}|×(?=[年月日时点分村县镇乡市省组号先女同某]))(?![A-Za-z0-9零一二三四五六七八九十百千万亿])",
        crosses,
        needs="×",
    ),
    rule("unfilled blank", r"_{2,}", _unfilled, needs="_"),
    rule("hashtag", r"(?<!\d)#([^#\n\d][^#\n]{0,40})#", _inner, needs="#"),
    rule("arrow", r"-{1,3}>|={1,3}>", "→", needs=">"),
    rule("circled number", f"[{_CIRCLED}]", _circled, needs=""),
    rule("written fraction", f"({chr(92)}d{{1,4}})?([{_VULGAR}])", _vulgar, needs=_VULGAR),
    rule("emoji", f"(?:(?![{_EMOJI_SPARED}{_CIRCLED}])[{_EMOJI}])+", _left_out, needs=""),
    rule("table cell", r" ?\|+ ?", "，", needs="|"),
    rule("point without a nought", r"(?<![\dA-Za-z.])\.(?=\d)", "0.", needs="."),
    rule("numeral before a number", r"(?<=[一二三四五六七八九]) ?(?=\d)", "，"),
    rule(
        "thousands comma",
        rf"{_APART}\d{{1,3}}(?:,\d{{3}})+(?![\d,])|{_APART}\d{{1,3}}(?:,\d{{4}})+(?![\d,年])",
        lambda m: _joined(m),
        needs=",",
    ),
    rule("wide colon", r"(?<=\d)：(?=\d)", ":", needs="："),
)
"""In this order; the last two make numbers whole before anything reads them."""


def _joined(match: re.Match[str]) -> Said:
    """1,234 is one number; 110,120,119 are three to be dialled."""
    groups = match[0].split(",")
    if all(group in ("110", "119", "120", "122", "114") for group in groups):
        return "、".join(groups)
    return "".join(groups)
