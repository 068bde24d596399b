"""Lexicon (词表): how words and names of people are read; each is heard before it is saved, and can be taken back."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from broadcaster.errors import DalabaError
from broadcaster.model.people import Right
from broadcaster.model.pinyin import as_typed
from broadcaster.model.words import Sentence
from broadcaster.station.lexicondesk import PEOPLE, WORDS, Changed
from webui.pages import Page
from webui.parts import doorkeeper, station
from webui.speaking import _l
from webui.visitors import my_name, needs
from webui.wording import tell

lexicon = Blueprint("lexicon", __name__)
PAGE = Page(blueprint=lexicon)

ON_A_PAGE = 50
WAITS = timedelta(seconds=12)
STILL = Sentence("还在合成，请再按一次“听一听”。", "It is still being made. Press listen again.")
SAVED = Sentence("记住了，所有稿件里都这么念。", "Noted. It is read so in every script from now on.")
REMOVED = Sentence("删了，以后照平常的规则念。", "Removed. It is read by the usual rules from now on.")
UNDONE = Sentence("撤销了，和改以前一样。", "Taken back; it is as it was before.")
TABLES = {WORDS: _l("词"), PEOPLE: _l("人名")}


@lexicon.get("/settings/lexicon")
@needs(Right.WRITE)
def page() -> str:
    wanted = " ".join(request.args.get("find", "").split())[:60]
    found = station().lexicon.look()
    key = wanted.casefold()
    entries = [one for one in found.entries if key in one.word or key in one.said.casefold()]
    own = {one.word for one in found.entries}
    sheets = [(name, said) for name, said in found.from_sheets if name not in own and (key in name or key in said)]
    start = max(0, request.args.get("from", 0, type=int))
    return render_template(
        "lexicon/page.html",
        found=found,
        entries=entries[start : start + ON_A_PAGE],
        count=len(entries),
        more=start + ON_A_PAGE if start + ON_A_PAGE < len(entries) else None,
        fewer=max(0, start - ON_A_PAGE) if start else None,
        sheets=sheets[:ON_A_PAGE],
        sheet_count=len(sheets),
        find=wanted,
        undo=station().lexicon.last_change(),
        tables=TABLES,
    )


@lexicon.route("/settings/lexicon/word", methods=["GET", "POST"])
@needs(Right.WRITE)
def word() -> ResponseReturnValue:
    """One word: a new one, or one of the list, to listen to, to change, to take out."""
    if request.method == "GET":
        name = request.args.get("word", "").strip()[:40]
        return _word(name, _said_now(name), _said_now(name) if _is_own(name) else "")
    name, said, was = (request.form.get(key, "").strip()[:200] for key in ("word", "said", "was"))
    try:
        match request.form.get("does"):
            case "listen":
                key = _clip(name, said)
                return _word(name, said, was, sound=key, wrong=None if key else STILL)
            case "remove":
                _note(station().lexicon.remove(name, was=was, who=my_name()))
                tell(REMOVED, is_good=True)
            case _:
                table = request.form.get("table", "")
                table = table if table in TABLES else ""
                _note(station().lexicon.put(name, said, who=my_name(), table=table, was=was))
                tell(SAVED, is_good=True)
    except DalabaError as error:
        return _word(name, said, _said_now(name) if _is_own(name) else was, wrong=error.sentence), 422
    return redirect(url_for("lexicon.page"), 303)


@lexicon.post("/settings/lexicon/undo")
@needs(Right.WRITE)
def undo() -> ResponseReturnValue:
    _note(station().lexicon.undo(who=my_name()))
    tell(UNDONE, is_good=True)
    return redirect(url_for("lexicon.page"), 303)


def _note(done: Changed) -> None:
    doorkeeper().note(my_name(), "lexicon.word", done.word, done.before, done.after)


def _clip(name: str, said: str) -> str | None:
    """The word as it would be read, by the station's own voice; None: it takes longer. Raises what a render raises."""
    desk = station().listening
    station().lexicon.check(name, said)
    key = desk.say(name, more_words=((name, as_typed(said)),))
    desk.wait(key, WAITS)
    return key if desk.is_ready(key) else None


def _is_own(name: str) -> bool:
    return any(one.word == name for one in station().lexicon.look().entries)


def _said_now(name: str) -> str:
    found = station().lexicon.look()
    known = dict(found.from_sheets) | {one.word: one.said for one in found.entries}
    return known.get(name, "")


def _word(name: str, said: str, was: str, *, sound: str | None = None, wrong: Sentence | None = None) -> str:
    own = next((one for one in station().lexicon.look().entries if one.word == name), None)
    sheets = dict(station().lexicon.look().from_sheets)
    usual = PEOPLE if name in sheets else WORDS
    return render_template(
        "lexicon/word.html",
        word=name,
        said=said,
        was=was,
        sound=sound,
        wrong_sentence=wrong,
        table=request.form.get("table") or (own.table if own else usual),
        tables=TABLES,
    )
