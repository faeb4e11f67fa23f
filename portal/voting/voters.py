"""Those who may vote in a round, as the committee looks for them: for slips, papers and helpers."""

from typing import Any

from sqlalchemy import Row, Select, case, or_, select

from portal.regions.models import Region
from portal.regions.queries import is_below
from portal.rolls.models import RollEntry
from portal.rules.rolls import EntryState
from portal.store import db
from portal.voting.electors import HER_LINE
from portal.voting.models import LedgerEntry, LedgerMember, Round

Voters = Select[int, str, str, int | None, int | None, str]
"""Number, masked name, household, head of it, account, end of the telephone number."""


def listed_in(round: Round, region: Region) -> Voters:
    """Who may vote in a round from `region` and below: those on its frozen roll, or on the rolls as they are now."""
    head: Any = RollEntry.head_id
    if round.frozen_at is not None:
        head = case((LedgerMember.number != LedgerMember.entry_id, LedgerMember.number)).label("head_id")
    people = select(
        RollEntry.id, RollEntry.shown, RollEntry.household, head, RollEntry.person_id, RollEntry.phone_end
    ).where(is_below(Region.path, region.path))
    if round.frozen_at is None:
        return people.join(Region, Region.id == RollEntry.region_id).where(RollEntry.state == EntryState.ACTIVE)
    return (
        people.join(LedgerMember, LedgerMember.entry_id == RollEntry.id)
        .join(LedgerEntry, HER_LINE)
        .join(Region, Region.id == LedgerEntry.region_id)
        .where(LedgerMember.round_id == round.id)
    )


def sought_among(voters: Any, sought: str) -> Any:
    """Those of `voters` whose number is `sought`, or whose household or masked name begins so."""
    if not sought:
        return voters
    number = int(sought) if sought.isascii() and sought.isdecimal() and len(sought) < 10 else 0
    begin = (column.startswith(sought, autoescape=True) for column in (RollEntry.household, RollEntry.shown))
    return voters.where(or_(RollEntry.id == number, *begin))


def voter_numbered(round: Round, region: Region, number: int) -> Row[int, str, str, int | None, int | None, str] | None:
    """One who may vote in a round from `region`, by her number on the roll."""
    return db.session.execute(listed_in(round, region).where(RollEntry.id == number)).first()
