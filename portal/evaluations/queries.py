"""Which services are evaluated, by whom, and what everybody said."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, or_, select

from portal.accounts.models import Person
from portal.accounts.queries import actor_of
from portal.contracts.models import Contract, Instalment
from portal.contracts.queries import instalments_of, parties_of
from portal.evaluations.models import EvaluationIndicator, EvaluationPlan, EvaluationResult, EvaluationScore
from portal.policies.queries import rules_for, working_days_after
from portal.projects.models import Project
from portal.providers.models import Provider, RatingBatch
from portal.regions.models import Region
from portal.regions.queries import within
from portal.rules import evaluation, publishing, scoring
from portal.rules.contracts import PartyRole
from portal.rules.evaluation import Dimension, Ground, Party, PlanState, Ties
from portal.rules.numbers import Numbers
from portal.rules.permissions import Actor, Role
from portal.rules.scoring import Counts, Score
from portal.rules.stars import year_before
from portal.store import db
from portal.store.clock import CHINA, now, today
from portal.store.paging import Page, page_of

LIVE = (PlanState.PUBLISHED.value, PlanState.DECIDED.value)


@dataclass(frozen=True)
class Evaluated:
    """A plan with what it is about."""

    plan: EvaluationPlan
    contract: Contract
    project: Project
    provider: Provider
    place: Region
    """Where the project is."""
    result: EvaluationResult | None
    region: Region
    """Whose government buys."""

    @property
    def weights(self) -> dict[Party, int]:
        return weights_of(self.plan)

    @property
    def dimensions(self) -> dict[Dimension, int]:
        return dimensions_of(self.plan)


def weights_of(plan: EvaluationPlan) -> dict[Party, int]:
    return {party: getattr(plan, f"{party}_percent") for party in Party}


def dimensions_of(plan: EvaluationPlan) -> dict[Dimension, int]:
    return {one: getattr(plan, f"{one}_percent") for one in Dimension}


def find_evaluation(number: int, found: dict[str, Any]) -> Evaluated | None:
    """An evaluation by its number, under the region whose government buys."""
    region: Region = found["region"]
    query = _whole().where(EvaluationPlan.id == number, EvaluationPlan.region_id == region.id)
    row = db.session.execute(query).first()
    return _evaluated(row, region) if row else None


def evaluated(plan: EvaluationPlan) -> Evaluated:
    """A plan that is known to be there, with what it is about."""
    row = db.session.execute(_whole().where(EvaluationPlan.id == plan.id)).one()
    return _evaluated(row, db.session.get_one(Region, plan.region_id))


def _evaluated(row: Any, region: Region) -> Evaluated:
    return Evaluated(row[0], row[1], row[2], row[3], row[4], row[5], region)


def _whole() -> Any:
    return (
        select(EvaluationPlan, Contract, Project, Provider, Region, EvaluationResult)
        .join(Contract, Contract.id == EvaluationPlan.contract_id)
        .join(Project, Project.id == Contract.project_id)
        .join(Provider, Provider.id == Contract.provider_id)
        .join(Region, Region.id == Project.region_id)
        .outerjoin(EvaluationResult, EvaluationResult.plan_id == EvaluationPlan.id)
    )


def evaluations_in(region: Region, after: str = "", *, drafts: bool = False) -> Page[Any]:
    """Evaluations of a region and all below it, bought or delivered there, newest first."""
    below = select(Region.id).where(within(region))
    here = or_(EvaluationPlan.region_id.in_(below), Project.region_id.in_(below))
    return page_of(_listed(drafts).where(here), (EvaluationPlan.id,), after)


def evaluations_of(contract: Contract, *, drafts: bool = False) -> Sequence[Row[Any]]:
    """The evaluations of a contract, newest first."""
    query = _listed(drafts).where(EvaluationPlan.contract_id == contract.id)
    return db.session.execute(query.order_by(EvaluationPlan.id.desc()).limit(100)).all()


def _listed(drafts: bool) -> Any:
    buyer = select(Region.code).where(Region.id == EvaluationPlan.region_id).scalar_subquery()
    query = (
        select(
            EvaluationPlan.id,
            EvaluationPlan.state,
            EvaluationPlan.opens_on,
            EvaluationPlan.closes_on,
            EvaluationResult.composite,
            EvaluationResult.decided_on,
            Contract.title,
            Provider.name.label("provider"),
            buyer.label("code"),
        )
        .join(Contract, Contract.id == EvaluationPlan.contract_id)
        .join(Project, Project.id == Contract.project_id)
        .join(Provider, Provider.id == Contract.provider_id)
        .outerjoin(EvaluationResult, EvaluationResult.plan_id == EvaluationPlan.id)
    )
    return query if drafts else query.where(EvaluationPlan.state != PlanState.DRAFT.value)


def own_evaluations(actor: Actor) -> Sequence[Row[Any]]:
    """What somebody was asked to evaluate, newest first."""
    query = _listed(False).where(EvaluationPlan.evaluator_id == actor.id)
    return db.session.execute(query.order_by(EvaluationPlan.id.desc()).limit(100)).all()


def indicators_of(plan: EvaluationPlan) -> Sequence[EvaluationIndicator]:
    of_plan = select(EvaluationIndicator).where(EvaluationIndicator.plan_id == plan.id)
    return db.session.scalars(of_plan.order_by(EvaluationIndicator.number)).all()


Scores = dict[str, dict[int, EvaluationScore]]
"""By party, the points for each indicator."""


def scores_of(plan: EvaluationPlan) -> Scores:
    """What was handed in so far."""
    found: Scores = {}
    for one in db.session.scalars(select(EvaluationScore).where(EvaluationScore.plan_id == plan.id)):
        found.setdefault(one.party, {})[one.indicator_id] = one
    return found


def are_open(plan: EvaluationPlan, handed_in: Collection[str]) -> bool:
    """Whether one party's points may be seen by another."""
    return evaluation.are_open(handed_in, plan.state, plan.closes_on, today())


def result_of(plan: EvaluationPlan) -> EvaluationResult | None:
    return db.session.scalar(select(EvaluationResult).where(EvaluationResult.plan_id == plan.id))


@dataclass(frozen=True)
class Voices:
    """What the recipients' published ratings say; `score` is None while there are too few."""

    score: Score | None
    told: dict[str, Any]
    """What everybody reads of them, in plain values: whole percents, and no count but in steps of five."""

    @property
    def hundredths(self) -> tuple[int, int] | None:
        """Score and deviation."""
        return (round(self.score.mean * 100), round(self.score.sd * 100)) if self.score else None


def recipients_of(plan: EvaluationPlan) -> Voices:
    """The ratings of a contract that were published on the days that count, as a sum of whole batches.

    Rules and the usual grades are those of the last of these days, whenever it is asked.
    """
    numbers = rules_for(db.session.get_one(Region, plan.region_id), plan.until_on)
    rows = _batches(plan)
    one, two, three, four, five = (sum(int(row[place]) for row in rows) for place in range(2, 7))
    counts: Counts = (one, two, three, four, five)
    raters = sum(int(row.raters) for row in rows)
    score = None
    if raters >= numbers.evaluation_fewest_ratings:
        group = max(rows, key=lambda row: row.raters).group
        mix = scoring.mix_of(usual_grades(plan.until_on).get(group, (0, 0, 0, 0, 0)))
        score = scoring.provider_score(counts, mix, weight=numbers.prior_weight)
    return Voices(score, _told(counts, raters, numbers))


def _told(counts: Counts, raters: int, numbers: Numbers) -> dict[str, Any]:
    """What `rules.publishing` lets everyone know of grades. Source: F9, trust 4.1-4.5."""
    least, smallest = numbers.grades_to_publish, numbers.cell_to_publish
    enough = publishing.publishable(counts, least=numbers.ratings_to_publish)
    share = publishing.share_of(counts, 4, smallest) if enough else None
    return {
        "raters": publishing.roughly(raters),
        "satisfied": {"low": round(100 * share.low), "high": round(100 * share.high)} if share else None,
        "cells": [
            {"lowest": cell.lowest, "highest": cell.highest, "percent": round(100 * cell.share)}
            for cell in publishing.cells(counts, least=least, smallest=smallest)
        ],
    }


_GROUP = func.substr(RatingBatch.category, 1, 2)
_GRADES = [func.sum(getattr(RatingBatch, f"n{grade}")) for grade in range(1, 6)]


def _batches(plan: EvaluationPlan) -> Sequence[Row[Any]]:
    counted: Any = (
        select(_GROUP.label("group"), func.sum(RatingBatch.raters).label("raters"), *_GRADES)
        .where(
            RatingBatch.contract_id == plan.contract_id,
            RatingBatch.released_on >= plan.from_on,
            RatingBatch.released_on <= plan.until_on,
        )
        .group_by(_GROUP)
    )
    return db.session.execute(counted).all()


def usual_grades(until: date) -> dict[str, Counts]:
    """The grades that all providers of each group of services got in the year that ends with `until`: π of F3."""
    days = RatingBatch.released_on.between(year_before(until), until)
    rows = db.session.execute(select(_GROUP, *_GRADES).where(days, RatingBatch.category != "").group_by(_GROUP))
    return {code: (int(one), int(two), int(three), int(four), int(five)) for code, one, two, three, four, five in rows}


def person_at(account: str) -> Person | None:
    """Who signs in with this phone number or name."""
    typed = account.strip()
    return db.session.scalar(select(Person).where(or_(Person.phone == typed, Person.login == typed))) if typed else None


def ties_of(person: Person, contract: Contract, region: Region, planner_id: int | None) -> Ties:
    """How somebody is tied to the parties of a contract."""
    whole = actor_of(person)
    assisting = [party for party in parties_of(contract) if party.role == PartyRole.ASSISTING]
    places = [db.session.get_one(Region, party.region_id) for party in assisting if party.region_id]
    return Ties(
        provider=whole.works_for(contract.provider_id),
        assisting=any(whole.holds(Role.COMMITTEE, place.path) for place in places)
        or any(party.provider_id is not None and whole.works_for(party.provider_id) for party in assisting),
        purchaser=any(_in_line(grant.path, region.path) for grant in whole.grants if grant.role is Role.OFFICIAL),
        herself=person.id == planner_id,
    )


def _in_line(path: str, other: str) -> bool:
    """Whether one of two regions lies in the other: offices above and below the purchaser's are its own, too."""
    return path.startswith(other) or other.startswith(path)


def ground_of(contract: Contract, region: Region) -> Ground:
    """What an evaluation of `contract` that is published today stands on."""
    numbers = rules_for(region)
    taken, after = _evaluated_so_far(contract)
    return Ground(
        starts_on=contract.starts_on,
        latest=contract.ends_on + timedelta(days=numbers.evaluation_days),
        earliest=_day(working_days_after(now(), numbers.evaluation_notice_working_days)) + timedelta(days=1),
        today=today(),
        parties=[party.name for party in parties_of(contract)],
        free=[one.number for one in open_instalments(contract) if one.number not in taken],
        after=after,
    )


def _day(moment: datetime) -> date:
    return moment.astimezone(CHINA).date()


def open_instalments(contract: Contract) -> list[Instalment]:
    """Those that follow from an evaluation and are not paid."""
    return [one for one in instalments_of(contract) if one.is_linked and one.paid_on is None]


def _evaluated_so_far(contract: Contract) -> tuple[set[int], date | None]:
    """The instalments whose amount an evaluation says or will say, and the last day that one covers."""
    standing = [plan for plan, result in plans_of(contract) if result is None or result.composite is not None]
    taken = {number for plan in standing for number in plan.instalments}
    return taken, max((plan.until_on for plan in standing), default=None)


def plans_of(contract: Contract) -> list[tuple[EvaluationPlan, EvaluationResult | None]]:
    """The published plans of a contract, each with its result, oldest first."""
    rows = db.session.execute(
        select(EvaluationPlan, EvaluationResult)
        .outerjoin(EvaluationResult, EvaluationResult.plan_id == EvaluationPlan.id)
        .where(EvaluationPlan.contract_id == contract.id, EvaluationPlan.state.in_(LIVE))
        .order_by(EvaluationPlan.id)
    )
    return [(plan, result) for plan, result in rows]


def weak_points(
    indicators: Sequence[EvaluationIndicator], scores: Mapping[str, Mapping[int, EvaluationScore]]
) -> list[tuple[EvaluationIndicator, EvaluationScore]]:
    """Where a party gave so few points that it said why: each with the lowest of them."""
    found = []
    for one in indicators:
        given = sorted((mine[one.id] for mine in scores.values() if one.id in mine), key=lambda score: score.points)
        if given and given[0].points * 100 < one.points * 100 * evaluation.REASON_BELOW:
            found.append((one, given[0]))
    return found
