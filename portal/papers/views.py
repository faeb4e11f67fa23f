"""Voters use their slips: no account, no sign-up."""

from typing import Any

from flask import Flask, Response, abort, flash, request, url_for

from portal.accounts.actions import note_attempts
from portal.papers import desk, queries, slips
from portal.papers.blueprint import bp
from portal.papers.queries import Sight, sight_of
from portal.rules import Refused
from portal.rules.ballots import Stage
from portal.rules.papers import TRIES_PER_ADDRESS, digits_of
from portal.rules.permissions import Deed
from portal.voting.forms import CodeForm, DigitsForm
from portal.voting.keys import public_key
from portal.voting.own import TAKEN_BACK
from portal.voting.queries import Poll, shown_options, stage_of
from portal.voting.receipts import receipt_of
from portal.web.addresses import row_number
from portal.web.door import page, see_other
from portal.web.errors import words_of
from portal.web.safety import kept_to_oneself
from portal.web.words import gettext, joined


@bp.route("/b/", methods=["GET", "POST"], deed=Deed.CAST_BY_CODE)
def code() -> Any:
    """A voter types the code of her slip."""
    form = CodeForm()
    if form.validate_on_submit():
        with form.refusals():
            note_attempts({"slip-address": request.remote_addr or ""}, {"slip-address": TRIES_PER_ADDRESS})
            if queries.find_slip(form.code.data or ""):
                return see_other(url_for(".slip", slip=form.code.data))
            form.code.errors = [gettext(slips.UNKNOWN.text)]
    return page(form=form)


@bp.get("/b/<slip>/", deed=Deed.CAST_BY_CODE, strict_slashes=False)
def slip(slip: str) -> Any:
    """A voter sees the ballot that she began with her slip, or an empty one; opening it stores nothing."""
    return _ballot(slip, request.args.get("tapped", 0, row_number))


@bp.route("/b/<slip>/vote", methods=["GET", "POST"], deed=Deed.CAST_BY_CODE)
def vote(slip: str) -> Any:
    """A voter marks an option on the ballot of her slip, or takes that back; what is refused is answered with her
    ballot as it stands.
    """
    if request.method == "GET":
        return see_other(url_for(".slip", slip=slip))
    option, value = (request.form.get(name, -1, row_number) for name in ("option", "value"))
    try:
        slips.vote_by_slip(digits_of(slip), option, value, request.form.get("seen", 0, row_number))
    except Refused as refused:
        return _ballot(slip, option, words_of(refused))
    return see_other(url_for(".slip", slip=slip, tapped=option, _anchor=f"option-{option}"))


def _ballot(slip: str, tapped: int, refused: str = "") -> Any:
    found = queries.find_slip(digits_of(slip))
    if found is None:
        return page("papers/unknown.html", 404)
    round, sight = found.poll.round, sight_of(found.poll.round, found.slip)
    return page(
        "papers/slip.html",
        409 if refused else 200,
        poll=found.poll,
        slip=slip,
        ended=found.slip.ended_at is not None,
        given=sight.given,
        stage=stage_of(round),
        standing=sight.standing,
        options=shown_options(round),
        marks=sight.marks,
        seen=sight.seen,
        tapped=tapped,
        refused=refused,
        resting=True,
    )


@bp.get("/b/<slip>/receipt", deed=Deed.CAST_BY_CODE)
def receipt(slip: str) -> Any:
    """A voter sees the receipt of the ballot that she began with her slip."""
    return _receipt(slip, DigitsForm())


@bp.get("/b/<slip>/receipt.txt", deed=Deed.CAST_BY_CODE)
def receipt_text(slip: str) -> Any:
    """A voter keeps the receipt as text, as the verifiers read it."""
    poll, sight = _bearer(slip)
    if sight.ballot is None:
        abort(404)
    return Response(receipt_of(poll.round, sight.ballot).text, content_type="text/plain; charset=utf-8")


@bp.route("/b/<slip>/digits", methods=["GET", "POST"], deed=Deed.CAST_BY_CODE)
def digits(slip: str) -> Any:
    """A voter chooses the last four digits of her ballot's number."""
    form = DigitsForm()
    if form.validate_on_submit():
        with form.refusals():
            slips.choose_digits_by_slip(digits_of(slip), form.digits.data)
            return see_other(url_for(".receipt", slip=slip))
    return _receipt(slip, form)


@bp.post("/b/<slip>/back", deed=Deed.CAST_BY_CODE)
def back(slip: str) -> Any:
    """A voter takes her whole vote back, as if she had not voted."""
    slips.take_back_by_slip(digits_of(slip))
    flash(joined(gettext(said) for said in TAKEN_BACK))
    return see_other(url_for(".slip", slip=slip))


def _bearer(code: str) -> tuple[Poll, Sight]:
    found = queries.find_slip(digits_of(code))
    if found is None or found.slip.ended_at is not None:
        abort(404)
    return found.poll, sight_of(found.poll.round, found.slip)


def _receipt(slip: str, form: DigitsForm) -> Any:
    poll, sight = _bearer(slip)
    if sight.ballot is None:
        return see_other(url_for(".slip", slip=slip))
    return page(
        "voting/receipt.html",
        region=poll.region,
        poll=poll,
        elector=sight.elector,
        receipt=receipt_of(poll.round, sight.ballot),
        key=public_key(),
        form=form if stage_of(poll.round) is Stage.OPEN or form.errors else None,
    )


@bp.after_request
def keep_to_oneself(answer: Any) -> Any:
    """What shows a code, or is reached by one, stays in no cache and goes to nobody as a referrer."""
    secret = request.path.startswith("/b/") or request.endpoint == "papers.slips"
    return kept_to_oneself(answer) if secret else answer


def install(app: Flask) -> None:
    app.register_blueprint(bp)


ALL = (desk,)
"""Rooms of views that hang on `bp`."""
