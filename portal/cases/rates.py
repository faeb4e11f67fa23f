"""The three rates of the last year as everyone reads them. Source: requirements 1.6, rules-and-standards 2.4."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from portal.cases.models import BadRatingCase
from portal.cases.queries import OPEN, UPHELD
from portal.policies.queries import rules_for
from portal.providers.models import Provider
from portal.regions.models import Region
from portal.regions.queries import is_below, paths_to
from portal.rules.case_rates import NOTHING, Counts, Rates, began_at, of_bodies, shown_rates, together
from portal.rules.cases import CaseState
from portal.store import db
from portal.store.clock import today

DAYS = 365
MOST_BODIES = 100
Lowest = aliased(Region, name="Lowest")
"""The lowest office that a case has been at: where it stands or, once it has risen, not above its place."""


@dataclass(frozen=True)
class RatesHere:
    """The rates of all cases of a region, of each provider by name, and of each body that handles them, highest first.

    Only providers and bodies of whom a figure is shown; of bodies at most MOST_BODIES, the others have their own pages.
    """

    whole: Rates
    providers: list[tuple[Provider, Rates]]
    bodies: list[tuple[Region, Rates]]


def rates_of(region: Region) -> RatesHere:
    rows = _counted(region)
    least = rules_for(region).cell_to_publish
    known = sorted({row.Provider for row in rows}, key=lambda one: (one.name, one.id))
    providers = shown_rates(_summed((str(row.Provider.id), _six(row)) for row in rows), least)
    bodies, offices = _bodies(rows)
    shown = shown_rates(bodies, least)
    return RatesHere(
        providers[""],
        [(one, own) for one in known if (own := providers[str(one.id)]).shown],
        [(office, own) for office in offices if (own := shown[str(office.id)]).shown][:MOST_BODIES],
    )


def _counted(region: Region) -> Any:
    """(part, whole) of the three rates in turn, for each provider and each way that cases took through the offices."""
    c = BadRatingCase
    return db.session.execute(
        select(Provider, c.level_id, c.risen, Lowest, *_counts())
        .select_from(c)
        .join(Provider, Provider.id == c.provider_id)
        .join(Region, Region.id == c.region_id)
        .join(Lowest, Lowest.id == case((c.risen > 0, c.region_id), else_=c.level_id))
        .where(is_below(Region.path, region.path), c.opened_on > today() - timedelta(days=DAYS))
        .group_by(Provider.id, c.level_id, c.risen, Lowest.id)
    ).all()


def _counts() -> list[ColumnElement[int]]:
    """What these count is said in `rules.case_rates.Rates`."""
    c = BadRatingCase
    repaired = and_(UPHELD, ~OPEN, c.answered_on.is_not(None))
    asked = and_(c.asked_on.is_not(None), or_(c.satisfied.is_not(None), c.state != CaseState.ASKING.value))
    return [
        _sum(c.responded_on <= c.first_due_on),
        _sum(or_(c.responded_on.is_not(None), and_(c.first_due_on < today(), or_(OPEN, c.closed_on > c.first_due_on)))),
        _sum(repaired),
        _sum(or_(repaired, and_(UPHELD, OPEN, c.repair_due_on < today()))),
        _sum(and_(asked, c.satisfied.is_(True))),
        _sum(asked),
    ]


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _six(row: Any) -> Counts:
    one, two, three, four, five, six = map(int, row[-6:])
    return (one, two, three, four, five, six)


def _summed(found: Iterable[tuple[str, Counts]]) -> Mapping[str, Counts]:
    """The sums by name, and at "" those of everything."""
    sums = {"": NOTHING}
    for name, counts in found:
        for one in ("", name):
            sums[one] = together(sums.get(one, NOTHING), counts)
    return sums


def _bodies(rows: Any) -> tuple[Mapping[str, Counts], list[Region]]:
    """The sums of each body, and where the bodies are, highest first."""
    ways = paths_to([row.Lowest for row in rows])
    offices = {one.id: one for way in ways.values() for one in way}
    found: list[tuple[str, Counts]] = []
    for row in rows:
        first = began_at([one.id for one in ways[row.Lowest.id]], row.level_id, row.risen)
        response, rest = of_bodies(_six(row))
        found += [(str(first), response), (str(row.level_id), rest)]
    sums = _summed(found)
    here = [offices[int(name)] for name in sums if name]
    return sums, sorted(here, key=lambda one: (len(one.path), one.path))
