"""What the standard asks of a place, and what it has."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from portal.policies.models import RuleSet
from portal.policies.queries import rules_for
from portal.regions.models import Region
from portal.regions.queries import within
from portal.rules.numbers import Numbers
from portal.rules.staffing import Band, Judged, Reading, bands_of, judge
from portal.staffing.models import StaffCount
from portal.store import db

LEVELS = ("county", "township")
"""Levels for which the standard asks for staff. Source: B28, B29."""
MOST = 300


@dataclass(frozen=True)
class Staffed:
    """A place with its last count (None: none yet) and the verdict."""

    region: Region
    count: StaffCount | None
    judged: Judged


def bands(numbers: Numbers) -> tuple[Band, ...]:
    return bands_of(numbers.staffing_table)


def judged_of(region: Region, count: StaffCount | None, numbers: Numbers) -> Judged:
    served, staff = (count.served, count.staff) if count else (None, None)
    return judge(bands(numbers), region.level, served, staff, Reading(numbers.staffing_reading))


def staffed_below(region: Region) -> list[Staffed]:
    """The counties and townships of `region`, itself among them, each with its last count, in the order of codes."""
    last = select(func.max(StaffCount.id)).group_by(StaffCount.region_id)
    levels = {band.level for band in bands(rules_for(region))} | set(LEVELS)
    rows = db.session.execute(
        select(Region, StaffCount)
        .outerjoin(StaffCount, (StaffCount.region_id == Region.id) & StaffCount.id.in_(last))
        .where(within(region), Region.level.in_(levels), Region.valid_to.is_(None))
        .where((Region.level != "village") | (Region.id == region.id) | (Region.parent_id == region.id))
        .order_by(Region.code)
        .limit(MOST)
    ).all()
    own = set(
        db.session.scalars(select(RuleSet.region_id).join(Region, Region.id == RuleSet.region_id).where(within(region)))
    )
    return [Staffed(place, count, judged_of(place, count, _numbers(region, place, own))) for place, count in rows]


def _numbers(region: Region, place: Region, own: set[int]) -> Numbers:
    """The numbers that hold in `place`: those of `region`, unless there are some of their `own` on the way down."""
    below = place.path.removeprefix(region.path)
    return rules_for(place if own & {int(number) for number in below.split(".") if number} else region)


def counts_of(region: Region) -> Sequence[StaffCount]:
    """All counts of one place, newest first: none is ever changed."""
    found = select(StaffCount).where(StaffCount.region_id == region.id).order_by(StaffCount.id.desc())
    return db.session.scalars(found.limit(50)).all()
