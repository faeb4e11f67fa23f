"""What only a voter herself sees of her vote: that she has one, and its receipt, never what it says."""

from typing import Any

from flask import Response, abort, flash, url_for

from portal.regions.models import Region
from portal.rules import N_
from portal.rules.ballots import Stage
from portal.rules.permissions import Deed
from portal.voting import actions, queries
from portal.voting.blueprint import bp
from portal.voting.electors import elector_of
from portal.voting.forms import DigitsForm
from portal.voting.keys import public_key
from portal.voting.queries import Poll
from portal.voting.receipts import receipt_of
from portal.web.door import actor, page, see_other
from portal.web.safety import unkept
from portal.web.words import gettext, joined

TAKEN_BACK = (
    N_("Your vote is taken back; you are not counted as having voted. You can vote again."),
    N_("A ballot of paper that you handed in before still counts once it is entered."),
)


@bp.get("/<int:poll>/receipt", deed=Deed.SEE_OWN)
def receipt(region: Region, poll: Poll) -> Any:
    """A voter sees her receipt, and her line on the roll."""
    return _receipt(region, poll, DigitsForm())


@bp.get("/<int:poll>/receipt.txt", deed=Deed.SEE_OWN)
def receipt_text(region: Region, poll: Poll) -> Any:
    """A voter keeps her receipt as text, as the verifiers read it."""
    ballot = queries.own_ballot(poll.round, elector_of(poll.round, actor()))
    if ballot is None:
        abort(404)
    return unkept(Response(receipt_of(poll.round, ballot).text, content_type="text/plain; charset=utf-8"))


@bp.route("/<int:poll>/digits", methods=["GET", "POST"], deed=Deed.CAST_VOTE)
def digits(region: Region, poll: Poll) -> Any:
    """A voter chooses the last four digits of her code, so that no other ballot can carry the same one."""
    form = DigitsForm()
    elector = elector_of(poll.round, actor())
    if elector and form.validate_on_submit():
        with form.refusals():
            actions.choose_digits(poll.round, elector, form.digits.data)
            return see_other(url_for(".receipt", region=region.code, poll=poll.round.id))
    return _receipt(region, poll, form)


@bp.post("/<int:poll>/back", deed=Deed.CAST_VOTE)
def back(region: Region, poll: Poll) -> Any:
    """A voter takes her whole vote back, as if she had not voted."""
    elector = elector_of(poll.round, actor())
    if elector:
        actions.take_back(poll.round, elector)
        flash(joined(gettext(said) for said in TAKEN_BACK))
    return see_other(url_for(".ballot", region=region.code, poll=poll.round.id))


def _receipt(region: Region, poll: Poll, form: DigitsForm) -> Any:
    elector = elector_of(poll.round, actor())
    ballot = queries.own_ballot(poll.round, elector)
    choosing = queries.stage_of(poll.round) is Stage.OPEN or form.errors
    return unkept(
        page(
            "voting/receipt.html",
            region=region,
            poll=poll,
            elector=elector,
            receipt=receipt_of(poll.round, ballot) if ballot else None,
            key=public_key(),
            form=form if ballot and choosing else None,
        )
    )
