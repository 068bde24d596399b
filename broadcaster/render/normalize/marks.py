"""Punctuation → the few marks at which a voice pauses; what cannot be spoken goes, and a person is told."""

from __future__ import annotations

import re

from broadcaster.model.texts import DoubtKind
from broadcaster.model.words import Sentence
from broadcaster.render.normalize.draft import Said, Unsure, after, before, rule
from broadcaster.render.normalize.markup import HANZI, SILENT, crosses

PAUSES = "，、；：。！？\n"
"""Marks in a spoken text at which a voice pauses."""
QUOTES = "“”《》"
"""Marks that stay for the reader's eye and are never spoken."""

_WIDE = {",": "，", ";": "；", ":": "：", "!": "！", "?": "？"}
_SAID = f"{HANZI}A-Za-z"
_FOREIGN = Sentence("这里不是汉字，喇叭念不了，播出时不念。", "These are no Chinese characters; they will be left out.")


def _foreign(match: re.Match[str]) -> Said:
    return Unsure(reading="", why=_FOREIGN, kind=DoubtKind.DROPPED)


def _sign(match: re.Match[str]) -> Said:
    """A sign that no rule understood, between words a short pause."""
    between = re.search(f"[{_SAID}]$", before(match, 1)) and re.match(f"[{HANZI}]", after(match, 1))
    return Unsure(reading="，" if between else "", why=SILENT, kind=DoubtKind.DROPPED)


def _link(match: re.Match[str]) -> Said:
    """周一-周五 and 大营—小营 are 到; other strokes between words are a pause."""
    follows, near = after(match, 6), before(match, 6)
    if re.match("[A-Z]", follows) and not re.search("[零一二三四五六七八九十百千万]$", near):
        return "" if re.search("[A-Za-z]$", near) else "，"
    until = re.search(
        r"[日号月年点分时整天周]$|(?:周|星期|礼拜)[一二三四五六日天]$|[零一二三四五六七八九十百千万]$|[A-Za-z]$", near
    )
    if match[0].strip() != "-":
        return "到"
    if until and re.match(r"[一二两三四五六七八九十零次当周星礼凌上下今明后A-Z]", follows):
        return "到"
    place = re.search("[村镇站市县路屯庄口州京海沟堡桥]$|沈阳$|大连$", near) and re.match(
        rf"[{HANZI}]{{1,4}}(?:[村镇站市县路屯庄口州京海沟堡桥阳连])", follows
    )
    return "到" if place else "，"


def _one_mark(match: re.Match[str]) -> str:
    """Of several marks in a row the one with the longest pause, and no quotes round nothing."""
    quotes: list[str] = []
    for mark in match[0]:
        if mark in "”》" and quotes and quotes[-1] in "“《":
            quotes.pop()
        elif mark in QUOTES:
            quotes.append(mark)
    closing = "".join(quote for quote in quotes if quote in "”》")
    opening = "".join(quote for quote in quotes if quote in "“《")
    inside, _, outside = match[0].partition(closing[0]) if closing else ("", "", match[0])
    if any(mark in "。！？" for mark in inside):
        line = "\n" if "\n" in match[0] else ""
        return _longest(inside.replace("\n", "")) + closing + line + opening
    return closing + _longest(outside + ("\n" if "\n" in inside else "")) + opening


def _longest(run: str) -> str:
    line = "\n" if "\n" in run else ""
    for marks in ("。！？", "；", "："):
        ends = [mark for mark in run if mark in marks]
        if ends:
            return ends[0] + line
    return line or next((mark for mark in run if mark in PAUSES), "")


def _dots(match: re.Match[str]) -> str:
    return "，" if re.match(f"[{_SAID}“《]", after(match, 1)) else "。"


RULES = (
    rule("straight quotes", r'"([^"\n]{0,300})"', lambda m: f"“{m[1]}”", needs='"'),
    rule("other quotes", r"[「『‘]", "“", needs="「『‘"),
    rule("other quotes, end", r"[」』]", "”", needs="」』"),
    rule("titles", r"[〈<«]([^<>〈〉«»\n]{1,60})[〉>»]", lambda m: f"《{m[1]}》", needs="〈<«"),
    rule(
        "brackets round a number",
        r"[(（\[【〔]((?=[零一二三四五六七八九十月日]{1,40}[年至])[零一二三四五六七八九十年月日至]{2,40})[)）\]】〕]",
        lambda m: m[1],
        needs="(（[【〔",
    ),
    rule("brackets", r" ?[(（\[【〔{)）\]】〕}] ?", "，", needs="(（[【〔{)）]】〕}"),
    rule("and", r" ?& ?", "和", needs="&"),
    rule("and or", r"和/或", "和或", needs="/"),
    rule("choice", rf"(?<=[{_SAID}])[/\\](?=[{HANZI}])|(?<=[{HANZI}])[/\\](?=[A-Za-z])", "、", needs="/\\"),
    rule("initials", r"(?<=[A-Za-z])[./](?=[A-Za-z])", "", needs="./"),
    rule("dots", r"\.{2,}|…+|。{2,}|·{3,}", _dots, needs=".…。·"),
    rule("full stop", rf"(?<=[{_SAID}”》])\.(?![0-9A-Za-z])", "。", needs="."),
    rule("wide marks", r"[,;:!?]", lambda m: _WIDE[m[0]], needs=",;:!?"),
    rule("stroke between words", rf"(?<=[{_SAID}”》]) ?(?:-|—|~) ?(?=[{HANZI}“《A-Z])", _link, needs="-—~"),
    rule("dash", r" ?(?:—+|-{2,}) ?", "，", needs="—-"),
    rule("silent marks", r"[·'’^~|\\-]", "", needs="·'’^~|\\-"),
    rule("foreign script", rf"(?:(?![{_SAID}])[^\W\d_])+", _foreign, needs=""),
    rule("other signs", rf"[^{_SAID}\s{PAUSES}{QUOTES}]+", _sign, needs=""),
    rule(
        "space by hanzi",
        rf"(?<=[{HANZI}{PAUSES}{QUOTES}]) +| +(?=[{HANZI}{PAUSES}{QUOTES}]|$)|^ +|(?<= ) +",
        "",
        needs=" ",
    ),
    rule("crosses of letters", r"(?<![A-Za-z])[xX]{2,6}(?![A-Za-z])", crosses, needs="xX"),
    rule("marks in a row", rf"[{PAUSES}{QUOTES}]{{2,}}", _one_mark, needs=""),
    rule("marks at the ends", r"\A[，、；：。！？\n]+|[，、；：\n]+\Z", "", needs=""),
)
