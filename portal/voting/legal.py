"""The legal record of a counted vote: 應到, 實到, 比例, and whether a decision stands."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from portal.rules.decisions import LAWS, STATEMENTS, Body, Law, Verdict, percent, verdict
from portal.rules.explaining import Reason
from portal.voting.queries import Poll, Result, result_of


@dataclass(frozen=True)
class Line:
    """What the record says of one option; `agreed` is None where nobody had to agree."""

    option: Row[Any]
    votes: int
    percent: str
    chosen: bool
    agreed: bool | None
    decided: bool


@dataclass(frozen=True)
class LegalRecord:
    """Everything that the paper form asks for. Source: rules-and-standards 2.3."""

    result: Result
    law: Law
    verdict: Verdict
    statement: Reason
    notice_days: int
    percent: str
    lines: tuple[Line, ...]


def record_of(poll: Poll) -> LegalRecord:
    """The record of a sealed round, its options as listed. Raises NotClosed."""
    result, body = result_of(poll), Body(poll.round.body)
    legal, winners = result.legal, {int(key) for key in result.outcome.winners}
    worth = verdict(body, legal, [result.counts[number] for number in winners])
    values = {"voters": result.voters, "quorum": legal.quorum_needs or 0, "majority": legal.majority_needs or 0}
    lines = []
    for number, option in result.options.items():
        votes = result.counts[number]
        agreed = None if legal.majority_needs is None else legal.agreed(votes)
        decided = worth is Verdict.STANDS and number in winners and agreed is not False
        lines.append(Line(option, votes, percent(votes, result.voters), number in winners, agreed, decided))
    return LegalRecord(
        result,
        LAWS[body],
        worth,
        Reason(STATEMENTS[worth], values),
        max(0, (poll.round.opens_at - poll.round.announced_at).days),
        percent(result.voters, result.eligible),
        tuple(lines),
    )
