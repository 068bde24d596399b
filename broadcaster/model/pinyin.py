"""Pinyin as people write it, ``lǜ``, ``lü4``, ``lu:4`` → numbered syllables, ``lv4``. It knows which exist."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_SYLLABLES = """
a ai an ang ao o ou e ei en eng er yo
ba bai ban bang bao bei ben beng bi bian biao bie bin bing bo bu
pa pai pan pang pao pei pen peng pi pian piao pie pin ping po pou pu
ma mai man mang mao me mei men meng mi mian miao mie min ming miu mo mou mu
fa fan fang fei fen feng fo fou fu fiao
da dai dan dang dao de dei den deng di dia dian diao die ding diu dong dou du duan dui dun duo
ta tai tan tang tao te tei teng ti tian tiao tie ting tong tou tu tuan tui tun tuo
na nai nan nang nao ne nei nen neng ni nian niang niao nie nin ning niu nong nou nu nuan nun nuo nv nve
la lai lan lang lao le lei leng li lia lian liang liao lie lin ling liu lo long lou lu luan lun luo lv lve
ga gai gan gang gao ge gei gen geng gong gou gu gua guai guan guang gui gun guo
ka kai kan kang kao ke kei ken keng kong kou ku kua kuai kuan kuang kui kun kuo
ha hai han hang hao he hei hen heng hong hou hu hua huai huan huang hui hun huo
ji jia jian jiang jiao jie jin jing jiong jiu ju juan jue jun
qi qia qian qiang qiao qie qin qing qiong qiu qu quan que qun
xi xia xian xiang xiao xie xin xing xiong xiu xu xuan xue xun
zha zhai zhan zhang zhao zhe zhei zhen zheng zhi zhong zhou zhu zhua zhuai zhuan zhuang zhui zhun zhuo
cha chai chan chang chao che chen cheng chi chong chou chu chua chuai chuan chuang chui chun chuo
sha shai shan shang shao she shei shen sheng shi shou shu shua shuai shuan shuang shui shun shuo
ran rang rao re ren reng ri rong rou ru rua ruan rui run ruo
za zai zan zang zao ze zei zen zeng zi zong zou zu zuan zui zun zuo
ca cai can cang cao ce cei cen ceng ci cong cou cu cuan cui cun cuo
sa sai san sang sao se sen seng si song sou su suan sui sun suo
ya yan yang yao ye yi yin ying yong you yu yuan yue yun
wa wai wan wang wei wen weng wo wu
r m n ng hm hng
"""
SYLLABLES = frozenset(_SYLLABLES.split())
"""All syllables without their tones, ü as ``v``; at the end those that are sounds rather than words."""
_MARKS = {"\u0304": "1", "\u0301": "2", "\u030c": "3", "\u0300": "4"}
_UMLAUT, _CIRCUMFLEX = "\u0308", "\u0302"


@lru_cache(maxsize=8_192)
def numbered(written: str) -> str | None:
    """One syllable with its tone as a number; None if it is no syllable. Without a mark and a number it is neutral."""
    letters: list[str] = []
    tones: list[str] = []
    for char in unicodedata.normalize("NFD", written.strip().lower().replace("u:", "v")):
        if char in _MARKS:
            tones.append(_MARKS[char])
        elif char == _UMLAUT and letters and letters[-1] == "u":
            letters[-1] = "v"
        elif char in "012345":
            tones.append("5" if char == "0" else char)
        elif char != _CIRCUMFLEX:
            letters.append(char)
    base = "".join(letters)
    if base[:1] in ("j", "q", "x", "y"):
        base = base.replace("v", "u")
    base = {"lue": "lve", "nue": "nve"}.get(base, base)
    if base not in SYLLABLES or len(tones) > 1:
        return None
    return base + (tones[0] if tones else "5")


def is_syllable(text: str) -> bool:
    """Whether *text* is one syllable as this program writes it: lower case, ``v`` for ü, a tone from 1 to 5."""
    return text[:-1] in SYLLABLES and text[-1:] in ("1", "2", "3", "4", "5")


def as_typed(text: str) -> str:
    """What a person typed, in the spelling of this program: ``LÜ4``, ``lu:4``, ``lǜ`` and ``lv4`` are one.

    Where one syllable has a mark, those without are neutral: ``xiè xie``. Without any mark each needs its number;
    what is no syllable stays as it was typed, in lower case.
    """
    plain = text.lower()
    if not _MARKS.keys().isdisjoint(unicodedata.normalize("NFD", plain)):
        return " ".join(numbered(one) or one for one in plain.split())
    return plain.replace("u:", "v").replace("ü", "v")


@lru_cache(4_000)  # a page has hundreds of syllables, and Chinese about 1,600
def marked(syllable: str) -> str:
    """A numbered syllable as school books print it: ``lv4`` → ``lǜ``. What is no syllable stays as it is."""
    if not is_syllable(syllable):
        return syllable
    base, tone = syllable[:-1].replace("v", "ü"), syllable[-1]
    mark = next((mark for mark, number in _MARKS.items() if number == tone), "")
    vowels = [place for place, letter in enumerate(base) if letter in "iouü"]
    at = next((base.index(vowel) for vowel in ("a", "e", "ou") if vowel in base), vowels[-1] if vowels else 0)
    return unicodedata.normalize("NFC", base[: at + 1] + mark + base[at + 1 :])
