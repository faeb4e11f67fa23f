"""Who someone is to a round: a line on its roll, or why not."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, case, func, literal, null, or_, select

from portal.accounts.models import Person
from portal.accounts.queries import home_of
from portal.accounts.secrets import keyed_hash
from portal.regions.models import Region
from portal.rolls.models import RollEntry
from portal.rolls.queries import unclaimed
from portal.rules import ballots
from portal.rules.ballots import Part, Standing
from portal.rules.permissions import Actor
from portal.store import db
from portal.voting.models import LedgerEntry, LedgerMember, Round


@dataclass(frozen=True)
class Elector:
    """A line on the roll of a frozen round, and who of its household comes with it."""

    number: int
    by_number: int
    region_id: int
    voted: bool
    voted_by: int | None
    road: str | None
    line: str
    salt: str
    unclaimed: bool
    """Found by telephone number, and no account's yet."""

    @property
    def standing(self) -> Standing:
        taken = self.voted and self.voted_by not in (None, self.by_number)
        return Standing.HOUSEHOLD if taken else Standing.VOTER

    @property
    def part(self) -> Part:
        if not self.voted:
            return Part.NONE
        return Part.VOTED if self.standing is Standing.VOTER else Part.HOUSEHOLD


def elector_of(round: Round, actor: Actor, *, holding: bool = False) -> Elector | None:
    """The line of the signed-in `actor` on the roll of a round: by her account, or by her telephone number where no
    account was known at the freezing. Nothing that is done to the rolls later gives anybody a line.

    `holding`: read the round anew as well, and keep it from being sealed until this deed ends.
    """
    if actor.id is None or round.frozen_at is None:
        return None
    row = db.session.execute(_by_account(holding), {"round": round.id, "person": actor.id}).first()
    return _elector(row) or _by_phone(round, actor, holding)


def elector_numbered(round: Round, entry_id: int) -> Elector | None:
    """The line of an entry of the rolls, for slips, paper and helpers."""
    return _elector(db.session.execute(_lines(LedgerMember.entry_id == entry_id), {"round": round.id}).first())


def _by_phone(round: Round, actor: Actor, holding: bool) -> Elector | None:
    phone = phone_of(actor)
    if not phone:
        return None
    taken = select(RollEntry.id).where(RollEntry.id == LedgerMember.entry_id, RollEntry.person_id.is_not(None))
    waits = LedgerMember.phone_hash == keyed_hash("phone", phone)
    return _elector(
        db.session.execute(_lines(waits & ~taken.exists(), holding, unclaimed=True), {"round": round.id}).first()
    )


@cache
def _by_account(holding: bool) -> Select[*tuple[Any, ...]]:
    """Made once, for it is asked at every tap."""
    return _lines(_hers(bindparam("person")), holding)


def _lines(who: ColumnElement[bool], holding: bool = False, *, unclaimed: bool = False) -> Select[*tuple[Any, ...]]:
    """The line on the roll of the round `:round` of those of whom `who` is true."""
    line = (
        select(
            LedgerEntry.number,
            LedgerMember.entry_id.label("by_number"),
            LedgerEntry.region_id,
            LedgerEntry.voted,
            LedgerEntry.by_number.label("voted_by"),
            LedgerEntry.road,
            LedgerEntry.line,
            LedgerEntry.salt,
            literal(unclaimed).label("unclaimed"),
        )
        .where(who, HER_LINE, LedgerMember.round_id == Round.id, Round.id == bindparam("round"))
        .order_by(LedgerMember.person_id.is_(None))
    )
    if holding:
        line = line.add_columns(Round).with_for_update(read=True, key_share=True, of=Round)
    return line.execution_options(populate_existing=holding)


def _elector(row: Row[Any] | None) -> Elector | None:
    return Elector(**{name: row._mapping[name] for name in Elector.__annotations__}) if row else None


def part_of(actor: Actor) -> ColumnElement[Any]:
    """In a query of rounds: what part `actor` took in each (rules.ballots.Part); None where she is not on its roll."""
    if actor.id is None:
        return null()
    hers = func.coalesce(LedgerEntry.by_number, LedgerMember.entry_id) == LedgerMember.entry_id
    part = case((~LedgerEntry.voted, Part.NONE.value), (hers, Part.VOTED.value), else_=Part.HOUSEHOLD.value)
    found = select(part).where(_hers(actor.id), HER_LINE, LedgerMember.round_id == Round.id)
    return found.order_by(LedgerMember.person_id.is_(None)).limit(1).correlate(Round).scalar_subquery()


HER_LINE = and_(LedgerEntry.round_id == LedgerMember.round_id, LedgerEntry.number == LedgerMember.number)
"""That a LedgerEntry is the line of a LedgerMember."""


ACCOUNT = case(
    (LedgerMember.person_id.is_not(None), LedgerMember.person_id),
    (LedgerMember.phone_hash.is_not(None), RollEntry.person_id),
)
"""Whose a LedgerMember, joined with its RollEntry, is: only by what was known of her at the freezing."""


def account_of(round: Round, entry_id: int) -> int | None:
    """The person of the portal who votes by an entry of the rolls, and may be told of it."""
    member = (LedgerMember.round_id == round.id, LedgerMember.entry_id == entry_id)
    return db.session.scalar(select(ACCOUNT).join(RollEntry, RollEntry.id == LedgerMember.entry_id).where(*member))


def _hers(person: Any) -> ColumnElement[bool]:
    """That a LedgerMember is `person`: by her account as it was, or claimed since by the telephone number as it was."""
    entry = select(RollEntry.id).where(RollEntry.person_id == person).scalar_subquery()
    claimed = LedgerMember.phone_hash.is_not(None) & (LedgerMember.entry_id == entry)
    return or_(LedgerMember.person_id == person, claimed)


def standing_of(actor: Actor, round: Round, region: Region, elector: Elector | None) -> Standing:
    """What `actor` is to a round of `region`; `elector`: her line on its roll."""
    if elector:
        return elector.standing
    home = home_of(actor)
    found = ballots.standing(
        signed_in=actor.id is not None,
        home=home.path if home else None,
        verified=home is not None and home.verified,
        region=region.path,
        frozen=round.frozen_at is not None,
    )
    settled = round.frozen_at is not None or found in (Standing.GUEST, Standing.VOTER)
    return Standing.VOTER if not settled and _awaited(actor, region) else found


def _awaited(actor: Actor, region: Region) -> bool:
    """Whether `actor` will be on the roll by an entry that waits for her telephone number."""
    known = db.session.scalar(select(RollEntry.id).where(RollEntry.person_id == actor.id))
    phone = phone_of(actor) if known is None else None
    return phone is not None and len(db.session.scalars(unclaimed(phone, region.path)).all()) == 1


def phone_of(actor: Actor) -> str | None:
    return db.session.scalar(select(Person.phone).where(Person.id == actor.id))
