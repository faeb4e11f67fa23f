"""Residents see what is put to the vote, and choose."""

from typing import Any

from flask import Flask, flash, request, url_for

from portal.projects.models import Project
from portal.regions.models import Region
from portal.regions.queries import find_region
from portal.regions.views import remember
from portal.rolls.queries import count_voters
from portal.rules import N_, Refused
from portal.rules.ballots import Stage
from portal.rules.permissions import Actor, Deed, may
from portal.voting import actions, announcing, callback, exchange, open_count, own, queries, record, results
from portal.voting.blueprint import bp
from portal.voting.electors import elector_of, standing_of
from portal.voting.queries import Poll
from portal.web.addresses import row_number
from portal.web.door import actor, page, resumes, see_other
from portal.web.errors import words_of
from portal.web.words import gettext


@bp.get("/", deed=Deed.READ_PUBLIC)
def index(region: Region) -> Any:
    """Everyone sees the votes that are open, coming and closed."""
    runs = may(actor(), Deed.RUN_ROUND, region.path)
    return remember(page(region=region, rounds=queries.rounds_of(region, actor()), runs=runs), region)


@bp.get("/<int:poll>/", deed=Deed.READ_PUBLIC)
def ballot(region: Region, poll: Poll) -> Any:
    """A resident chooses among options; each tap is saved and counted."""
    if queries.stage_of(poll.round) is Stage.CLOSED:
        return see_other(url_for(".result", region=region.code, poll=poll.round.id))
    return remember(_ballot(region, poll, request.args.get("tapped", 0, row_number)), region)


@bp.route("/<int:poll>/vote", methods=["GET", "POST"], deed=Deed.CAST_VOTE)
def vote(region: Region, poll: Poll) -> Any:
    """A resident marks an option, or takes that back; what is refused is answered with her ballot as it stands."""
    if request.method == "GET":
        return see_other(url_for(".ballot", region=region.code, poll=poll.round.id))
    option, value = (request.form.get(name, -1, row_number) for name in ("option", "value"))
    try:
        actions.cast_vote(actor(), poll.round, option, value, request.form.get("seen", 0, row_number))
    except Refused as refused:
        if queries.stage_of(poll.round) is Stage.CLOSED:
            raise
        return _ballot(region, poll, option, words_of(refused))
    there = url_for(".ballot", region=region.code, poll=poll.round.id, tapped=option, _anchor=f"option-{option}")
    return see_other(there)


def _ballot(region: Region, poll: Poll, tapped: int, refused: str = "") -> Any:
    elector = elector_of(poll.round, actor())
    kept = queries.own_ballot(poll.round, elector, void=True)
    stage = queries.stage_of(poll.round)
    return page(
        "voting/ballot.html",
        409 if refused else 200,
        region=region,
        poll=poll,
        stage=stage,
        voters=count_voters(poll.region, poll.round.basis) if stage is Stage.COMING else None,
        runs=may(actor(), Deed.RUN_ROUND, poll.region.path),
        office=may(actor(), Deed.ENTER_PAPER, region.path),
        options=queries.shown_options(poll.round),
        tapped=tapped,
        refused=refused,
        elector=elector,
        marks=queries.marks_of(kept) if kept and not kept.void else {},
        seen=kept.turn if kept else 0,
        standing=standing_of(actor(), poll.round, poll.region, elector),
    )


@resumes(Deed.CAST_VOTE)
def vote_held(doer: Actor, values: dict[str, Any]) -> None:
    """What a stranger tapped is cast once she has signed in."""
    region = find_region(values["region"])
    poll = queries.find_poll(int(values["poll"]), {"region": region}) if region else None
    option, value = values.get("option", ""), values.get("value", "")
    if poll and option.isdecimal() and value.isdecimal():
        actions.cast_vote(doer, poll.round, int(option), int(value))


@bp.get("/project/<int:project>", deed=Deed.READ_PUBLIC)
def of_project(region: Region, project: Project) -> Any:
    """Everyone gets from a project to its latest vote; its committee, where there is none yet, to announcing one."""
    found = queries.rounds_on(project)
    if found:
        return see_other(url_for(".ballot", region=region.code, poll=found[0].id))
    if may(actor(), Deed.RUN_ROUND, region.path):
        return see_other(url_for(".announce", region=region.code, project=project.id))
    flash(gettext(N_("No vote on this project is announced yet.")))
    return see_other(f"/{region.code}/projects/{project.id}/")


def install(app: Flask) -> None:
    app.register_blueprint(bp)


ALL = (announcing, callback, exchange, open_count, own, record, results)
"""Rooms of views that hang on `bp`."""
