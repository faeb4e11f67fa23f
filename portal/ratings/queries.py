"""What a private link leads to."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select

from portal.accounts.models import Person, RoleGrant
from portal.accounts.secrets import keyed_hash
from portal.policies.queries import rules_for
from portal.providers.models import Provider
from portal.ratings.models import Rating, ServiceRecord
from portal.regions.models import Region
from portal.rules import ratings
from portal.store import db
from portal.store.clock import now


@dataclass(frozen=True)
class Invitation:
    """A service as its recipient rates it, with her rating if there is one."""

    provider: Provider
    service: ServiceRecord
    rating: Rating | None
    until: datetime
    """Until when it can be rated, or the rating changed."""
    is_open: bool


def invitation_of(token: str) -> Invitation | None:
    """What the private link with `token` leads to; None if we never sent such a link."""
    row = db.session.execute(
        select(ServiceRecord, Provider, Region, Rating)
        .join(Provider, Provider.id == ServiceRecord.provider_id)
        .join(Region, Region.id == ServiceRecord.region_id)
        .outerjoin(Rating, Rating.service_id == ServiceRecord.id)
        .where(ServiceRecord.ticket_hash == keyed_hash("ticket", token))
    ).first()
    if row is None:
        return None
    service, provider, region, rating = row
    numbers = rules_for(region)
    rated_at = rating.rated_at if rating else None
    until = ratings.answerable_until(service.recorded_at, rated_at, numbers)
    is_open = not list(ratings.too_late(now(), service.recorded_at, rated_at, numbers))
    return Invitation(provider, service, rating, until, is_open)


def service_with(token: str) -> Select[ServiceRecord, Region]:
    """The service that was recorded with `token`, and its region."""
    return (
        select(ServiceRecord, Region)
        .join(Region, Region.id == ServiceRecord.region_id)
        .where(ServiceRecord.ticket_hash == keyed_hash("ticket", token))
    )


def language_of(phone: str, otherwise: str) -> str:
    """In which language the one with this phone number reads."""
    return db.session.scalar(select(Person.language).where(Person.phone == phone)) or otherwise


def is_staff_of(provider: Provider, phone: str) -> bool:
    """Whether the phone number belongs to someone who works for `provider`."""
    works = (
        select(RoleGrant.id)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(RoleGrant.provider_id == provider.id, Person.phone == phone)
    )
    return db.session.scalar(works.limit(1)) is not None
