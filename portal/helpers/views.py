"""A named helper votes together with a person who wants it."""

import math
from typing import Any

from flask import Flask, abort, request, url_for

from portal.accounts.actions import note_attempts
from portal.helpers import actions, back, queries
from portal.helpers.blueprint import POLL, bp
from portal.helpers.forms import ConsentForm, NeighbourForm
from portal.helpers.models import Assistance
from portal.policies.queries import rules_for
from portal.regions.models import Region
from portal.rolls.models import RollEntry
from portal.rules import Refused, decisions
from portal.rules.ballots import Stage
from portal.rules.helpers import LASTS, TRIES_PER_HELPER, stands_out
from portal.rules.papers import grouped
from portal.rules.permissions import Deed, may
from portal.rules.rolls import LONGEST_HOUSEHOLD
from portal.store.clock import now, today
from portal.store.paging import page_of
from portal.voting.queries import Poll, count_voted, shown_options, stage_of
from portal.voting.voters import listed_in, sought_among, voter_numbered
from portal.web.addresses import row_number
from portal.web.door import actor, page, see_other
from portal.web.errors import words_of
from portal.web.forms import cleaned
from portal.web.qr import here, qr_code
from portal.web.safety import kept_to_oneself

HELP = f"{POLL}/help/<int:assistance>"
MINUTES = int(LASTS.total_seconds()) // 60


@bp.route(f"{POLL}/help", methods=["GET", "POST"], deed=Deed.HELP_VOTE)
def begin(region: Region, poll: Poll) -> Any:
    """A neighbour says whom she helps, and that this person wants it."""
    form = NeighbourForm()
    if form.validate_on_submit():
        with form.refusals():
            note_attempts({"helper": str(actor().id)}, {"helper": TRIES_PER_HELPER})
            begun = actions.begin_help(
                actor(),
                poll.round,
                poll.region,
                form.voter(),
                consents=form.consents.data,
                known_by=form.known_by.data or "",
            )
            return see_other(url_for(".ballot", region=region.code, poll=poll.round.id, assistance=begun.id))
    return page(
        region=region,
        poll=poll,
        form=_while_open(poll, form),
        minutes=MINUTES,
        most=rules_for(poll.region).helped_people,
        sees_roll=may(actor(), Deed.SEE_ROLL, region.path),
    )


@bp.get(f"{POLL}/help/roll", deed=Deed.SEE_ROLL)
def roll(region: Region, poll: Poll) -> Any:
    """A committee looks for the person whom it helps."""
    sought = cleaned(request.args.get("q", ""))[:LONGEST_HOUSEHOLD]
    voters = sought_among(listed_in(poll.round, region), sought)
    found = page_of(voters, [RollEntry.id], request.args.get("after", ""))
    return page(region=region, poll=poll, sought=sought, found=found)


@bp.route(f"{POLL}/help/roll/<int:number>", methods=["GET", "POST"], deed=Deed.SEE_ROLL)
def consent(region: Region, poll: Poll, number: int) -> Any:
    """A committee reads to a person what will happen, and notes that she wants it."""
    voter = voter_numbered(poll.round, region, number)
    if voter is None:
        abort(404)
    form = ConsentForm()
    if form.validate_on_submit():
        with form.refusals():
            begun = actions.begin_help(actor(), poll.round, region, number, consents=form.consents.data)
            return see_other(url_for(".ballot", region=region.code, poll=poll.round.id, assistance=begun.id))
    return page(region=region, poll=poll, form=_while_open(poll, form), voter=voter, minutes=MINUTES)


def _while_open(poll: Poll, form: ConsentForm) -> ConsentForm | None:
    return form if form.errors or stage_of(poll.round) is Stage.OPEN else None


@bp.get(f"{HELP}/", deed=Deed.HELP_VOTE)
def ballot(region: Region, poll: Poll, assistance: Assistance) -> Any:
    """A helper has the ballot on her screen together with the voter; when the help ends, it goes from the screen."""
    return _ballot(region, poll, assistance, request.args.get("tapped", 0, row_number))


@bp.route(f"{HELP}/vote", methods=["GET", "POST"], deed=Deed.HELP_VOTE)
def vote(region: Region, poll: Poll, assistance: Assistance) -> Any:
    """A voter chooses an option on her helper's screen, or takes that back."""
    words: dict[str, Any] = {"region": region.code, "poll": poll.round.id, "assistance": assistance.id}
    if request.method == "GET":
        return see_other(url_for(".ballot", **words))
    option, value, seen = (request.form.get(name, 0, row_number) for name in ("option", "value", "seen"))
    try:
        actions.tap_with_help(poll.round, _hers(assistance), option, value, seen)
    except Refused as refused:
        return _ballot(region, poll, assistance, option, words_of(refused))
    return see_other(url_for(".ballot", **words, tapped=option, _anchor=f"option-{option}"))


@bp.route(f"{HELP}/done", methods=["GET", "POST"], deed=Deed.HELP_VOTE)
def done(region: Region, poll: Poll, assistance: Assistance) -> Any:
    """A helper gives the screen back; the voter gets the code that takes the vote back."""
    if request.method == "GET":
        return see_other(url_for(".ballot", region=region.code, poll=poll.round.id, assistance=assistance.id))
    code = actions.end_help(poll.round, _hers(assistance))
    return page(
        region=region,
        poll=poll,
        code=grouped(code),
        qr=qr_code(here(url_for(".back", code=code))),
        address=here(url_for(".back_code")),
        helper=actor().name,
        day=today(),
    )


def _ballot(region: Region, poll: Poll, assistance: Assistance, tapped: int, refused: str = "") -> Any:
    sight = queries.sight_of(poll.round, _hers(assistance))
    shown = page(
        "helpers/ballot.html",
        409 if refused else 200,
        region=region,
        poll=poll,
        assistance=assistance,
        shown=queries.shown_name(assistance) if sight else "",
        sight=sight,
        options=shown_options(poll.round) if sight else [],
        stage=stage_of(poll.round),
        tapped=tapped,
        refused=refused,
        resting=True,
    )
    if sight and assistance.ends_at:
        shown.headers["Refresh"] = str(math.ceil((assistance.ends_at - now()).total_seconds()))
    return shown


def _hers(assistance: Assistance) -> Assistance:
    if assistance.helper_id != actor().id:
        abort(404)
    return assistance


@bp.get(f"{POLL}/helpers", deed=Deed.READ_PUBLIC)
def helpers(region: Region, poll: Poll) -> Any:
    """Everyone sees how many people were helped, and how many by one helper; names only who keeps the roll."""
    listed = queries.helpers_of(poll)
    votes = poll.round.voters if poll.round.voters is not None else count_voted(poll.round)
    percent = rules_for(poll.region).helper_share_percent
    return page(
        region=region,
        poll=poll,
        helpers=[(one, decisions.percent(one.people, votes), stands_out(one.people, votes, percent)) for one in listed],
        people=sum(one.people for one in listed),
        votes=votes,
        percent=percent,
        most=rules_for(poll.region).helped_people,
        names=may(actor(), Deed.SEE_ROLL, poll.region.path),
        closed=stage_of(poll.round) is Stage.CLOSED,
    )


@bp.after_request
def keep_to_oneself(answer: Any) -> Any:
    """What shows a voter's ballot or code stays in no cache and goes to nobody as a referrer."""
    secret = request.endpoint != "helpers.helpers"
    return kept_to_oneself(answer) if secret else answer


def install(app: Flask) -> None:
    app.register_blueprint(bp)


ALL = (back,)
"""Rooms of views that hang on `bp`."""
