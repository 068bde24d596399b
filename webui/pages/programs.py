"""Other programs (别的程序): admit one and show its token once, see when each came last, revoke; how the API works."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from broadcaster.errors import DalabaError
from broadcaster.model.people import ProgramId, Right, Scope
from broadcaster.model.words import Sentence
from webui import drafts, openapi
from webui.pages import Page
from webui.parts import doorkeeper, station
from webui.speaking import _
from webui.visitors import my_name, needs

programs = Blueprint("programs", __name__)
PAGE = Page(blueprint=programs)


def scope_words() -> dict[str, str]:
    """What a program may do, in words."""
    return {
        Scope.READ.value: _("看：站况、节目、记录、紧急稿"),
        Scope.SAY.value: _("播：播稿子、取消一次、停"),
        Scope.EMERGENCY_PREPARED.value: _("紧急：播预备好的紧急稿"),
        Scope.EMERGENCY_FREE.value: _("紧急：播任何话（夜里也响）"),
    }


@programs.get("/settings/programs")
@needs(Right.MANAGE)
def page() -> str:
    return _page()


@programs.post("/settings/programs")
@needs(Right.MANAGE)
def admit() -> ResponseReturnValue:
    """The token is part of this answer and of no other: nothing keeps it."""
    known = {scope.value: scope for scope in Scope}
    wanted = [known[word] for word in request.form.getlist("scope") if word in known]
    try:
        program, token = doorkeeper().programs.admit(request.form.get("name", ""), wanted, who=my_name())
    except DalabaError as error:
        return _page(error.sentence), 422
    drafts.taken()
    return render_template("programs/token.html", program=program, token=token, address=request.host_url.rstrip("/"))


@programs.post("/settings/programs/<id_>/revoke")
@needs(Right.MANAGE)
def revoke(id_: str) -> ResponseReturnValue:
    program = doorkeeper().programs.revoke(ProgramId(id_), who=my_name())
    return _page(
        done=Sentence(f"“{program.name}”的令牌停用了。", f"The token of {program.name!r} is dead."),
    )


@programs.get("/settings/programs/api")
@needs(Right.MANAGE)
def reference() -> str:
    """The document of the API, for people."""
    return render_template("programs/api.html", document=openapi.document(station().about().name))


def _page(wrong: Sentence | None = None, done: Sentence | None = None) -> str:
    found = doorkeeper().programs.all()
    return render_template(
        "programs/page.html",
        active=[one for one in found if one.is_active],
        revoked=[one for one in found if not one.is_active],
        scopes=scope_words(),
        chosen=request.form.getlist("scope"),
        name=request.form.get("name", "") if wrong else "",
        wrong_sentence=wrong,
        done=done,
    )
