"""Residents see what is put to the vote, choose, and read what came of it."""

from typing import Any

from flask import Flask, flash, request, url_for

from portal.accounts.queries import home_of
from portal.projects.models import Project
from portal.projects.queries import find_project
from portal.regions.models import Region
from portal.regions.queries import find_region
from portal.regions.views import remember
from portal.rules import N_
from portal.rules.ballots import Stage
from portal.rules.permissions import Actor, Deed, may
from portal.rules.tally import RULE, TIE_RULE, Reason
from portal.voting import actions, queries
from portal.voting.forms import RoundForm
from portal.voting.queries import Poll
from portal.web.addresses import row_number
from portal.web.door import Guarded, actor, page, resumes, see_other
from portal.web.words import gettext, in_words, money, number

bp = Guarded(
    "voting",
    __name__,
    url_prefix="/<code:region>/votes",
    finds={"region": find_region, "poll": queries.find_poll, "project": find_project},
)


@bp.get("/", deed=Deed.READ_PUBLIC)
def index(region: Region) -> Any:
    """Everyone sees the votes that are open, coming and closed."""
    return remember(page(region=region, rounds=queries.rounds_of(region)), region)


@bp.get("/<int:poll>/", deed=Deed.READ_PUBLIC)
def ballot(region: Region, poll: Poll) -> Any:
    """A resident chooses among the designs of a project; each tap is saved and counted."""
    stage = queries.stage_of(poll.round)
    if stage is Stage.CLOSED:
        return see_other(url_for(".result", region=region.code, poll=poll.round.id))
    designs = queries.ballot_of(poll.round, actor())
    answer = page(
        region=region,
        poll=poll,
        stage=stage,
        designs=designs,
        tapped=request.args.get("tapped", 0, row_number),
        chosen=[design for design in designs if design.approved],
        standing=queries.standing_of(actor(), home_of(actor()), poll.region),
        rules=(RULE, TIE_RULE),
    )
    return remember(answer, region)


@bp.post("/<int:poll>/vote", deed=Deed.CAST_VOTE)
def vote(region: Region, poll: Poll) -> Any:
    """A resident approves a design, or takes that back."""
    design = request.form.get("design", 0, row_number)
    actions.cast_vote(actor(), poll.round, design, request.form.get("approve") != "0")
    there = url_for(".ballot", region=region.code, poll=poll.round.id, tapped=design, _anchor=f"design-{design}")
    return see_other(there)


@resumes(Deed.CAST_VOTE)
def vote_held(doer: Actor, values: dict[str, Any]) -> None:
    """What a stranger tapped is cast once she has signed in."""
    region = find_region(values["region"])
    poll = queries.find_poll(int(values["poll"]), {"region": region}) if region else None
    design = values.get("design", "")
    if poll and design.isdecimal():
        actions.cast_vote(doer, poll.round, int(design), values.get("approve") != "0")


@bp.get("/<int:poll>/result", deed=Deed.READ_PUBLIC)
def result(region: Region, poll: Poll) -> Any:
    """Everyone reads which designs were chosen and why, once the vote has closed; before, only when that will be."""
    if queries.stage_of(poll.round) is not Stage.CLOSED:
        return page("voting/not_yet.html", 404, region=region, poll=poll)
    outcome = queries.results_of(poll)
    bars = [(in_words(outcome.designs[one.id], "title"), one.votes, number(one.votes)) for one in outcome.results]
    return page(region=region, poll=poll, outcome=outcome, bars=bars, why=said, rules=(RULE, TIE_RULE))


def said(reason: Reason) -> str:
    """A reason of the count in the reader's words, its amounts as money."""
    values = {name: money(value) if name.endswith("_fen") else value for name, value in reason.values.items()}
    return gettext(reason.text, **values)


@bp.get("/project/<int:project>", deed=Deed.READ_PUBLIC)
def of_project(region: Region, project: Project) -> Any:
    """Everyone gets from a project to its vote; its committee, where there is none yet, to announcing one."""
    round = queries.round_of(project)
    if round:
        return see_other(url_for(".ballot", region=region.code, poll=round.id))
    if may(actor(), Deed.RUN_ROUND, region.path):
        return see_other(url_for(".announce", region=region.code, project=project.id))
    flash(gettext(N_("No vote on this project is announced yet.")))
    return see_other(f"/{region.code}/projects/{project.id}/")


@bp.route("/announce/<int:project>", methods=["GET", "POST"], deed=Deed.RUN_ROUND)
def announce(region: Region, project: Project) -> Any:
    """A committee says when residents vote on a project."""
    form = RoundForm.proposed()
    if form.validate_on_submit():
        with form.refusals():
            round = actions.open_round(actor(), project, *form.times())
            flash(gettext(N_("The vote is announced.")))
            return see_other(url_for(".ballot", region=region.code, poll=round.id))
    return page(region=region, project=project, form=form)


def install(app: Flask) -> None:
    app.register_blueprint(bp)
