"""Votes in Pabulib's open format, for whoever counts or studies them elsewhere."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from flask import Response
from sqlalchemy import Row, select

from portal.regions.models import Region
from portal.rules import N_, counting, elections, opencount, pabulib
from portal.rules.counting import Completion, Method, Rule
from portal.rules.elections import BallotKind
from portal.rules.opencount import BALLOTS
from portal.rules.pabulib import File, Table
from portal.rules.permissions import Deed
from portal.rules.rounds import RANKED
from portal.store import db
from portal.store.clock import CHINA
from portal.voting import log
from portal.voting.blueprint import bp
from portal.voting.models import BallotRecord, Round, RoundOption
from portal.voting.queries import Poll, options_of
from portal.web.errors import answer
from portal.web.words import gettext

SOURCE = "pabulib"
"""Under this name the translations of an imported round and its options keep what its file said."""
TYPES = {BallotKind.CHOOSE_K: "approval", BallotKind.KNAPSACK: "approval"}
"""What Pabulib calls kinds for which it has no name of their own; their limit says what they are."""
Records = Sequence[Row[str, str]]
LIMITS = {
    BallotKind.CHOOSE_K: "max_length",
    BallotKind.CHOOSE_1: "max_length",
    BallotKind.ORDINAL: "max_length",
    BallotKind.CUMULATIVE: "max_sum_points",
}


@bp.get("/<int:poll>/votes.pb", deed=Deed.READ_PUBLIC)
def votes(region: Region, poll: Poll) -> Any:
    """A stranger takes all ballots of a sealed vote along, where they are published whole."""
    if poll.round.sealed_at is None:
        return answer(404, gettext(N_("This vote is not counted yet; nobody sees a count before.")))
    if poll.round.published != BALLOTS:
        return answer(404, gettext(N_("Whole ballots of this vote are not published, so there is no file of them.")))
    return _file(pabulib.write(file_of(poll.round, poll.region)), f"vote-{poll.round.id}.pb")


@bp.get("/<int:poll>/lots.txt", deed=Deed.READ_PUBLIC)
def lots(region: Region, poll: Poll) -> Any:
    """A stranger takes the order that the lot gave the options along: their names in `votes.pb`, one a line."""
    if poll.round.sealed_at is None:
        return answer(404, gettext(N_("The lot is secret until the vote is counted.")))
    return _file("".join(f"{name_of(one)}\n" for one in _by_lot(poll.round)), f"vote-{poll.round.id}-lots.txt")


def _file(text: str, name: str) -> Response:
    given = Response(text, content_type="text/plain; charset=utf-8")
    given.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return given


def file_of(round: Round, region: Region) -> File:
    """The ballots of a sealed round of `region` that are published whole, as a .pb file.

    Money in yuan, exactly; in fen where Equal Shares grew by fen. Options stand in the order of the lot, so that who
    counts without `lots.txt` finds the same winners. What a file said that was imported is said again.
    Source: domain/voting (Pabulib's format).
    """
    records = db.session.execute(
        select(BallotRecord.tag, BallotRecord.choices)
        .where(BallotRecord.round_id == round.id)
        .order_by(BallotRecord.tag)
    ).all()
    options, kind = _by_lot(round), BallotKind(round.ballot)
    names = {str(one.number): name_of(one) for one in options}
    meta = (round.translations or {}).get(SOURCE) or dict(_meta(round, region, options, records))
    rows = [_vote(kind, one.tag, one.choices, names) for one in records]
    columns = ("voter_id", "vote", "points") if kind is BallotKind.CUMULATIVE else ("voter_id", "vote")
    return File(
        Table(("key", "value"), tuple(meta.items())),
        _projects(round, options, records),
        Table(columns, tuple(rows)),
    )


def name_of(option: RoundOption) -> str:
    """The option's project_id."""
    return str((option.translations or {}).get(SOURCE, {}).get("project_id", option.number))


def _by_lot(round: Round) -> Sequence[RoundOption]:
    """The options in the order of the lot; as listed where there was none."""
    options = options_of(round)
    if log.newest_head(round) is None:
        return options
    return sorted(options, key=lambda one: opencount.lot(round.seed, str(one.number)))


def _vote(kind: BallotKind, tag: str, choices: str, names: dict[str, str]) -> tuple[str, ...]:
    found = elections.choices_of(kind, choices)
    if kind is not BallotKind.CUMULATIVE:
        return tag, ",".join(names[str(key)] for key in found)
    shares = [(names[str(one[0])], str(one[1])) for one in found]
    return tag, ",".join(key for key, _ in shares), ",".join(given for _, given in shares)


def _projects(round: Round, options: Sequence[RoundOption], records: Records) -> Table:
    said = [(one.translations or {}).get(SOURCE) for one in options]
    if all(said):
        return Table(tuple(said[0] or ()), tuple(tuple((one or {}).values()) for one in said))
    assert round.outcome is not None
    kind, outcome = BallotKind(round.ballot), counting.Outcome.from_json(round.outcome)
    scores = {one.id: str(one.score) for one in outcome.decisions}
    named = Counter[str]()
    for _, choices in records:
        named.update(one if isinstance(one, str) else one[0] for one in elections.choices_of(kind, choices))
    amount = _amounts(round, options)
    rows = []
    for one in options:
        key = str(one.number)
        score = (scores[key],) if kind in RANKED else ()
        chosen = "1" if key in outcome.winners else "0"
        rows.append((key, amount(one.cost_fen), str(named[key]), *score, one.title, chosen))
    score = ("score",) if kind in RANKED else ()
    return Table(("project_id", "cost", "votes", *score, "name", "selected"), tuple(rows))


def _in_fen(method: Method) -> bool:
    """Whether Add1 gave each voter one fen more a time: that is one unit in the format."""
    return method.rule is Rule.EQUAL_SHARES and method.completion is not Completion.NONE and method.increment == 1


def _amounts(round: Round, options: Sequence[RoundOption]) -> Any:
    """How an amount is written, all in one way."""
    if _in_fen(Method.from_json(round.method)):
        return str
    if any(fen % 100 for fen in (round.budget_fen, *(one.cost_fen for one in options))):
        return lambda fen: f"{fen // 100}.{fen % 100:02}"
    return lambda fen: str(fen // 100)


def _meta(round: Round, region: Region, options: Sequence[RoundOption], records: Records) -> Iterator[tuple[str, str]]:
    kind, method = BallotKind(round.ballot), Method.from_json(round.method)
    amount = _amounts(round, options)
    opens, closes = (f"{moment.astimezone(CHINA):%d.%m.%Y}" for moment in (round.opens_at, round.closes_at))
    yield "description", round.question
    yield "country", "China"
    yield "unit", region.name
    yield "instance", f"{closes[-4:]} {round.uid}"
    yield "num_projects", str(len(options))
    yield "num_votes", str(len(records))
    yield "budget", amount(round.budget_fen)
    yield "vote_type", TYPES.get(kind, kind.value)
    yield "rule", _rule(method)
    yield "date_begin", opens
    yield "date_end", closes
    if any(not one.choices for one in records):
        yield "min_length", "0"
    most = 1 if kind is BallotKind.CHOOSE_1 else round.most
    if most and kind in LIMITS:
        yield LIMITS[kind], str(most)
    if kind is BallotKind.KNAPSACK:
        yield "max_sum_cost", amount(round.budget_fen)
    if method.threshold:
        yield pabulib.THRESHOLD, str(method.threshold)
    yield "language", "zh"
    yield "currency", "CNY"
    comments = list(_comments(round, kind, method))
    if comments:
        yield "comment", " ".join(f"#{place}: {said}" for place, said in enumerate(comments, 1))


def _rule(method: Method) -> str:
    completion = f"/{method.completion.value}" if method.completion is not Completion.NONE else ""
    return f"{method.rule.value}{completion}{'-comparison' if method.comparison else ''}"


def _comments(round: Round, kind: BallotKind, method: Method) -> Iterator[str]:
    """What decided and the format has no key for."""
    if kind in TYPES:
        yield f"The ballots are of the kind {kind.value}."
    if _in_fen(method):
        yield "All amounts are in fen, of which 100 are one yuan (CNY)."
    elif method.rule is Rule.EQUAL_SHARES and method.completion is not Completion.NONE and method.increment != 100:
        yield f"Each step of Add1 gave every voter {method.increment} fen more."
    if method.stop_exhaustive:
        yield "Add1 stopped at the first outcome to which nothing could be added."
    for numbers in round.conflicts:
        yield f"Of the projects {', '.join(map(str, numbers))} at most one wins."
    yield "With equal results the project that stands first in this file wins; the lot drew this order."
