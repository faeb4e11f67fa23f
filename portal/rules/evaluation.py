"""How a service is evaluated by those who receive it, a third party and the purchaser. Source: A64, B34-B36, F6."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.rules import N_, Refusal
from portal.rules.wording import public_text

REASON_BELOW = 60
"""Percent of an indicator's points below which a reason is given."""
LONGEST_NAME, LONGEST_BODY, LONGEST_TITLE, LONGEST_WORDS = 60, 100, 120, 1000


class PlanState(StrEnum):
    """Where an evaluation stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    """Frozen: from now on only points are given."""
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"
    """Given up before a result, with a public reason."""


class Party(StrEnum):
    """Who evaluates. Source: B34."""

    RECIPIENTS = "recipients"
    THIRD = "third"
    PURCHASER = "purchaser"


class Dimension(StrEnum):
    """What is evaluated. Source: B35 (服务成效、项目管理、社会影响)."""

    EFFECT = "effect"
    MANAGEMENT = "management"
    SOCIAL = "social"


WEIGHTS = {Party.RECIPIENTS: 60, Party.THIRD: 25, Party.PURCHASER: 15}
DIMENSIONS = {Dimension.EFFECT: 50, Dimension.MANAGEMENT: 30, Dimension.SOCIAL: 20}
"""Percent that are proposed. Source: ratings F6 [I]."""
SCORERS = (Party.THIRD, Party.PURCHASER)
"""Who gives points on a form; what recipients say is in their ratings."""


def stands(state: str, *allowed: PlanState) -> Iterator[Refusal]:
    """Refuse a deed for which the plan is too early or too late."""
    if state not in allowed:
        yield Refusal(N_("The evaluation is not at this step, or has gone on meanwhile."))


@dataclass(frozen=True)
class Ties:
    """How somebody is tied to those who are evaluated or who buy."""

    provider: bool = False
    """Works for the provider."""
    assisting: bool = False
    """Works for the assisting unit."""
    purchaser: bool = False
    """Is an official of the purchaser."""
    herself: bool = False
    """Plans the evaluation herself."""


def third_party_refusals(ties: Ties, beside: str = "") -> Iterator[Refusal]:
    """Why somebody cannot be the third party. Source: B34; requirements 1.5."""
    if ties.herself:
        yield Refusal(N_("Nobody appoints herself."), beside)
    if ties.provider:
        yield Refusal(N_("This person works for the provider and cannot be the third party."), beside)
    if ties.assisting:
        yield Refusal(N_("This person works for the assisting unit and cannot be the third party."), beside)
    if ties.purchaser:
        yield Refusal(N_("This person is an official of the purchaser and cannot be the third party."), beside)


def tied_refusals(*, provider: bool) -> Iterator[Refusal]:
    """People of the provider decide nothing about it."""
    if provider:
        yield Refusal(N_("You work for the provider: somebody else has to do this."))


def open_refusals(opens_on: date, closes_on: date, today: date) -> Iterator[Refusal]:
    """Points are given while the plan is open."""
    if today < opens_on:
        yield Refusal(N_("Points are given from %(day)s on."), "", {"day": opens_on.isoformat()})
    elif today > closes_on:
        yield Refusal(N_("The evaluation closed on %(day)s."), "", {"day": closes_on.isoformat()})


@dataclass(frozen=True)
class Given:
    """What a party gives for an indicator: hundredths of a point, None where none could be read; and why."""

    points: int | None
    words: str = ""


def given_refusals(given: Given | None, most: int, number: int) -> Iterator[Refusal]:
    """Points from none to all; few of them with a reason that everyone reads."""
    points = given.points if given else None
    words = given.words if given else ""
    if points is None or not 0 <= points <= most * 100:
        yield Refusal(N_("Please give points from 0 to %(most)s."), f"points{number}", {"most": most})
    elif points * 100 < most * 100 * REASON_BELOW and len(words) < 4:
        yield Refusal(
            N_("Under %(percent)s %% of the points: please say why."), f"words{number}", {"percent": REASON_BELOW}
        )
    yield from public_text(words, f"words{number}", LONGEST_WORDS)


def decide_refusals(*, handed_in: Collection[str], until_on: date, closes_on: date, today: date) -> Iterator[Refusal]:
    """A result is computed when both have given their points, or the plan closed, and the days that count are over."""
    if today <= until_on:
        yield Refusal(N_("Ratings until %(day)s count: please wait."), "", {"day": until_on.isoformat()})
    elif today <= closes_on and any(party not in handed_in for party in SCORERS):
        yield Refusal(
            N_("Somebody has not given points yet. It closes on %(day)s."), "", {"day": closes_on.isoformat()}
        )
    elif not handed_in:
        yield Refusal(N_("Neither purchaser nor third party gave points: there is nothing to compute."))


def are_open(handed_in: Collection[str], state: str, closes_on: date, today: date) -> bool:
    """Whether each party's points may be seen by the others: both are in, or nobody gives any more. Source: B34."""
    return state == PlanState.DECIDED or today > closes_on or all(party in handed_in for party in SCORERS)


def withdraw_refusals(reason: str) -> Iterator[Refusal]:
    if len(reason) < 4:
        yield Refusal(N_("Please say why; everyone reads it."), "reason")
    yield from public_text(reason, "reason", LONGEST_WORDS)
