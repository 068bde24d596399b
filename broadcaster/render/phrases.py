"""A reading → the phrases that a voice is given, one at a time, and the pause after each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from pypinyin.constants import PHRASES_DICT

from broadcaster.model.texts import Reading, Syllable

LONGEST_PHRASE = 120
"""Characters that a voice is given at once."""
STRAYS = 20
"""A long stretch is cut into equal parts, and each cut looks for a good place so far to both sides."""
LONGEST_WORD = 4
PARTICLES = frozenset("的了着过吗呢吧啊")
_ENDS = re.compile(r"[，、；：。！？,;!?\n]+")
_SENTENCE = "。！？!?；;"
_TOGETHER = re.compile(r"[零〇幺一二两三四五六七八九十百千万亿点]{2,}|[A-Za-z]{2,}")
"""Numbers and letters in a row: never cut."""

SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石"
    "廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁"
    "岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾"
    "尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛"
    "仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹"
)
DOUBLE_SURNAMES = ("欧阳", "上官", "司马", "诸葛", "尉迟", "皇甫", "令狐", "司徒", "慕容", "公孙", "夏侯", "端木")


class Pause(Enum):
    """What follows a phrase."""

    NONE = "none"
    COMMA = "comma"
    NAME = "name"
    """Between the names of two people."""
    SENTENCE = "sentence"
    PARAGRAPH = "paragraph"


@dataclass(frozen=True, slots=True)
class PhraseBreak:
    """A stretch of speech without an inner pause, and the pause after it."""

    spoken: str
    syllables: tuple[Syllable, ...]
    pause: Pause


def phrases(reading: Reading) -> tuple[PhraseBreak, ...]:
    """The reading cut at its pauses; each phrase has at most 120 characters, and no syllable is left out."""
    left = list(reversed(reading.syllables))
    stretches = list(_stretches(reading.spoken))
    found: list[PhraseBreak] = []
    for number, (stretch, marks) in enumerate(stretches):
        pause = _pause(marks)
        if marks == "、" and _is_between_names(stretches, number):
            pause = Pause.NAME
        pieces = _pieces(stretch)
        for piece in pieces:
            own = tuple(_taken(piece, left))
            if own:
                found.append(PhraseBreak(piece, own, pause if piece is pieces[-1] else Pause.NONE))
            elif found and piece is pieces[-1]:
                found[-1] = PhraseBreak(found[-1].spoken, found[-1].syllables, _longer(found[-1].pause, pause))
    return tuple(found)


def is_a_name(words: str) -> bool:
    """Whether this looks like the name of a person and is no word: 张建国, not 黄豆."""
    if not 2 <= len(words) <= 4 or words in PHRASES_DICT:
        return False
    return words.startswith(DOUBLE_SURNAMES) or (words[0] in SURNAMES and len(words) <= 3)


def _stretches(spoken: str) -> Iterator[tuple[str, str]]:
    """What stands between two marks, and the marks after it."""
    place = 0
    for match in _ENDS.finditer(spoken):
        yield spoken[place : match.start()], match[0]
        place = match.end()
    yield spoken[place:], "。"


def _taken(piece: str, left: list[Syllable]) -> Iterator[Syllable]:
    """The syllables of *piece*, taken from the end of *left*."""
    for char in piece:
        if left and left[-1].char == char.upper():
            yield left.pop()


def _pause(marks: str) -> Pause:
    if "\n" in marks:
        return Pause.PARAGRAPH
    return Pause.SENTENCE if any(mark in _SENTENCE for mark in marks) else Pause.COMMA


def _longer(one: Pause, other: Pause) -> Pause:
    order = list(Pause)
    return max(one, other, key=order.index)


def _is_between_names(stretches: Sequence[tuple[str, str]], number: int) -> bool:
    """Whether the list around this 、 names people: all inside it are names, its ends end and begin with one."""
    first, last = number, number + 1
    while first > 0 and stretches[first - 1][1] == "、":
        first -= 1
    while stretches[last][1] == "、":
        last += 1
    inner = [words for words, _ in stretches[first + 1 : last]]
    head, tail = stretches[first][0], stretches[last][0]
    heads = any(is_a_name(head[-length:]) for length in (2, 3, 4))
    tails = any(is_a_name(tail[:length]) for length in (2, 3, 4))
    is_sure = bool(inner) or is_a_name(head) or is_a_name(tail)
    return is_sure and heads and tails and all(is_a_name(words) for words in inner)


def _pieces(stretch: str) -> list[str]:
    """The stretch in equal parts of at most ``LONGEST_PHRASE``, cut after a particle or at least between two words."""
    count = -(-len(stretch) // (LONGEST_PHRASE - STRAYS)) if len(stretch) > LONGEST_PHRASE else 1
    pieces: list[str] = []
    rest = stretch
    while count > 1:
        cut = _good_place(rest, len(rest) // count)
        pieces.append(rest[:cut])
        rest, count = rest[cut:], count - 1
    return [*pieces, rest]


def _good_place(text: str, near: int) -> int:
    ends = _ends_of_words(text, near + STRAYS)
    places = range(max(1, near - STRAYS), min(len(text), near + STRAYS))

    def worth(place: int) -> tuple[bool, bool, int]:
        ends_word = place in ends
        return ends_word, ends_word and text[place - 1] in PARTICLES, -abs(place - near)

    return max(places, key=worth)


def _ends_of_words(text: str, until: int) -> frozenset[int]:
    """Where words end, as far as the longest words of the dictionary tell."""
    together = {match.start(): match.end() for match in _TOGETHER.finditer(text)}
    ends, place = set(), 0
    while place < min(until, len(text)):
        lengths = range(LONGEST_WORD, 1, -1)
        longest = next((n for n in lengths if text[place : place + n] in PHRASES_DICT), 1)
        place = together.get(place, place + longest)
        ends.add(place)
    return frozenset(ends)
