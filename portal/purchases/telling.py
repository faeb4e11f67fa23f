"""Who is told what becomes of bids."""

from collections.abc import Iterable

from sqlalchemy import select

from portal.accounts.models import RoleGrant
from portal.rules.permissions import Role
from portal.store import db


def staff_of(providers: Iterable[int]) -> list[int]:
    """The people who work for these providers."""
    works = RoleGrant.provider_id.in_(list(providers)) & (RoleGrant.role == Role.PROVIDER)
    return sorted(set(db.session.scalars(select(RoleGrant.person_id).where(works))))
