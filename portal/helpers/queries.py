"""Who helped whom as far as it may be known: the helper while she helps, the voter, and everyone in figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Row, func, select

from portal.accounts.models import Person, RoleGrant
from portal.accounts.secrets import keyed_hash
from portal.helpers.models import Assistance
from portal.projects.models import Project
from portal.regions.models import Region
from portal.rolls.models import RollEntry
from portal.rules.ballots import Marks, Stage, Standing
from portal.rules.papers import CODE_DIGITS
from portal.rules.permissions import Actor, Role
from portal.store import db
from portal.store.clock import now
from portal.voting.electors import Elector, elector_numbered
from portal.voting.models import Round
from portal.voting.queries import Poll, marks_of, own_ballot, stage_of

MOST_LISTED = 50


def find_assistance(number: int, found: dict[str, Any]) -> Assistance | None:
    """An assistance by its number, under the vote in which it is."""
    assistance = db.session.get(Assistance, number)
    return assistance if assistance is not None and assistance.round_id == found["poll"].round.id else None


def code_of(round: Round, assistance: Assistance) -> str:
    """The code that takes the helped vote back, while the round is not sealed; it is kept nowhere."""
    code = int(keyed_hash(f"back {round.salt}", str(assistance.id)), 16) % 10**CODE_DIGITS
    return f"{code:0{CODE_DIGITS}}"


def code_hash(code: str) -> str:
    """What is kept of the code that takes a helped vote back."""
    return keyed_hash("back", code)


def as_left(round: Round, assistance: Assistance, turn: int, *, begun: bool) -> str:
    """What is kept of a voter's ballot as her helper found it (not `begun`) or left it, at this turn of it."""
    return keyed_hash(f"helped {round.salt} {assistance.id}", f"{turn} {'left' if begun else 'found'}")


class Sight(NamedTuple):
    """A voter's ballot as her helper may see it."""

    elector: Elector
    marks: Marks
    seen: int
    begun: bool
    """Whether anything was tapped with this help; what was there before is not shown."""


def sight_of(round: Round, assistance: Assistance) -> Sight | None:
    """What a helper sees of the ballot; None once the help has ended, or the voter has voted by herself meanwhile."""
    if not (assistance.ends_at and now() < assistance.ends_at and stage_of(round) is Stage.OPEN):
        return None
    return standing(round, assistance)


def standing(round: Round, assistance: Assistance) -> Sight | None:
    """The ballot, if it is still as the helper found or left it; whether her page is still open does not matter."""
    elector = elector_numbered(round, assistance.number) if assistance.number and round.salt else None
    if elector is None or elector.standing is not Standing.VOTER:
        return None
    ballot = own_ballot(round, elector, void=True)
    turn = ballot.turn if ballot else 0
    if assistance.as_left == as_left(round, assistance, turn, begun=True):
        return Sight(elector, marks_of(ballot) if ballot else {}, turn, True)
    if assistance.as_left == as_left(round, assistance, turn, begun=False):
        return Sight(elector, {}, turn + 1 if elector.voted else turn, False)
    return None


def shown_name(assistance: Assistance) -> str:
    """The masked name of the voter."""
    return db.session.scalar(select(RollEntry.shown).where(RollEntry.id == assistance.number)) or ""


@dataclass(frozen=True)
class Help:
    """A time somebody helped a voter, as she sees it."""

    assistance: Assistance
    helper: str
    stands: bool
    """Whether what was voted with it counts."""


def helps_for(round: Round, elector: Elector | None) -> list[Help]:
    """The times somebody helped this voter, the latest first; none once the round is sealed."""
    if elector is None:
        return []
    rows = db.session.execute(
        select(Assistance, Person.name)
        .join(Person, Person.id == Assistance.helper_id)
        .where(Assistance.round_id == round.id, Assistance.number == elector.by_number)
        .order_by(Assistance.id.desc())
    ).all()
    return [Help(one, name, stands(standing(round, one))) for one, name in rows]


def stands(sight: Sight | None) -> bool:
    """Whether what was voted with some help still counts."""
    return sight is not None and sight.begun and sight.elector.voted


class Code(NamedTuple):
    """What the code on a voter's slip leads to."""

    assistance: Assistance
    poll: Poll
    helper: str


def find_code(code: str) -> Code | None:
    """What the code of 16 digits of a voter's slip leads to; whether her vote still stands is not told."""
    row = db.session.execute(
        select(Assistance, Round, Region, Project, Person.name)
        .join(Round, Round.id == Assistance.round_id)
        .join(Region, Region.id == Round.region_id)
        .join(Person, Person.id == Assistance.helper_id)
        .outerjoin(Project, Project.id == Round.project_id)
        .where(Assistance.revoke_hash == code_hash(code))
    ).first()
    return Code(row.Assistance, Poll(row.Round, row.Region, row.Project), row.name) if row else None


def helps_by(actor: Actor) -> Sequence[Row[Any]]:
    """The latest times `actor` helped: in which vote, on which day, and until it is counted, whom by masked name."""
    return db.session.execute(
        select(
            Round.id,
            Round.question,
            Round.translations,
            Region.code,
            Assistance.consented_on,
            RollEntry.shown,
        )
        .join(Round, Round.id == Assistance.round_id)
        .join(Region, Region.id == Round.region_id)
        .outerjoin(RollEntry, RollEntry.id == Assistance.number)
        .where(Assistance.helper_id == actor.id)
        .order_by(Assistance.id.desc())
        .limit(MOST_LISTED)
    ).all()


@dataclass(frozen=True)
class Helper:
    """Someone who helped in a vote, and how many people."""

    name: str
    committee: bool
    people: int


def helpers_of(poll: Poll) -> list[Helper]:
    """Who helped in a vote, those who helped most first.

    All whom she helped count, also who took the vote back or voted anew: the list must not tell a helper that.
    """
    people = func.count().label("people")
    rows = db.session.execute(
        select(Person.id, Person.name, people)
        .join(Assistance, Assistance.helper_id == Person.id)
        .where(Assistance.round_id == poll.round.id)
        .group_by(Person.id, Person.name)
        .order_by(people.desc(), Person.id)
    ).all()
    grants = db.session.execute(
        select(RoleGrant.person_id, Region.path)
        .join(Region, Region.id == RoleGrant.region_id)
        .where(RoleGrant.role == Role.COMMITTEE, RoleGrant.person_id.in_([one.id for one in rows]))
    )
    here = poll.region.path
    committee = {person for person, path in grants if path.startswith(here) or here.startswith(path)}
    return [Helper(one.name, one.id in committee, one.people) for one in rows]


def count_helped(round: Round, helper: Actor, besides: int) -> int:
    """How many people `helper` has helped in this vote, `besides` the one with this number."""
    hers = (Assistance.round_id == round.id, Assistance.helper_id == helper.id, Assistance.number != besides)
    return db.session.scalar(select(func.count()).select_from(Assistance).where(*hers)) or 0
