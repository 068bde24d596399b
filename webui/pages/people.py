"""People (人员): who may use the page, invited by a code that works once; roles, devices, on and off."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, PasswordField, StringField

from broadcaster.errors import DalabaError, NameTaken, Refused
from broadcaster.model.people import Account, AccountId, DeviceId, Right, Role
from broadcaster.model.words import Sentence
from webui import drafts
from webui.forms import Form
from webui.pages import Page
from webui.pages.accounts import DIFFERENT, REQUIRED, SHORT, device_label
from webui.parts import doorkeeper
from webui.speaking import _, _l
from webui.visitors import for_anybody, my_name, needs, remember
from webui.wording import tell

people = Blueprint("people", __name__)
PAGE = Page(blueprint=people, title=_l("人员"), icon="people-fill", home="people.page", order=70, right=Right.MANAGE)


class Join(Form):
    code = StringField(_l("一次码"), [REQUIRED, SHORT])
    password = PasswordField(_l("想一个密码"), [REQUIRED, SHORT])
    again = PasswordField(_l("再输一遍密码"), [REQUIRED, SHORT])
    is_trusted = BooleanField(_l("这是我自己的手机或电脑，以后不用再登录"))


def role_words() -> dict[str, str]:
    """What each role may do."""
    return {
        Role.OWNER.value: _("站长：什么都能做，给别人开账号"),
        Role.APPROVER.value: _("审批人：审稿；改今天的节目"),
        Role.EDITOR.value: _("写稿人：写稿；改今天的节目"),
        Role.EMERGENCY.value: _("紧急广播员：发紧急广播"),
    }


@people.get("/people")
@needs(Right.MANAGE)
def page() -> str:
    return _page()


@people.post("/people/invite")
@needs(Right.MANAGE)
def invite() -> ResponseReturnValue:
    """The code is part of this answer and of no other: nothing keeps it."""
    try:
        invitation, code = doorkeeper().invitations.invite(request.form.get("name", ""), _roles(), who=my_name())
    except DalabaError as error:
        return _page(error.sentence), 422
    drafts.taken()
    return _show_code(invitation.name, code, is_new=True)


@people.post("/people/<id_>/uninvite")
@needs(Right.MANAGE)
def uninvite(id_: str) -> ResponseReturnValue:
    doorkeeper().invitations.withdraw(AccountId(id_), who=my_name())
    tell(Sentence("那个一次码作废了。", "That code is worth nothing any more."), is_good=True)
    return redirect(url_for("people.page"), 303)


@people.get("/people/<id_>")
@needs(Right.MANAGE)
def one(id_: str) -> str:
    return _one(doorkeeper().account(AccountId(id_)))


@people.post("/people/<id_>/roles")
@needs(Right.MANAGE)
def roles(id_: str) -> ResponseReturnValue:
    return _change(id_, roles=_roles())


@people.post("/people/<id_>/off")
@needs(Right.MANAGE)
def off(id_: str) -> ResponseReturnValue:
    return _change(id_, is_active=False)


@people.post("/people/<id_>/on")
@needs(Right.MANAGE)
def on(id_: str) -> ResponseReturnValue:
    return _change(id_, is_active=True)


@people.post("/people/<id_>/code")
@needs(Right.MANAGE)
def code(id_: str) -> ResponseReturnValue:
    """For somebody who forgot the password: the old one goes on until the code is used."""
    account = doorkeeper().account(AccountId(id_))
    if not account.is_active:
        raise Refused(Sentence("这个账号停用了。请先启用。", "this account is switched off. Switch it on first."))
    invitation, given = doorkeeper().invitations.renew(account, who=my_name())
    return _show_code(invitation.name, given, is_new=False)


@people.post("/people/<id_>/devices/<device>/forget")
@needs(Right.MANAGE)
def forget_device(id_: str, device: str) -> ResponseReturnValue:
    doorkeeper().forget_of(AccountId(id_), DeviceId(device), who=my_name())
    tell(Sentence("那台设备已经退出。", "That device is signed out."), is_good=True)
    return redirect(url_for("people.one", id_=id_), 303)


@people.route("/join", methods=["GET", "POST"])
@for_anybody
def join() -> ResponseReturnValue:
    """Whoever holds a one-time code chooses a password, and is in."""
    form = Join()
    wrong = None
    if form.validate_on_submit():
        try:
            if form.password.data != form.again.data:
                raise Refused(DIFFERENT)
            account = doorkeeper().use_code(
                str(form.code.data), str(form.password.data), address=request.remote_addr or ""
            )
        except (Refused, NameTaken) as error:
            wrong = error.sentence
        else:
            visitor, token = doorkeeper().let_in(account, label=device_label(), is_trusted=bool(form.is_trusted.data))
            response = redirect(url_for("today.page"), 303)
            return remember(response, token, is_trusted=visitor.device.is_trusted)  # type: ignore[arg-type]
    return render_template("people/join.html", form=form, sentence=wrong), 200 if request.method == "GET" else 422


def _change(id_: str, *, roles: list[Role] | None = None, is_active: bool | None = None) -> ResponseReturnValue:
    try:
        account = doorkeeper().change_account(AccountId(id_), who=my_name(), roles=roles, is_active=is_active)
    except Refused as error:
        return _one(doorkeeper().account(AccountId(id_)), error.sentence), 409
    tell(Sentence(f"“{account.name}”改好了。", f"{account.name!r} is changed."), is_good=True)
    return redirect(url_for("people.one", id_=id_), 303)


def _roles() -> list[Role]:
    known = {role.value: role for role in Role}
    return [known[word] for word in request.form.getlist("role") if word in known]


def _page(wrong: Sentence | None = None) -> str:
    return render_template(
        "people/page.html",
        accounts=doorkeeper().accounts(),
        waiting=doorkeeper().invitations.waiting(),
        roles=role_words(),
        chosen=request.form.getlist("role"),
        name=request.form.get("name", ""),
        sentence=wrong,
    )


def _one(account: Account, wrong: Sentence | None = None) -> str:
    return render_template(
        "people/one.html",
        account=account,
        devices=doorkeeper().devices(account.id),
        roles=role_words(),
        sentence=wrong,
    )


def _show_code(name: str, given: str, *, is_new: bool) -> str:
    return render_template(
        "people/code.html",
        name=name,
        code=given,
        is_new=is_new,
        address=request.host_url.rstrip("/") + url_for("people.join"),
    )
