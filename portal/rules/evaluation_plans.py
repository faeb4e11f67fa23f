"""Who evaluates what, how and when, said before it starts; and who is no third party. Source: A64, B34-B36."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal.rules import N_, Refusal
from portal.rules.evaluation import LONGEST_BODY, LONGEST_NAME, LONGEST_TITLE, LONGEST_WORDS, SCORERS, Dimension, Party
from portal.rules.parties import same_name
from portal.rules.wording import public_text

LEAST_RECIPIENTS = 50
"""Percent that the recipients weigh at least. Source: ratings F6."""
MOST_POINTS = 1000
MOST_SAMPLE = 10**6


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
