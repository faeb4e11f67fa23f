"""Sign in, sign out, and say where one lives."""

from typing import Any

from flask import Flask, abort, current_app, flash, request, session, url_for
from flask_login import LoginManager, UserMixin, login_user, logout_user
from itsdangerous import BadSignature, URLSafeSerializer

from portal.accounts import actions, queries
from portal.accounts.forms import CodeForm, PhoneForm, PreferencesForm, StaffForm
from portal.accounts.models import Person
from portal.regions.queries import find_region
from portal.rules import N_
from portal.rules.accounts import phone_number
from portal.rules.permissions import Actor, Deed
from portal.store import db
from portal.web.addresses import row_number
from portal.web.door import RESUMES, Guarded, actor, holds, local, page, resumes, see_other, take_held
from portal.web.forms import flashed_refusals
from portal.web.words import gettext, language

bp = Guarded("accounts", __name__, finds={"region": find_region})
login_manager = LoginManager()


class SignedIn(UserMixin):
    """What Flask-Login remembers: the token in the cookie, and who that is."""

    def __init__(self, token: str, actor: Actor) -> None:
        self.id = token
        self.actor = actor


@login_manager.user_loader
def load(token: str) -> SignedIn | None:
    found = queries.actor_signed_in(token)
    return SignedIn(token, found) if found else None


@bp.route("/sign-in", methods=["GET", "POST"], deed=Deed.SIGN_IN)
def sign_in() -> Any:
    """A resident signs in by phone number."""
    form = PhoneForm()
    then = local(request.values.get("next", "/"))
    if form.validate_on_submit():
        phone = phone_number(form.phone.data) or ""
        with form.refusals():
            code = actions.send_code(phone, request.remote_addr or "", language())
            session["phone"] = phone
            if current_app.config["SETTINGS"].demo:
                flash(gettext(N_("Demo: your code is %(code)s"), code=code))
            return see_other(url_for(".code", next=then))
    return page(form=form, then=then, held=holds())


@bp.route("/sign-in/code", methods=["GET", "POST"], deed=Deed.SIGN_IN)
def code() -> Any:
    """A resident types the code that she was sent."""
    form = CodeForm()
    then = local(request.values.get("next", "/"))
    phone = session.get("phone")
    if not phone:
        return see_other(url_for(".sign_in", next=then))
    if form.validate_on_submit():
        if actions.check_code(phone, form.code.data):
            session.pop("phone")
            return _enter(actions.welcome(phone, language()), then)
        form.code.errors = [
            gettext(N_("This code is not right or no longer valid. Please check it, or ask for a new one."))
        ]
    return page(form=form, then=then, phone=f"{phone[:3]} **** {phone[-4:]}")


@bp.route("/sign-in/staff", methods=["GET", "POST"], deed=Deed.SIGN_IN)
def staff() -> Any:
    """Committee, officials and providers sign in with a password."""
    form = StaffForm()
    then = local(request.values.get("next", "/"))
    if form.validate_on_submit():
        with form.refusals():
            person = actions.check_password(form.login.data, form.password.data, request.remote_addr or "")
            if person:
                return _enter(person, then)
            form.password.errors = [gettext(N_("Login or password is not right."))]
    return page(form=form, then=then)


@bp.route("/enter/<token>", methods=["GET", "POST"], deed=Deed.SIGN_IN)
def enter(token: str) -> Any:
    """Someone tries the demo with one tap; opening the link alone signs nobody in."""
    if not current_app.config["SETTINGS"].demo:
        abort(404)
    try:
        person_id, then = demo_signer().loads(token)
    except BadSignature:
        abort(404)
    person = db.session.get(Person, person_id) or abort(404)
    if request.method == "POST":
        return _enter(person, then)
    return page(person=person)


def demo_signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="enter")


def _enter(person: Person, then: str) -> Any:
    """Begin a session, do what was held for it, and go on to where the person was."""
    held = take_held()
    session.clear()
    session.permanent = True
    doer = queries.actor_of(person)
    login_user(SignedIn(actions.begin_session(person, _device()), doer))
    for deed, values in held:
        with flashed_refusals():
            RESUMES[deed](doer, values)
    return see_other(local(then))


def _device() -> str:
    agent = request.user_agent.string
    kinds = (
        ("MicroMessenger", "WeChat"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac", "Mac"),
    )
    return next((name for mark, name in kinds if mark in agent), "")


@bp.post("/sign-out", deed=Deed.SIGN_IN)
def sign_out() -> Any:
    """Someone signs out, here or everywhere."""
    token = session.get("_user_id")
    if token and "everywhere" in request.form:
        actions.end_all_sessions(actor())
    elif token:
        actions.end_session(token)
    logout_user()
    session.clear()
    return see_other("/")


@bp.post("/<code:region>/residency", deed=Deed.CHANGE_OWN)
def residency(region: Any) -> Any:
    """A resident says that she lives here, to be vouched for by the committee."""
    if actions.ask_residency(actor(), region):
        flash(gettext(N_("Thank you. You are on the roll here: you can vote.")))
    else:
        flash(gettext(N_("Thank you. Your committee will confirm it.")))
    return see_other(local(request.form.get("back", f"/{region.code}/")))


@resumes(Deed.CHANGE_OWN)
def residency_held(doer: Actor, values: dict[str, Any]) -> None:
    region = find_region(values.get("region", ""))
    if region:
        actions.ask_residency(doer, region)


@bp.route("/<code:region>/residents/", methods=["GET", "POST"], deed=Deed.VOUCH_RESIDENT)
def residents(region: Any) -> Any:
    """A committee vouches for those who say that they live here."""
    if request.method == "POST":
        home = find_region(request.form.get("region", "")) or region
        if not home.path.startswith(region.path):
            abort(404)
        actions.vouch(actor(), home, request.form.get("person", 0, row_number))
        return see_other(request.path)
    return page(region=region, asking=queries.asking_residents(region))


@bp.route("/preferences", methods=["GET", "POST"], deed=Deed.CHANGE_OWN)
def preferences() -> Any:
    """A person says how she is called and whether she wants SMS, and sees where she is signed in."""
    person = db.session.get(Person, actor().id)
    form = PreferencesForm(obj=person)
    if form.validate_on_submit():
        actions.save_preferences(actor(), form.name.data, form.wants_sms.data)
        flash(gettext(N_("Saved.")))
        return see_other(request.path)
    return page(form=form, devices=queries.devices_of(actor()))


def install(app: Flask) -> None:
    login_manager.init_app(app)
    login_manager.session_protection = None
    app.register_blueprint(bp)
    app.jinja_env.globals["actor"] = actor
