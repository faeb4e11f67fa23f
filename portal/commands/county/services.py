"""Services over the last months and what their recipients thought of them."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert

from portal.accounts.secrets import keyed_hash
from portal.commands.county import content
from portal.providers.models import Provider
from portal.ratings.models import ServiceRecord, Ticket
from portal.ratings.queries import ticket_hash
from portal.rules.numbers import Numbers
from portal.rules.ratings import Channel, reasons_for
from portal.store import db
from portal.store.clock import CHINA

GRADES = (1, 2, 3, 4, 5)
LONGEST_MONTH = 31


def give_services(
    given: dict[str, Any], provider: Provider, homes: dict[int, int], staff: int, moment: datetime, chance: Random
) -> tuple[list[tuple[datetime, int]], list[dict[str, Any]]]:
    """Let `provider` serve people at `homes` (region to weight).

    Gives when each service was, and its id; and what their recipients will think of them.
    """
    days = given["months"] * LONGEST_MONTH
    records = [
        {
            "provider_id": provider.id,
            "region_id": chance.choices(list(homes), list(homes.values()))[0],
            "category": chance.choice(given["categories"]),
            "served_on": at.astimezone(CHINA).date(),
            "recorded_at": at,
            "recorded_by_id": staff,
        }
        for at in sorted(_evening(moment, chance.random() * days, chance) for _ in range(given["services"]))
    ]
    adding = insert(ServiceRecord).returning(ServiceRecord.id, sort_by_parameter_order=True)
    ids = list(db.session.scalars(adding, records))
    if given["name"] == "nuanlin":
        until = moment.astimezone(CHINA).date() + timedelta(days=Numbers.rating_invitation_days)
        db.session.add(Ticket(hash=ticket_hash(ticket()), service_id=ids[-1], channel=Channel.SMS.value, until=until))
    rated = [
        _rating(given, record | {"id": number}, moment, chance)
        for record, number in zip(records[:-1], ids[:-1], strict=True)
        if chance.random() < given["answered"]
    ]
    return [(record["recorded_at"], number) for record, number in zip(records, ids, strict=True)], rated


def ticket() -> str:
    """The secret of the one private link that can be tried; the same for as long as the site's own secret is."""
    return keyed_hash("county", "the last service")[:24]


def _evening(moment: datetime, days: float, chance: Random) -> datetime:
    at = (moment - timedelta(days=1 + days)).astimezone(CHINA)
    return at.replace(hour=chance.randint(10, 19), minute=chance.randint(0, 59), second=0, microsecond=0)


def _rating(given: dict[str, Any], service: dict[str, Any], moment: datetime, chance: Random) -> dict[str, Any]:
    """How a recipient liked a service: as ever, or since the provider began to change the more as it is now."""
    age = (moment - service["recorded_at"]) / timedelta(days=given.get("changing", 1))
    new = max(0.0, 1 - age) if "changing" in given else 0.0
    mixed = [
        was * (1 - new) + becomes * new
        for was, becomes in zip(given["grades"], given.get("new_grades", given["grades"]), strict=True)
    ]
    grade = chance.choices(GRADES, mixed)[0]
    rated = min(service["recorded_at"] + timedelta(hours=chance.expovariate(1 / 18)), moment - timedelta(minutes=5))
    reasons = chance.sample(sorted(reasons_for(grade)), chance.choice((0, 1, 1, 2)))
    return {
        "key": f"{chance.getrandbits(256):064x}",
        "rater": f"{service['id']:016x}",
        "provider_id": service["provider_id"],
        "region_id": service["region_id"],
        "category": service["category"],
        "grade": grade,
        "reasons": sorted(reasons),
        "words": chance.choice(content.county()["comments"][str(grade)]) if chance.random() < 0.15 else "",
        "writer": f"{chance.getrandbits(256):064x}",
        "rated_on": rated.astimezone(CHINA).date(),
        "settled": False,
        "service_id": service["id"],
        "served_on": service["served_on"],
    }
