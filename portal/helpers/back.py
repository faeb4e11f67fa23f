"""Who was helped sees who helped, and takes the vote back: by the code on her slip, or signed in."""

from typing import Any

from flask import flash, request, url_for

from portal.accounts.actions import note_attempts
from portal.helpers import actions, queries
from portal.helpers.blueprint import POLL, bp
from portal.regions.models import Region
from portal.rules import N_
from portal.rules.papers import TRIES_PER_ADDRESS, digits_of
from portal.rules.permissions import Deed
from portal.voting.electors import elector_of
from portal.voting.forms import CodeForm
from portal.voting.own import TAKEN_BACK
from portal.voting.queries import Poll, stage_of
from portal.web.door import actor, page, see_other
from portal.web.words import gettext, joined


@bp.route(f"{POLL}/help/mine", methods=["GET", "POST"], deed=Deed.SEE_OWN)
def mine(region: Region, poll: Poll) -> Any:
    """A voter sees who helped her, and takes the vote back that was given with help."""
    elector = elector_of(poll.round, actor())
    if request.method == "POST":
        if elector:
            _say(actions.take_back_own(poll.round, elector.by_number))
        return see_other(url_for(".mine", region=region.code, poll=poll.round.id))
    helps = queries.helps_for(poll.round, elector)
    return page(region=region, poll=poll, stage=stage_of(poll.round), helps=helps)


@bp.route("/back/", methods=["GET", "POST"], deed=Deed.CAST_BY_CODE)
def back_code() -> Any:
    """A voter who was helped types the code of her slip."""
    form = CodeForm()
    if form.validate_on_submit():
        with form.refusals():
            _count_try()
            if queries.find_code(form.code.data or ""):
                return see_other(url_for(".back", code=form.code.data))
            form.code.errors = [gettext(actions.UNKNOWN.text)]
    return page(form=form)


@bp.route("/back/<code>", methods=["GET", "POST"], deed=Deed.CAST_BY_CODE)
def back(code: str) -> Any:
    """A voter takes back what was voted with help, by the code of her slip; opening the page changes nothing."""
    if request.method == "POST":
        _count_try()
        _say(actions.take_back_by_code(digits_of(code)))
        return see_other(url_for(".back", code=code))
    found = queries.find_code(digits_of(code))
    if found is None:
        return page("helpers/unknown.html", 404)
    return page(found=found, poll=found.poll, stage=stage_of(found.poll.round))


def _count_try() -> None:
    note_attempts({"back-address": request.remote_addr or ""}, {"back-address": TRIES_PER_ADDRESS})


def _say(taken: bool) -> None:
    flash(joined(gettext(said) for said in (TAKEN_BACK if taken else NOT_CHANGED)))


NOT_CHANGED = (N_("Your vote was not changed: nothing was voted with this help, or you have voted by yourself since."),)
