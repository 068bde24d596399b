"""Approval (审批): what waits, the soonest first; look, listen, compare, approve or send back; the paper trail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from broadcaster.errors import DalabaError, Refused, StoreFailed
from broadcaster.model.people import Right
from broadcaster.model.texts import ScriptName
from broadcaster.model.words import Sentence
from broadcaster.proof.wording import compared
from webui.pages import Page
from webui.pages.scripts import CORRECT, WAITS, corrected
from webui.parts import doorkeeper, station
from webui.reading import shown
from webui.speaking import _l
from webui.visitors import may, my_name, needs
from webui.wording import tell

if TYPE_CHECKING:
    from broadcaster.station.proofs import Proof  # brings the dictionaries of speech: an idle station does without

approval = Blueprint("approval", __name__, url_prefix="/approval")
PAGE = Page(blueprint=approval, title=_l("审批"), icon="patch-check-fill", home="approval.queue", order=30)

SHOWN = 30
TRAIL = 100
APPROVED = Sentence("批准了，记在审批本里。", "Approved, and on record.")
SENT_BACK = Sentence("退回去了，写稿的人会看到您的话。", "Sent back; the writer will see what you wrote.")
WITHDRAWN = Sentence("批准撤回了。", "The approval is withdrawn.")
LONGEST_WHY = 200


@approval.get("")
def queue() -> str:
    """What waits for somebody's look, what airs soonest first."""
    rows = station().scripts.shelf()
    return render_template(
        "approval/queue.html",
        rows=rows.waiting[:SHOWN],
        count=len(rows.waiting),
        sent_back=rows.sent_back,
        is_strict=station().proofs.is_strict,
    )


@approval.get("/trail")
def trail() -> str:
    """Who decided what and when, the newest first."""
    made = station().proofs.decisions()[::-1]
    rows = station().scripts.shelf().by_name
    start = max(0, request.args.get("from", 0, type=int))
    return render_template(
        "approval/trail.html",
        made=made[start : start + TRAIL],
        titles={one.script: rows[one.script].title for one in made[start : start + TRAIL] if one.script in rows},
        more=start + TRAIL if start + TRAIL < len(made) else None,
    )


@approval.route("/<kind>/<stem>", methods=["GET", "POST"])
def script(kind: str, stem: str) -> ResponseReturnValue:
    """One script: how it will be spoken, what has changed since the last approval, and the decision."""
    name = station().scripts.checked(f"{kind}/{stem}")
    if request.method == "GET":
        return _shown(name)
    does = request.form.get("does", "")
    if does == "listen":
        return _listen(name)
    if does.startswith(CORRECT):
        if not may(Right.WRITE):
            abort(403)
        return _shown(name, wrong=corrected())
    if not may(Right.APPROVE):
        abort(403)
    try:
        return _decide(name, does)
    except (Refused, StoreFailed) as error:
        return _shown(name, wrong=error.sentence), 503 if isinstance(error, StoreFailed) else 409


@approval.post("/withdraw/<kind>/<stem>")
@needs(Right.APPROVE)
def withdraw(kind: str, stem: str) -> ResponseReturnValue:
    name = station().scripts.checked(f"{kind}/{stem}")
    made = station().proofs.withdraw(name, who=my_name(), why=request.form.get("why", "")[:LONGEST_WHY])
    doorkeeper().note(my_name(), "script.withdraw", name, made.before, "")
    tell(WITHDRAWN, is_good=True)
    return redirect(url_for("approval.script", kind=kind, stem=stem), 303)


def _decide(name: ScriptName, does: str) -> ResponseReturnValue:
    sha256, why = request.form.get("sha256", ""), request.form.get("why", "")
    if does == "send_back":
        station().scripts.send_back(name, sha256, who=my_name(), note=why)
        doorkeeper().note(my_name(), "script.send_back", name, sha256, why[:LONGEST_WHY])
        tell(SENT_BACK, is_good=True)
    elif does == "approve":
        is_anew = request.form.get("anew") == "on"
        made = station().proofs.approve(name, sha256, who=my_name(), why=why[:LONGEST_WHY], anew=is_anew)
        doorkeeper().note(my_name(), "script.approve", name, made.before, made.sha256)
        tell(APPROVED, is_good=True)
    else:
        abort(400)
    return redirect(url_for("approval.queue"), 303)


def _shown(name: ScriptName, *, wrong: Sentence | None = None, sound: str | None = None, is_late: bool = False) -> str:
    proof = station().proofs.look(name)
    row = station().scripts.shelf().by_name.get(name)
    look = station().listening.look_at(proof.script)
    sha256 = proof.sha256
    return render_template(
        "approval/script.html",
        proof=proof,
        row=row,
        sha256=sha256,
        reading=shown(look),
        decisions=station().scripts.decisions(name)[::-1],
        steps=station().scripts.steps(name)[::-1],
        wrong_sentence=wrong,
        sound=sound,
        is_late=is_late,
        may_write=may(Right.WRITE),
        is_strict=station().proofs.is_strict,
        may_approve=may(Right.APPROVE) and station().proofs.may_approve(name, sha256, my_name()),
        why=request.form.get("why", ""),
        **_before(name, proof),
    )


def _before(name: ScriptName, proof: Proof) -> dict[str, Any]:
    """The revision that was approved last, and what was changed since."""
    made = [one for one in station().scripts.decisions(name) if one.verdict.value == "approved"]
    if not made or made[-1].sha256 == proof.sha256:
        return {"last": made[-1] if made else None, "pieces": (), "old_title": ""}
    try:
        old = station().scripts.revision(name, made[-1].sha256)
    except Refused:
        return {"last": made[-1], "pieces": (), "old_title": ""}
    return {
        "last": made[-1],
        "pieces": compared(old.wording.body, proof.script.body),
        "old_title": old.wording.title if old.wording.title != proof.script.title else "",
    }


def _listen(name: ScriptName) -> ResponseReturnValue:
    """The clip of what would be approved: today's reading, or the approved one of this text."""
    desk, proof = station().listening, station().proofs.look(name)
    wants_json = request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"
    try:
        is_anew = request.form.get("anew") == "on"
        key = desk.listen(desk.look_at(proof.script), None if is_anew or proof.approved is None else proof.spoken)
        if wants_json:
            return {"state": url_for("scripts.sound_state", key=key), "sound": url_for("scripts.sound", key=key)}
        desk.wait(key, WAITS)
        is_ready = desk.is_ready(key)
    except DalabaError as error:
        if wants_json:
            raise
        return _shown(name, wrong=error.sentence), 409
    return _shown(name, sound=key if is_ready else None, is_late=not is_ready)
