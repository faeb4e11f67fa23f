"""Who is on the rolls of a region."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import aliased

from portal.accounts.models import Person, Residency
from portal.accounts.queries import lives_below
from portal.accounts.secrets import keyed_hash
from portal.audit.models import AuditEntry
from portal.policies.queries import rules_for, working_days_after
from portal.regions.models import Region
from portal.regions.queries import find_region, is_below
from portal.rolls.models import RollEntry, RollObjection
from portal.rules import rolls
from portal.rules.decisions import Basis
from portal.rules.permissions import Actor, Deed
from portal.rules.rolls import EntrySource, EntryState
from portal.store import db
from portal.store.clock import now
from portal.store.paging import Page, page_of

STANDING = func.coalesce(RollEntry.head_id, RollEntry.id)
"""The number that votes where households do."""

OPENINGS: list[Callable[[Region, datetime], datetime | None]] = []
"""When the first vote of a community opens after a moment; rooms above say so."""
CHANGES = ("imported", "added", "confirmed", "removed", "moved_away")
"""What the log says was done to a roll, each with how many people."""
DAYS = 30


def number_for(basis: Basis | str) -> Any:
    """The number under which an entry votes: its own, or that of its household's head."""
    return STANDING if basis == Basis.HOUSEHOLDS else RollEntry.id


def on_roll(path: str) -> ColumnElement[bool]:
    """That a RollEntry, joined with its Region, may vote in a round of the region at `path`."""
    return (RollEntry.state == EntryState.ACTIVE) & is_below(Region.path, path)


def members_of(region: Region, basis: Basis | str) -> Select[Any]:
    """Everyone on the rolls of `region`, by entry: the number she votes under, her account, and the telephone number by
    which she is known where she has none and nobody else without one has the same.
    """
    claimed = RollEntry.person_id.is_not(None)
    alone = func.count().over(partition_by=(RollEntry.phone_hash, claimed)) == 1
    return (
        select(
            RollEntry.id.label("entry_id"),
            number_for(basis).label("number"),
            RollEntry.person_id,
            case((~claimed & alone, RollEntry.phone_hash)).label("phone_hash"),
        )
        .join(Region, Region.id == RollEntry.region_id)
        .where(on_roll(region.path))
        .order_by(RollEntry.id)
    )


def count_voters(region: Region, basis: Basis | str) -> int:
    """How many might vote if the roll were frozen now, with confirmed residents who are to be enrolled then."""
    number = number_for(basis)
    entries = (
        select(func.count(number.distinct())).select_from(RollEntry).join(Region, Region.id == RollEntry.region_id)
    )
    listed = db.session.scalar(entries.where(on_roll(region.path))) or 0
    unlisted = (
        select(func.count())
        .select_from(Residency)
        .join(Region, Region.id == Residency.region_id)
        .outerjoin(RollEntry, RollEntry.person_id == Residency.person_id)
        .where(lives_below(region.path), RollEntry.id.is_(None))
    )
    return listed + (db.session.scalar(unlisted) or 0)


def unclaimed(phone: str, path: str) -> Select[Any]:
    """The entries at or below `path` with this telephone number to which no account belongs yet."""
    return (
        select(RollEntry)
        .join(Region, Region.id == RollEntry.region_id)
        .where(
            RollEntry.phone_hash == keyed_hash("phone", phone),
            RollEntry.person_id.is_(None),
            on_roll(path),
        )
    )


def entry_of(person_id: int) -> RollEntry | None:
    """The entry that a person of the portal is."""
    return db.session.scalar(select(RollEntry).where(RollEntry.person_id == person_id))


def find_community(code: str, found: dict[str, Any]) -> Region | None:
    """A region that has a roll of its own."""
    region = find_region(code)
    return region if region is not None and region.level == "village" else None


def find_entry(number: int, found: dict[str, Any]) -> RollEntry | None:
    """An entry by its number, under the community on whose roll it is."""
    entry = db.session.get(RollEntry, number)
    return entry if entry is not None and entry.region_id == found["region"].id else None


def find_objection(number: int, found: dict[str, Any]) -> RollObjection | None:
    """An objection by its number, under the community whose roll it is about."""
    objection = db.session.get(RollObjection, number)
    return objection if objection is not None and objection.region_id == found["region"].id else None


def entries_of(region: Region, *, household: str = "", state: str = "", after: str = "", size: int = 20) -> Page[Any]:
    """A page of a community's roll with the names of those who vouched, the newest first.

    `household`: how the household begins; `state`: an EntryState, empty for those who are on the roll or wait.
    """
    first, second = aliased(Person), aliased(Person)
    query: Any = (
        select(
            RollEntry.id,
            RollEntry.shown,
            RollEntry.household,
            RollEntry.head_id,
            RollEntry.phone_end,
            RollEntry.person_id,
            RollEntry.state,
            RollEntry.source,
            RollEntry.added_at,
            RollEntry.added_by_id,
            RollEntry.removed_for,
            first.name.label("first"),
            second.name.label("second"),
        )
        .outerjoin(first, first.id == RollEntry.added_by_id)
        .outerjoin(second, second.id == RollEntry.vouched_by_id)
        .where(RollEntry.region_id == region.id)
    )
    query = query.where(RollEntry.state == state if state else RollEntry.state != EntryState.REMOVED)
    if household:
        query = query.where(RollEntry.household.startswith(household, autoescape=True))
    return page_of(query, (RollEntry.id,), after, size)


class Double(NamedTuple):
    """A resident of the portal who may be some who came on the roll without a telephone number; numbers on the roll."""

    shown: str
    resident: int
    others: list[int]


def doubles_of(region: Region, most: int = 20) -> list[Double]:
    """Who may be twice on a roll: the masked names are the same, nothing tells more; the committee decides."""
    other = aliased(RollEntry)
    rows = db.session.execute(
        select(RollEntry.shown, RollEntry.id, other.id)
        .join(other, (other.region_id == RollEntry.region_id) & (other.shown == RollEntry.shown))
        .where(
            RollEntry.region_id == region.id,
            RollEntry.source == EntrySource.RESIDENT,
            RollEntry.household == "",
            RollEntry.state == EntryState.ACTIVE,
            other.source != EntrySource.RESIDENT,
            other.person_id.is_(None),
            other.phone_hash.is_(None),
            other.state != EntryState.REMOVED,
        )
        .order_by(RollEntry.id, other.id)
    )
    found: dict[int, Double] = {}
    for shown, resident, number in rows:
        found.setdefault(resident, Double(shown, resident, [])).others.append(number)
    return list(found.values())[:most]


def count_entries(region: Region) -> dict[str, int]:
    """How many entries a roll has in each state."""
    return _count_by(RollEntry.state, RollEntry.region_id == region.id)


def _count_by(column: Any, *where: ColumnElement[bool]) -> dict[str, int]:
    return {row[0]: row[1] for row in db.session.execute(select(column, func.count()).where(*where).group_by(column))}


@dataclass(frozen=True)
class Facts:
    """What everyone may know of a roll. Source: trust 3, "only made visible"."""

    people: int
    households: int
    by_source: dict[str, int]
    waiting: int
    """Confirmed residents who come on it when the next vote opens."""
    buildings: dict[str, int]
    """People in each building where that is ten or more, and tells nothing of the others."""
    changes: dict[str, int]
    """How many people each kind of change of the last 30 days was about (`CHANGES`)."""
    latest: list[tuple[datetime, str, int, str]]
    """The latest of them: when, what, how many people, and the reason."""


def facts_of(region: Region) -> Facts:
    """What everyone may know of the roll of a community."""
    active = (RollEntry.region_id == region.id, RollEntry.state == EntryState.ACTIVE)
    by_source = _count_by(RollEntry.source, *active)
    people = sum(by_source.values())
    houses = _count_by(RollEntry.household, *active)
    changes = _changes_of(region)
    return Facts(
        people,
        count_households(region),
        by_source,
        count_voters(region, Basis.PERSONS) - people,
        rolls.public_buildings(houses, people),
        dict(sum((Counter({what: count}) for _, what, count, _ in changes), Counter())),
        changes[:20],
    )


def _changes_of(region: Region) -> list[tuple[datetime, str, int, str]]:
    logged = db.session.execute(
        select(AuditEntry.at, AuditEntry.detail)
        .where(
            AuditEntry.subject == f"{Region.__tablename__}:{region.id}",
            AuditEntry.deed == Deed.KEEP_ROLL.value,
            AuditEntry.at >= now() - timedelta(days=DAYS),
        )
        .order_by(AuditEntry.id.desc())
    )
    return [
        (at, what, detail[what], detail.get("reason", ""))
        for at, detail in logged
        for what in CHANGES
        if what in detail
    ]


def count_households(region: Region) -> int:
    """How many households stand on a roll; who is in none is one of her own."""
    active = (RollEntry.region_id == region.id, RollEntry.state == EntryState.ACTIVE)
    return db.session.scalar(select(func.count(STANDING.distinct())).where(*active)) or 0


def entry_here(actor: Actor, region: Region) -> RollEntry | None:
    """The entry of someone on the roll of a community, one that was taken off among them."""
    entry = entry_of(actor.id) if actor.id is not None else None
    return entry if entry is not None and entry.region_id == region.id else None


def household_of(actor: Actor, region: Region) -> int:
    """How many people on the roll belong to the household of someone, herself among them."""
    entry = entry_here(actor, region)
    if entry is None:
        return 0
    same = (STANDING.in_([entry.head_id or entry.id]), RollEntry.state == EntryState.ACTIVE)
    return db.session.scalar(select(func.count()).select_from(RollEntry).where(*same)) or 0


def answer_days(region: Region) -> int:
    """Working days in which the committee decides on an objection."""
    return rules_for(region).objection_working_days


def next_opening(region: Region, after: datetime | None = None) -> datetime | None:
    """When the first vote of a community opens, of those that are announced for a time `after` (now)."""
    found = [opening(region, after or now()) for opening in OPENINGS]
    return min((one for one in found if one), default=None)


def answer_due(objection: RollObjection, region: Region) -> datetime:
    """When an objection has to be decided."""
    worked = working_days_after(objection.made_at, answer_days(region))
    return rolls.answer_due(worked, next_opening(region, objection.made_at))


def open_objections(region: Region, most: int = 50) -> Sequence[RollObjection]:
    """What the committee has to decide about its roll, longest waiting first."""
    return db.session.scalars(
        select(RollObjection)
        .where(RollObjection.region_id == region.id, RollObjection.decided_at.is_(None))
        .order_by(RollObjection.id)
        .limit(most)
    ).all()


def decided_objections(region: Region, most: int = 20) -> Sequence[RollObjection]:
    """What was decided last: the answers are public, the words of the objections are not."""
    return db.session.scalars(
        select(RollObjection)
        .where(RollObjection.region_id == region.id, RollObjection.decided_at.is_not(None))
        .order_by(RollObjection.decided_at.desc())
        .limit(most)
    ).all()


def objections_by(actor: Actor, region: Region, most: int = 20) -> Sequence[RollObjection]:
    """What someone said of the roll of a community, the newest first."""
    return db.session.scalars(
        select(RollObjection)
        .where(RollObjection.region_id == region.id, RollObjection.person_id == actor.id)
        .order_by(RollObjection.id.desc())
        .limit(most)
    ).all()
