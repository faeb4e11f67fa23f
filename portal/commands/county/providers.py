"""Who delivers services, and what it delivered."""

from datetime import timedelta
from typing import Any

from portal.commands.county import content
from portal.commands.county.county import County
from portal.commands.county.people import COMMITTEE, staff_of
from portal.commands.county.services import give_services
from portal.providers.models import Provider, ProviderArea
from portal.rules.permissions import Deed, Role
from portal.store import db


def put_providers(county: County) -> None:
    """Who delivers services, its staff, and what it delivered."""
    for given in content.county()["provider"]:
        provider = Provider(
            region_id=county.places[given["home"]].id,
            kind=given["kind"],
            usc_code=given["usc_code"],
            registered_at=county.ago(min(given["registered"], 440)),
            **content.in_three(name=given["title"], story=given["story"]),
        )
        db.session.add(provider)
        db.session.flush()
        county.providers[given["name"]] = provider
        areas = [region for region in county.places.values() if region.code in given["areas"]]
        db.session.add_all(ProviderArea(provider_id=provider.id, region_id=area.id) for area in areas)
        staff = county.staff[COMMITTEE[given["home"]]]
        if name := staff_of(given["name"]):
            staff = county.staff[name]
            county.put_grant(staff, Role.PROVIDER, areas[0], provider.id)
        for more in [given, *(one for one in content.story()["services"] if one["by"] == given["name"])]:
            _put_services(county, given | more, provider, staff)


def _put_services(county: County, given: dict[str, Any], provider: Provider, staff: int) -> None:
    """What a provider delivered until so many days ago, and how it was liked."""
    homes = {county.places[name].id: weight for name, weight in given["serves"].items()}
    until = county.moment - timedelta(days=given.get("until", 0))
    given_ones, rated = give_services(given, provider, homes, staff, until, county.chance)
    county.rated += rated
    for at, service_id in given_ones:
        county.note(at, staff, Deed.RECORD_SERVICE, ("service_record", service_id))
