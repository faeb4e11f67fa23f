"""Some who are marked as having voted are asked whether they did: so votes cast for those who stayed away come out."""

from collections.abc import Sequence
from typing import Any

from flask import abort
from sqlalchemy import Result, Row, func, select

from portal.policies.queries import rules_for
from portal.regions.models import Region
from portal.rolls.models import RollEntry
from portal.rules.opencount import digest
from portal.rules.permissions import Deed, may
from portal.store import db
from portal.voting.blueprint import bp
from portal.voting.log import newest_head
from portal.voting.models import LedgerEntry, Round
from portal.voting.queries import Poll
from portal.web.door import actor, page


@bp.get("/<int:poll>/callback", deed=Deed.READ_PUBLIC)
def callback(region: Region, poll: Poll) -> Any:
    """Everyone reads how those who are asked were drawn; only who keeps the roll sees who they are."""
    if poll.round.sealed_at is None or poll.round.outcome is None:
        abort(404)
    lines = drawn(poll.round, rules_for(poll.region).called_back)
    here = may(actor(), Deed.SEE_ROLL, poll.region.path)
    return page(region=region, poll=poll, lines=lines, people=people_of(poll.round, lines) if here else None)


def drawn(round: Round, most: int) -> list[str]:
    """The lines of the voters who are asked: those with the smallest digest of the last head and line.

    Nobody could know that head before the closing, for it covers the last votes. Source: domain/trust 3.9.
    """
    head = newest_head(round)
    if head is None:
        return []
    voted = select(LedgerEntry.line).where(LedgerEntry.round_id == round.id, LedgerEntry.voted)
    return sorted(db.session.scalars(voted), key=lambda line: digest(head.root, line))[:most]


def people_of(round: Round, lines: Sequence[str]) -> Sequence[Row[Any]]:
    """Who they are, as the committee must see to find them: masked name, end of the number, household and community."""
    asked = func.coalesce(LedgerEntry.by_number, LedgerEntry.number)
    people: Result[Any] = db.session.execute(
        select(RollEntry.shown, RollEntry.phone_end, RollEntry.household, Region)
        .join(LedgerEntry, asked == RollEntry.id)
        .join(Region, Region.id == RollEntry.region_id)
        .where(LedgerEntry.round_id == round.id, LedgerEntry.line.in_(lines))
        .order_by(Region.code, RollEntry.household, RollEntry.id)
    )
    return people.all()
