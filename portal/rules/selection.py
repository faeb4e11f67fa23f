"""How bids are scored and put in order: published factors, exact sums, every working shown."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from portal.rules import N_, Refusal
from portal.rules.wording import personal_numbers

FULL = 100
"""Points of all factors together. Source: B22."""
MOST_FACTORS = 12
LONGEST_TITLE = 100
LONGEST_INDICATOR = 500


class Factor(StrEnum):
    """What bids are scored by; each is among the factors of a purchase. Source: B22."""

    PRICE = "price"
    QUALITY = "quality"
    CAPACITY = "capacity"
    REPUTATION = "reputation"


class Basis(StrEnum):
    """Where the points of a factor come from."""

    PRICE = "price"
    """Computed: lowest price ÷ price × points. Source: requirements 1.4."""
    JUDGES = "judges"
    SATISFACTION = "satisfaction"
    """Computed of what the portal publishes of the provider; by the judges where nothing is published. Source: A66."""


class Scoring(StrEnum):
    """How the winner is found. Source: B21."""

    COMPREHENSIVE = "comprehensive"
    LOWEST = "lowest_price"
    """Needs a written reason."""


class Tie(StrEnum):
    """Why a judge steps back; nothing more is said."""

    BIDDER = "bidder"
    """Works for a bidder: found by the portal."""
    FAMILY = "family"
    BUSINESS = "business"
    OTHER = "other"


@dataclass(frozen=True)
class FactorDraft:
    """A factor as it was typed; `points` is None where no number could be read; `number` its place in the form."""

    factor: str
    title: str
    indicator: str
    points: int | None
    basis: Basis = Basis.JUDGES
    number: int = 0


@dataclass(frozen=True)
class Weight:
    """A factor that counts: its key, its points, and where they come from."""

    key: int
    points: int
    basis: Basis


@dataclass(frozen=True)
class Offer:
    """A bid that was let in: its key, its price, the provider's code, the published satisfaction in tenths, and whether
    its credit gives it priority.
    """

    key: int
    price_fen: int
    code: str
    satisfaction: int | None = None
    priority: bool = False


@dataclass(frozen=True)
class Ranked:
    """A bid in the ranking with its points of each factor, exactly."""

    key: int
    place: int
    points: Mapping[int, Fraction]
    total: Fraction
    by_price: bool
    """Whether its lower price put it before another with the same total."""
    by_priority: bool
    """Whether the priority that its credit gives did, price and total being the same. Source: A69."""
    by_lot: bool
    """Whether the lot did, the priority being the same, too."""


Scores = Mapping[tuple[int, int], Sequence[int]]
"""What the judges gave each bid (key) for each factor (key), in hundredths of a point."""


def factor_refusals(factors: Sequence[FactorDraft]) -> Iterator[Refusal]:
    """Why bids cannot be scored by these factors. Source: B22; rules-and-standards 2.2 (Regulation, article 34)."""
    for one in factors:
        yield from _one_factor(one)
    if len(factors) > MOST_FACTORS:
        yield Refusal(N_("At most %(most)s factors, please."), "factors", {"most": MOST_FACTORS})
    missing = [factor for factor in Factor if factor not in {one.factor for one in factors}]
    if missing:
        yield Refusal(N_("Price, quality, capacity and reputation all have to be among the factors."), "factors")
    if sum(one.basis is Basis.PRICE for one in factors) > 1:
        yield Refusal(N_("There is one factor for the price."), "factors")
    if sum(one.basis is Basis.SATISFACTION for one in factors) > 1:
        yield Refusal(N_("Satisfaction can be taken from the portal once."), "factors")
    total = sum(one.points or 0 for one in factors)
    if total != FULL:
        yield Refusal(
            N_("All points together have to be exactly 100; now they are %(total)s."), "factors", {"total": total}
        )


def _one_factor(one: FactorDraft) -> Iterator[Refusal]:
    beside = f"factor{one.number}"
    if one.factor not in set(Factor):
        yield Refusal(N_("Please choose what is scored."), f"{beside}_factor")
    if not 1 <= len(one.title) <= LONGEST_TITLE:
        yield Refusal(N_("Please name it, in at most %(most)s characters."), f"{beside}_title", {"most": LONGEST_TITLE})
    if len(one.indicator) < 4:
        yield Refusal(N_("Please say what is measured, and how many points follow from it."), f"{beside}_indicator")
    if len(one.indicator) > LONGEST_INDICATOR:
        values = {"most": LONGEST_INDICATOR}
        yield Refusal(N_("This is too long: at most %(most)s characters."), f"{beside}_indicator", values)
    if one.points is None or not 1 <= one.points <= FULL:
        yield Refusal(N_("Please give whole points, from 1 to 100."), f"{beside}_points")
    yield from personal_numbers(f"{one.title}\n{one.indicator}", f"{beside}_indicator")


def price_points(points: int, price_fen: int, lowest_fen: int) -> Fraction:
    """Lowest price ÷ price × points. Source: requirements 1.4.

    >>> price_points(30, 120_000, 100_000)
    Fraction(25, 1)
    """
    return Fraction(points * lowest_fen, price_fen)


def satisfaction_points(points: int, satisfaction: int) -> Fraction:
    """The published satisfaction (0 to 1,000 tenths) as a share of the points. Source: A66.

    >>> satisfaction_points(10, 834)
    Fraction(417, 50)
    """
    return Fraction(points * satisfaction, 1000)


def judged(weight: Weight, offer: Offer) -> bool:
    """Whether the judges give the points of this factor to this bid."""
    return weight.basis is Basis.JUDGES or (weight.basis is Basis.SATISFACTION and offer.satisfaction is None)


def ranking(offers: Iterable[Offer], weights: Sequence[Weight], scores: Scores) -> list[Ranked]:
    """The bids, best first: highest total, then the lower price, then priority by credit, then the lot.

    Source: B22, A69, requirements 1.4.

    Without weights the lowest price comes first. Raises KeyError where the judges gave no score.
    """
    found = list(offers)
    lowest = min((offer.price_fen for offer in found), default=0)
    points = {offer.key: _points(offer, weights, scores, lowest) for offer in found}
    totals = {key: sum(parts.values(), Fraction()) for key, parts in points.items()}
    lots = lots_of(found)
    found.sort(key=lambda offer: (-totals[offer.key], offer.price_fen, not offer.priority, lots[offer.key]))
    ranked = []
    for place, offer in enumerate(found, 1):
        after = found[place] if place < len(found) else None
        equal = after is not None and totals[after.key] == totals[offer.key]
        same = after is not None and after.price_fen == offer.price_fen
        alike = after is not None and after.priority == offer.priority
        by_price = equal and not same and bool(weights)
        decided = (by_price, equal and same and not alike, equal and same and alike)
        ranked.append(Ranked(offer.key, place, points[offer.key], totals[offer.key], *decided))
    return ranked


def _points(offer: Offer, weights: Sequence[Weight], scores: Scores, lowest: int) -> dict[int, Fraction]:
    points = {}
    for weight in weights:
        if weight.basis is Basis.PRICE:
            points[weight.key] = price_points(weight.points, offer.price_fen, lowest)
        elif judged(weight, offer):
            given = scores[offer.key, weight.key]
            points[weight.key] = Fraction(sum(given), 100 * len(given))
        else:
            points[weight.key] = satisfaction_points(weight.points, offer.satisfaction or 0)
    return points


def lots_of(offers: Sequence[Offer]) -> dict[int, str]:
    """The lot of each bid; of equals the smaller one comes first.

    Drawn of all codes and prices together, so nobody can know it before the bids are opened, and everyone can draw it
    again: SHA-256 of the sorted "code:fen" of all bids, then of a blank and the bid's own code. [I]
    """
    seed = " ".join(sorted(f"{offer.code}:{offer.price_fen}" for offer in offers))
    return {offer.key: hashlib.sha256(f"{seed} {offer.code}".encode()).hexdigest() for offer in offers}


def shown(points: Fraction) -> str:
    """Points to the hundredth, half to even.

    >>> shown(Fraction(25, 3)), shown(Fraction(1, 200)), shown(Fraction(30))
    ('8.33', '0.00', '30.00')
    """
    hundredths = round(points * 100)
    return f"{hundredths // 100}.{hundredths % 100:02}"


def score_refusals(given: int | None, points: int, beside: str) -> Iterator[Refusal]:
    """Why a judge cannot give so many hundredths of a point of `points`."""
    if given is None or not 0 <= given <= 100 * points:
        yield Refusal(N_("Please give from 0 to %(points)s points, such as 7 or 7.25."), beside, {"points": points})


def panel_refusals(judges: int, fewest: int) -> Iterator[Refusal]:
    """Why so many judges cannot score: at least `fewest`, and an odd number. Source: B22."""
    if judges < fewest or judges % 2 == 0:
        yield Refusal(
            N_("There are %(judges)s judges; it takes an odd number, at least %(fewest)s."),
            "",
            {"judges": judges, "fewest": fewest},
        )
