"""一 and 不 change their tones before other syllables. Third tones do too, but that is left to the voice."""

from __future__ import annotations

import re
from collections.abc import Container

_DIGIT = "零〇一二三四五六七八九幺"
_NUMBER = _DIGIT + "十百千万亿两"
_CHANGING = re.compile("[一不]")

_STAYS_AFTER = re.compile(
    rf"第$|初$|星期$|礼拜$|周$|[{_DIGIT}十]$"  # 第一, 星期一, 十一, 二零二一年
    rf"|[{_NUMBER}]点$|[{_NUMBER}]比$"  # 零点一, 三比一
    r"|[统唯专单合划归惟之逐其]$|村民$"  # 统一, 三分之一
)
_IN_CASE = re.compile(rf"(?<![{_NUMBER}几数余多])万$")
_GOES_ON = re.compile(r"[百千万亿]|[点刻]|[个次样起些下家致般定条道名位步边面天直块]")
"""After 之一, 统一, 点一 and the like: here 一 begins a word of its own."""
_STAYS_BEFORE = re.compile(
    rf"[月号楼]|栋(?=[{_DIGIT}、])|等[奖功]|[{_DIGIT}]|十|季度|年级|单元|期工程|[到至][{_NUMBER}]|[加减乘比杠][{_NUMBER}]|[中小](?=[、，。；]|$)"
    r"|(?P<kind>[组队班排区社村期标])[、，和到至]?[二两](?P=kind)"  # 一组、二组
)
_DAY = re.compile(rf"[{_DIGIT}十]月$")
_COUNTED = re.compile(r"[是要防看查怕靠]")
_COMPLEMENT = re.compile(
    r"[看听走来对了睡差用舍吃买做干拿学跑赶找忙管想记认分搬抬打喝离少免顾靠信坐站放装住受经买卖写算合划巴怪要等谈]$"
)
_CAN = re.compile(r"[见清动着了起到完懂住下上出进开成得及过掉倒透惯多]")
_SAYS_NOT = re.compile(r"(?:说)$")
_SAID = re.compile(r"[定清准得出]")


def change_tones(spoken: str, said: dict[int, str], settled: Container[int]) -> None:
    """Change the readings of 一 and 不 in *said*, except at the places that are settled."""
    for match in reversed(list(_CHANGING.finditer(spoken))):
        at = match.start()
        if at in settled:
            continue
        following = said.get(at + 1, "") if spoken[at + 1 : at + 2] else ""
        if spoken[at] == "不" and said[at] == "bu4":
            said[at] = _bu(spoken, at, following)
        elif spoken[at] == "一" and said[at] == "yi1":
            said[at] = _yi(spoken, at, following)


def _bu(spoken: str, at: int, following: str) -> str:
    before, after = spoken[max(0, at - 1) : at], spoken[at + 1 : at + 2]
    if following and before == after:
        return "bu5"
    if (_COMPLEMENT.search(before) and _CAN.match(after)) or (_SAYS_NOT.search(before) and _SAID.match(after)):
        return "bu5"
    return "bu2" if following.endswith("4") or after == "是" else "bu4"


def _yi(spoken: str, at: int, following: str) -> str:
    before, after = spoken[max(0, at - 3) : at], spoken[at + 1 : at + 6]
    if not following or _stays(spoken, at, before, after):
        return "yi1"
    if before[-1:] == after[:1] and before[-1:] not in ("", "一") and before[-2:-1] != "一":
        return "yi5"
    return "yi2" if following[-1] in "45" else "yi4"


def _stays(spoken: str, at: int, before: str, after: str) -> bool:
    """Whether 一 is a digit, an ordinal or the end of a word: then it keeps its first tone."""
    if before.endswith(("第", "初")) or _IN_CASE.search(before):
        return True
    if _STAYS_AFTER.search(before):
        is_word = before[-1] in "统唯专单合划归惟之逐其点周"
        return not (is_word and _GOES_ON.match(after)) and not (before[-1] == "周" and after[:1] == "年")
    if after.startswith("日") and _DAY.search(before):
        return True
    if _STAYS_BEFORE.match(after):
        return True
    return (
        _COUNTED.match(after) is not None and re.search(f"[，；。：、]二{after[0]}", spoken[at : at + 120]) is not None
    )
