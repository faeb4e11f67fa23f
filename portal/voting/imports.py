"""Take over a past vote from a file of Pabulib's: sealed, with its ballots, and without a log."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import insert, select

from portal import audit
from portal.projects.lifecycle import all_took_part, begin, move_all
from portal.projects.models import Project
from portal.regions.models import Region
from portal.rules import counting, elections, opencount, pabulib
from portal.rules.counting import Method
from portal.rules.decisions import Basis, Body
from portal.rules.elections import Choices, Election
from portal.rules.lifecycle import Way
from portal.rules.pabulib import File, Malformed
from portal.rules.permissions import Actor, Deed
from portal.rules.projects import ProjectState
from portal.store import action, db
from portal.store.clock import CHINA, now
from portal.voting.exchange import SOURCE
from portal.voting.models import BallotRecord, OptionCount, Round, RoundOption

FEN = 100
LARGEST = 10**15
"""No amount, and no number of points, is above it."""
LONGEST_TITLE, LONGEST_TAG = 120, 64
CATEGORY = "99"
_DAY = re.compile(r"(?:(\d{1,2})\.(\d{1,2})\.)?(\d{4})")


@dataclass(frozen=True)
class PastVote:
    """A file, read; options are numbered from 1 as listed, money in fen."""

    file: File
    uid: str
    election: Election
    method: Method
    ballots: dict[str, str]
    """Choices as texts, by the name of the voter."""
    begins: datetime
    ends: datetime


def read_past_vote(data: bytes, at: datetime) -> PastVote:
    """A vote that was over `at` this moment, from the bytes of a .pb file. Malformed: where and why not."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Malformed(data.count(b"\n", 0, error.start) + 1, "not in UTF-8") from None
    if "\x00" in text:
        raise Malformed(text.count("\n", 0, text.index("\x00")) + 1, "a sign that no text holds")
    file = pabulib.read(text)
    reading = pabulib.election_of(file)
    if FEN % reading.scale:
        raise Malformed(file.projects.line, "an amount is finer than a hundredth")
    found = reading.election
    numbers = {one.id: str(number) for number, one in enumerate(found.projects, 1)}
    projects = tuple(elections.Project(numbers[one.id], one.cost * FEN // reading.scale) for one in found.projects)
    budget = found.budget * FEN // reading.scale
    if max((budget, *(one.cost for one in projects))) > LARGEST:
        raise Malformed(file.projects.line, "an amount is too large")
    election = replace(
        found,
        budget=budget,
        projects=projects,
        ballots={_renamed(choices, numbers): times for choices, times in found.ballots.items()},
    )
    method = replace(reading.method, increment=FEN) if reading.method else Method()
    begins, ends = _days(file, at)
    return PastVote(
        file, sha256(data).hexdigest()[:32], election, method, _by_voter(file, election, numbers), begins, ends
    )


def _renamed(choices: Choices, numbers: dict[str, str]) -> Choices:
    if choices and not isinstance(choices[0], str):
        return tuple((numbers[key], int(given)) for key, given in choices)
    return tuple(numbers[str(key)] for key in choices)


def _by_voter(file: File, election: Election, numbers: dict[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for place, (voter, choices) in enumerate(zip(file.votes.column("voter_id"), pabulib.ballots_of(file), strict=True)):
        if not voter or len(voter) > LONGEST_TAG or voter in found:
            raise Malformed(
                file.votes.at(place), f"voter_id {voter[:LONGEST_TAG]!r} is empty, too long, or stands twice"
            )
        if any(not isinstance(one, str) and one[1] > LARGEST for one in choices):
            raise Malformed(file.votes.at(place), "points are too many")
        found[voter] = elections.text_of(election.kind, _renamed(choices, numbers))
    return found


def _days(file: File, at: datetime) -> tuple[datetime, datetime]:
    """The first moment and the last one; of what META does not say, the day before `at`, and a day before that."""
    ends = _day(file, "date_end", last=True) or at - timedelta(days=1)
    if ends > at:
        raise Malformed(file.line("date_end"), "this vote is not over yet")
    begins = _day(file, "date_begin", last=False) or ends
    return (begins if begins < ends else ends - timedelta(days=1)), ends


def _day(file: File, key: str, last: bool) -> datetime | None:
    said = file.value(key)
    if not said:
        return None
    found = _DAY.fullmatch(said)
    try:
        if not found:
            raise ValueError(said)
        year = int(found[3])
        month, day = (int(found[2]), int(found[1])) if found[1] else ((12, 31) if last else (1, 1))
        moment = datetime(year, month, day, 20 if last else 8, tzinfo=CHINA)
        return moment.astimezone(UTC)
    except ValueError:
        raise Malformed(file.line(key), f"{key} is no day such as 16.09.2019, and no year: {said[:40]!r}") from None


@action
def import_round(actor: Actor, region: Region, vote: PastVote) -> Round | None:
    """Keep a past vote as one of `region`, sealed and counted; None where it is kept already.

    Its options become projects that were voted on, its ballots are published whole, and it has no log and no roll.
    """
    if db.session.scalar(select(Round.id).where(Round.uid == vote.uid)) is not None:
        return None
    round = _round(actor, region, vote)
    db.session.add(round)
    db.session.flush()
    _note_vote(actor, round, _list_options(round, vote))
    scores = elections.scores(vote.election)
    rows = [{"round_id": round.id, "number": int(key), "votes": votes} for key, votes in scores.items()]
    if rows:
        db.session.execute(insert(OptionCount), rows)
    records = [{"round_id": round.id, "tag": tag, "choices": said, "nonce": ""} for tag, said in vote.ballots.items()]
    if records:
        db.session.execute(insert(BallotRecord), records)
    db.session.flush()  # a frozen round takes no options
    round.frozen_at = vote.begins
    audit.record(actor, Deed.RUN_ROUND, round, imported=vote.uid)
    return round


def _round(actor: Actor, region: Region, vote: PastVote) -> Round:
    meta, outcome = vote.file.meta, counting.count(vote.election, vote.method)
    question = vote.file.value("description") or vote.file.value("instance") or vote.uid
    return Round(
        uid=vote.uid,
        region_id=region.id,
        question=_short(question),
        translations={SOURCE: dict(zip(meta.column("key"), meta.column("value"), strict=True))},
        budget_fen=vote.election.budget,
        ballot=vote.election.kind.value,
        most=None,
        method=vote.method.as_json(),
        conflicts=[],
        basis=Basis.PERSONS.value,
        body=Body.OPINION.value,
        publish=opencount.BALLOTS,
        published=opencount.BALLOTS,
        announced_at=vote.begins,
        announced_by_id=actor.id,
        opens_at=vote.begins,
        closes_at=vote.ends,
        seed="",
        seed_hash="",
        eligible=0,
        voters=len(vote.ballots),
        sealed_at=now(),
        outcome=outcome.as_json(),
    )


def _note_vote(actor: Actor, round: Round, projects: list[Project]) -> None:
    """What became projects was voted on in its time, by so many."""
    numbers = [one.id for one in projects]
    for project in projects:
        begin(actor, project, 0)
    move_all(actor, numbers, ProjectState.CONSULTED, at=round.opens_at)
    all_took_part(projects, Way.VOTE, f"round:{round.id}", round.voters or 0, at=round.closes_at)
    move_all(actor, numbers, ProjectState.VOTED, at=round.closes_at, round=round.id)


def _list_options(round: Round, vote: PastVote) -> list[Project]:
    projects = []
    table = vote.file.projects
    columns = [one.strip() for one in table.columns]
    currency = vote.file.value("currency") or ""
    for number, (one, row) in enumerate(zip(vote.election.projects, table.rows, strict=True), 1):
        said = dict(zip(columns, (cell.strip() for cell in row), strict=True))
        name = said.get("name") or said["project_id"]
        project = Project(
            region_id=round.region_id,
            title=_short(name),
            story=f"{name} ({currency})" if currency not in ("", "CNY") else name,
            category=CATEGORY,
            budget_fen=max(1, one.cost),
            drafted_at=round.announced_at,
            drafted_by_id=round.announced_by_id,
        )
        db.session.add(project)
        db.session.flush()
        projects.append(project)
        option: dict[str, Any] = {"title": project.title, "translations": {SOURCE: said}, "cost_fen": one.cost}
        db.session.add(RoundOption(round_id=round.id, number=number, project_id=project.id, **option))
    return projects


def _short(words: str) -> str:
    plain = " ".join(words.split())
    return plain if len(plain) <= LONGEST_TITLE else plain[: LONGEST_TITLE - 1] + "…"
