"""What is done with ballots of paper: printed, handed in, entered by two people, settled by a third, forgotten."""

import secrets

from sqlalchemy import null, select, update

from portal import audit
from portal.papers.models import PaperBallot
from portal.papers.queries import find_paper, mask
from portal.papers.slips import NOT_LISTED
from portal.policies.queries import rules_for
from portal.regions.models import Region
from portal.rules import N_, Refusal, enforce, papers
from portal.rules.ballots import Road, Stage
from portal.rules.papers import Entry, PaperState
from portal.rules.permissions import Actor, Deed, may
from portal.store import action, db, put_once, take_turn
from portal.store.clock import now
from portal.voting.actions import ballot_of, hold, replace
from portal.voting.electors import elector_numbered
from portal.voting.forgetting import CLEANED
from portal.voting.keys import handle_of
from portal.voting.models import Round
from portal.voting.queries import stage_of, terms_of
from portal.voting.sealing import FORGETS, WAITS


@action
def print_papers(actor: Actor, round: Round, count: int) -> list[str]:
    """Make `count` ballots of paper, which are nobody's yet; gives their serials."""
    hold(round)
    if stage_of(round) is Stage.CLOSED:
        enforce([Refusal(N_("This vote has closed; what was saved before counts."))])
    if not 1 <= count <= papers.MOST_PAPERS:
        enforce([Refusal(N_("Please print 1 to %(most)s at once."), "count", {"most": papers.MOST_PAPERS})])
    serials: list[str] = []
    while len(serials) < count:
        serial = f"{secrets.randbelow(10**papers.SERIAL_DIGITS):0{papers.SERIAL_DIGITS}}"
        if put_once(
            PaperBallot,
            round_id=round.id,
            serial=serial,
            state=PaperState.PRINTED.value,
            printed_by_id=actor.id,
        ):
            serials.append(serial)
    audit.record(actor, Deed.ENTER_PAPER, round, papers=count)
    return serials


@action
def hand_in(actor: Actor, round: Round, number: int, serial: str) -> PaperBallot:
    """Take a filled paper in for a voter of `actor`'s communities, by her number on the roll; an earlier one of hers,
    if nobody has dealt with it yet, is void. Who handed in which paper can be read by this site only, and by nobody
    once it is sealed.
    """
    hold(round)
    paper = _held(actor, round, serial)
    elector = elector_numbered(round, number)
    here = db.session.get_one(Region, elector.region_id) if elector else None
    if here is None or not may(actor, Deed.ENTER_PAPER, here.path):
        enforce([NOT_LISTED])
    assert elector is not None
    enforce(papers.handing_refusals(PaperState(paper.state), elector.standing, stage_of(round)))
    handle = handle_of(round, elector.number)
    take_turn(handle)
    earlier = (PaperBallot.round_id == round.id, PaperBallot.handle == handle, PaperBallot.state.in_(papers.WAITING))
    db.session.execute(update(PaperBallot).where(*earlier).values(state=PaperState.VOID.value))
    ballot = ballot_of(round, elector)
    paper.handle, paper.voter, paper.turn = handle, number ^ mask(round, serial), ballot.turn if ballot else 0
    paper.region_id, paper.state = elector.region_id, PaperState.HANDED.value
    audit.record(actor, Deed.ENTER_PAPER, round, handed_in=1)
    return paper


@action
def enter_paper(actor: Actor, round: Round, serial: str, entry: Entry) -> PaperBallot:
    """Enter what a paper says, without seeing what somebody else entered; where two people agree, it counts at once."""
    hold(round)
    paper = _held(actor, round, serial)
    state, sealed = PaperState(paper.state), round.sealed_at is not None
    enforce(papers.entering_refusals(state, paper.first_by_id, actor.id or 0, sealed=sealed))
    enforce(papers.entry_refusals(terms_of(round), entry))
    if state is PaperState.HANDED:
        paper.first_by_id, paper.first, paper.state = actor.id, entry.as_json(), PaperState.ONCE.value
        return paper
    assert paper.first is not None
    paper.second_by_id, paper.second = actor.id, entry.as_json()
    if papers.agree(Entry.from_json(paper.first), entry):
        _decide(round, paper, entry)
    else:
        paper.state = PaperState.DIFFERS.value
    return paper


@action
def settle_paper(actor: Actor, round: Round, serial: str, entry: Entry) -> PaperBallot:
    """A third person says what a paper says that two others read differently."""
    hold(round)
    paper = _held(actor, round, serial)
    entered_by, sealed = (paper.first_by_id, paper.second_by_id), round.sealed_at is not None
    enforce(papers.settling_refusals(PaperState(paper.state), entered_by, actor.id or 0, sealed=sealed))
    enforce(papers.entry_refusals(terms_of(round), entry))
    paper.settled_by_id = actor.id
    _decide(round, paper, entry)
    audit.record(actor, Deed.ENTER_PAPER, round, settled=paper.serial)
    return paper


def _held(actor: Actor, round: Round, serial: str) -> PaperBallot:
    """A paper that `actor` has to do with, as it is now. Raises Refused."""
    paper = find_paper(round, actor, serial, holding=True)
    if paper is None:
        enforce([Refusal(N_("There is no paper with this number in this vote."), "serial")])
    assert paper is not None
    return paper


def _decide(round: Round, paper: PaperBallot, entry: Entry) -> None:
    """Count a paper in the place of what its voter said before she handed it in; what she said later stands."""
    assert paper.voter is not None
    assert paper.turn is not None
    elector = elector_numbered(round, paper.voter ^ mask(round, paper.serial))
    assert elector is not None
    if entry.void is not None:
        paper.state = PaperState.VOID.value
    elif replace(round, elector, Road.PAPER, dict(entry.values), paper.turn) is None:
        paper.state = PaperState.PASSED.value
    else:
        before = (PaperBallot.round_id == round.id, PaperBallot.handle == paper.handle)
        counted = (*before, PaperBallot.state == PaperState.COUNTED)
        db.session.execute(update(PaperBallot).where(*counted).values(state=PaperState.PASSED.value))
        paper.state = PaperState.COUNTED.value


def waits_for_papers(round: Round) -> bool:
    """Whether papers that were handed in before the closing still have to be entered, and may be."""
    hours = rules_for(db.session.get_one(Region, round.region_id)).paper_entry_hours
    mine = (PaperBallot.round_id == round.id, PaperBallot.state.in_(papers.WAITING))
    return papers.waited_for(round.closes_at, now(), hours) and bool(
        db.session.scalar(select(PaperBallot.serial).where(*mine).limit(1))
    )


def forget_papers(round: Round) -> None:
    """Erase what papers said and whose they were."""
    gone = {"handle": None, "voter": None, "turn": None, "first": null(), "second": null()}
    db.session.execute(update(PaperBallot).where(PaperBallot.round_id == round.id).values(**gone))


CLEANED.append(PaperBallot.__tablename__)
WAITS.append(waits_for_papers)
FORGETS.append(forget_papers)
