"""Scripts (稿件): the list, the editor with what will be spoken beside it, versions, retired ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

from flask import Blueprint, Flask, abort, jsonify, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from broadcaster.errors import ChangedMeanwhile, DalabaError, Refused, StoreFailed
from broadcaster.model.clip import MAX_RECORDING_BYTES
from broadcaster.model.people import Right
from broadcaster.model.texts import MAX_TEXT_CHARACTERS
from broadcaster.model.words import Sentence
from broadcaster.proof.wording import compared
from broadcaster.station.scriptdesk import Opened, Saved
from broadcaster.station.shelf import Shelved, Standing
from webui import scriptwords
from webui.pages import Page
from webui.parts import doorkeeper, station
from webui.reading import shown, unpacked
from webui.scriptforms import Typed, read_form
from webui.speaking import _l
from webui.visitors import may, my_name, needs
from webui.wording import tell

scripts = Blueprint("scripts", __name__, url_prefix="/scripts")
PAGE = Page(
    blueprint=scripts, title=_l("稿件"), icon="file-earmark-text-fill", home="scripts.shelf", order=20, is_in_bar=True
)

scripts.record_once(lambda state: scriptwords.teach(cast(Flask, state.app)))

ON_A_PAGE = 40
USUAL_KIND = "event"
"""Of a new script. Never one that is heard by turns: “no water tomorrow” would be said for weeks."""
WAITS = timedelta(seconds=12)
"""How long a browser without JavaScript waits for its clip."""
LARGEST_UPLOAD_BYTES = MAX_RECORDING_BYTES + 300_000
SAVED = Sentence("存好了。", "It is saved.")
STARTED = Sentence("新稿件存好了。", "The new script is saved.")
RETIRED = Sentence("停用了。要用的时候，在“停用的”里可以拿回来。", "It is retired. You find it again under “retired”.")
BACK = Sentence("拿回来了。", "It is back.")
PUT_BACK = Sentence("换回那一版了。", "That revision is in use again.")
CORRECTED = Sentence("记住了，所有稿件里都这么念。", "Noted. It is read so in every script from now on.")
NOT_A_DATE = Sentence("请写成年-月-日，比如 2026-12-03。", "Write year-month-day, like 2026-12-03.")
RECORDED = Sentence("录音收下了。存好稿件，就播这段录音。", "The recording is here. Save the script, and it is heard.")
CORRECT = "correct|"
NO_FILE = Sentence("请先选一个录音文件。", "Choose a sound file first.")


# Before the guard against forged forms reads the form: that is too late to allow more.
@scripts.url_value_preprocessor
def allow_uploads(endpoint: str | None, _: dict[str, Any] | None) -> None:
    """Only the form that takes a recording may be long."""
    if endpoint == "scripts.edit":
        request.max_content_length = LARGEST_UPLOAD_BYTES


@scripts.get("")
def shelf() -> str:
    """All scripts, by kind, with how they stand."""
    rows = station().scripts.shelf()
    by_kind = rows.by_kind
    kind, state, words = request.args.get("kind", ""), request.args.get("state", ""), request.args.get("q", "").strip()
    found: Sequence[Shelved] = by_kind.get(kind, ()) if kind else rows
    found = [row for row in found if _is_wanted(row, state)] if state else found
    found = [row for row in found if _holds(row, words.casefold().split())] if words else found
    start = max(0, request.args.get("from", 0, type=int))
    return render_template(
        "scripts/shelf.html",
        rows=found[start : start + ON_A_PAGE],
        count=len(found),
        start=start,
        more=start + ON_A_PAGE if start + ON_A_PAGE < len(found) else None,
        fewer=max(0, start - ON_A_PAGE) if start else None,
        kinds=[(name, len(by_kind[name])) for name in station().scripts.kinds() if name in by_kind],
        asked={"kind": kind, "state": state, "q": words},
        states=scriptwords.STATES,
    )


@scripts.get("/retired")
def retired() -> str:
    return render_template("scripts/retired.html", found=station().scripts.aside())


@scripts.post("/retired")
@needs(Right.WRITE)
def bring_back() -> ResponseReturnValue:
    name = request.form.get("name", "")
    station().scripts.bring_back(name, who=my_name())
    doorkeeper().note(my_name(), "script.bring_back", name)
    tell(BACK, is_good=True)
    return redirect(address(name), 303)


@scripts.route("/new", methods=["GET", "POST"])
@needs(Right.WRITE)
def new() -> ResponseReturnValue:
    """A script that is not there yet."""
    typed = read_form(request.form) if request.method == "POST" else Typed(author=my_name())
    kind = request.values.get("kind", USUAL_KIND)
    if request.method == "GET" or typed.does in ("look", "listen"):
        return _editor(typed, kind=kind)
    if typed.does.startswith(CORRECT):
        return _editor(typed, kind=kind, wrong=corrected())
    if typed.has_wrong_date:
        return _editor(typed, kind=kind, wrong=NOT_A_DATE), 422
    try:
        saved = station().scripts.begin(kind, typed.wording(), who=my_name())
    except DalabaError as error:
        return _editor(typed, kind=kind, wrong=error.sentence), _code(error)
    _saved(saved, "", STARTED)
    return redirect(address(saved.name), 303)


@scripts.route("/edit/<kind>/<stem>", methods=["GET", "POST"])
def edit(kind: str, stem: str) -> ResponseReturnValue:
    """One script: its fields, and beside them what will be spoken."""
    found = station().scripts.open(f"{kind}/{stem}")
    if request.method == "GET":
        return _editor(Typed.of(found), found)
    if not may(Right.WRITE):
        abort(403)
    typed = read_form(request.form)
    if typed.does == "record":
        return _record(typed, found)
    if typed.does.startswith(CORRECT):
        return _editor(typed, found, wrong=corrected())
    if typed.does != "save":
        return _editor(typed, found)
    if typed.has_wrong_date:
        return _editor(typed, found, wrong=NOT_A_DATE), 422
    try:
        saved = station().scripts.write(found.name, typed.wording(), based_on=typed.based_on, who=my_name())
    except ChangedMeanwhile as error:
        theirs = station().scripts.open(found.name)
        return _editor(replace(typed, based_on=theirs.sha256), theirs, wrong=error.sentence, is_late=True), 409
    except DalabaError as error:
        return _editor(typed, found, wrong=error.sentence), _code(error)
    _saved(saved, typed.based_on, SAVED)
    return redirect(address(saved.name), 303)


@scripts.post("/reading")
def reading() -> ResponseReturnValue:
    """What will be spoken of the text in the form, for the script that keeps it fresh beside the editor."""
    typed = read_form(request.form)
    return render_template("scripts/_reading.html", **_read(typed, request.form.get("name", "")))


@scripts.post("/listen")
def listen() -> ResponseReturnValue:
    """Begin to render the text in the form; where its clip will be."""
    typed = read_form(request.form)
    desk = station().listening
    key = desk.listen(desk.look(typed.wording(), *_named(request.form.get("name", ""))))
    return jsonify({"state": url_for("scripts.sound_state", key=key), "sound": url_for("scripts.sound", key=key)})


@scripts.get("/sound/<key>")
def sound_state(key: str) -> ResponseReturnValue:
    return jsonify({"is_ready": station().listening.is_ready(key)})


@scripts.get("/sound/<key>.wav")
def sound(key: str) -> ResponseReturnValue:
    path = station().listening.sound(key)
    try:
        return send_file(path, mimetype="audio/wav", conditional=True, max_age=600)
    except OSError:
        abort(404)


@scripts.post("/correct")
@needs(Right.WRITE)
def correct() -> ResponseReturnValue:
    """A reading is put right for good: a word and its pinyin go into the lexicon. For the script beside the editor."""
    wrong = corrected()
    return ({"error": wrong.zh, "error_en": wrong.en}, 422) if wrong else {"done": True}


@scripts.get("/versions/<kind>/<stem>")
def versions(kind: str, stem: str) -> str:
    """All texts that a script had, and one of them beside today's."""
    name = f"{kind}/{stem}"
    found = station().scripts.open(name)
    steps = station().scripts.steps(name)[::-1]
    wanted = request.args.get("version", "")
    old = station().scripts.revision(name, wanted) if any(one.sha256 == wanted for one in steps) else None
    return render_template(
        "scripts/versions.html",
        found=found,
        steps=steps,
        decisions=station().scripts.decisions(name)[::-1],
        old=old,
        pieces=compared(old.wording.body, found.wording.body) if old else (),
    )


@scripts.post("/versions/<kind>/<stem>")
@needs(Right.WRITE)
def restore(kind: str, stem: str) -> ResponseReturnValue:
    """An earlier text is the text again."""
    name, version, based_on = f"{kind}/{stem}", request.form.get("version", ""), request.form.get("based_on", "")
    if all(one.sha256 != version for one in station().scripts.steps(name)):
        abort(404)
    station().scripts.put_back(name, version, based_on=based_on, who=my_name())
    doorkeeper().note(my_name(), "script.restore", name, based_on, version)
    tell(PUT_BACK, is_good=True)
    return redirect(address(name), 303)


@scripts.post("/retire/<kind>/<stem>")
@needs(Right.WRITE)
def retire(kind: str, stem: str) -> ResponseReturnValue:
    name = f"{kind}/{stem}"
    station().scripts.retire(name, who=my_name(), note=request.form.get("why", ""))
    doorkeeper().note(my_name(), "script.retire", name, "", request.form.get("why", "")[:200])
    tell(RETIRED, is_good=True)
    return redirect(url_for("scripts.shelf"), 303)


def address(name: str) -> str:
    """Where a script is edited."""
    kind, _, stem = name.partition("/")
    return url_for("scripts.edit", kind=kind, stem=stem)


def _editor(
    typed: Typed,
    found: Opened | None = None,
    *,
    kind: str = "",
    wrong: Sentence | None = None,
    is_late: bool = False,
) -> str:
    """*is_late*: somebody else saved in between; *found* is what they saved."""
    name = found.name if found else ""
    row = station().scripts.shelf().by_name.get(name) if found else None
    complaint = wrong or (NOT_A_DATE if typed.has_wrong_date else None)
    sound = wrong_sound = None
    if typed.does == "listen":
        try:
            sound = _clip(typed, name)
        except DalabaError as error:
            wrong_sound = error.sentence
    return render_template(
        "scripts/edit.html",
        typed=typed,
        found=found,
        row=row,
        kind=kind,
        kinds=station().scripts.kinds(),
        complaint=complaint,
        theirs=found.wording if found and is_late else None,
        pieces=compared(found.wording.body, typed.body) if found and is_late else (),
        blanks=scriptwords.blanks(),
        longest=MAX_TEXT_CHARACTERS,
        sound=sound,
        wrong_sound=wrong_sound,
        may_write=may(Right.WRITE),
        **_read(typed, name),
    )


def _read(typed: Typed, name: str) -> dict[str, Any]:
    look = station().listening.look(typed.wording(), *_named(name))
    return {"reading": shown(look)}


def _named(name: str) -> tuple[Any, ...]:
    return (station().scripts.checked(name),) if name else ()


def _clip(typed: Typed, name: str) -> str | None:
    """The key of a clip that can be heard; None: it takes longer."""
    desk = station().listening
    key = desk.listen(desk.look(typed.wording(), *_named(name)))
    desk.wait(key, WAITS)
    return key if desk.is_ready(key) else None


def _record(typed: Typed, found: Opened) -> ResponseReturnValue:
    """A recording of the script came with the form; it is kept, and the form is shown with its name."""
    file = request.files.get("own_voice")
    if file is None or not file.filename:
        return _editor(typed, found, wrong=NO_FILE), 422
    try:
        kept = station().keep_recording(file.stream, " ".join(file.filename.split())[:80])
    except DalabaError as error:
        return _editor(typed, found, wrong=error.sentence), 422
    doorkeeper().note(my_name(), "recording.keep", kept, "", found.name)
    tell(RECORDED, is_good=True)
    return _editor(replace(typed, recording=kept), found)


def _saved(saved: Saved, before: str, words: Sentence) -> None:
    doorkeeper().note(my_name(), "script.save", saved.name, before, saved.sha256)
    changes = saved.cleaned
    if changes:
        zh, en = "；".join(one.zh for one in changes), "; ".join(one.en for one in changes)
        words = Sentence(f"{words.zh}存的时候{zh}。", f"{words.en} On the way {en}.")
    tell(words, is_good=True)


def corrected() -> Sentence | None:
    """Put right what the button ``correct|NUMBER|SYLLABLE`` of the form asks for; why it could not be done."""
    _, number, said = (request.form.get("does", "") + "||").split("|")[:3]
    if number == "free":
        word, said = request.form.get("free_word", "").strip(), request.form.get("free_said", "")
    else:
        word, said = unpacked(request.form.get(f"word{number}", ""), said or request.form.get(f"typed{number}", ""))
    try:
        done = station().lexicon.put(word, said, who=my_name())
    except Refused as error:
        return error.sentence
    doorkeeper().note(my_name(), "lexicon.word", done.word, done.before, done.after)
    tell(CORRECTED, is_good=True)
    return None


def _code(error: DalabaError) -> int:
    return 503 if isinstance(error, StoreFailed) else 422


def _is_wanted(row: Shelved, state: str) -> bool:
    match state:
        case "waiting":
            return row.is_waiting
        case "sent_back":
            return row.is_sent_back
        case "expired":
            return row.is_expired
        case "broken":
            return row.standing is Standing.BROKEN
        case _:
            return row.standing.value == state


def _holds(row: Shelved, words: list[str]) -> bool:
    """Whether every word of the search is in the title, the text, the name or the author."""
    return all(word in row.searched for word in words)
