"""Slips with personal codes: printed by the committee, used without an account."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update

from portal import audit
from portal.notifications.actions import tell_all
from portal.papers.models import Slip
from portal.papers.queries import Sight, code_hash, mask_of, sight_of, without_account
from portal.regions.models import Region
from portal.rolls.models import RollEntry
from portal.rules import N_, Refusal, ballots, enforce, papers
from portal.rules.ballots import Road, Stage
from portal.rules.decisions import Basis
from portal.rules.permissions import Actor, Deed
from portal.store import action, db, take_turn
from portal.store.clock import now
from portal.voting.actions import ballot_of, choose_digits, hold, mark, replace, take_back
from portal.voting.electors import Elector, elector_numbered
from portal.voting.forgetting import CLEANED
from portal.voting.models import Ballot, Round
from portal.voting.notices import named
from portal.voting.queries import stage_of
from portal.voting.sealing import FORGETS
from portal.voting.voters import listed_in

TEMPLATE = "slip_printed"


@dataclass(frozen=True)
class PrintedSlip:
    """A slip as it is printed; its code is shown this once."""

    code: str
    number: int
    """Of its voter on the roll: two of one household may share the sign that is shown of their names."""
    shown: str
    household: str


@action
def print_slips(
    actor: Actor, round: Round, region: Region, *, number: int | None = None, households: Sequence[str] | None = None
) -> list[PrintedSlip]:
    """Print a slip for the voter with this number, for those of some households, or for all of `region` who have
    neither an account nor a slip, as many as the printer takes in one go. An earlier slip of theirs ends. Who has an
    account is told.
    """
    hold(round)
    take_turn(f"slips {round.id}")
    if stage_of(round) is Stage.CLOSED:
        enforce([Refusal(N_("This vote has closed; what was saved before counts."))])
    voters = _voters(round, region, number, households)
    ours = (Slip.round_id == round.id, Slip.number.in_([one.id for one in voters]), Slip.ended_at.is_(None))
    db.session.execute(
        update(Slip).where(*ours).values(ended_at=now()), execution_options={"synchronize_session": False}
    )
    slips = [PrintedSlip(_new_code(), one.id, one.shown, one.household) for one in voters]
    rows = [
        {"round_id": round.id, "number": one.id, "code_hash": code_hash(slip.code)}
        | {"printed_by_id": actor.id, "printed_at": now()}
        for one, slip in zip(voters, slips, strict=True)
    ]
    db.session.execute(insert(Slip), rows)
    link = f"/{db.session.get_one(Region, round.region_id).code}/votes/{round.id}/"
    people = [one.person_id for one in voters if one.person_id]
    tell_all(people, TEMPLATE, link, **named(round), link=link)
    audit.record(actor, Deed.ENTER_PAPER, round, slips=len(rows))
    return slips


def _voters(round: Round, region: Region, number: int | None, households: Sequence[str] | None) -> Sequence[Any]:
    voters, nobody, most = without_account(round, region), NOBODY_LEFT, papers.MOST_SLIPS
    if number is not None:
        voters, nobody = listed_in(round, region).where(RollEntry.id == number), NOT_LISTED
    elif households is not None:
        voters, nobody = listed_in(round, region).where(RollEntry.household.in_(households)), NO_HOUSEHOLD
        known = set(db.session.scalars(voters.with_only_columns(RollEntry.household).distinct()))
        missing = [name for name in dict.fromkeys(households) if name not in known]
        if missing:
            enforce([Refusal(NO_SUCH, "households", {"names": ", ".join(missing)})])
        if round.basis == Basis.HOUSEHOLDS:
            voters = voters.where(RollEntry.head_id.is_(None))
    found = db.session.execute(voters.order_by(RollEntry.household, RollEntry.id).limit(most + 1)).all()
    if not found:
        enforce([nobody])
    if households and len(found) > most:
        enforce(
            [
                Refusal(
                    N_("These are more than %(most)s people. Please print fewer at once."), "households", {"most": most}
                )
            ]
        )
    return found[:most]


def _new_code() -> str:
    return f"{secrets.randbelow(10**papers.CODE_DIGITS):0{papers.CODE_DIGITS}}"


@action
def vote_by_slip(code: str, option: int, value: int, seen: int) -> Ballot:
    """A tap on the ballot that a slip opens; counted at once. The first one takes the place of whatever was voted
    without this slip, of which its bearer sees nothing. Nothing is logged of who chose what. Source: A26, trust 5.
    """
    round, slip = _held(code)
    elector, ballot, sight = _sight(round, slip)
    time, taps = divmod(seen, papers.TAPS)
    if time != sight.time:
        enforce([CHANGED])
    if sight.ballot:
        return mark(round, elector, Road.SLIP, option, value, sight.base + taps)
    if ballot and not ballot.void:
        replace(round, elector, Road.SLIP, {}, ballot.turn)
    base = ballot.turn if ballot else 0
    kept = mark(round, elector, Road.SLIP, option, value, base + taps)
    slip.times = time + 1
    alone = kept.turn <= base + 1
    slip.base = base ^ mask_of(round, slip) if alone else None
    return kept


@action
def choose_digits_by_slip(code: str, digits: str) -> Ballot:
    """The voter with this slip chooses the last four digits of her ballot's number."""
    round, elector = _bearer(code)
    return choose_digits(round, elector, digits)


@action
def take_back_by_slip(code: str) -> None:
    """The voter with this slip takes her whole vote back."""
    round, elector = _bearer(code)
    take_back(round, elector)


def _bearer(code: str) -> tuple[Round, Elector]:
    """The round of a slip, held, and the voter whose ballot was begun with it. Raises Refused."""
    round, slip = _held(code)
    elector, _, sight = _sight(round, slip)
    if sight.ballot is None:
        enforce([NOT_BY_IT])
    return round, elector


def _sight(round: Round, slip: Slip) -> tuple[Elector, Ballot | None, Sight]:
    """The voter, her ballot, which is nobody else's to change until this deed ends, and what may be seen of it."""
    elector = elector_numbered(round, slip.number)
    ballot = ballot_of(round, elector) if elector else None
    sight = sight_of(round, slip)
    enforce(ballots.may_vote(sight.standing, stage_of(round)))
    if sight.elector is None:
        raise LookupError("a round that is open is frozen")
    return sight.elector, ballot, sight


def _held(code: str) -> tuple[Round, Slip]:
    """The round of a slip and the slip, nobody else's to change until this deed ends. Raises Refused."""
    slip = db.session.scalar(select(Slip).where(Slip.code_hash == code_hash(code)))
    if slip is None:
        enforce([UNKNOWN])
    assert slip is not None
    round = db.session.get_one(Round, slip.round_id)
    hold(round)
    db.session.refresh(slip, with_for_update=True)
    enforce(papers.slip_refusals(slip.ended_at is not None))
    return round, slip


def forget_slips(round: Round) -> None:
    """Forget which slips began a ballot, and how often."""
    gone = {"times": 0, "base": None}
    db.session.execute(
        update(Slip).where(Slip.round_id == round.id).values(**gone), execution_options={"synchronize_session": False}
    )


CHANGED = Refusal(N_("This vote was given or taken back in another way meanwhile. Please look, and tap again."))
NOT_BY_IT = Refusal(N_("There is no vote that was given with this slip."))
NOBODY_LEFT = Refusal(N_("Everyone has an account or a slip already."))
NOT_LISTED = Refusal(N_("This person is not on the roll of this vote."))
NO_HOUSEHOLD = Refusal(N_("Please name a household, or choose one person below."), "households")
NO_SUCH = N_("Not on the roll: %(names)s. Nothing is printed yet. Please write each household as the roll does.")
UNKNOWN = Refusal(N_("We know no slip with this code. Please compare each digit with your slip."), "code")
CLEANED.append(Slip.__tablename__)
FORGETS.append(forget_slips)
