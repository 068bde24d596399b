"""The words of the pages about scripts: kinds, states, steps, blanks."""

from __future__ import annotations

from flask import Flask

from broadcaster.model.approval import Verdict
from broadcaster.model.revisions import Step
from broadcaster.station.shelf import Standing
from webui.speaking import _, _l

STATES = (
    ("", _l("全部")),
    ("waiting", _l("等审批")),
    ("approved", _l("批准了")),
    ("changed", _l("批准后又改过")),
    ("sent_back", _l("退回来的")),
    ("expired", _l("过期的")),
    ("broken", _l("有错的")),
)
BLANKS = (
    ("{{ today }}", _l("今天的日期")),
    ("{{ weekday }}", _l("星期几")),
    ("{{ lunar }}", _l("农历")),
    ("{{ station }}", _l("站名")),
    ("{% if festival %}今天是{{ festival }}。{% endif %}", _l("节日（有才念）")),
    ("{% if solar_term %}今天{{ solar_term }}。{% endif %}", _l("节气（有才念）")),
)


def teach(app: Flask) -> None:
    app.jinja_env.filters.update(
        kind_name=kind_name, standing=standing, standing_sign=standing_sign, step=step, verdict=verdict
    )


def blanks() -> list[tuple[str, str]]:
    return [(text, str(words)) for text, words in BLANKS]


KINDS = {
    "study": _l("每天学一点"),
    "policy": _l("政策健康"),
    "leaderboard": _l("光荣榜"),
    "notice": _l("平常通知"),
    "emergency": _l("紧急广播稿"),
    "season": _l("季节节日"),
    "event": _l("临时的事"),
}


def kind_name(kind: str) -> str:
    return str(KINDS.get(kind, kind))


STANDINGS = {
    Standing.APPROVED: _l("批准了"),
    Standing.CHANGED: _l("批准后又改过"),
    Standing.NEVER: _l("没批过"),
    Standing.WITHDRAWN: _l("批准撤回了"),
    Standing.BROKEN: _l("有错，不能播"),
}


def standing(value: Standing) -> str:
    return str(STANDINGS[value])


STANDING_SIGNS = {
    Standing.APPROVED: "check-circle-fill",
    Standing.CHANGED: "pencil-square",
    Standing.NEVER: "circle",
    Standing.WITHDRAWN: "slash-circle-fill",
    Standing.BROKEN: "exclamation-triangle-fill",
}


def standing_sign(value: Standing) -> str:
    return STANDING_SIGNS[value]


STEPS = {
    Step.WRITTEN: _l("写的"),
    Step.FOUND: _l("原来就在文件夹里"),
    Step.NOT_TAKEN: _l("没存成的（那时别人先存了）"),
    Step.RETIRED: _l("停用"),
    Step.BROUGHT_BACK: _l("拿回来"),
    Step.SENT_BACK: _l("退回去改"),
}


def step(value: Step) -> str:
    return str(STEPS[value])


def verdict(value: Verdict) -> str:
    return {Verdict.APPROVED: _("批准"), Verdict.WITHDRAWN: _("撤回批准")}[value]
