"""Times of day and lengths of time: 8:30, 8:00—11:30, 2:30 pm, 14时05分, 3′20″."""

from __future__ import annotations

import re

from broadcaster.render.normalize.draft import Said, after, before, rule
from broadcaster.render.normalize.numbers import ordinal

_CLOCK = r"(?:2[0-4]|[01]?\d):[0-5]\d(?::[0-5]\d)?"
_HALF = r"(?: ?([AaPp])\.?[Mm](?:\.(?=[^。]|$))?(?![A-Za-z]))?"

_RATIO_NEAR = re.compile(
    r"(?:比分|比例|配比|战胜|击败|[战打踢]成|[领落]先?后|稀释|兑|混合|投票|赔率|大胜|险胜|不敌|局)[^，,]{0,12}$|比分.*$"
    r"|\d{1,2}:\d[、，,](?:\d{1,2}:\d{1,2}[、，,]){0,6}$"
    r"|(?:以|按|比分)(?:\d{1,3}:\d{1,3}[、，,])+$|(?:[^准]以|^以|按|胜|负|平|队|比|爆冷) ?$"
)
_RATIO_AFTER = re.compile(
    r" ?(?:战胜|击败|获胜|取胜|[胜负]|领先|落后|战平|逼平|险胜|大胜|惜败|的?(?:比[分例率]|优势)|稀释|兑|混合|配)"
)
_TIME_AFTER = re.compile(r"[前后起到至准开]|为准")


def is_ratio(match: re.Match[str]) -> bool:
    """Whether the words round a colon speak of a score or a mixture and not of the time."""
    if _RATIO_AFTER.match(after(match)):
        return True
    return _RATIO_NEAR.search(before(match, 40)) is not None and not _TIME_AFTER.match(after(match))


def clock(text: str) -> str:
    """``9:05`` → 九点零五分, ``14:00`` → 十四点; two o'clock is 两点."""
    hour, minute, *second = text.split(":")
    said = ("两" if int(hour) == 2 else ordinal(hour)) + "点"
    if int(minute) or any(map(int, second)):
        said += _padded(minute) + "分"
    if second and int(second[0]):
        said += _padded(second[0]) + "秒"
    return said


def _padded(digits: str) -> str:
    """Minutes and seconds: ``05`` → 零五, ``10`` → 十."""
    return ("零" if digits[0] == "0" and digits != "00" else "") + ordinal(digits)


def _time(match: re.Match[str]) -> Said:
    text = match[1]
    if text.count(":") == 1 and is_ratio(match):
        return None
    if text.startswith("24") and text[3:5] != "00":
        return None
    return {"a": "上午", "p": "下午"}.get((match[2] or "").lower(), "") + clock(text)


def _hour_half(match: re.Match[str]) -> str:
    return ("上午" if match[2] in "aA" else "下午") + clock(f"{match[1]}:00")


def _arc(match: re.Match[str]) -> str:
    degrees, minutes, seconds = match.groups()
    said = f"{ordinal(degrees)}度" if degrees else ""
    return said + f"{_padded(minutes)}分" + (f"{_padded(seconds)}秒" if seconds else "")


RULES = (
    rule(
        "span of times",
        rf"(?<![\d:])({_CLOCK})时? ?(?:-{{1,2}}|—{{1,2}}|~|至|到) ?({_CLOCK})(?:时(?![间段候长]))?(?![\d:])",
        lambda m: f"{clock(m[1])}到{clock(m[2])}",
        needs=":",
    ),
    rule("time", rf"(?<![\d:.])({_CLOCK})(?![\d:])(?:时(?![间段候长]))?{_HALF}", _time, needs=":"),
    rule("hour with am or pm", r"(?<![\d:.])(1[0-2]|[1-9]) ?([AaPp])\.?[Mm]\.?(?![A-Za-z])", _hour_half, needs="AaPp"),
    rule(
        "minutes and seconds",
        r"(?<![\d.])(?:(\d{1,3})°)?(\d{1,2})['′](?:(\d{1,2})(?:[\"″]|''))?(?![\dA-Za-z])",
        _arc,
        needs="'′",
    ),
    rule("full hour", r"(?<=[点时])00分(?!\d)", "整"),
    rule(
        "minutes after the hour",
        r"(?<=\d[点时])(\d\d)(?=分|[，。、；,;前后起开在到至~—-]|$)(?!\d)",
        lambda m: _padded(m[1]),
    ),
    rule("two minutes past", r"(?<=\d[点时])2(?=分)", "二"),
)
"""``8点30分`` needs no rule of its own but for its zeros."""
