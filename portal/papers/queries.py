"""Who can get a slip or hand in a paper, whose slip a code is, and how many of all there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from portal.accounts.secrets import keyed_hash
from portal.papers.models import PaperBallot, Slip
from portal.projects.models import Project
from portal.regions.models import Region
from portal.regions.queries import is_below
from portal.rolls.models import RollEntry
from portal.rules.ballots import Marks, Road, Standing
from portal.rules.decisions import Basis
from portal.rules.papers import TAPS, WAITING, PaperState
from portal.rules.permissions import Actor, Deed, may
from portal.store import db
from portal.store.paging import Page, page_of
from portal.voting.electors import Elector, elector_numbered
from portal.voting.models import Ballot, LedgerEntry, Round
from portal.voting.queries import Poll, marks_of, own_ballot
from portal.voting.voters import Voters, listed_in, sought_among

MOST_LISTED = 200


def code_hash(code: str) -> str:
    """What is kept of the code of a slip."""
    return keyed_hash("slip", code)


class SlipFound(NamedTuple):
    """A slip with the vote that it is for."""

    slip: Slip
    poll: Poll


def find_slip(code: str) -> SlipFound | None:
    """The slip with this code of 16 digits, ended or not."""
    row = db.session.execute(
        select(Slip, Round, Region, Project)
        .join(Round, Round.id == Slip.round_id)
        .join(Region, Region.id == Round.region_id)
        .outerjoin(Project, Project.id == Round.project_id)
        .where(Slip.code_hash == code_hash(code))
    ).first()
    return SlipFound(row.Slip, Poll(row.Round, row.Region, row.Project)) if row else None


@dataclass(frozen=True)
class Sight:
    """What may be seen with a slip: the ballot that was begun with it, as long as no other road has changed it."""

    elector: Elector | None
    ballot: Ballot | None
    base: int
    """How often the ballot had been changed when it was begun."""
    time: int
    """Which beginning a tap now belongs to; another one once the vote was given or taken back elsewhere."""
    given: bool
    """Whether a vote stands of which nothing is to be seen; the first tap takes its place."""
    standing: Standing

    @property
    def marks(self) -> Marks:
        return marks_of(self.ballot) if self.ballot else {}

    @property
    def seen(self) -> int:
        """What a page posts with a tap; it does not tell how often the ballot was changed before."""
        return self.time * TAPS + (self.ballot.turn - self.base if self.ballot else 0)


def sight_of(round: Round, slip: Slip) -> Sight:
    """What the bearer of `slip` may see: with a slip that was printed later, or by who only printed it, nothing."""
    elector = elector_numbered(round, slip.number)
    nobody = Standing.LATE if round.frozen_at else Standing.VOTER
    standing = elector.standing if elector else nobody
    stands = elector is not None and elector.voted and standing is Standing.VOTER
    if stands and elector and elector.road == Road.SLIP and slip.base is not None and not slip.ended_at:
        ballot = own_ballot(round, elector)
        return Sight(elector, ballot, slip.base ^ mask_of(round, slip), slip.times - 1, False, standing)
    return Sight(elector, None, 0, slip.times + stands, stands, standing)


def mask_of(round: Round, slip: Slip) -> int:
    """What hides the base of a slip, another one each time a ballot is begun with it; gone with the salt."""
    return mask(round, f"slip {slip.id} {slip.times}")


def mask(round: Round, what: str) -> int:
    """A number that hides another one from those who have only the database; gone once the round is sealed."""
    return int(keyed_hash(f"paper {round.salt}", what)[:8], 16)


def page_of_voters(round: Round, region: Region, sought: str, after: str) -> Page[Any]:
    """Who may vote, the last on the roll first, with the time of her slip; `sought`: as voting.voters says."""
    hers = (Slip.round_id == round.id) & (Slip.number == RollEntry.id) & Slip.ended_at.is_(None)
    voters = listed_in(round, region).outerjoin(Slip, hers).add_columns(Slip.printed_at)
    return page_of(sought_among(voters, sought), [RollEntry.id], after)


def without_account(round: Round, region: Region) -> Voters:
    """Those who have neither an account nor a slip yet; in a vote of households the heads of such households."""
    member = aliased(RollEntry)
    slip = select(Slip.id).where(Slip.round_id == round.id, Slip.ended_at.is_(None))
    voters = listed_in(round, region).where(
        RollEntry.person_id.is_(None), ~slip.where(Slip.number == RollEntry.id).exists()
    )
    if round.basis != Basis.HOUSEHOLDS:
        return voters
    served = select(member.id).where(
        member.head_id == RollEntry.id,
        member.person_id.is_not(None) | slip.where(Slip.number == member.id).exists(),
    )
    return voters.where(RollEntry.head_id.is_(None), ~served.exists())


def count_without_account(round: Round, region: Region) -> int:
    return db.session.scalar(select(func.count()).select_from(without_account(round, region).subquery())) or 0


def find_paper(round: Round, actor: Actor, serial: str, *, holding: bool = False) -> PaperBallot | None:
    """A paper that nobody has handed in yet, or that somebody of a community did for whose committee `actor` works.

    `holding`: nobody else's to change until this deed ends.
    """
    ours = select(PaperBallot, Region.path).outerjoin(Region, Region.id == PaperBallot.region_id)
    ours = ours.where(PaperBallot.round_id == round.id, PaperBallot.serial == serial)
    if holding:
        ours = ours.with_for_update(of=PaperBallot)
    row = db.session.execute(ours.execution_options(populate_existing=True)).first()
    return row.PaperBallot if row and (row.path is None or may(actor, Deed.ENTER_PAPER, row.path)) else None


def papers_waiting(round: Round, region: Region) -> Sequence[PaperBallot]:
    """Papers from `region` that somebody has to enter or to settle, those that two people read differently first."""
    return db.session.scalars(
        select(PaperBallot)
        .join(Region, Region.id == PaperBallot.region_id)
        .where(PaperBallot.round_id == round.id, PaperBallot.state.in_(WAITING), is_below(Region.path, region.path))
        .order_by(PaperBallot.state, PaperBallot.serial)
        .limit(MOST_LISTED)
    ).all()


def wants(paper: PaperBallot, actor: Actor) -> bool:
    """Whether `actor` can be the next one to enter or settle a paper."""
    return paper.state in WAITING and actor.id not in (paper.first_by_id, paper.second_by_id)


@dataclass(frozen=True)
class Numbers:
    """How many slips and papers there are of a round; nothing of who or what."""

    slips_printed: int
    slips_used: int | None
    """None while the vote is open: it would tell when the few who have one vote."""
    papers: dict[PaperState, int]

    @property
    def papers_printed(self) -> int:
        return sum(self.papers.values())

    @property
    def papers_handed_in(self) -> int:
        return self.papers_printed - self.papers[PaperState.PRINTED]

    @property
    def papers_waiting(self) -> int:
        return sum(self.papers[state] for state in WAITING)


def numbers_of(round: Round, *, closed: bool) -> Numbers:
    """How many slips were printed and used, how many papers printed, handed in, entered, counted and void."""
    slips = select(func.count()).select_from(Slip).where(Slip.round_id == round.id)
    used = select(func.count()).where(
        LedgerEntry.round_id == round.id, LedgerEntry.voted, LedgerEntry.road == Road.SLIP
    )
    states = db.session.execute(
        select(PaperBallot.state, func.count()).where(PaperBallot.round_id == round.id).group_by(PaperBallot.state)
    )
    papers = dict.fromkeys(PaperState, 0) | {PaperState(state): count for state, count in states}
    return Numbers(db.session.scalar(slips) or 0, db.session.scalar(used) or 0 if closed else None, papers)
