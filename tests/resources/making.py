"""Plain words for resources, bookings, agreements and incubators, made by the same deeds that people do."""

import secrets
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from portal.providers.models import Provider
from portal.regions.models import Region
from portal.resources.actions import offer_resource
from portal.resources.agreeing import make_agreement
from portal.resources.booking import book_resource
from portal.resources.calendars import Body
from portal.resources.incubating import enter_incubator, set_up_incubator
from portal.resources.models import Booking, Incubator, IncubatorOrganisation, PremisesAgreement, Resource
from portal.rules.agreements import AgreementDraft, Mode
from portal.rules.bookings import Slot, Week
from portal.rules.incubators import IncubatorDraft
from portal.rules.permissions import Actor
from portal.rules.resources import Ownership, PremisesDraft, ResourceDraft, ResourceKind
from portal.store import action, db
from portal.store.clock import now, today
from tests import builders

EVERY_DAY: Week = ((8 * 60, 20 * 60),) * 7
PREMISES = ResourceDraft(
    ResourceKind.PREMISES,
    "老年活动室",
    story="一楼，朝南，有厨房。",
    amount=8650,
    premises=PremisesDraft(Ownership.COLLECTIVE, accessible=True, week=EVERY_DAY),
)
GOODS = ResourceDraft(ResourceKind.GOODS, "轮椅", amount=6, unit="辆")


def keeper(region: Region) -> Actor:
    return builders.actor(builders.a_committee(region))


def a_resource(region: Region, draft: ResourceDraft = PREMISES, **changes: Any) -> Resource:
    """Something on the public list of `region`: premises that are open from 8 to 20, if nothing else is said."""
    return offer_resource(keeper(region), region, replace(draft, **changes), secrets.token_hex(16))


def idle_premises(region: Region, since: date, **changes: Any) -> Resource:
    said = PremisesDraft(Ownership.STATE, accessible=False, idle_since=since, week=EVERY_DAY)
    return a_resource(region, premises=said, **changes)


def an_offer(region: Region, draft: ResourceDraft = GOODS, **changes: Any) -> Resource:
    """What a resident offers; it waits for the committee."""
    resident = builders.actor(builders.a_resident(region))
    return offer_resource(resident, region, replace(draft, **changes), secrets.token_hex(16))


def a_booking(
    region: Region, resource: Resource, day: date | None = None, starts: int = 540, ends: int = 660, key: str = ""
) -> Booking:
    """The committee books `resource`, tomorrow from 9 to 11 if nothing else is said."""
    slot = Slot(day or today() + timedelta(days=1), starts, ends)
    return book_resource(
        keeper(region), region, resource, Body(region.id, None), slot, "健康讲座", key or secrets.token_hex(16)
    )


def an_agreement(
    region: Region, resource: Resource, provider: Provider | None = None, **changes: Any
) -> PremisesAgreement:
    """A provider uses `resource` for a year from today on and owes 100 hours of service for it."""
    provider = provider or builders.a_provider(region)
    days = today(), today() + timedelta(days=364)
    draft = AgreementDraft(
        Mode.SERVICE_EXCHANGE, *days, 100 * 60, value_fen=2_400_000, valuation="周边同类房屋租金，每月 2000 元"
    )
    changed = replace(draft, **changes)
    return make_agreement(keeper(region), region, resource, provider.id, changed, secrets.token_hex(16))


def an_incubator(township: Region, **changes: Any) -> Incubator:
    draft = IncubatorDraft("望湖镇社区社会组织孵化园", date(2025, 3, 1), "为初创社会组织提供场地和辅导。")
    official = builders.actor(builders.an_official(township))
    return set_up_incubator(official, township, replace(draft, **changes), secrets.token_hex(16))


def an_organisation(
    township: Region, incubator: Incubator, name: str = "银龄互助社", entered_on: date = date(2025, 4, 1)
) -> IncubatorOrganisation:
    official = builders.actor(builders.an_official(township))
    return enter_incubator(official, township, incubator, name, entered_on, secrets.token_hex(16))


def everything(region: Region) -> dict[str, int]:
    """The numbers of one of everything under `region`, by the words of addresses; an incubator even in a community."""
    resource = a_resource(region)
    incubator = _an_incubator_anywhere(region)
    return {
        "resource": resource.id,
        "booking": a_booking(region, resource).id,
        "agreement": an_agreement(region, resource).id,
        "incubator": incubator.id,
        "organisation": an_organisation(region, incubator).id,
    }


@action
def _an_incubator_anywhere(region: Region) -> Incubator:
    incubator = Incubator(
        key=secrets.token_hex(16),
        region_id=region.id,
        name="孵化园",
        opened_on=date(2025, 3, 1),
        set_up_by_id=builders.an_official(region).id,
        at=now(),
    )
    db.session.add(incubator)
    db.session.flush()
    return incubator
