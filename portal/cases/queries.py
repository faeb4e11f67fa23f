"""What is read of cases: the public list, the desk of those who handle them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from portal.accounts.models import Person
from portal.cases.models import BadRatingCase, CaseStep
from portal.cases.moving import case_hash
from portal.providers.models import Provider, RatingBatch
from portal.ratings.tied import paid_regions
from portal.regions.models import Region
from portal.regions.queries import is_below
from portal.rules import Refusal, cases, gathering, redress
from portal.rules.cases import RISING, CaseState, Finding
from portal.rules.gathering import Batch, Gathered
from portal.rules.numbers import Numbers
from portal.rules.permissions import Actor, Deed, may
from portal.store import db
from portal.store.clock import today
from portal.store.paging import Page, page_of

MOST = 100
MOST_IN_FILE = 10_000
OPEN_ONES = "open"
OPEN = BadRatingCase.state != CaseState.CLOSED.value
UPHELD = BadRatingCase.finding == Finding.UPHELD.value
WHOLE = RatingBatch.raters >= Numbers.ratings_to_publish
"""Nothing finer than a batch of ten becomes a case. Source: F9."""
Level = aliased(Region)


def is_late() -> ColumnElement[bool]:
    """That a case lets somebody wait longer than its clock says."""
    return and_(BadRatingCase.state.in_([one.value for one in RISING]), BadRatingCase.due_on < today())


@dataclass(frozen=True)
class Filters:
    """Which cases are looked at."""

    state: str = ""
    """One of `rules.cases.CaseState`, or OPEN_ONES."""
    provider: int = 0
    late: bool = False

    def where(self) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if self.state:
            found.append(OPEN if self.state == OPEN_ONES else BadRatingCase.state == self.state)
        if self.provider:
            found.append(BadRatingCase.provider_id == self.provider)
        if self.late:
            found.append(is_late())
        return found


def _public(region: Region, filters: Filters) -> Any:
    """What everyone may know of a case: no words and no contact of anybody, no day.

    Who asked by name is not to be told apart: her case is shown when it is found true or not, at the place above.
    """
    named, own = BadRatingCase.token_hash.is_not(None), aliased(Region)
    query = select(
        BadRatingCase.id,
        named.label("named"),
        BadRatingCase.category,
        BadRatingCase.opened_on,
        BadRatingCase.state,
        BadRatingCase.finding,
        BadRatingCase.found,
        BadRatingCase.answer,
        BadRatingCase.risen,
        is_late().label("late"),
        Provider,
        Region,
    )
    query = query.join(Provider, Provider.id == BadRatingCase.provider_id)
    query = query.join(own, own.id == BadRatingCase.region_id)
    query = query.join(Region, Region.id == case((named, func.coalesce(own.parent_id, own.id)), else_=own.id))
    return query.where(is_below(Region.path, region.path), or_(~named, BadRatingCase.finding != ""), *filters.where())


def public_cases(region: Region, filters: Filters, after: str) -> Page[Any]:
    return page_of(_public(region, filters), (BadRatingCase.id,), after)


def all_public_cases(region: Region, filters: Filters) -> Sequence[Row[Any]]:
    """The same for a file."""
    query = _public(region, filters).order_by(BadRatingCase.id.desc()).limit(MOST_IN_FILE)
    rows: Sequence[Row[Any]] = db.session.execute(query).all()
    return rows


def count_late(region: Region) -> int:
    """How many cases that everyone sees here are overdue now."""
    late = _public(region, Filters(late=True)).with_only_columns(BadRatingCase.id).subquery()
    return db.session.scalar(select(func.count()).select_from(late)) or 0


def find_bad_case(number: int, found: dict[str, Any]) -> BadRatingCase | None:
    """A case by its number, under its own place or one above it where a place was found."""
    region: Region | None = found.get("region")
    here = select(BadRatingCase).join(Region, Region.id == BadRatingCase.region_id).where(BadRatingCase.id == number)
    return db.session.scalar(here.where(is_below(Region.path, region.path)) if region else here)


def case_of(token: str, cookie: str = "") -> BadRatingCase | None:
    """The case that she with this link opened on the device with this cookie."""
    return db.session.scalar(select(BadRatingCase).where(BadRatingCase.token_hash == case_hash(token, cookie)))


def desk_of(region: Region, filters: Filters) -> Sequence[Row[BadRatingCase, str, str, str, str]]:
    """The cases of a region as those who handle them see them: what is due first, closed ones last."""
    return db.session.execute(
        select(
            BadRatingCase,
            Provider.name.label("provider"),
            Region.name.label("place"),
            Level.name.label("level"),
            Level.path.label("level_path"),
        )
        .join(Provider, Provider.id == BadRatingCase.provider_id)
        .join(Region, Region.id == BadRatingCase.region_id)
        .join(Level, Level.id == BadRatingCase.level_id)
        .where(is_below(Region.path, region.path), *filters.where())
        .order_by(BadRatingCase.due_on.is_(None), BadRatingCase.due_on, BadRatingCase.id.desc())
        .limit(MOST)
    ).all()


@dataclass(frozen=True)
class Handled:
    """A case with all that those who handle it see."""

    case: BadRatingCase
    provider: Provider
    place: Region
    level: Region
    gathered: Gathered | None
    """The batches that it is about, of a case of ratings without names."""
    steps: Sequence[Row[CaseStep, str]]
    refusals: list[Refusal]
    """Why the one who asks may not touch it; none, if she may."""
    other_body: list[Refusal]
    """Why she cannot be the one of another body."""


def handled(case: BadRatingCase, actor: Actor) -> Handled:
    rows = select(BadRatingCase, Provider, Region, Level).where(BadRatingCase.id == case.id)
    found = db.session.execute(
        rows.join(Provider, Provider.id == BadRatingCase.provider_id)
        .join(Region, Region.id == BadRatingCase.region_id)
        .join(Level, Level.id == BadRatingCase.level_id)
    ).one()
    _, provider, place, level = found
    steps = steps_of(case)
    worked = [step for step, _ in steps if step.what in cases.HANDLED]
    handlers, bodies = {step.actor_id for step in worked}, {step.body for step in worked}
    tied = list(redress.tied_refusals(actor, provider.id, paid_regions(provider.id)))
    other = list(redress.other_body_refusals(actor, place.path, handlers, bodies))
    return Handled(case, provider, place, level, _gathered_of(case), steps, tied, [*tied, *other])


def _gathered_of(case: BadRatingCase) -> Gathered | None:
    if case.batch_id is None:
        return None
    batches = batches_of(case.provider_id, last_case_before(case.batch_id), case.batch_id)
    return max(gathering.gathered(batches, today()), key=lambda one: one.last, default=None)


def last_case_before(batch_id: int | None) -> Any:
    """The number of a provider's last batch in a case (before the one of `batch_id`); in a query of RatingBatch."""
    own = aliased(BadRatingCase)
    last = select(func.coalesce(func.max(own.batch_id), 0)).where(own.provider_id == RatingBatch.provider_id)
    if batch_id is not None:
        last = last.where(own.batch_id < batch_id)
    return last.correlate(RatingBatch).scalar_subquery()


def batches_of(provider_id: int, after: Any, until: int | None = None) -> list[Batch]:
    """The batches of a provider with numbers above `after`, up to `until`."""
    ratings = RatingBatch.n1 + RatingBatch.n2 + RatingBatch.n3 + RatingBatch.n4 + RatingBatch.n5
    query = select(RatingBatch.id, RatingBatch.released_on, RatingBatch.n1 + RatingBatch.n2, ratings)
    query = query.where(WHOLE, RatingBatch.provider_id == provider_id, RatingBatch.id > after)
    if until is not None:
        query = query.where(RatingBatch.id <= until)
    return [Batch(*row) for row in db.session.execute(query.order_by(RatingBatch.id))]


def steps_of(case: BadRatingCase) -> Sequence[Row[CaseStep, str]]:
    """What was done in a case, in order, each with who did it."""
    return db.session.execute(
        select(CaseStep, Person.name)
        .outerjoin(Person, Person.id == CaseStep.actor_id)
        .where(CaseStep.case_id == case.id)
        .order_by(CaseStep.id)
        .limit(MOST)
    ).all()


def may_handle(actor: Actor, one: Handled) -> bool:
    return not one.refusals and may(actor, Deed.HANDLE_CASE, one.level.path)


def provider_of(case: BadRatingCase) -> Provider:
    return db.session.get_one(Provider, case.provider_id)
