"""Projects and what people voted on: designs, budgets and village matters."""

from datetime import datetime, timedelta
from typing import Any

from portal.commands.county import content
from portal.commands.county.county import County
from portal.commands.county.people import COMMITTEE, OFFICIAL
from portal.commands.county.telling import Teller
from portal.projects.lifecycle import begin
from portal.projects.models import DesignOption, Project, ProjectNeed
from portal.projects.stages import people_behind
from portal.regions.models import Region
from portal.rules.ballots import Road
from portal.rules.decisions import LAWS, Body
from portal.rules.elections import BallotKind
from portal.rules.permissions import Actor, Deed
from portal.rules.projects import ProjectState
from portal.rules.rounds import OptionDraft, RoundDraft
from portal.store import db
from portal.store.clock import as_of
from portal.voting.actions import replace as cast_whole
from portal.voting.announcing import designs_draft
from portal.voting.electors import elector_of
from portal.voting.models import Round
from portal.voting.queries import BESIDE
from portal.voting.rounds import freeze_round, move_projects, put_round
from portal.voting.sealing import seal_round


def put_projects(county: County, teller: Teller) -> None:
    """Projects with their designs, each with its vote."""
    for given in sorted(content.county()["project"], key=lambda project: -project["drafted"]):
        needs = [county.needs[name]["id"] for name in given["needs"]]
        project = _drafted(county, given, given["budget"], county.ago(given["drafted"]), people_behind(needs))
        db.session.add_all(ProjectNeed(project_id=project.id, need_id=need_id) for need_id in needs)
        teller.projects[given["name"]] = project
        noted = {"needs": needs, "budget_fen": project.budget_fen}
        county.note(project.drafted_at, project.drafted_by_id, Deed.DRAFT_PROJECT, project, **noted)
        _put_vote(county, given, project, _put_designs(county, given, project))


def _drafted(county: County, given: dict[str, Any], budget: int, drafted_at: datetime, people: int = 0) -> Project:
    """A project as the committee of its place drafted it, with so many people behind it."""
    project = Project(
        region_id=county.places[given["home"]].id,
        category=given["category"],
        budget_fen=budget * 100,
        state=ProjectState.DRAFTED.value,
        drafted_at=drafted_at,
        drafted_by_id=county.staff[COMMITTEE[given["home"]]],
        **content.in_three(title=given["title"], story=given["story"], place=given.get("place", [])),
    )
    db.session.add(project)
    db.session.flush()
    with as_of(drafted_at):
        begin(Actor(project.drafted_by_id), project, people)
    return project


def _put_designs(county: County, given: dict[str, Any], project: Project) -> dict[int, float]:
    """The designs of a project; gives how much each is liked."""
    liked = {}
    for one in given["design"]:
        design = DesignOption(
            project_id=project.id,
            cost_fen=one["cost"] * 100,
            picture=county.pictures[one["picture"]].name,
            **content.in_three(title=one["title"], story=one["story"]),
        )
        db.session.add(design)
        db.session.flush()
        liked[design.id] = one["liked"]
    return liked


def _put_vote(county: County, given: dict[str, Any], project: Project, liked: dict[int, float]) -> None:
    """The vote on the designs of a project; `liked` by design."""
    draft = designs_draft(project, county.ago(given["opens"]), county.ago(given["closes"]))
    round_ = _announced(
        county, draft, county.places[given["home"]], COMMITTEE[given["home"]], county.ago(given["opens"] + 1)
    )
    shares = [liked[one.design_id] for one in draft.options if one.design_id]
    closed = given["closes"] > 0
    people = county.chance.sample(county.residents[given["home"]], given["voters"]) + [county.mei] * closed
    _put_ballots(county, round_, dict.fromkeys(people, shares))


def put_other_votes(county: County) -> None:
    """Votes that share out a budget among projects, or that a village decides by."""
    for given in content.county()["vote"]:
        options = [_drafted(county, one, one["cost"], county.ago(given["announced"] + 6)) for one in given["option"]]
        law = LAWS[Body(given.get("body", "opinion"))]
        said = content.in_three(question=given["question"], legal_basis=given.get("legal_basis", [""] * 3))
        draft = RoundDraft(
            **said,
            options=tuple(OptionDraft(one.id, None, one.title, one.translations, one.budget_fen) for one in options),
            budget_fen=given["budget"] * 100,
            opens_at=county.ago(given["opens"]),
            closes_at=county.ago(given["closes"]),
            ballot=BallotKind(given.get("ballot", "approval")),
            most=given.get("most"),
            beside=BESIDE,
            body=Body(given.get("body", "opinion")),
            quorum=law.quorum,
            majority=law.majority,
        )
        by = COMMITTEE.get(given["home"], OFFICIAL)
        round_ = _announced(county, draft, county.places[given["home"]], by, county.ago(given["announced"]))
        liked = {
            person: [one["liked"][home] for one in given["option"]]
            for home, voters in given.get("voters", {}).items()
            for person in county.chance.sample(county.residents[home], voters)
        }
        _put_ballots(county, round_, liked)


def _announced(county: County, draft: RoundDraft, region: Region, by: str, announced: datetime) -> Round:
    with as_of(announced):
        round_ = put_round(draft, region.id, county.staff[by], announced)
        move_projects(Actor(county.staff[by]), round_, ProjectState.CONSULTED)
    county.note(announced, county.staff[by], Deed.RUN_ROUND, round_, seed_hash=round_.seed_hash)
    return round_


def _put_ballots(county: County, round_: Round, liked: dict[int, list[float]]) -> None:
    """Freeze a round that has opened, cast what these people chose, and seal it where it has closed."""
    if round_.opens_at <= county.moment:
        with as_of(min(county.moment, round_.closes_at + timedelta(minutes=1))):
            cast(county, round_, liked)


def cast(county: County, round_: Round, liked: dict[int, list[float]]) -> None:
    freeze_round(round_, at=round_.opens_at)
    for person_id, shares in liked.items():
        likes = {number: 1 for number, share in enumerate(shares, 1) if county.chance.random() < share}
        favourite = {max(range(1, len(shares) + 1), key=lambda number: shares[number - 1]): 1}
        elector = elector_of(round_, Actor(person_id))
        assert elector is not None
        chosen = dict(list((likes or favourite).items())[: round_.most])
        cast_whole(round_, elector, Road.PHONE, chosen, 0)
    seal_round(round_)
