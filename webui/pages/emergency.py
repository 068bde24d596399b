"""Emergency (紧急广播): one tap from every page. Needs neither plan nor status: works when they have a fault."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from broadcaster.errors import DalabaError, Refused
from broadcaster.model.airing import AiringId
from broadcaster.model.people import Right
from broadcaster.model.words import Sentence
from webui import freshness
from webui.pages import Page
from webui.parts import doorkeeper, station
from webui.visitors import may, my_name, needs
from webui.wording import tell

emergency = Blueprint("emergency", __name__)
PAGE = Page(blueprint=emergency)

FREE = "free"
"""In the place of a prepared text: the words that were typed."""
AFTERWARDS = ("/all-clear", "/correction")
LONGEST_REASON = 200
KEPT = 200
PAUSE = Sentence("请先选一条，或者写几句话。", "choose a text first, or write some words.")
TOO_LATE = Sentence(
    "网络不好，这一次按下去，过了很久才送到，没有播。还要播，请再按一次。",
    "the network held this press back for long, and it was not played. Press again if it is still wanted.",
)
UNKNOWN_ZONE = Sentence("没有这个片区。请再选一次。", "there is no such zone. Choose again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What was chosen and typed."""

    script: str = ""
    words: str = ""
    zones: tuple[str, ...] = ()
    reason: str = ""
    is_drill: bool = False
    press: str = ""
    """Of one press of the button: pressed twice, it is one emergency."""

    @property
    def what(self) -> str:
        """For the station: typed words, or a prepared text by name."""
        return self.words.strip() if self.script == FREE else f"script:{self.script}" if self.script else ""

    @property
    def is_afterwards(self) -> bool:
        """It belongs to an emergency that was heard."""
        return self.script.endswith(AFTERWARDS) and not self.zones


class Presses:
    """The last presses of the button, each with what came of it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[str, None] = OrderedDict()

    def is_new(self, press: str) -> bool:
        """Whether it is the first time; from then on it is known."""
        with self._lock:
            if press in self._known:
                return False
            self._known[press] = None
            if len(self._known) > KEPT:
                self._known.popitem(last=False)
            return True

    def forget(self, press: str) -> None:
        """Nothing came of it: it may be pressed again."""
        with self._lock:
            self._known.pop(press, None)


presses = Presses()


@emergency.get("/emergency")
def page() -> str:
    return _page(Wish(script=request.args.get("script", "")))


@emergency.get("/emergency/part")
def part() -> str:
    """What is on the air, for the script that looks once a second."""
    return render_template("emergency/_calls.html", calls=station().calls())


@emergency.post("/emergency/ask")
@needs(Right.EMERGENCY)
def ask() -> ResponseReturnValue:
    """The second step where a button cannot be held: what will be heard, once more, and a red button."""
    wish = _wish()
    wrong = _wrong(wish)
    if wrong is not None:
        return _page(wish, wrong), 422
    texts = {str(one.script): one for one in station().emergencies()}
    return render_template("emergency/ask.html", wish=wish, chosen=texts.get(wish.script))


@emergency.post("/emergency/call")
@needs(Right.EMERGENCY)
def call() -> ResponseReturnValue:
    """On the air at once."""
    wish = _wish()
    wrong = _wrong(wish)
    if wrong is not None:
        return _page(wish, wrong), 422
    if freshness.is_late(request.form.get("asked_at", "")):
        return _page(wish, TOO_LATE), 409
    press = wish.press or secrets.token_hex(8)
    if presses.is_new(press):
        try:
            airing = _air(wish)
        except DalabaError as error:
            presses.forget(press)
            return _page(wish, error.sentence), 409
        doorkeeper().note(my_name(), "emergency.call", airing, "", f"{wish.what[:200]} · {wish.reason}")
    return redirect(url_for("emergency.page"), 303)


@emergency.post("/emergency/stop")
def stop() -> ResponseReturnValue:
    """One tap, for whoever is signed in."""
    airing = request.form.get("airing") or None
    for one in station().stop(AiringId(airing) if airing else None, who=my_name()):
        doorkeeper().note(my_name(), "emergency.stop", one, "on_air", "stopped")
    tell(Sentence("已经停了。要不要说一声“解除”？", "It is stopped. Should the all-clear be said?"), is_good=True)
    return redirect(url_for("emergency.page"), 303)


def _air(wish: Wish) -> AiringId:
    """A drill keeps quiet hours; an all-clear and a correction go where their emergency was heard. Raises Refused."""
    who, reason = my_name(), wish.reason
    if wish.is_drill:
        return station().drill(wish.what, who=who, reason=reason, zones=wish.zones)
    if wish.is_afterwards:
        try:
            if wish.script.endswith("/all-clear"):
                return station().all_clear(what=wish.what, who=who, reason=reason)
            return station().correct(wish.what, who=who, reason=reason)
        except Refused:
            pass  # no emergency of late: it is about something else that was heard, and goes everywhere
    return station().emergency(wish.what, who=who, reason=reason, zones=wish.zones)


def _wish() -> Wish:
    form = request.form
    return Wish(
        script=form.get("script", ""),
        words=form.get("words", ""),
        zones=tuple(zone for zone in form.getlist("zone") if zone),
        reason=form.get("reason", "").strip()[:LONGEST_REASON],
        is_drill="drill" in form,
        press=form.get("press", "")[:64],
    )


def _wrong(wish: Wish) -> Sentence | None:
    if not wish.what:
        return PAUSE
    if set(wish.zones) - set(station().about().zones):
        return UNKNOWN_ZONE
    return None


def _page(wish: Wish, wrong: Sentence | None = None) -> str:
    prepared = station().emergencies()
    texts = [one for one in prepared if not one.script.endswith((*AFTERWARDS, "/drill"))]
    after = [one for one in prepared if one.script.endswith(AFTERWARDS)]
    return render_template(
        "emergency/page.html",
        wish=wish,
        wrong_sentence=wrong,
        texts=texts,
        after=after,
        calls=station().calls(),
        may_call=may(Right.EMERGENCY),
        press=secrets.token_hex(8),
    )
