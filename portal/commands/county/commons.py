"""What the places share: rooms with their calendars, goods, people, skills, and a house for young organisations."""

from datetime import timedelta
from typing import Any

from portal.commands.county import content
from portal.commands.county.people import COMMITTEE, OFFICIAL
from portal.commands.county.telling import Chapter, Teller, said
from portal.resources.actions import offer_resource
from portal.resources.agreeing import enter_hours, make_agreement
from portal.resources.booking import book_resource
from portal.resources.calendars import Body
from portal.resources.incubating import enter_incubator, graduate, set_up_incubator
from portal.rules.agreements import AgreementDraft, Mode
from portal.rules.bookings import Slot
from portal.rules.incubators import IncubatorDraft
from portal.rules.resources import PremisesDraft, ResourceDraft, ResourceKind
from portal.store.clock import today

ROOM = "resource activity-room"
BOOKED_BEFORE = 9
"""Days between a booking and what is booked."""


def resources(teller: Teller) -> list[Chapter]:
    told = content.story()
    return [
        *(_offered(teller, given) for given in [*told["premises"], *told["resource"]]),
        *(_booked(teller, given, days) for given in told["booking"] for days in given["days"]),
    ]


def _offered(teller: Teller, given: dict[str, Any]) -> Chapter:
    yield given["days"]
    texts = {name: given[name] for name in ("title", "story", "conditions") if name in given}
    draft = ResourceDraft(
        ResourceKind(given.get("kind", "premises")),
        **{name: words[0] for name, words in texts.items()},
        amount=given.get("area", given.get("amount")),
        unit=given.get("unit", ""),
        premises=_premises(teller, given) if "area" in given else None,
    )
    committee, home = teller.actor(COMMITTEE[given["home"]]), teller.places[given["home"]]
    resource = offer_resource(committee, home, draft, teller.key())
    said(resource, given, *texts)
    teller.made[f"resource {given['name']}"] = resource


def _premises(teller: Teller, given: dict[str, Any]) -> PremisesDraft:
    opens, closes = given["hours"]
    idle = teller.day(given["idle"]) if "idle" in given else None
    return PremisesDraft(given["ownership"], given["accessible"], idle, ((opens, closes),) * 7)


def _booked(teller: Teller, given: dict[str, Any], days: int) -> Chapter:
    yield max(days + BOOKED_BEFORE, 1)
    home, slot = teller.places["hepan"], Slot(teller.day(days), given["starts"], given["ends"])
    if given["by"] == "committee":
        who, body = teller.actor(COMMITTEE["hepan"]), Body(home.id, None)
    else:
        who, body = teller.staff_of(given["by"]), Body(None, teller.providers[given["by"]].id)
    book_resource(who, home, teller.made[ROOM], body, slot, given["purpose"], teller.key())


def agreement(teller: Teller) -> Chapter:
    """A provider has a room and gives hours of service for it."""
    given = content.story()["agreement"]
    yield given["days"]
    committee, home = teller.actor(COMMITTEE["hepan"]), teller.places["hepan"]
    draft = AgreementDraft(
        Mode.SERVICE_EXCHANGE,
        today(),
        teller.day(given["until"]),
        given["hours"] * 60,
        value_fen=given["value"] * 100,
        valuation=given["valuation"],
        words=given["words"],
    )
    provider = teller.providers[given["by"]]
    agreed = make_agreement(committee, home, teller.made[ROOM], provider.id, draft, teller.key())
    for entry in given["entry"]:
        yield entry["days"]
        served = today() - timedelta(days=1)
        enter_hours(committee, agreed, entry["hours"] * 60, served, entry["words"], teller.key())


def incubator(teller: Teller) -> Chapter:
    given = content.story()["incubator"]
    yield given["days"]
    official, home = teller.actor(OFFICIAL), teller.places[given["home"]]
    draft = IncubatorDraft(given["title"], today(), given["story"])
    house, inside = set_up_incubator(official, home, draft, teller.key()), {}
    for team in given["team"]:
        yield team["days"]
        inside[team["name"]] = enter_incubator(official, home, house, team["name"], today(), teller.key())
    for team in given["team"]:
        if "graduated" in team:
            yield team["graduated"]
            graduate(official, inside[team["name"]], today())
