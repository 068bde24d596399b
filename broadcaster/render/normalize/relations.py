"""Two numbers and what stands between them: scores, mixtures, fractions, ranges, sums; and signs before a number."""

from __future__ import annotations

import re

from broadcaster.model.words import Sentence
from broadcaster.render.normalize.draft import Said, Unsure, after, before, rule
from broadcaster.render.normalize.markup import HANZI
from broadcaster.render.normalize.numbers import number, ordinal
from broadcaster.render.normalize.words import COUNTED, UNIT

N = r"\d+(?:\.\d+)?"
_ASK_SPAN = Sentence(
    "两个数中间的横线，分不清是“到”还是“比”。请写成字。",
    "The dash between these numbers may mean 到 or 比. Write the word.",
)
_ASK_DATE = Sentence("这是分数还是日期？请写成几分之几，或几月几日。", "A fraction or a date? Write it in words.")
_ASK_PRESSURE = Sentence(
    "血压这样念听得懂吗？也可以写成高压多少、低压多少。", "Blood pressure: consider writing 高压 and 低压 in words."
)

_SCORE_BEFORE = re.compile(r"(?:比分[为是：:]?|[队国胜负平战成]|以|[踢打]成) ?$")
_SCORE_AFTER = re.compile(r" ?(?:战胜|击败|获胜|取胜|胜|负|领先|落后|战平|逼平|险胜|大胜|惜败|的?比分)")
_COUNTED_AFTER = re.compile(rf"{COUNTED}|[ ]?(?:{UNIT})(?![A-Za-z])|号|室|楼")


def _ratio(match: re.Match[str]) -> str:
    return "比".join(number(part.strip()) for part in match[0].split(":"))


def _dashed_score(match: re.Match[str]) -> Said:
    if _COUNTED_AFTER.match(after(match)):
        return None
    if _SCORE_AFTER.match(after(match)) or (
        _SCORE_BEFORE.search(before(match)) and not re.match(f"[{HANZI}]", after(match, 1))
    ):
        return f"{ordinal(match[1])}比{ordinal(match[2])}"
    return None


def _fraction(match: re.Match[str]) -> Said:
    above, below = match[1], match[2]
    pressure = re.search("血压|高压|低压|收缩压", before(match, 20)) or match[3] or after(match).startswith("毫米汞柱")
    if re.match("月|号|楼|组(?!成)|年级|班|单元|队", after(match)):
        return f"{above}、{below}"
    unit = "毫米汞柱" if match[3] else ""
    if pressure and int(above) > int(below) > 20:
        said = f"{ordinal(above)}比{ordinal(below)}{unit}"
        return Unsure(
            reading=said, alternatives=(f"高压{ordinal(above)}，低压{ordinal(below)}{unit}",), why=_ASK_PRESSURE
        )
    if re.match(r" ?(?:k?V|伏|W|瓦)(?![A-Za-z])", after(match)):
        return f"{above}、{below}"
    said = f"{ordinal(below)}分之{ordinal(above)}{unit}"
    if int(above) <= 12 < int(below) <= 31 and not unit and not re.match("[的以]", after(match)):
        return Unsure(reading=said, alternatives=(f"{ordinal(above)}月{ordinal(below)}日",), why=_ASK_DATE)
    return said


def _span(match: re.Match[str]) -> Said:
    """3-5名 is a range. Where nothing is counted a person is asked, and a falling pair is no range."""
    first, unit, dash, last = match.groups()
    if unit:
        return None if "——" in dash else f"{first}{unit}到{last}"
    if _COUNTED_AFTER.match(after(match)) or dash.strip() != "-":
        return f"{first}到{last}"
    to, against = f"{number(first)}到{number(last)}", f"{number(first)}比{number(last)}"
    if float(first) >= float(last):
        return Unsure(reading=against, alternatives=(to,), why=_ASK_SPAN)
    if re.match(f"[{HANZI}]", after(match, 1)):
        return f"{first}到{last}"
    return Unsure(reading=to, alternatives=(against,), why=_ASK_SPAN)


def _more(match: re.Match[str]) -> str:
    return "岁以上" if match[0].startswith("岁") else "多"


_COMPARED = {
    "≥": "大于等于",
    "≤": "小于等于",
    ">=": "大于等于",
    "<=": "小于等于",
    ">": "大于",
    "<": "小于",
    "≈": "约等于",
    "≠": "不等于",
    "±": "正负",
}

RULES = (
    rule("ratio", rf"(?<![\d:.]){N}(?: ?: ?{N}){{1,5}}(?![\d:])", _ratio, needs=":"),
    rule("score with a dash", r"(?<![\d.:/-])(\d{1,3}) ?- ?(\d{1,3})(?![\d%‰.-])", _dashed_score, needs="-"),
    rule("fraction", r"(?<![\d./])(\d{1,4}) ?/ ?(\d{1,4})(?![\d/])(?!\.\d)( ?(?:mmHg|mmhg))?", _fraction, needs="/"),
    rule("difference", r"(?<=\d) ?- ?(?=\d{1,9}(?:\.\d{1,9})? ?=)|(?<=\d) - (?=\d)", "减", needs="-"),
    rule(
        "range",
        rf"(?<![\dA-Za-z./-])({N})( ?(?:{UNIT}|[{HANZI}]{{1,3}}))??( ?(?:-|—{{1,2}}|~{{1,2}}) ?)({N})(?!\d|-\d|\.\d)",
        _span,
        needs="-—~",
    ),
    rule("points taken off", rf"(?<=[{HANZI}])(?<![为是至达得有])-(?={N} ?分(?!之))", "减", needs="-"),
    rule("about", rf"(?<![\dA-Za-z{HANZI}])~(?=\d)", "约", needs="~"),
    rule(
        "minus",
        rf"(?<![\dA-Za-z{HANZI})）”%℃-])-(?=\d)|(?<=[为是至到达约于值算得降出余额长比幅速润亏])-(?=\d)",
        "负",
        needs="-",
    ),
    rule("and more", r"岁\+|(?<=0)\+(?!\d)|(?<=[万千百亿余])\+", _more, needs="+"),
    rule("plus", rf"(?<=[\dA-Za-z{HANZI})）”℃%]) ?\+ ?", "加", needs="+"),
    rule("positive", r"\+(?=\d)", "正", needs="+"),
    rule("times", rf"(?<=[\dA-Za-z{HANZI})）]) ?× ?(?=[\dA-Za-z{HANZI}(（])|(?<=\d) ?\* ?(?=\d)", "乘", needs="×*"),
    rule("divided by", r" ?÷ ?", "除以", needs="÷"),
    rule(
        "comparison",
        rf" ?(>=|<=|[≥≤≈≠±]) ?| ?(?:(?<=[\dA-Za-z{HANZI}])|^)([<>]) ?(?=-?[\d])",
        lambda m: _COMPARED[m[1] or m[2]],
        needs="<>≥≤≈≠±",
    ),
    rule("comparison at the start", r"[<>](?=-?\d)", lambda m: _COMPARED[m[0]], needs="<>"),
    rule("equals", rf"(?<=[\dA-Za-z{HANZI})）%]) ?= ?(?=[-\dA-Za-z{HANZI}(（])", "等于", needs="="),
    rule("to", rf" ?→ ?(?=[\dA-Za-z{HANZI}“《])", "到", needs="→"),
)
