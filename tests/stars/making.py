"""Stars and credit as tests of every room make them. Call them inside an application's context."""

import secrets
from datetime import timedelta

from portal.providers.models import CreditEvent, Provider
from portal.regions.models import Region
from portal.rules.credit import EventKind
from portal.rules.permissions import Actor
from portal.rules.pleas import EventDraft, PleaKind
from portal.stars.models import CreditPlea
from portal.stars.pleading import send_plea
from portal.stars.recording import record_event
from portal.store import clock, db
from tests import builders
from tests.providers.making import published

GOOD = (0, 1, 4, 35, 60)
"""100 ratings that make about 88 points."""
POOR = (10, 15, 30, 25, 20)
"""100 ratings that make about 57 points."""
SO_SO = (2, 4, 14, 40, 40)
"""100 ratings that make about 78 points."""


def rated(provider: Provider, *quarters: tuple[str, tuple[int, int, int, int, int]]) -> None:
    """Figures of `provider` published on these days."""
    for day, counts in quarters:
        with builders.at(day):
            published(provider, counts)


def the_official(region: Region) -> Actor:
    return builders.actor(builders.an_official(region))


def an_event(
    provider: Provider, region: Region, kind: EventKind = EventKind.BREACH, *, official: Actor | None = None
) -> CreditEvent:
    """Something that the office of `region` wrote into the credit record of `provider`."""
    key = secrets.token_hex(16)
    draft = EventDraft(kind.value, "连续三周未上门，经核查属实。", "柳民查〔2026〕12号")
    record_event(official or the_official(region), region, provider, draft, key)
    return db.session.scalars(db.select(CreditEvent).where(CreditEvent.key == key)).one()


def a_plea(provider: Provider, event: CreditEvent, kind: PleaKind = PleaKind.APPEAL) -> CreditPlea:
    """What `provider` sent about an event."""
    staff = builders.actor(builders.staff_of(provider))
    key = secrets.token_hex(16)
    send_plea(staff, event, kind, "当时道路封闭，无法上门。", "交通公告2026年第8号", key)
    return db.session.scalars(db.select(CreditPlea).where(CreditPlea.key == key)).one()


def a_repair(provider: Provider, region: Region, official: Actor) -> CreditPlea:
    """That `provider` made good what `official` wrote down for `region` long ago; it waits for a decision there."""
    with builders.at(clock.now() - timedelta(days=200)):
        event = an_event(provider, region, EventKind.FAILED, official=official)
    return a_plea(provider, event, PleaKind.REPAIR)
