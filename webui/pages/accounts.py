"""Coming and going: the first owner, signing in and out, one's own devices and password."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from broadcaster.doorkeeper import Visitor
from broadcaster.errors import DalabaError, NameTaken, Refused
from broadcaster.model.people import DeviceId
from broadcaster.model.words import Sentence
from webui import drafts
from webui.forms import Form
from webui.pages import Page
from webui.parts import doorkeeper
from webui.shield import own_path
from webui.speaking import _l
from webui.visitors import for_anybody, forget, me, my_name, remember
from webui.wording import tell

accounts = Blueprint("accounts", __name__)
PAGE = Page(blueprint=accounts, title=_l("我的账号"), icon="person-circle", home="accounts.own", order=90)

REQUIRED = InputRequired(_l("这里不能空着。"))
SHORT = Length(max=200, message=_l("太长了。"))
DIFFERENT = Sentence("两次输的密码不一样。请再输一遍。", "the two passwords differ. Type them again.")


class FirstOwner(Form):
    code = StringField(_l("开站码"), [REQUIRED, SHORT])
    name = StringField(_l("您的名字"), [REQUIRED, SHORT])
    password = PasswordField(_l("想一个密码"), [REQUIRED, SHORT])
    again = PasswordField(_l("再输一遍密码"), [REQUIRED, SHORT])
    is_trusted = BooleanField(_l("这是我自己的手机或电脑，以后不用再登录"))


class SignIn(Form):
    name = StringField(_l("名字"), [REQUIRED, SHORT])
    password = PasswordField(_l("密码"), [REQUIRED, SHORT])
    is_trusted = BooleanField(_l("这是我自己的手机或电脑，以后不用再登录"))


class NewPassword(Form):
    old = PasswordField(_l("旧密码"), [REQUIRED, SHORT])
    new = PasswordField(_l("新密码"), [REQUIRED, SHORT])
    again = PasswordField(_l("再输一遍新密码"), [REQUIRED, SHORT])


@accounts.route("/first", methods=["GET", "POST"])
@for_anybody
def first() -> ResponseReturnValue:
    """The first owner signs up with the code from the station's own screen."""
    if doorkeeper().has_owner():
        return redirect(url_for("accounts.sign_in"), 303)
    form = FirstOwner()
    if not form.validate_on_submit():
        return _again("accounts/first.html", form)
    if form.password.data != form.again.data:
        return _again("accounts/first.html", form, DIFFERENT)
    try:
        account = doorkeeper().sign_up_first(
            str(form.code.data), str(form.name.data), str(form.password.data), address=_address()
        )
    except (Refused, NameTaken) as error:
        return _again("accounts/first.html", form, error.sentence)
    visitor, token = doorkeeper().let_in(account, label=device_label(), is_trusted=bool(form.is_trusted.data))
    return _welcome(visitor, token, url_for("today.page"))


@accounts.route("/sign-in", methods=["GET", "POST"])
@for_anybody
def sign_in() -> ResponseReturnValue:
    """With name and password; then on to the page that was asked for."""
    form = SignIn()
    if request.method == "GET" and not doorkeeper().has_owner():
        return redirect(url_for("accounts.first"), 303)
    if not form.validate_on_submit():
        return _again("accounts/sign_in.html", form)
    before = me()
    try:
        visitor, token = doorkeeper().sign_in(
            str(form.name.data),
            str(form.password.data),
            address=_address(),
            label=device_label(),
            is_trusted=bool(form.is_trusted.data),
        )
    except Refused as error:
        return _again("accounts/sign_in.html", form, error.sentence)
    if before is not None:
        doorkeeper().sign_out(before)
    response = _welcome(visitor, token, own_path(request.args.get("next", ""), url_for("today.page")))
    if before is not None and before.account.id != visitor.account.id:
        drafts.forget_all_of(before.account.id)
    return response


@accounts.post("/sign-out")
@for_anybody
def sign_out() -> ResponseReturnValue:
    visitor = me()
    response = forget(redirect(url_for("accounts.sign_in"), 303))  # type: ignore[arg-type]
    if visitor is not None:
        doorkeeper().sign_out(visitor)
        drafts.forget_all_of(visitor.account.id)
    return response


@accounts.get("/me")
def own() -> ResponseReturnValue:
    """One's own name, devices and password."""
    return _own(NewPassword())


@accounts.post("/me/password")
def password() -> ResponseReturnValue:
    form = NewPassword()
    visitor = me()
    if visitor is None or not form.validate_on_submit():
        return _own(form), 422
    if form.new.data != form.again.data:
        return _own(form, DIFFERENT), 422
    try:
        doorkeeper().change_own_password(visitor, str(form.old.data), str(form.new.data), address=_address())
    except DalabaError as error:
        return _own(form, error.sentence), 422
    tell(
        Sentence("密码改好了，别的设备都已退出。", "The password is changed; other devices are signed out."),
        is_good=True,
    )
    return redirect(url_for("accounts.own"), 303)


@accounts.post("/me/devices/<device>/forget")
def forget_device(device: str) -> ResponseReturnValue:
    """Sign out one of one's own devices: a lost phone."""
    visitor = me()
    if visitor is not None:
        doorkeeper().forget(visitor, DeviceId(device))
    tell(Sentence("那台设备已经退出。", "That device is signed out."), is_good=True)
    return redirect(url_for("accounts.own"), 303)


def _own(form: NewPassword, wrong: Sentence | None = None) -> str:
    visitor = me()
    devices = doorkeeper().devices(visitor.account.id) if visitor else []
    return render_template("accounts/own.html", form=form, sentence=wrong, devices=devices, name=my_name())


def _again(template: str, form: Form, wrong: Sentence | None = None) -> ResponseReturnValue:
    """The form with what was typed, but for passwords, and what to change."""
    return render_template(template, form=form, sentence=wrong), 200 if request.method == "GET" else 422


def _welcome(visitor: Visitor, token: str, to: str) -> ResponseReturnValue:
    response = redirect(to, 303)
    return remember(response, token, is_trusted=visitor.device.is_trusted)  # type: ignore[arg-type]


def _address() -> str:
    return request.remote_addr or ""


def device_label() -> str:
    """What the browser says of itself, for people: ``Android · Chrome``."""
    agent = request.user_agent.string
    systems = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac", "Mac"))
    browsers = (("MicroMessenger", "微信"), ("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"))
    system = next((name for mark, name in systems if mark in agent), "Linux" if "Linux" in agent else "?")
    browser = next((name for mark, name in browsers if mark in agent), "Safari" if "Safari" in agent else "?")
    return f"{system} · {browser}"
