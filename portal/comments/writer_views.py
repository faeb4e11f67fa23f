"""Who wrote words sees with her link, on the phone with which she wrote them, what became of them, and can appeal."""

from typing import Any

from flask import flash, request, url_for

from portal.comments import appealing, queries
from portal.comments.blueprint import bp
from portal.comments.forms import AppealForm
from portal.ratings.devices import device
from portal.ratings.queries import invitation_of
from portal.rules import N_
from portal.rules.permissions import Deed
from portal.store.clock import now
from portal.web.door import page, see_other
from portal.web.safety import kept_to_oneself
from portal.web.words import gettext


@bp.route("/rate/<token>/words", methods=["GET", "POST"], deed=Deed.APPEAL_WORDS)
def mine(token: str) -> Any:
    """The writer sees what became of her words, and appeals; opening the link stores nothing."""
    found = queries.comment_of(token, device())
    if found is None:
        invitation = invitation_of(token, device())
        return page(status=200 if invitation else 404, token=token, found=None, invitation=invitation)
    form = AppealForm()
    if form.validate_on_submit():
        with form.refusals():
            appealing.appeal_words(token, form.words.data or "", device())
            flash(gettext(N_("Your appeal is with somebody who had no part in this, or your words are free already.")))
            return see_other(url_for(".mine", token=token))
    until = queries.appeal_until(found)
    is_open = until is not None and found.told.appeal is None and now() <= until
    return page(token=token, found=found, until=until, form=form if is_open else None)


@bp.after_request
def keep_to_oneself(answer: Any) -> Any:
    """A private link stays in no cache and goes to nobody as a referrer."""
    return kept_to_oneself(answer) if request.endpoint == "comments.mine" else answer
