"""Who someone is, and where she lives."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select

from portal.accounts.models import Person, Residency, RoleGrant, SignIn
from portal.accounts.secrets import keyed_hash
from portal.regions.models import Region
from portal.regions.queries import is_below
from portal.rules.permissions import Actor, Grant, Role
from portal.store import db
from portal.store.clock import now


def actor_signed_in(token: str) -> Actor | None:
    """Who is signed in with `token`, with all grants, in one statement."""
    rows = db.session.execute(
        select(Person.id, Person.name, RoleGrant.role, Region.path, RoleGrant.provider_id)
        .join(SignIn, SignIn.person_id == Person.id)
        .outerjoin(RoleGrant, RoleGrant.person_id == Person.id)
        .outerjoin(Region, Region.id == RoleGrant.region_id)
        .where(SignIn.token_hash == keyed_hash("session", token), SignIn.ended_at.is_(None), SignIn.expires_at > now())
    ).all()
    if not rows:
        return None
    grants = tuple(Grant(Role(row.role), row.path, row.provider_id) for row in rows if row.role)
    return Actor(rows[0].id, rows[0].name, grants)


def actor_of(person: Person) -> Actor:
    """`person` as someone who acts, outside of a request."""
    rows = db.session.execute(
        select(RoleGrant.role, Region.path, RoleGrant.provider_id)
        .join(Region, Region.id == RoleGrant.region_id)
        .where(RoleGrant.person_id == person.id)
    )
    return Actor(person.id, person.name, tuple(Grant(Role(row.role), row.path, row.provider_id) for row in rows))


@dataclass(frozen=True)
class Home:
    """Where a person says she lives."""

    region: Region
    verified: bool

    @property
    def region_id(self) -> int:
        return self.region.id

    @property
    def path(self) -> str:
        return self.region.path

    def votes_in(self, region: Region) -> bool:
        """Whether she is a verified resident of `region`, that is of it or of a place below it."""
        return self.verified and self.path.startswith(region.path)


def home_of(actor: Actor) -> Home | None:
    if actor.id is None:
        return None
    row = db.session.execute(
        select(Region, Residency.verified_at)
        .join(Region, Region.id == Residency.region_id)
        .where(Residency.person_id == actor.id)
    ).first()
    return Home(row.Region, row.verified_at is not None) if row else None


def lives_below(path: str) -> ColumnElement[bool]:
    """That a Residency, joined with its Region, is a verified one at or below `path`."""
    return Residency.verified_at.is_not(None) & is_below(Region.path, path)


def asking_residents(region: Region) -> Sequence[Row[Any]]:
    """People in the region's subtree who wait to be vouched for, longest first."""
    return db.session.execute(
        select(
            Person.id,
            Person.name,
            func.substr(Person.phone, 8).label("phone_end"),
            Region.code.label("region_code"),
            Region.name.label("region_name"),
            Residency.asked_at,
        )
        .join(Residency, Residency.person_id == Person.id)
        .join(Region, Region.id == Residency.region_id)
        .where(Residency.verified_at.is_(None), is_below(Region.path, region.path))
        .order_by(Residency.asked_at)
        .limit(50)
    ).all()


def devices_of(actor: Actor) -> Sequence[SignIn]:
    """Where a person is signed in now, newest first."""
    return db.session.scalars(
        select(SignIn)
        .where(SignIn.person_id == actor.id, SignIn.ended_at.is_(None), SignIn.expires_at > now())
        .order_by(SignIn.created_at.desc())
    ).all()
