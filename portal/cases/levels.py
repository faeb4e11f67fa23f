"""Whose committee or office handles a case, and who is told of it."""

from collections.abc import Sequence

from sqlalchemy import select

from portal.accounts.models import RoleGrant
from portal.policies.queries import ids_of
from portal.ratings.tied import paid_regions
from portal.regions.models import Region
from portal.regions.queries import PSEUDO_LEVELS
from portal.rules.permissions import Role
from portal.store import db

HANDLERS = (Role.COMMITTEE.value, Role.OFFICIAL.value)


def first_level(region: Region, provider_id: int) -> Region:
    """Who handles a case of `region`: its own people or, where they are paid by the contract, the next ones above."""
    level, paid = region, paid_regions(provider_id)
    while level.path in paid and (above := level_above(level)):
        level = above
    return level


def level_above(region: Region) -> Region | None:
    """The next region above with an office."""
    found = select(Region).where(Region.id.in_(ids_of(region.path)[:-1]), Region.name.not_in(PSEUDO_LEVELS))
    return db.session.scalar(found.order_by(Region.path.desc()).limit(1))


def people_of(level: Region, provider_id: int) -> Sequence[int]:
    """Who handles the cases of a level: those of the nearest office that has people, none who work for the provider."""
    staff = select(RoleGrant.person_id).where(RoleGrant.provider_id == provider_id)
    rows = db.session.execute(
        select(RoleGrant.region_id, RoleGrant.person_id)
        .where(
            RoleGrant.region_id.in_(ids_of(level.path)),
            RoleGrant.role.in_(HANDLERS),
            RoleGrant.person_id.not_in(staff),
        )
        .order_by(RoleGrant.person_id)
    ).all()
    for region_id in reversed(ids_of(level.path)):
        if people := [row.person_id for row in rows if row.region_id == region_id]:
            return people
    return []


def staff_of(provider_id: int) -> Sequence[int]:
    return db.session.scalars(select(RoleGrant.person_id).where(RoleGrant.provider_id == provider_id).distinct()).all()
