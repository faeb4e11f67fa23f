"""Recipients rate a service by their private link."""

import hmac
import secrets
from typing import Any

from flask import Flask, make_response, request, url_for

from portal.policies.catalogue import catalogue
from portal.ratings import answering, desk, list_views, no_more_views, queries
from portal.ratings.blueprint import bp
from portal.ratings.devices import device, leave
from portal.ratings.forms import WhyForm
from portal.ratings.queries import Invitation
from portal.rules import N_
from portal.rules.permissions import Deed
from portal.rules.services import code_typed
from portal.store.files import NotAPhoto, discard, keep_photo
from portal.web.door import page, see_other
from portal.web.safety import csrf, kept_to_oneself
from portal.web.words import gettext

__all__ = ["bp", "desk", "install", "list_views", "no_more_views"]

SHOWN_SECONDS = 8
"""How long a counter says thank you before it is the next one's turn."""


@bp.route("/rate/<token>", methods=["GET", "POST"], deed=Deed.RATE_SERVICE)
@csrf.exempt
def rate(token: str) -> Any:
    """A recipient rates a service with one tap; opening the link stores nothing, not even a cookie."""
    _sent_by_our_page(token)
    invitation = queries.invitation_of(token, device())
    if invitation is None:
        return _unknown(token)
    if request.method == "POST":
        return _page_of(token) if _is_switch() else _tapped(token)
    if _at_counter() and invitation.is_rated:
        return _thanks()
    return _page(token, invitation, _why_form(invitation))


@bp.route("/rate/<token>/why", methods=["GET", "POST"], deed=Deed.RATE_SERVICE)
@csrf.exempt
def why(token: str) -> Any:
    """A recipient says why, if she likes to."""
    _sent_by_our_page(token)
    invitation = queries.invitation_of(token, device())
    if invitation is None:
        return _unknown(token)
    form = _why_form(invitation)
    if form is None or request.method == "GET":
        return _page_of(token)
    if form.validate_on_submit():
        with form.refusals():
            if _explained(token, invitation, form):
                return _page_of(token)
    return _page(token, invitation, form)


@bp.get("/rate/", deed=Deed.RATE_SERVICE)
def enter() -> Any:
    """A recipient types the code of her slip, or pastes her link; on a counter's screen, the next one does."""
    typed = code_typed(request.args.get("code", ""))
    return _page_of(typed) if typed else page("ratings/enter.html", at_counter=_at_counter())


@bp.get("/rate/thanks", deed=Deed.RATE_SERVICE)
def thanks() -> Any:
    """A counter's screen thanks, says nothing of the rating, and is soon there for the next one."""
    return _thanks()


def _tapped(token: str) -> Any:
    cookie = device() or secrets.token_urlsafe(12)
    answering.rate_service(
        token,
        request.form.get("grade", 0, int),
        device=queries.device_tag(cookie),
        by_staff=_at_counter(),
    )
    answer = make_response("", 204) if request.headers.get("X-Tap") else _after_tap(token)
    leave(answer, cookie)
    return answer


def _after_tap(token: str) -> Any:
    return see_other(url_for(".thanks")) if _at_counter() else _page_of(token)


def _explained(token: str, invitation: Invitation, form: WhyForm) -> bool:
    """Whether what was said beside the grade is kept; photos that nothing leads to any more are not."""
    before = invitation.rating.photo if invitation.rating else None
    try:
        photo = _photo(form)
    except NotAPhoto:
        form.photos.errors = [gettext(N_("Please choose a photo (JPEG, PNG, WebP or HEIC)."))]
        return False
    kept = answering.explain_rating(token, form.reasons.data or [], form.words.data or "", photo, device())
    discard([before] if before and kept.photo != before else [])
    return True


def _photo(form: WhyForm) -> str | None:
    """The name of the photo that was sent, kept; "" for none any more, None for what is there."""
    files = [file for file in form.photos.data or [] if file and file.filename]
    if files:
        return keep_photo(files[-1].stream).name
    return "" if form.no_photo.data else None


def _why_form(invitation: Invitation) -> WhyForm | None:
    rating = invitation.shown
    return WhyForm(rating, invitation.has_own_words) if rating and not _at_counter() else None


def _page(token: str, invitation: Invitation, form: WhyForm | None) -> Any:
    return page(
        "ratings/rate.html",
        token=token,
        invitation=invitation,
        rating=invitation.shown,
        provider=invitation.provider,
        subject=catalogue().get(invitation.service.category),
        form=form,
        at_counter=_at_counter(),
        here=_address(token),
        csrf_token=lambda: queries.form_key(token),
    )


def _thanks() -> Any:
    answer = make_response(page("ratings/thanks.html"))
    answer.headers["Refresh"] = f"{SHOWN_SECONDS}; url={url_for('.enter', at='counter')}"
    return answer


def _page_of(token: str) -> Any:
    return see_other(_address(token))


def _address(token: str) -> str:
    return url_for(".rate", token=token, at="counter" if _at_counter() else None)


def _unknown(token: str) -> Any:
    return page("ratings/unknown.html", 404, typed=token, at_counter=_at_counter())


def _at_counter() -> bool:
    """Whether this is the screen of those who asked for the rating."""
    return request.args.get("at") == "counter"


def _is_switch() -> bool:
    """Whether only the language or the display was switched."""
    return "_language" in request.form or "_display" in request.form


def _sent_by_our_page(token: str) -> None:
    """Refuse (400) a form that none of our pages showed: who knows neither the link nor a session cannot send one."""
    said = request.form.get("csrf_token", "").encode("utf-8", "replace")
    if request.method == "POST" and not hmac.compare_digest(said, queries.form_key(token).encode()):
        csrf.protect()


@bp.after_request
def keep_to_oneself(answer: Any) -> Any:
    """A private link stays in no cache and goes to nobody as a referrer."""
    secret = request.endpoint in ("ratings.rate", "ratings.why", "ratings.enter", "ratings.thanks", "ratings.no_more")
    return kept_to_oneself(answer) if secret else answer


def install(app: Flask) -> None:
    app.register_blueprint(bp)
