"""The resource list as everyone reads it, and what of it can be used where."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Label, Row, Select, case, func, or_, select

from portal.providers.models import Provider
from portal.regions.models import Region
from portal.regions.queries import within
from portal.resources.models import (
    OpeningHours,
    Premises,
    PremisesAgreement,
    Resource,
    ResourceChange,
    resource_search,
)
from portal.rules.bookings import Availability, Hours
from portal.rules.permissions import Actor, Deed, may
from portal.rules.resources import ResourceKind
from portal.store import db
from portal.store.clock import today
from portal.store.paging import Page, page_of

last_day = func.coalesce(PremisesAgreement.ended_on, PremisesAgreement.until_on)
MOST_USABLE = 200


class Use(NamedTuple):
    """Something that uses a resource: its title and where it is."""

    title: str
    address: str


USES: list[Callable[[Resource], Sequence[Use]]] = []
"""What uses a resource; rooms above say so, and the page of the resource leads there. Source: A39."""


def find_resource(number: int, found: dict[str, Any]) -> Resource | None:
    """A resource by its number under the region it is in."""
    resource = db.session.get(Resource, number)
    return resource if resource is not None and resource.region_id == found["region"].id else None


def can_read(actor: Actor, resource: Resource, region: Region) -> bool:
    """Whether `actor` may read of a resource: everyone once it was listed, else who offered it and the committee."""
    own = actor.id is not None and resource.offered_by_id == actor.id
    return resource.listed or own or may(actor, Deed.KEEP_RESOURCE, region.path)


def listed_resources(
    region: Region,
    *,
    kind: str = "",
    about: str = "",
    words: str = "",
    free: bool = False,
    after: str = "",
    size: int = 50,
) -> Page[Any]:
    """The resource list of a region and all below it: idle premises first, then the newest. Source: A38, A50."""
    query = _listed().where(within(region))
    if kind:
        query = query.where(Resource.kind == kind)
    if about:
        query = query.where(func.substr(Resource.category, 1, 2) == about)
    if words:
        query = query.where(resource_search.matches(Resource.id, words))
    if free:
        query = query.where(_is_there(), ~_in_use())
    return page_of(query, (_idle(), Resource.id), after, size)


def _listed() -> Select[Any]:
    return (
        select(
            Resource.id,
            Resource.kind,
            Resource.title,
            Resource.translations,
            Resource.category,
            Resource.amount,
            Resource.unit,
            Resource.conditions,
            Resource.from_on,
            Resource.until_on,
            Resource.channel,
            Premises.ownership,
            Premises.accessible,
            Premises.idle_since,
            _last_used().label("last_used"),
            _idle(),
            _in_use().label("in_use"),
            Region,
        )
        .join(Region, Region.id == Resource.region_id)
        .outerjoin(Premises, Premises.resource_id == Resource.id)
        .where(Resource.listed, Resource.withdrawn_at.is_(None))
    )


def _agreed() -> Select[Any]:
    return select(last_day).where(PremisesAgreement.resource_id == Resource.id)


def _in_use() -> ColumnElement[bool]:
    return _agreed().where(PremisesAgreement.from_on <= today(), last_day >= today()).correlate(Resource).exists()


def _last_used() -> Any:
    """The last day of the last agreement that is over."""
    over = select(func.max(last_day)).where(PremisesAgreement.resource_id == Resource.id, last_day < today())
    return over.correlate(Resource).scalar_subquery()


def _idle() -> Label[int]:
    """1 for premises that nobody uses. Source: A50."""
    return case(((Premises.idle_since <= today()) & ~_in_use(), 1), else_=0).label("idle")


def _is_there() -> ColumnElement[bool]:
    begun = or_(Resource.from_on.is_(None), Resource.from_on <= today())
    return begun & or_(Resource.until_on.is_(None), Resource.until_on >= today())


def idle_days(idle_since: date | None, last_used: date | None) -> int | None:
    """For how many days premises have been idle: since they were said to be, or since they were used last."""
    if idle_since is None:
        return None
    since = max(idle_since, last_used + timedelta(days=1)) if last_used else idle_since
    return (today() - since).days


@dataclass(frozen=True)
class ResourceFacts:
    """What a region has: how many of each kind are listed, what is idle, what is given in kind."""

    counts: dict[ResourceKind, int]
    idle: int
    idle_area: int
    agreements: int
    value_fen: int
    """In kind, of the agreements that run; never added to cash. Source: A54."""

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def resource_facts(region: Region) -> ResourceFacts:
    """The figures of the resource list of a region and all below it. Source: A39."""
    listed = _listed().where(within(region)).subquery()
    rows = db.session.execute(
        select(
            listed.c.kind,
            func.count(),
            func.sum(listed.c.idle),
            func.sum(case((listed.c.idle == 1, listed.c.amount), else_=0)),
        ).group_by(listed.c.kind)
    ).all()
    running = db.session.execute(
        select(func.count(), func.coalesce(func.sum(PremisesAgreement.value_fen), 0))
        .join(Resource, Resource.id == PremisesAgreement.resource_id)
        .join(Region, Region.id == Resource.region_id)
        .where(within(region), PremisesAgreement.from_on <= today(), last_day >= today())
    ).one()
    return ResourceFacts(
        {ResourceKind(kind): count for kind, count, *_ in rows},
        sum(int(idle) for _, _, idle, _ in rows),
        sum(int(area or 0) for *_, area in rows),
        running[0],
        int(running[1]),
    )


def usable_for(region: Region, category: str = "") -> list[tuple[ResourceKind, Row[Any]]]:
    """Listed resources that can be used in `region` for a category: of the region, of a place above it or below it;
    free ones first. Source: A30, A38.
    """
    above = [int(number) for number in region.path.split(".") if number]
    fits = Resource.category.in_(("", category)) if category else Resource.id > 0
    rows = db.session.execute(
        _listed()
        .where(or_(Region.id.in_(above), within(region)), _is_there(), fits)
        .order_by(_in_use(), _idle().desc(), Resource.id.desc())
        .limit(MOST_USABLE)
    ).all()
    return [(ResourceKind(row.kind), row) for row in rows]


def waiting_offers(region: Region) -> Sequence[Row[Resource, Region]]:
    """What was offered in a region and below it and is not listed yet, oldest first."""
    return db.session.execute(
        select(Resource, Region)
        .join(Region, Region.id == Resource.region_id)
        .where(within(region), ~Resource.listed, Resource.withdrawn_at.is_(None))
        .order_by(Resource.id)
        .limit(200)
    ).all()


def count_waiting(region: Region) -> int:
    waiting = select(func.count()).select_from(Resource).join(Region, Region.id == Resource.region_id)
    waiting = waiting.where(within(region), ~Resource.listed, Resource.withdrawn_at.is_(None))
    return db.session.scalar(waiting) or 0


def count_open_offers(person_id: int | None) -> int:
    offered = select(func.count()).select_from(Resource)
    offered = offered.where(Resource.offered_by_id == person_id, ~Resource.listed, Resource.withdrawn_at.is_(None))
    return db.session.scalar(offered) or 0


@dataclass(frozen=True)
class Detail:
    """What stands beside a resource: its premises with their opening hours, and the provider whose it is."""

    premises: Premises | None
    provider: Provider | None
    available: Availability


def detail_of(resource: Resource) -> Detail:
    rows = db.session.execute(
        select(Premises, Provider, OpeningHours)
        .select_from(Resource)
        .outerjoin(Premises, Premises.resource_id == Resource.id)
        .outerjoin(Provider, Provider.id == Resource.provider_id)
        .outerjoin(OpeningHours, OpeningHours.resource_id == Resource.id)
        .where(Resource.id == resource.id)
    ).all()
    hours = [hours_from(held) for *_, held in rows if held is not None]
    return Detail(rows[0][0], rows[0][1], Availability(hours, resource.from_on, resource.until_on))


def hours_from(row: OpeningHours) -> Hours:
    return Hours(row.from_on, tuple(tuple(span) if span else None for span in row.week))


def changes_of(resource: Resource) -> Sequence[ResourceChange]:
    """All that was done to a resource, newest first."""
    return db.session.scalars(
        select(ResourceChange).where(ResourceChange.resource_id == resource.id).order_by(ResourceChange.id.desc())
    ).all()


def uses_of(resource: Resource) -> list[Use]:
    return [use for said in USES for use in said(resource)]
