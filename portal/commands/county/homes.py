"""Places, who lives and works there, and who is on the roll."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import insert, select

from portal.accounts.models import Person, Residency
from portal.commands.county import content
from portal.commands.county.county import County
from portal.commands.county.people import COLLEAGUE, COMMITTEE, COUNTY, OFFICIAL, RESIDENT, TOWNSHIP
from portal.regions.models import Region
from portal.rolls.actions import enrol_residents
from portal.rolls.imports import import_roll
from portal.rolls.models import RollEntry
from portal.rules.permissions import Actor, Deed, Role
from portal.rules.rolls import read_roll
from portal.store import db
from portal.store.search import fold

ASKING = ("孙建军", "刘彩霞", "马志远")
"""Who waits for the committee of the first community to vouch for them."""


def put_regions(county: County) -> None:
    """The chain of places from the province down."""
    by_code: dict[str, Region] = {}
    for number, place in enumerate(content.county()["region"], 1):
        above = by_code.get(place["parent"])
        region = Region(
            id=number,
            code=place["code"],
            level=place["level"],
            folded=fold(place["title"][0]),
            parent_id=above.id if above else None,
            path=f"{above.path if above else ''}{number}.",
            **content.in_three(name=place["title"]),
        )
        by_code[region.code] = county.places[place.get("name") or region.code] = region
    db.session.add_all(county.places.values())
    db.session.flush()


def put_people(county: County) -> None:
    """Residents without a number, staff, and some who wait to be vouched for."""
    invited = [*content.story()["judge"], content.story()["believing"]["evaluator"]]
    logins = {one["name"]: one["login"] for one in invited}
    names = [
        *COMMITTEE.values(),
        COLLEAGUE,
        OFFICIAL,
        RESIDENT,
        TOWNSHIP,
        *content.story()["staff"].values(),
        *logins,
    ]
    joined = county.ago(430)
    same = {"language": "zh-Hans", "created_at": joined}
    people = [same | {"name": name, "login": logins.get(name)} for name in names]
    county.staff = dict(zip(names, county.put(Person, people), strict=True))
    county.mei = county.staff.pop(RESIDENT)
    grants = [(name, Role.COMMITTEE, home) for home, name in (*COMMITTEE.items(), ("hepan", COLLEAGUE))]
    offices = [(OFFICIAL, Role.OFFICIAL, COUNTY), (TOWNSHIP, Role.OFFICIAL, "990121001000")]
    for name, role, place in [*grants, *offices]:
        county.put_grant(county.staff[name], role, county.places[place])
    for place in content.county()["region"]:
        if "residents" in place:
            _put_residents(county, place["name"], place["residents"])
    asking = [
        {"name": name, "phone": f"1000000{number:04}", "created_at": county.ago(2)}
        for number, name in enumerate(ASKING, 1)  # numbers that no telephone can have
    ]
    _put_homes(county, county.put(Person, asking), "hepan", verified=False)


def _put_residents(county: County, home: str, count: int) -> None:
    roll = content.county()["roll"]
    names = [family + given for given in roll["given"] for family in roll["names"]]
    people = [
        {"name": names[number % len(names)], "created_at": county.ago(county.chance.randint(200, 420))}
        for number in range(count)
    ]
    ids = county.put(Person, people)
    county.residents[home] = ids
    _put_homes(county, [*ids, county.mei] if home == "hepan" else ids, home)


def _put_homes(county: County, people: Sequence[int], home: str, *, verified: bool = True) -> None:
    region, committee = county.places[home], county.staff[COMMITTEE[home]]
    rows = []
    for person_id in people:
        asked = county.ago(county.chance.randint(200, 400) if verified else 1)
        vouched = asked + timedelta(hours=county.chance.randint(2, 40))
        rows.append(
            {
                "person_id": person_id,
                "region_id": region.id,
                "asked_at": asked,
                "verified_at": vouched if verified else None,
                "verified_by_id": committee if verified else None,
            }
        )
        if verified:
            county.note(vouched, committee, Deed.VOUCH_RESIDENT, region, person=person_id)
    db.session.execute(insert(Residency), rows)


def put_roll(county: County) -> None:
    """Residents where they live, and the list of the first committee: neighbours who have no account."""
    for home in county.residents:
        enrol_residents(county.places[home])
        hers = select(RollEntry).where(RollEntry.region_id == county.places[home].id).order_by(RollEntry.id)
        for number, entry in enumerate(db.session.scalars(hers)):
            block, flat = divmod(number, 24)
            entry.household = f"{block + 9}-{flat // 12 + 1}-{flat // 2 % 6 + 1}0{flat % 2 + 1}"
    families = content.county()["roll"]
    lines = [
        f"{family}{given},,{building}-{flat}"
        for building, family in enumerate(families["names"], 1)
        for flat, given in zip(families["flats"], families["given"], strict=True)
    ]
    import_roll(
        Actor(county.staff[COMMITTEE["hepan"]]),
        county.places["hepan"],
        read_roll("姓名,电话,户号\n" + "\n".join(lines)),
    )
