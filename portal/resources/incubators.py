"""Incubators as everyone reads them. Source: A56."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, or_, select

from portal.providers.models import Provider
from portal.regions.models import Region
from portal.regions.queries import within
from portal.resources.models import Incubator, IncubatorOrganisation, Resource
from portal.rules.resources import ResourceKind
from portal.store import db


def find_incubator(number: int, found: dict[str, Any]) -> Incubator | None:
    """An incubator by its number under the region it is in."""
    incubator = db.session.get(Incubator, number)
    return incubator if incubator is not None and incubator.region_id == found["region"].id else None


def find_organisation(number: int, found: dict[str, Any]) -> IncubatorOrganisation | None:
    """An organisation by its number under the incubator it is in."""
    organisation = db.session.get(IncubatorOrganisation, number)
    here = organisation is not None and organisation.incubator_id == found["incubator"].id
    return organisation if here else None


def incubators_of(region: Region) -> Sequence[Row[Incubator, Region, int, int]]:
    """The incubators of a region, of all above and all below it, each with how many are in it and how many left."""
    above = [int(number) for number in region.path.split(".") if number]
    graduated = func.count(IncubatorOrganisation.graduated_on)
    return db.session.execute(
        select(
            Incubator,
            Region,
            (func.count(IncubatorOrganisation.id) - graduated).label("inside"),
            graduated.label("graduated"),
        )
        .join(Region, Region.id == Incubator.region_id)
        .outerjoin(IncubatorOrganisation, IncubatorOrganisation.incubator_id == Incubator.id)
        .where(or_(Region.id.in_(above), within(region)))
        .group_by(Incubator.id, Region.id)
        .order_by(Incubator.id)
        .limit(200)
    ).all()


def organisations_in(incubator: Incubator) -> Sequence[Row[IncubatorOrganisation, Provider]]:
    """Who is and was in an incubator, those inside first, each with its provider, if registered."""
    return db.session.execute(
        select(IncubatorOrganisation, Provider)
        .outerjoin(Provider, Provider.id == IncubatorOrganisation.provider_id)
        .where(IncubatorOrganisation.incubator_id == incubator.id)
        .order_by(IncubatorOrganisation.graduated_on.is_not(None), IncubatorOrganisation.id)
    ).all()


def premises_in(region: Region) -> Sequence[Row[Any]]:
    """The listed premises of a region and below it, to be chosen from, each with the code of its region."""
    return db.session.execute(
        select(Resource.id, Resource.title, Resource.translations, Region.code)
        .join(Region, Region.id == Resource.region_id)
        .where(within(region), Resource.kind == ResourceKind.PREMISES, Resource.listed, Resource.withdrawn_at.is_(None))
        .order_by(Resource.id)
        .limit(500)
    ).all()


def home_of(incubator: Incubator) -> Row[Any] | None:
    """The premises of an incubator, with the code of their region."""
    return db.session.execute(
        select(Resource.id, Resource.title, Resource.translations, Region.code)
        .join(Region, Region.id == Resource.region_id)
        .where(Resource.id == incubator.premises_id, Resource.listed)
    ).first()
