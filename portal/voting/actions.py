"""What is done with votes: cast, change, take back."""

import secrets
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select, update

from portal.regions.models import Region
from portal.rolls.actions import claim_entry
from portal.rules import N_, Refusal, ballots, elections, enforce
from portal.rules.ballots import Mark, Marks, Road, Standing
from portal.rules.elections import BallotKind
from portal.rules.permissions import Actor
from portal.store import action, db, put_once
from portal.voting.electors import Elector, elector_of, phone_of, standing_of
from portal.voting.keys import handle_of
from portal.voting.models import Ballot, LedgerEntry, Round
from portal.voting.queries import marks_of, stage_of, terms_of
from portal.voting.rounds import freeze_round


@action
def cast_vote(actor: Actor, round: Round, option: int, value: int, seen: int = 0) -> Ballot:
    """A tap of a signed-in resident on an option; counted at once. Gives her ballot as it stands.

    `seen`: the turn of the ballot on the page that was tapped. Nothing is logged of who chose what. Source: A26.
    """
    if round.frozen_at is None:
        hold(round)
    elector = elector_of(round, actor, holding=True)
    if elector is None:
        region = db.session.get_one(Region, round.region_id)
        enforce(ballots.may_vote(standing_of(actor, round, region, None), stage_of(round)))
        raise LookupError("a confirmed resident is on the roll of a round that has opened")
    if elector.unclaimed and actor.id is not None:
        claim_entry(actor.id, phone_of(actor), db.session.get_one(Region, round.region_id).path)
    return mark(round, elector, Road.PHONE, option, value, seen)


def hold(round: Round) -> None:
    """Freeze a round that has opened; then keep it from being sealed until this deed ends. Voters need not wait for
    each other.
    """
    if round.frozen_at is None and stage_of(round) is ballots.Stage.OPEN:
        freeze_round(round)
    db.session.refresh(round, with_for_update={"read": True, "key_share": True})


@action
def mark(round: Round, elector: Elector, road: Road, option: int, value: int, seen: int) -> Ballot:
    """Set an option on the ballot of `elector`, who has been found to be one; the first tap makes the ballot."""
    enforce(ballots.may_vote(elector.standing, stage_of(round)))
    terms, kept, signed = terms_of(round), None, [True, road.value, elector.by_number]
    while kept is None:
        ballot, *said = _held(round, elector)
        before, turn = (marks_of(ballot), ballot.turn) if ballot else ({}, 0)
        if ballot and seen > turn:
            enforce([ballots.CHANGED])
        after = ballots.tapped(terms, before, option, value, turn=turn, seen=seen)
        if after == before and (ballot is None or ballot.void):
            enforce([ballots.CHANGED])  # there is no vote from which this could be taken back
        anew = ballot is not None and said != signed
        turn = max((one.turn for one in after.values()), default=turn)
        kept = _keep(round, elector, ballot, after, turn, anew=anew)
    hers = {"voted": True, "road": road.value, "by_number": elector.by_number, "told": False}
    if said != signed and not _line(round, elector, _nobody_else(elector), **hers):
        enforce(ballots.may_vote(Standing.HOUSEHOLD, stage_of(round)))
    return kept


@action
def replace(round: Round, elector: Elector, road: Road, values: dict[int, int], since: int) -> Ballot | None:
    """Put `values` by option (1, points, or rank) in the place of whatever the ballot of `elector` said.

    None, and nothing is changed, where she has voted after turn `since` of it. Source: domain/voting (the later one).
    """
    kept = None
    while kept is None:
        ballot = ballot_of(round, elector)
        if ballot and ballot.turn > since and not ballot.void:
            return None
        before = ballot.turn if ballot else 0
        ranked = before if round.ballot == BallotKind.ORDINAL else 0
        turn = before + max(values.values(), default=1)
        chosen = {option: Mark(ranked + value, turn) for option, value in values.items()}
        kept = _keep(round, elector, ballot, ballots.cleared(terms_of(round), turn) | chosen, turn, anew=True)
    _line(round, elector, voted=True, road=road.value, by_number=elector.by_number, told=False)
    return kept


@action
def take_back(round: Round, elector: Elector) -> None:
    """Take a whole vote back, as if it had never been cast; until the closing she may vote again."""
    hold(round)
    enforce(ballots.may_vote(elector.standing, stage_of(round)))
    ballot = ballot_of(round, elector)
    if ballot is None or ballot.void:
        return
    turn = ballot.turn + 1
    _keep(round, elector, ballot, ballots.cleared(terms_of(round), turn), turn)
    ballot.void = True
    if not _line(round, elector, _nobody_else(elector), voted=False, road=None, by_number=None, told=False):
        enforce(ballots.may_vote(Standing.HOUSEHOLD, stage_of(round)))


@action
def choose_digits(round: Round, elector: Elector, digits: str) -> Ballot:
    """Let a voter choose the last four digits of her code, so that no other ballot can carry the same one."""
    hold(round)
    enforce(ballots.may_vote(elector.standing, stage_of(round)))
    ballot = ballot_of(round, elector)
    if ballot is None or ballot.void:
        enforce([Refusal(N_("You have not voted yet."))])
    assert ballot is not None
    if not (digits.isascii() and digits.isdecimal() and len(digits) == 4):
        enforce([Refusal(N_("Please choose four digits."), "digits")])
    code = ballot.code[:12] + digits
    if code != ballot.code:
        if db.session.scalar(select(Ballot.handle).where(Ballot.round_id == round.id, Ballot.code == code)):
            enforce([Refusal(N_("Please choose four other digits."), "digits")])
        _remember(ballot)
        ballot.code, ballot.logged = code, False
    return ballot


def ballot_of(round: Round, elector: Elector) -> Ballot | None:
    """The ballot of `elector` as it is now, and nobody else's to change until this deed ends."""
    ballot, *_ = _held(round, elector)
    return ballot


def _held(round: Round, elector: Elector) -> Sequence[Any]:
    """The same, with what her line says beside it: whether she voted, how, and who of her household did."""
    hers = {"round": round.id, "handle": handle_of(round, elector.number), "number": elector.number}
    return db.session.execute(HELD, hers).one_or_none() or (None,)


HELD = (
    select(Ballot, LedgerEntry.voted, LedgerEntry.road, LedgerEntry.by_number)
    .join(LedgerEntry, (LedgerEntry.round_id == Ballot.round_id) & (LedgerEntry.number == bindparam("number")))
    .where(Ballot.round_id == bindparam("round"), Ballot.handle == bindparam("handle"))
    .with_for_update()
    .execution_options(populate_existing=True)
)
"""Made once, for it is asked at every tap."""


def _keep(
    round: Round, elector: Elector, ballot: Ballot | None, marks: Marks, turn: int, *, anew: bool = False
) -> Ballot | None:
    """Write `marks` on her ballot, a new one where she has none; None where another tap of hers has just made it.

    `anew`: it is voted in another way than before; who knows the code of that one is not to find this one by it.
    """
    kind = BallotKind(round.ballot)
    said: dict[str, Any] = {
        "marks": {str(option): [mark.value, mark.turn] for option, mark in marks.items()},
        "choices": elections.text_of(kind, ballots.choices_of(kind, marks)),
        "turn": turn,
        "logged": False,
        "void": False,
    }
    if ballot is None:
        return put_once(
            Ballot,
            round_id=round.id,
            handle=handle_of(round, elector.number),
            region_id=elector.region_id,
            code=_new_code(),
            secret=secrets.token_hex(32),
            leaves={},
            **said,
        )
    if anew or ballot.marks != said["marks"]:
        _remember(ballot)
        if anew:
            said["code"] = _new_code()
        if ballot.logged:
            said["secret"] = secrets.token_hex(32)  # who follows the log does not see which mark changed or came back
        for name, value in said.items():
            setattr(ballot, name, value)
    return ballot


def _new_code() -> str:
    return f"{secrets.randbelow(10**16):016}"


def _remember(ballot: Ballot) -> None:
    """Keep for the log what was acknowledged, though the log will never see it stand."""
    if not (ballot.logged or ballot.void):
        ballot.trail = [*ballot.trail, [ballot.code, ballot.choices, ballot.secret]]


def _nobody_else(elector: Elector) -> ColumnElement[bool]:
    """That no other of her household has voted."""
    return LedgerEntry.by_number.is_(None) | (LedgerEntry.by_number == elector.by_number)


def _line(round: Round, elector: Elector, *only: ColumnElement[bool], **values: Any) -> bool:
    """Write on her line of the roll, always after her ballot; gives whether it was one of which `only` is true."""
    hers = (LedgerEntry.round_id == round.id, LedgerEntry.number == elector.number, *only)
    written = db.session.execute(
        update(LedgerEntry).where(*hers).values(**values).returning(LedgerEntry.number),
        execution_options={"synchronize_session": False},
    )
    return bool(written.scalars().all())
