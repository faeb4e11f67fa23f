"""What providers have to repair, and what they did not repair in time."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, and_, case, func, or_, select

from portal.cases.models import BadRatingCase
from portal.cases.queries import MOST, UPHELD
from portal.regions.models import Region
from portal.regions.queries import paths_to
from portal.rules.cases import CaseState
from portal.rules.permissions import Actor, Role
from portal.store import db
from portal.store.clock import today

WAITS = BadRatingCase.state == CaseState.REPAIRING.value


@dataclass(frozen=True)
class Owed:
    """How many repairs a provider owes, how many of them are overdue, and the day on which the first one is due."""

    cases: int
    late: int
    due_on: date | None


def owed_by(provider_id: int) -> Owed:
    c = BadRatingCase
    late = func.coalesce(func.sum(case((c.due_on < today(), 1), else_=0)), 0)
    found = select(func.count(), late, func.min(c.due_on)).where(c.provider_id == provider_id, UPHELD, WAITS)
    return Owed(*db.session.execute(found).one())


def repairs_of(actor: Actor) -> list[tuple[BadRatingCase, str]]:
    """The cases of the providers for whom somebody works that were found right: what waits first, then the newest.

    Beside each its place: the one above hers, where she does not want the provider to know who she is.
    """
    mine = [grant.provider_id for grant in actor.grants if grant.role is Role.PROVIDER and grant.provider_id]
    rows = db.session.execute(
        select(BadRatingCase, Region)
        .join(Region, Region.id == BadRatingCase.region_id)
        .where(BadRatingCase.provider_id.in_(mine), UPHELD)
        .order_by(case((WAITS, 0), else_=1), case((WAITS, BadRatingCase.due_on)), BadRatingCase.id.desc())
        .limit(MOST)
    ).all()
    ways = paths_to([place for _, place in rows])
    hers = {one.id: one.token_hash is not None and not one.to_provider for one, _ in rows}
    return [(one, ways[place.id][-2:][0 if hers[one.id] else -1].name) for one, place in rows]


def unrepaired() -> Select[BadRatingCase]:
    """Upheld cases that were not repaired in time. Source: A67, A69.

    What she who rated took back before its time was over is none of them.
    """
    c = BadRatingCase
    never = and_(c.answered_on.is_(None), or_(c.closed_on.is_(None), c.closed_on > c.repair_due_on))
    late = or_(c.answered_on > c.repair_due_on, never)
    return select(c).where(UPHELD, c.repair_due_on < today(), late)
