"""What the rolls do by themselves: confirmed residents come on them, and people with accounts are found on them."""

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import select

from portal import audit
from portal.accounts.actions import KNOWN
from portal.accounts.models import Person, Residency
from portal.accounts.queries import lives_below
from portal.accounts.secrets import keyed_hash
from portal.regions.models import Region
from portal.regions.queries import is_below
from portal.rolls.matching import identity_hash, identity_of_resident, let_go
from portal.rolls.models import RollEntry
from portal.rolls.queries import unclaimed
from portal.rules.permissions import NOBODY, Deed
from portal.rules.rolls import EntrySource, EntryState, masked
from portal.store import action, db, take_turn
from portal.store.clock import now
from portal.store.once import put_all_once


@action
def enrol_residents(region: Region) -> int:
    """Put the confirmed residents of a region and all below it on their communities' rolls; gives how many are new.

    One whose telephone number stands on the roll of her community is that entry; of several with her number, that of
    her name, else the first. Who has moved leaves her old roll.
    """
    take_turn("roll")
    _follow_movers(region)
    missing = db.session.execute(
        select(Person.id, Person.name, Person.phone, Residency.region_id)
        .join(Residency, Residency.person_id == Person.id)
        .join(Region, Region.id == Residency.region_id)
        .outerjoin(RollEntry, RollEntry.person_id == Person.id)
        .where(lives_below(region.path), RollEntry.id.is_(None))
        .order_by(Person.id)
    ).all()
    known = _by_phone(region) if missing else {}
    fresh = []
    for person in missing:
        phone_hash = keyed_hash("phone", person.phone) if person.phone else None
        entries = known.get((person.region_id, phone_hash or ""), [])
        if entries:
            hers = identity_hash(person.region_id, person.name, person.phone or "", "")
            entry = next((one for one in entries if one.identity_hash == hers), entries[0])
            entries.remove(entry)
            entry.person_id = person.id
            continue
        fresh.append(
            {
                "region_id": person.region_id,
                "shown": masked(person.name) or "*",
                "phone_end": (person.phone or "")[-4:],
                "phone_hash": phone_hash,
                "identity_hash": identity_of_resident(person.id),
                "person_id": person.id,
                "state": EntryState.ACTIVE.value,
                "source": EntrySource.RESIDENT.value,
                "added_at": now(),
            }
        )
    enrolled = put_all_once(RollEntry, fresh)
    _note(Counter(entry.region_id for entry in enrolled), "confirmed")
    return len(enrolled)


def _follow_movers(region: Region) -> None:
    """Who lives in `region` now, and is on another community's roll, comes here with her entry."""
    moved = db.session.execute(
        select(RollEntry, Residency.region_id)
        .join(Residency, Residency.person_id == RollEntry.person_id)
        .join(Region, Region.id == Residency.region_id)
        .where(lives_below(region.path), RollEntry.region_id != Residency.region_id)
    ).all()
    left = Counter(entry.region_id for entry, _ in moved if entry.state == EntryState.ACTIVE)
    arrived: Counter[int] = Counter()
    for entry, home_id in moved:
        followed = db.session.scalar(select(RollEntry.id).where(RollEntry.head_id == entry.id).limit(1))
        if followed or entry.state != EntryState.ACTIVE:
            entry.state, entry.removed_at = EntryState.REMOVED.value, entry.removed_at or now()
            let_go(entry)
        else:
            entry.region_id, entry.household, entry.head_id, entry.home_hash = home_id, "", None, None
            arrived[home_id] += 1
    _note(left, "moved_away")
    _note(arrived, "confirmed")


def _note(counts: Mapping[int, int], what: str) -> None:
    if counts:
        for region in db.session.scalars(select(Region).where(Region.id.in_(counts)).order_by(Region.id)).all():
            audit.record(NOBODY, Deed.KEEP_ROLL, region, **{what: counts[region.id]})


def _by_phone(region: Region) -> dict[tuple[int, str], list[RollEntry]]:
    """The entries that no account belongs to yet, by community and number."""
    found: dict[tuple[int, str], list[RollEntry]] = {}
    for entry in db.session.scalars(
        select(RollEntry)
        .join(Region, Region.id == RollEntry.region_id)
        .where(
            is_below(Region.path, region.path),
            RollEntry.phone_hash.is_not(None),
            RollEntry.person_id.is_(None),
            RollEntry.state == EntryState.ACTIVE,
        )
        .order_by(RollEntry.id)
    ):
        found.setdefault((entry.region_id, entry.phone_hash or ""), []).append(entry)
    return found


@action
def claim_entry(person_id: int, phone: str | None, path: str) -> RollEntry | None:
    """The entry on the rolls at or below `path` that a person's telephone number stands on, from now on hers."""
    if not phone:
        return None
    found = db.session.scalars(unclaimed(phone, path).with_for_update(of=RollEntry)).all()
    if len(found) != 1 or db.session.scalar(select(RollEntry.id).where(RollEntry.person_id == person_id)):
        return None
    found[0].person_id = person_id
    return found[0]


def stands_on_roll(person_id: int, region: Region) -> bool:
    """Whether someone who says that she lives in `region` is on its roll, by her own telephone number."""
    phone = db.session.scalar(select(Person.phone).where(Person.id == person_id))
    claim_entry(person_id, phone, region.path)
    hers = select(RollEntry.id).where(
        RollEntry.person_id == person_id, RollEntry.region_id == region.id, RollEntry.state == EntryState.ACTIVE
    )
    return db.session.scalar(hers) is not None


KNOWN.append(stands_on_roll)
