"""Whether someone who is to come on a roll is on one already."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select

from portal.accounts.secrets import keyed_hash
from portal.regions.models import Region
from portal.rolls.models import RollEntry
from portal.rules import N_, Refusal
from portal.rules.rolls import EntryDraft, EntrySource, EntryState, masked
from portal.store import db

AT_ONCE = 300
ELSEWHERE = Refusal(N_("This is already on the roll of another community. Nobody can be on two."), "name")


def identity_hash(region_id: int, name: str, phone: str, household: str) -> str:
    """What makes an entry the same person wherever she is entered."""
    told = f"{name}|{phone}" if phone else f"{name}|{region_id}|{household}"
    return keyed_hash("roll", told)


def identity_of_resident(person_id: int) -> str:
    """The same of someone of whom only her account is known."""
    return keyed_hash("roll", f"person|{person_id}")


@dataclass(frozen=True)
class Marks:
    """What someone is known by on the rolls."""

    identity: str
    home: str | None
    phone: str | None

    @classmethod
    def of(cls, region: Region, draft: EntryDraft) -> "Marks":
        home = identity_hash(region.id, draft.name, "", draft.household) if draft.household else None
        phone = keyed_hash("phone", draft.phone) if draft.phone else None
        return cls(identity_hash(region.id, draft.name, draft.phone, draft.household), home, phone)


class Known:
    """The entries that some people may be, read at once."""

    def __init__(self, region: Region, people: Sequence[Marks]) -> None:
        self.region = region
        self.by_hash: dict[str, RollEntry] = {}
        self.residents: dict[str, list[RollEntry]] = {}
        for start in range(0, len(people), AT_ONCE):
            for entry in self._read(people[start : start + AT_ONCE]):
                self.by_hash |= dict.fromkeys([one for one in (entry.identity_hash, entry.home_hash) if one], entry)
                if entry.source == EntrySource.RESIDENT and entry.phone_hash:
                    others = self.residents.setdefault(entry.phone_hash, [])
                    others += [] if entry in others else [entry]

    def _read(self, people: Sequence[Marks]) -> Iterable[RollEntry]:
        phones = {one.phone for one in people if one.phone}
        return db.session.scalars(
            select(RollEntry).where(
                or_(
                    RollEntry.identity_hash.in_({one.identity for one in people}),
                    RollEntry.home_hash.in_({one.home for one in people if one.home}),
                    (RollEntry.source == EntrySource.RESIDENT) & RollEntry.phone_hash.in_(phones),
                )
            )
        )

    def entry(self, marks: Marks) -> RollEntry | None:
        """The entry on a roll that has these marks: here, or anywhere."""
        found = self.by_hash.get(marks.identity) or self.by_hash.get(marks.home or "")
        return found or next(self._as_resident(marks), None)

    def _as_resident(self, marks: Marks) -> Iterator[RollEntry]:
        """Entries of confirmed residents with that telephone number: of another community, or not yet known by name."""
        for entry in self.residents.get(marks.phone or "", ()):
            away = entry.region_id != self.region.id and entry.state != EntryState.REMOVED
            if away or _known_by_account_only(entry):
                yield entry

    def elsewhere(self, marks: Marks) -> bool:
        """Whether these marks are those of someone on another community's roll."""
        found = self.entry(marks)
        return found is not None and found.region_id != self.region.id and found.state != EntryState.REMOVED


def _known_by_account_only(entry: RollEntry) -> bool:
    return entry.person_id is not None and entry.identity_hash == identity_of_resident(entry.person_id)


def complete(entry: RollEntry, draft: EntryDraft, marks: Marks) -> None:
    """Add to an entry of this community what was not known of her; what is known stays as it is."""
    if draft.phone and not entry.phone_hash:
        entry.phone_hash, entry.phone_end, entry.identity_hash = marks.phone, draft.phone[-4:], marks.identity
    if _known_by_account_only(entry):
        entry.identity_hash, entry.home_hash = marks.identity, marks.home
        entry.shown, entry.household = masked(draft.name), draft.household
        entry.head_id = head_of(entry.region_id, draft.household, entry.id)


def let_go(entry: RollEntry, why: str = "") -> None:
    """An entry that was taken off a roll leads to nobody from now on, so that she can come on another."""
    entry.identity_hash, entry.home_hash, entry.person_id = keyed_hash("roll", f"gone|{entry.id}"), None, None
    entry.removed_for = entry.removed_for or why
    db.session.flush()


def head_of(region_id: int, household: str, other_than: int | None = None) -> int | None:
    """The number under which a household of this community stands; None if nobody of it is on the roll."""
    return heads_of(region_id, [household], other_than).get(household)


def heads_of(region_id: int, households: Sequence[str], other_than: int | None = None) -> dict[str, int]:
    """The numbers under which households stand, of those of which somebody is on the roll."""
    heads: dict[str, int] = {}
    named = [household for household in households if household]
    for start in range(0, len(named), AT_ONCE):
        rows = db.session.execute(
            select(RollEntry.household, RollEntry.head_id, RollEntry.id)
            .where(RollEntry.region_id == region_id, RollEntry.household.in_(named[start : start + AT_ONCE]))
            .order_by(RollEntry.head_id.is_(None), RollEntry.id)
        )
        for household, head_id, number in rows:
            if number != other_than:
                heads.setdefault(household, head_id or number)
    return heads
