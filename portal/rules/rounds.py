"""What a vote needs before it is announced."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from portal.rules import N_, Refusal, enforce
from portal.rules.counting import Method, Rule
from portal.rules.decisions import LAWS, Basis, Body, Share, law_refusals
from portal.rules.elections import BallotKind
from portal.rules.numbers import Numbers
from portal.rules.opencount import BALLOTS, MARKS, publish_form
from portal.rules.wording import public_text, too_long

FEWEST_OPTIONS = 2
LONGEST_QUESTION = 120
LONGEST_BASIS = 200
LARGEST = 1_000_000
"""No limit, threshold or number of points is above it."""
LATENESS = timedelta(days=1)
"""A vote that opens at once is announced a little later than its form was opened."""
LONGEST = timedelta(days=366)
RANKED = (BallotKind.CUMULATIVE, BallotKind.ORDINAL)
"""Ballots on which an option has points: they do not say how many agree."""
LIMITED = {
    BallotKind.CHOOSE_K: N_("Please say how many may be chosen."),
    BallotKind.CUMULATIVE: N_("Please say how many points each voter has."),
}
"""Kinds of ballot that need a limit."""
MAY_LIMIT = (*LIMITED, BallotKind.ORDINAL)
MOST_VOTES = Method(Rule.GREEDY)


@dataclass(frozen=True)
class OptionDraft:
    """A project, a design of one, or something that is asked for, which is put to the vote. Money in fen."""

    project_id: int | None
    design_id: int | None
    title: str
    translations: dict[str, dict[str, str]] | None
    cost_fen: int
    story: str = ""
    """What it is, where it is no project."""


@dataclass(frozen=True)
class RoundDraft:
    """Everything that decides a vote. Conflicts are sets of option numbers (1, 2, …)."""

    question: str
    options: tuple[OptionDraft, ...]
    budget_fen: int
    opens_at: datetime | None
    closes_at: datetime | None
    translations: dict[str, dict[str, str]] | None = None
    project_id: int | None = None
    ballot: BallotKind = BallotKind.APPROVAL
    most: int | None = None
    method: Method = MOST_VOTES
    beside: Method | None = None
    conflicts: tuple[tuple[int, ...], ...] = ()
    body: Body = Body.OPINION
    legal_basis: str = ""
    quorum: Share | None = None
    majority: Share | None = None
    publish: str = ""
    """`ballots`, `marks` or `aggregate`; empty: as rules.opencount proposes."""

    @property
    def basis(self) -> Basis:
        return LAWS[self.body].basis

    @property
    def shown_beside(self) -> Method | None:
        """`beside`, unless it is Equal Shares and options exclude each other: it does not know such options."""
        if self.beside and self.beside.rule is Rule.EQUAL_SHARES and self.conflicts:
            return None
        return self.beside


def in_time(method: Method, budget_fen: int) -> Method:
    """`method` with steps of Add1 that are no smaller than a millionth of the budget, in whole yuan.

    So a count stays a matter of seconds, however large the budget [I].
    """
    step = budget_fen // 100_000_000 * 100
    return replace(method, increment=max(method.increment, step))


def refusals(draft: RoundDraft, *, at: datetime, numbers: Numbers) -> Iterator[Refusal]:
    """Why a vote may not be announced `at` this moment: all that decides must be said, and make sense, beforehand.

    Source: A21, A26, B26, domain/voting, rules-and-standards 2.3.
    """
    yield from _times(draft, at)
    yield from _question(draft.question)
    yield from _options(draft, numbers)
    yield from _ballot(draft)
    yield from _method(draft)
    yield from too_long(draft.legal_basis, "legal_basis", LONGEST_BASIS)
    yield from law_refusals(
        draft.body,
        draft.legal_basis,
        draft.quorum,
        draft.majority,
        notice=max(timedelta(0), draft.opens_at - at) if draft.opens_at else timedelta(0),
        notice_days=numbers.notice_days if draft.body is not Body.OPINION else 0,
    )


def _times(draft: RoundDraft, at: datetime) -> Iterator[Refusal]:
    if draft.opens_at is None:
        yield Refusal(N_("Please say when the vote opens."), "opens_at")
    elif draft.opens_at < at - LATENESS:
        yield Refusal(N_("A vote cannot open in the past."), "opens_at")
    if draft.closes_at is None:
        yield Refusal(N_("Please say when the vote closes."), "closes_at")
    elif draft.closes_at <= at:
        yield Refusal(N_("The vote must close in the future."), "closes_at")
    elif draft.opens_at is not None and draft.opens_at >= draft.closes_at:
        yield Refusal(N_("The vote must open before it closes."), "closes_at")
    elif draft.opens_at is not None and draft.closes_at - draft.opens_at > LONGEST:
        yield Refusal(N_("A vote is open for a year at most. Please look at the year."), "closes_at")


def _question(question: str) -> Iterator[Refusal]:
    if not question.strip():
        yield Refusal(N_("Please write the question that residents answer."), "question")
    yield from public_text(question, "question", LONGEST_QUESTION)


def _ballot(draft: RoundDraft) -> Iterator[Refusal]:
    if draft.ballot in LIMITED and draft.most is None:
        yield Refusal(LIMITED[draft.ballot], "most")
    if draft.most is not None and not 1 <= draft.most <= LARGEST:
        yield Refusal(N_("Please give a number from 1 to %(largest)s."), "most", {"largest": LARGEST})
    if draft.ballot in RANKED and draft.body is not Body.OPINION:
        yield Refusal(N_("A decision counts how many agree. Please use a ballot without points and ranks."), "ballot")
    if draft.publish == MARKS and (draft.ballot is BallotKind.ORDINAL or draft.method.rule is Rule.EQUAL_SHARES):
        yield Refusal(
            N_("Here single marks cannot be counted again. Please publish whole ballots, or only the sums."), "publish"
        )
    proposed = publish_form(draft.ballot, draft.most, draft.method.as_json(), len(draft.options))
    if draft.publish == BALLOTS and proposed == MARKS:
        yield Refusal(
            N_("So many choices could give a voter away. Please publish single marks, or only the sums."),
            "publish",
        )


def _method(draft: RoundDraft) -> Iterator[Refusal]:
    if draft.method.rule is Rule.THRESHOLD and draft.method.threshold < 1:
        yield Refusal(N_("Please say how many votes are needed at least."), "threshold")
    if draft.method.threshold > LARGEST:
        yield Refusal(N_("Please give a number from 1 to %(largest)s."), "threshold", {"largest": LARGEST})
    if draft.method.rule is Rule.EXCLUSIVE and not draft.conflicts:
        yield Refusal(N_("Please say which options exclude each other."), "conflicts")
    if draft.method.rule is Rule.EQUAL_SHARES and draft.conflicts:
        yield Refusal(
            N_("Equal Shares does not know options that exclude each other. Please use another rule."), "rule"
        )
    if any(not 1 <= number <= len(draft.options) for group in draft.conflicts for number in group):
        yield Refusal(N_("Options that exclude each other are named by their numbers on the list."), "conflicts")
    if any(len(set(group)) < FEWEST_OPTIONS for group in draft.conflicts):
        yield Refusal(N_("It takes two options to exclude each other."), "conflicts")


def _options(draft: RoundDraft, numbers: Numbers) -> Iterator[Refusal]:
    decided = draft.majority is not None or draft.method.threshold > 0
    fewest = 1 if decided else FEWEST_OPTIONS
    if len(draft.options) < fewest:
        yield Refusal(_TOO_FEW[fewest], "options")
    if len(draft.options) > numbers.most_options:
        yield Refusal(
            N_("At most %(most)s options fit on one ballot. Please split the vote."),
            "options",
            {"most": numbers.most_options},
        )
    projects = [(one.project_id, one.design_id) for one in draft.options if one.project_id]
    if len(set(projects)) < len(projects):
        yield Refusal(N_("An option is listed twice."), "options")
    if draft.budget_fen < 0 or any(one.cost_fen < 0 for one in draft.options):
        yield Refusal(N_("No amount is below 0."), "budget")
    elif draft.options and all(one.cost_fen > draft.budget_fen for one in draft.options):
        yield Refusal(N_("No option costs as little as the budget. Please look at both."), "budget")


_TOO_FEW = {
    1: N_("A vote needs an option."),
    FEWEST_OPTIONS: N_("A vote needs at least two options, or a least number of votes for the only one."),
}


def read_conflicts(typed: str, places: Mapping[int, tuple[int, ...]]) -> tuple[tuple[int, ...], ...]:
    """Options that exclude each other, typed as "1,2; 4,5": `places` says which options a number stands for.

    Raises Refused.
    """
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", typed)).replace("、", ",").replace("；", ";")
    sets = [part.split(",") for part in plain.split(";") if part]
    for word in [word for part in sets for word in part]:
        if not (word.isascii() and word.isdecimal() and len(word) < 10):
            enforce([Refusal(N_("Please write numbers like this: 1,2; 4,5"), "conflicts")])
        if int(word) not in places:
            enforce([Refusal(N_("There is no number %(number)s on the list."), "conflicts", {"number": word})])
    return tuple(tuple(option for word in part for option in places[int(word)]) for part in sets)
