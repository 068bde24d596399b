"""Voices (声音): which can speak on this machine, how fast, and who steps in; each is heard in the browser first."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from broadcaster.errors import DalabaError
from broadcaster.model.people import Right
from broadcaster.model.timetable import VoiceSettings
from broadcaster.model.words import Sentence
from broadcaster.station.voicedesk import TEST_SENTENCE
from webui import tables
from webui.pages import Page
from webui.parts import station
from webui.speaking import _l
from webui.tableform import Field
from webui.visitors import needs

voices = Blueprint("voices", __name__)
PAGE = Page(blueprint=voices)

WAITS = timedelta(seconds=12)
DEFAULT = "default"
NEEDS_A_NAME = Sentence("请给声音起一个名字。", "give the voice a name.")
ALREADY_THERE = Sentence("已经有叫这个名字的声音了。", "there is a voice of that name already.")
HAS_MISTAKES = Sentence("先改好写错的地方，才能听。", "put right what is wrong first, then listen.")
STILL = Sentence("还在合成，请再按一次“听一听”。", "It is still being made. Press listen again.")


@voices.get("/settings/voices")
@needs(Right.MANAGE)
def page() -> str:
    return render_template("voices/page.html", found=station().voices.look(), undo=tables.undo())


@voices.route("/settings/voices/new", methods=["GET", "POST"])
@needs(Right.MANAGE)
def new() -> ResponseReturnValue:
    name = " ".join(request.form.get("name", "").split())
    if request.method == "GET":
        return _page(tables.opened(("voice", ""), _fields()), "")
    if not name or name == DEFAULT or station().timetable.written_table(("voice", name)) is not None:
        sent = tables.typed(("voice", name), _fields())
        wrong = ALREADY_THERE if name else NEEDS_A_NAME
        return _page(tables.Shown(form=sent.form, base=sent.base, wrong=wrong), "", name), 422
    return _sent(("voice", name), "", name)


@voices.route("/settings/voices/<name>", methods=["GET", "POST"])
@needs(Right.MANAGE)
def voice(name: str) -> ResponseReturnValue:
    if station().timetable.look().schedule.voice(name) is None:
        abort(404)
    table = ("voice",) if name == DEFAULT else ("voice", name)
    return _page(tables.opened(table, _fields(name)), name) if request.method == "GET" else _sent(table, name, name)


@voices.post("/settings/voices/<name>/remove")
@needs(Right.MANAGE)
def remove(name: str) -> ResponseReturnValue:
    """Refused while a slot or a script still names it."""
    table = ("voice", name)
    try:
        tables.removed(table, request.form.get("base", ""))
    except DalabaError as error:
        return _page(tables.opened(table, _fields(name), error.sentence), name), 409
    return redirect(url_for("voices.page"), 303)


def _sent(table: tuple[str, ...], name: str, called: str) -> ResponseReturnValue:
    """Saved, or only listened to, as it is typed."""
    fields = _fields(name)
    if request.form.get("does") != "listen":
        again = tables.written(table, fields)
        if again is None:
            return redirect(url_for("voices.page"), 303)
        return _page(again, name, called), 422
    sent = tables.typed(table, fields)
    schedule = tables.would_be(table, sent.form)
    wished = schedule.voice(called) if schedule is not None else None
    if wished is None:
        form = tables.complained(sent.form, tables.change_of(table, sent.form))
        return _page(tables.Shown(form=form, base=sent.base, wrong=HAS_MISTAKES), name, called), 422
    try:
        key = _clip(wished)
    except DalabaError as error:
        return _page(tables.Shown(form=sent.form, base=sent.base, wrong=error.sentence), name, called), 422
    wrong = None if key else STILL
    return _page(tables.Shown(form=sent.form, base=sent.base, wrong=wrong), name, called, sound=key)


def _clip(wished: VoiceSettings) -> str | None:
    """The key of the test sentence by this voice alone; None: it takes longer."""
    desk = station().listening
    key = desk.say(TEST_SENTENCE, wished)
    desk.wait(key, WAITS)
    return key if desk.is_ready(key) else None


def _page(shown: tables.Shown, name: str, called: str = "", *, sound: str | None = None) -> str:
    return render_template(
        "voices/voice.html", shown=shown, name=name, called=called or name, sound=sound, sentence=TEST_SENTENCE
    )


def _fields(name: str = "") -> tuple[Field, ...]:
    found = station().voices.look()
    engines = tuple((one.name, one.name) for one in found.engines)
    first = found.voices[0].settings
    usual = VoiceSettings() if name == DEFAULT else first
    return (
        Field(
            key="engine",
            label=_l("用什么念"),
            kind="choice",
            usual=usual.engine,
            options=engines if any(one == usual.engine for one, _words in engines) else (*engines, (usual.engine,) * 2),
        ),
        Field(
            key="rate",
            label=_l("一分钟念多少字"),
            kind="number",
            usual=str(usual.rate),
            hint=_l("60 到 300。听不清就慢一点，150 到 165 正好。"),
        ),
        Field(key="voice", label=_l("引擎里声音的名字（一般空着）"), usual=usual.voice),
        Field(
            key="model",
            label=_l("声音模型"),
            usual=usual.model,
            hint=_l("piper 写文件，sherpa-onnx 写文件夹，都放在站的文件夹里。"),
        ),
        Field(key="url", label=_l("语音服务的地址"), usual=usual.url, hint=_l("引擎是 http 时才写。")),
        Field(
            key="fallback",
            label=_l("念不出来时，谁来替"),
            kind="lines",
            usual="\n".join(usual.fallback),
            hint=_l("一行一个，写引擎或者声音的名字。写了也不行，最后总由 pyttsx3 来念。"),
        ),
    )
