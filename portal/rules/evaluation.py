"""How a service is evaluated by those who receive it, a third party and the purchaser. Source: A64, B34-B36, F6."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from math import sqrt

from portal.rules import N_, Refusal
from portal.rules.contracts import same_name
from portal.rules.wording import public_text

LEAST_RECIPIENTS = 50
"""Percent that the recipients weigh at least. Source: ratings F6."""
REASON_BELOW = 60
"""Percent of an indicator's points below which a reason is given."""
LONGEST_NAME, LONGEST_BODY, LONGEST_TITLE, LONGEST_WORDS = 60, 100, 120, 1000
MOST_POINTS = 1000
MOST_SAMPLE = 10**6
CUTS = (6000, 7000, 8000, 9000)
"""Hundredths from which a result is worth 2, 3, 4 and 5 stars. Source: ratings F7."""


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


class Cap(StrEnum):
    """What keeps the stars below what the composite alone would give. Source: ratings F6 (limiters)."""

    NONE = ""
    RECIPIENTS = "recipients"
    """Not more than one star above what the recipients alone say."""
    EXIT = "exit"
    """The provider has to leave."""


WEIGHTS = {Party.RECIPIENTS: 60, Party.THIRD: 25, Party.PURCHASER: 15}
DIMENSIONS = {Dimension.EFFECT: 50, Dimension.MANAGEMENT: 30, Dimension.SOCIAL: 20}
"""Percent that are proposed. Source: ratings F6 [I]."""
SCORERS = (Party.THIRD, Party.PURCHASER)
"""Who gives points on a form; what recipients say is in their ratings."""
FEW_RATINGS = "few_ratings"


@dataclass(frozen=True)
class IndicatorDraft:
    """What points are given for; `beside` is its place in the form."""

    dimension: Dimension
    title: str
    points: int | None
    beside: str = ""


@dataclass(frozen=True)
class PlanDraft:
    """Who evaluates what, how and when; numbers and days are None where none could be read."""

    account: str
    """How the third party signs in: a phone number or a name."""
    evaluator: str
    evaluator_body: str
    weights: Mapping[Party, int | None]
    dimensions: Mapping[Dimension, int | None]
    sample: str
    sample_number: int | None
    from_on: date | None
    until_on: date | None
    opens_on: date | None
    closes_on: date | None
    indicators: tuple[IndicatorDraft, ...] = ()
    instalments: tuple[int, ...] = ()


@dataclass(frozen=True)
class Ground:
    """What a plan stands on."""

    starts_on: date
    latest: date
    """The last day on which an evaluation of the contract may close."""
    earliest: date
    """The first day on which it may open, published today. Source: A64."""
    today: date
    parties: Collection[str]
    """The names of those who are bound by the contract."""
    free: Collection[int]
    """The instalments whose amount no other evaluation says."""
    after: date | None = None
    """The last day that an earlier evaluation of the contract covers."""


def plan_refusals(draft: PlanDraft, ground: Ground) -> Iterator[Refusal]:
    """Why an evaluation cannot be planned so. Source: A64, B34-B36."""
    yield from evaluator_refusals(draft.evaluator, draft.evaluator_body, ground.parties)
    yield from weight_refusals(draft.weights)
    yield from dimension_refusals(draft.dimensions)
    if len(draft.sample) < 4:
        yield Refusal(N_("Please say how those who are asked are chosen."), "sample")
    yield from public_text(draft.sample, "sample", LONGEST_WORDS)
    if draft.sample_number is None or not 1 <= draft.sample_number <= MOST_SAMPLE:
        yield Refusal(N_("Please give a whole number above zero."), "sample_number")
    yield from day_refusals(draft, ground)
    yield from indicator_refusals(draft.indicators)
    for number in draft.instalments:
        if number not in ground.free:
            yield Refusal(
                N_("Instalment %(number)s does not follow from an evaluation, or another one says its amount."),
                f"pays{number}",
                {"number": number},
            )


def evaluator_refusals(name: str, body: str, parties: Collection[str]) -> Iterator[Refusal]:
    """The third party has a name, and stands on no side of the contract. Source: B34, requirements 1.5."""
    if not 2 <= len(name) <= LONGEST_NAME:
        yield Refusal(N_("Please give the name of the third party; it is published with the plan."), "evaluator")
    yield from public_text(name, "evaluator", LONGEST_NAME)
    yield from public_text(body, "evaluator_body", LONGEST_BODY)
    sides = set(map(same_name, parties))
    for typed, beside in ((name, "evaluator"), (body, "evaluator_body")):
        if same_name(typed) in sides:
            yield Refusal(
                N_("%(name)s is bound by the contract and cannot be the third party."), beside, {"name": typed}
            )


def weight_refusals(weights: Mapping[Party, int | None]) -> Iterator[Refusal]:
    """The recipients are strictly the heaviest and at least half; together 100. Source: B36, ratings F6."""
    known = {party: weight for party, weight in weights.items() if weight is not None and 1 <= weight <= 98}
    for party in Party:
        if party not in known:
            yield Refusal(N_("Please give a whole percent from 1 to 98."), f"weight_{party}")
    if len(known) < len(Party):
        return
    own = known[Party.RECIPIENTS]
    if own <= max(known[party] for party in SCORERS):
        yield Refusal(N_("What recipients say must weigh more than each of the others."), "weight_recipients")
    elif own < LEAST_RECIPIENTS:
        yield Refusal(
            N_("What recipients say must weigh at least %(least)s %%."),
            "weight_recipients",
            {"least": LEAST_RECIPIENTS},
        )
    yield from _sum_refusals(known.values(), "weight_recipients")


def dimension_refusals(dimensions: Mapping[Dimension, int | None]) -> Iterator[Refusal]:
    """Each dimension counts for something, together 100. Source: B35."""
    known = {one: weight for one, weight in dimensions.items() if weight is not None and 1 <= weight <= 98}
    for one in Dimension:
        if one not in known:
            yield Refusal(N_("Please give a whole percent from 1 to 98."), f"dimension_{one}")
    if len(known) == len(Dimension):
        yield from _sum_refusals(known.values(), "dimension_effect")


def _sum_refusals(weights: Collection[int], beside: str) -> Iterator[Refusal]:
    if sum(weights) != 100:
        yield Refusal(N_("Together these are %(sum)s %%, not 100 %%."), beside, {"sum": sum(weights)})


def day_refusals(draft: PlanDraft, ground: Ground) -> Iterator[Refusal]:
    """Published some days before it opens; what counts lies within the service and is over when it closes.

    The days that count are not over when it is published: nobody fixes them knowing what their figures come to.
    """
    missing = [name for name in ("from_on", "until_on", "opens_on", "closes_on") if getattr(draft, name) is None]
    for name in missing:
        yield Refusal(N_("Please give the day."), name)
    if missing or not (draft.from_on and draft.until_on and draft.opens_on and draft.closes_on):
        return
    first = ground.starts_on
    if draft.from_on < first:
        yield Refusal(N_("The service began on %(day)s."), "from_on", {"day": first.isoformat()})
    if ground.after is not None and draft.from_on <= ground.after:
        yield Refusal(
            N_("The days until %(day)s were evaluated already."), "from_on", {"day": ground.after.isoformat()}
        )
    if draft.until_on < draft.from_on:
        yield Refusal(N_("This day lies before the one above."), "until_on")
    elif draft.until_on < ground.today:
        yield Refusal(N_("The last day cannot lie in the past."), "until_on")
    if draft.opens_on < ground.earliest:
        yield Refusal(
            N_("A plan is read by everyone before it starts: it can open on %(day)s at the earliest."),
            "opens_on",
            {"day": ground.earliest.isoformat()},
        )
    if draft.closes_on < draft.opens_on:
        yield Refusal(N_("This day lies before the one above."), "closes_on")
    elif draft.closes_on < draft.until_on:
        yield Refusal(N_("It closes when the days that count are over."), "closes_on")
    elif draft.closes_on > ground.latest:
        yield Refusal(N_("It closes on %(day)s at the latest."), "closes_on", {"day": ground.latest.isoformat()})


def indicator_refusals(indicators: Sequence[IndicatorDraft]) -> Iterator[Refusal]:
    """Each dimension has something that points are given for. Source: B35."""
    for one in indicators:
        if not 2 <= len(one.title) <= LONGEST_TITLE:
            yield Refusal(N_("Please say what points are given for."), f"{one.beside}_title")
        yield from public_text(one.title, f"{one.beside}_title", LONGEST_TITLE)
        if one.points is None or not 1 <= one.points <= MOST_POINTS:
            yield Refusal(N_("Please give whole points above zero."), f"{one.beside}_points")
    for dimension in Dimension:
        if not any(one.dimension is dimension for one in indicators):
            yield Refusal(N_("Please say what points are given for."), f"{dimension}1_title")


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


def stands(state: str, *allowed: PlanState) -> Iterator[Refusal]:
    """Refuse a deed for which the plan is too early or too late."""
    if state not in allowed:
        yield Refusal(N_("The evaluation is not at this step, or has gone on meanwhile."))


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


@dataclass(frozen=True)
class Mark:
    """Points that a party gave for an indicator of a dimension; `given` in hundredths of a point."""

    dimension: Dimension
    given: int
    most: int


def party_score(marks: Collection[Mark], dimensions: Mapping[Dimension, int]) -> dict[Dimension, Fraction]:
    """What a party's points come to in each dimension, of 100."""
    found = {}
    for dimension in dimensions:
        mine = [mark for mark in marks if mark.dimension is dimension]
        found[dimension] = Fraction(sum(mark.given for mark in mine), sum(mark.most for mark in mine))
    return found


def weighed(scores: Mapping[Dimension, Fraction], dimensions: Mapping[Dimension, int]) -> int:
    """Several dimensions as one score, in hundredths and half to even. Source: ratings F6 (.5, .3, .2).

    >>> weighed({Dimension.EFFECT: Fraction(80), Dimension.MANAGEMENT: Fraction(70), Dimension.SOCIAL: Fraction(60)},
    ...         DIMENSIONS)
    7300
    """
    return round(sum(scores[one] * weight for one, weight in dimensions.items()))


Scored = tuple[float | Fraction, float]
"""A score and its standard deviation."""


def composite(scores: Mapping[Party, Scored | None], weights: Mapping[Party, int]) -> Scored | None:
    """The weighted mean of the parties and its deviation; None without recipients. Source: ratings F6.

    Another party that is missing leaves its weight to the others in proportion.
    """
    if scores.get(Party.RECIPIENTS) is None:
        return None
    there = [(weights[party], one) for party, one in scores.items() if one is not None]
    total = sum(weight for weight, _ in there)
    mean = sum(weight * score for weight, (score, _) in there) / total
    return mean, sqrt(sum((weight * sd / total) ** 2 for weight, (_, sd) in there))


@dataclass(frozen=True)
class Outcome:
    """What three scores come to, in hundredths; `composite` is None without the recipients."""

    composite: int | None
    sd: int | None
    used: Mapping[Party, Fraction]
    """What each party that is there weighs in the end, together 1."""
    products: Mapping[Party, Fraction]
    """Its score times that, in hundredths."""
    missing: tuple[Party, ...]


def outcome(scores: Mapping[Party, tuple[int, int] | None], weights: Mapping[Party, int]) -> Outcome:
    """The same of whole hundredths, exactly, so that everyone can reckon it again from the page."""
    missing = tuple(party for party in Party if scores.get(party) is None)
    exact: dict[Party, Scored | None] = {party: _exact(scores.get(party)) for party in Party}
    found = composite(exact, weights)
    if found is None:
        return Outcome(None, None, {}, {}, missing)
    total = sum(weights[party] for party in Party if party not in missing)
    used = {party: Fraction(weights[party], total) for party in Party if party not in missing}
    products = {party: share * (scores[party] or (0, 0))[0] for party, share in used.items()}
    return Outcome(round(found[0]), round(found[1]), used, products, missing)


def _exact(scored: tuple[int, int] | None) -> Scored | None:
    return (Fraction(scored[0]), float(scored[1])) if scored else None


def stars_of(hundredths: int) -> int:
    """What a score is worth by itself. Source: ratings F7 (cuts).

    >>> stars_of(5999), stars_of(6000), stars_of(9000)
    (1, 2, 5)
    """
    return 1 + sum(hundredths >= cut for cut in CUTS)


def most_stars(total: int, recipients: int) -> tuple[int, Cap]:
    """The stars of a composite, at most one above those of the recipients alone. Source: ratings F6 (limiters).

    >>> most_stars(8500, 5500)
    (2, <Cap.RECIPIENTS: 'recipients'>)
    """
    mine, limit = stars_of(total), stars_of(recipients) + 1
    return (limit, Cap.RECIPIENTS) if mine > limit else (mine, Cap.NONE)


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
