"""How a result was reckoned, number by number: with these anyone can do the sums again. Source: ratings F6."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from portal.evaluations.forms import DIMENSION_NAMES, PARTIES
from portal.evaluations.models import EvaluationIndicator, EvaluationResult
from portal.evaluations.queries import Evaluated, Scores
from portal.rules import N_, evaluation_results
from portal.rules.evaluation import SCORERS, Dimension, Party
from portal.rules.evaluation_results import Cap
from portal.web.words import gettext

HEAD = (
    N_("Party"),
    N_("What"),
    N_("Points or number"),
    N_("Of at most"),
    N_("Weight"),
    N_("Product"),
    N_("Why"),
)


@dataclass(frozen=True)
class Step:
    """What a party comes to: its score in hundredths, what it weighs in the plan and in the end, and the product."""

    party: Party
    score: int | None
    sd: int
    percent: int
    used: str
    """As a fraction, "60/85"; "" where nothing was reckoned."""
    product: int | None
    """In ten thousandths."""


def steps_of(found: Evaluated) -> list[Step]:
    """The three parties in the order of the plan; one that is missing has no score."""
    working: dict[str, Any] = found.result.working if found.result else {}
    scores, used, products = (working.get(name, {}) for name in ("scores", "used", "products"))
    return [
        Step(
            party,
            scores.get(party, (None, 0))[0],
            scores.get(party, (None, 0))[1],
            found.weights[party],
            used.get(party, ""),
            products.get(party),
        )
        for party in Party
    ]


@dataclass(frozen=True)
class Stars:
    """What a result would be worth by itself; the quarter's stars follow from it with other rules."""

    alone: int
    held: int


def stars_of(result: EvaluationResult) -> Stars | None:
    """None without a composite, or where the provider leaves."""
    if result.composite is None or result.recipients is None or result.capped_by == Cap.EXIT:
        return None
    return Stars(
        evaluation_results.stars_of(result.composite),
        evaluation_results.most_stars(result.composite, result.recipients)[0],
    )


def satisfied(working: dict[str, Any]) -> str:
    """Which part of the recipients was satisfied, as exactly as it may be said; "" where nothing is."""
    share = working.get("satisfied")
    if not share:
        return ""
    if share["low"] == share["high"]:
        return gettext(N_("%(share)s %%"), share=share["low"])
    if share["high"] == 100:
        return gettext(N_("at least %(share)s %%"), share=share["low"])
    return gettext(N_("at most %(share)s %%"), share=share["high"])


def rows_of(found: Evaluated, indicators: Sequence[EvaluationIndicator], scores: Scores) -> Iterator[Sequence[object]]:
    """Every number as a row of a table."""
    result = found.result
    assert result is not None, "only a result has a working"
    recipients, working = gettext(PARTIES[Party.RECIPIENTS]), result.working
    yield recipients, gettext(N_("Ratings, about")), working.get("raters"), None, None, None, None
    yield recipients, gettext(N_("Satisfied or very satisfied")), satisfied(working), None, None, None, None
    for cell in working.get("cells", ()):
        what = gettext(N_("Grades from %(lowest)s to %(highest)s, in percent"), **cell)
        yield recipients, what, cell["percent"], 100, None, None, None
    for party in SCORERS:
        for one in indicators:
            if given := scores.get(party, {}).get(one.id):
                yield gettext(PARTIES[party]), one.title, given.points / 100, one.points, None, None, given.words
        for name, score in result.working.get("dimensions", {}).get(party, {}).items():
            weight = found.dimensions[Dimension(name)] / 100
            label = gettext(DIMENSION_NAMES[Dimension(name)])
            yield gettext(PARTIES[party]), label, score / 100, 100, weight, round(score * weight / 100, 4), None
    for step in steps_of(found):
        score_ = None if step.score is None else step.score / 100
        product = None if step.product is None else step.product / 10_000
        yield gettext(PARTIES[step.party]), gettext(N_("Score")), score_, 100, step.used, product, None
    total = None if result.composite is None else result.composite / 100
    yield None, gettext(N_("Result")), total, 100, None, None, result.reason or None
    yield (
        None,
        gettext(N_("Standard deviation")),
        None if result.sd is None else result.sd / 100,
        None,
        None,
        None,
        None,
    )
