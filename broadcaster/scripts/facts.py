"""The facts that a blank may ask for, by name, and what to say when one is not there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from difflib import get_close_matches

from broadcaster.model.texts import ScriptName
from broadcaster.model.words import Sentence

DAY_FACTS = {
    "station": Sentence("广播站的名字", "the station's name"),
    "today": Sentence("今天的日期", "today's date"),
    "weekday": Sentence("星期几", "the weekday"),
    "lunar": Sentence("农历日期", "the lunar date"),
    "festival": Sentence("当天的节日", "the day's festival"),
    "solar_term": Sentence("当天的节气", "the day's solar term"),
}
POINT_FACTS = {
    "top": Sentence("积分靠前的人", "who leads in points"),
    "top10": Sentence("积分前十名", "the first ten in points"),
    "top10_places": Sentence("积分前十名的名次", "the first ten places in points"),
    "over_threshold": Sentence("积分过线的人", "who is over the threshold"),
    "over_count": Sentence("积分过线的人数", "how many are over the threshold"),
    "people_count": Sentence("参加学习的人数", "how many take part"),
    "average": Sentence("平均积分", "the average of points"),
    "risers": Sentence("一星期里进步大的人", "who gained most in a week"),
    "risers_places": Sentence("一星期里进步的名次", "the places of who gained most in a week"),
    "groups": Sentence("学习小组的名次", "the best study groups"),
    "as_of": Sentence("积分的日期", "the date of the points"),
    "threshold": Sentence("积分的线", "the threshold of points"),
}
FACTS = DAY_FACTS | POINT_FACTS
"""Every name that the station offers on some day. Not all are there on every day."""

ALWAYS_WITH_POINTS = "people_count"
"""The fact that is there as soon as any points were imported."""


def complaints_of_unknown(names: Iterable[str]) -> Iterator[Sentence]:
    """One sentence for each name that no day will ever offer."""
    for name in sorted(set(names) - FACTS.keys()):
        close = get_close_matches(name, FACTS, n=1)
        known = "、".join(FACTS)
        yield Sentence(
            f"没有叫 '{name}' 的空。" + (f"是不是 '{close[0]}'？" if close else "") + f"能填的有：{known}。",
            f"there is no blank called '{name}'."
            + (f" Did you mean '{close[0]}'?" if close else "")
            + f" Known: {', '.join(FACTS)}.",
        )


def reason_for_missing(script: ScriptName, missing: Collection[str], given: Collection[str]) -> Sentence:
    """Why a script that asks for *missing* cannot be filled from the facts *given*."""
    zh = "、".join(f"'{name}'（{FACTS[name].zh}）" if name in FACTS else f"'{name}'" for name in sorted(missing))
    en = ", ".join(f"'{name}' ({FACTS[name].en})" if name in FACTS else f"'{name}'" for name in sorted(missing))
    asks_for_points = any(name in POINT_FACTS for name in missing)
    if asks_for_points and ALWAYS_WITH_POINTS not in given:
        why = Sentence(
            "还没有导入积分。请先用 dalaba points 导入积分表。",
            "no points were imported yet. Import a sheet with dalaba points first.",
        )
    elif asks_for_points:
        why = Sentence(
            "现在说不出来：同意点名的人不够，或者没有一个星期以前的积分。",
            "it cannot be said now: too few people agreed to be named, or the points of a week ago are not there.",
        )
    else:
        why = Sentence(
            "今天没有。只有有的日子才念的话，请放进 {% if … %} 里。",
            "today has none. Put words for some days only inside {% if … %}.",
        )
    return Sentence(f"稿件 '{script}' 需要 {zh}，{why.zh}", f"script '{script}' needs {en}: {why.en}")
