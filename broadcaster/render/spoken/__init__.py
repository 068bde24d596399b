"""Text as written → text as spoken: no digit, no sign, no markup is left. Pure; the rules are in ``rules``."""

from __future__ import annotations

import re

from broadcaster.model.texts import Doubt, DoubtKind
from broadcaster.model.words import Sentence
from broadcaster.render.spoken.clean import cleaned, marked
from broadcaster.render.spoken.rules import RULES

_SILENT = re.compile(r"[《》〈〉“”‘’\"'「」『』·•^|\\_{}]")
_PAUSES = re.compile(r"\s*[（）()\[\]〔〕【】—–]+\s*")
_SIGNS = {
    "&": "和", "@": "艾特", "℃": "摄氏度", "%": "百分号", "+": "加", "=": "等于", "~": "到", "～": "到", "×": "乘",
    "÷": "除以", "≥": "大于等于", "≤": "小于等于", "±": "正负", ">": "大于", "<": "小于", "￥": "元", "¥": "元",
    "$": "美元", "°": "度", "‰": "千分号",
}  # fmt: skip
_LONG_NUMBER = re.compile(r"\d{5,}")
DROPPED = Sentence("这些符号念不出来，已经去掉。", "these signs cannot be said and were left out.")
LONG = Sentence(
    "这么长的数字是号码还是数量，请看一下。", "look whether this long number is a count or something to be dialled."
)


def normalize(text: str) -> tuple[str, tuple[Doubt, ...]]:
    """What will be spoken, and what a person should look at. Doing it twice changes nothing."""
    plain, dropped = cleaned(text)
    doubts = [
        Doubt(kind=DoubtKind.DROPPED, start=max(0, text.find(sign)), written=sign, reading="", why=DROPPED)
        for sign in dict.fromkeys(dropped)
    ]
    spoken = marked(plain)
    for rule in RULES:
        spoken = rule.pattern.sub(rule.say, spoken)
        if rule.name == "negative":
            doubts += _long_numbers(text, spoken)
    return _tidied(spoken), tuple(doubts)


def _long_numbers(text: str, so_far: str) -> list[Doubt]:
    """Long numbers that no rule of phones, codes or dates has taken."""
    found = []
    for match in _LONG_NUMBER.finditer(so_far):
        follows = so_far[match.end() : match.end() + 1]
        if follows and re.match(r"[元人户亩斤吨米分名个次万亿多余公.]", follows):
            continue
        start = max(0, text.find(match[0]))
        found.append(Doubt(kind=DoubtKind.NUMBER, start=start, written=match[0], reading="", why=LONG))
    return found


def _tidied(spoken: str) -> str:
    spoken = _PAUSES.sub("，", spoken)
    spoken = _SILENT.sub("", spoken)
    for sign, words in _SIGNS.items():
        spoken = spoken.replace(sign, words)
    spoken = re.sub(r"(?<=[一-龥])[-/#*](?=[一-龥A-Za-z])", "，", spoken)
    spoken = re.sub(r"[-/#*]", "", spoken)
    spoken = re.sub(r"…+", "。", spoken)
    spoken = re.sub(r"[ \t\u3000]+(?=[^A-Za-z])|(?<=[^A-Za-z])[ \t\u3000]+", "", spoken)
    spoken = re.sub(r"[，、：]+(?=[。！？；，])", "", spoken)
    spoken = re.sub(r"(?<=[。！？；，：、])[，、]+", "", spoken)
    return spoken.strip(" ，、\t")
