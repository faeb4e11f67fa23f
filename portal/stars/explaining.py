"""Why a provider has so many stars, in words with the numbers. Source: A68 (a published formula)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.providers.models import StarLevel
from portal.rules import N_
from portal.rules.evaluation import Party
from portal.rules.evaluation_results import outcome
from portal.rules.stars import ONE_SIDED, Seen, StarRules, Why, above
from portal.stars.awarding import seen_of
from portal.web.words import gettext

PARTIES = {
    Party.RECIPIENTS: N_("Those who were served"),
    Party.THIRD: N_("Third party"),
    Party.PURCHASER: N_("Purchaser"),
}
WHY = {
    Why.FIRST: N_("First stars: what the points give"),
    Why.KEPT: N_("As before: the points did not move far enough"),
    Why.UP: N_("One star more"),
    Why.DOWN: N_("One star less"),
    Why.LIMITED: N_("Kept lower by what those who were served say"),
    Why.TOO_FEW: N_("Not rated: too few ratings"),
    Why.UNSURE: N_("Not rated: too few of those who were asked answered"),
    Why.WITHHELD: N_("Not rated: a proven breach or an exit"),
}


@dataclass(frozen=True)
class Part:
    """What a party adds to the points: its score, what it weighs in the end, and their product, in hundredths."""

    name: str
    score: int | None
    weight: int | None
    product: int | None


@dataclass(frozen=True)
class Explained:
    """The parts of the points, and sentences that say what they led to."""

    since: date
    until: date
    parts: list[Part]
    sentences: list[str]


def explained(level: StarLevel) -> Explained:
    """What an award's own working says."""
    working = level.working
    rules = StarRules(**{**working["rules"], "cuts": tuple(working["rules"]["cuts"])})
    seen = seen_of(working) if "recipients" in working else None
    since, until = (date.fromisoformat(working[name]) for name in ("since", "until"))
    return Explained(since, until, _parts(working) if seen else [], list(_sentences(working, rules, seen, level.stars)))


def _parts(working: dict[str, Any]) -> list[Part]:
    scores = {party: working[party.value] for party in Party}
    known = {party: (score, 0) if score is not None else None for party, score in scores.items()}
    found = outcome(known, dict(zip(Party, working["weights"], strict=True)))
    return [
        Part(
            PARTIES[party],
            scores[party],
            round(found.used[party] * 10_000) if party in found.used else None,
            round(found.products[party]) if party in found.products else None,
        )
        for party in Party
    ]


def _sentences(working: dict[str, Any], rules: StarRules, seen: Seen | None, stars: int) -> Iterator[str]:
    why = Why(working["why"])
    if seen is None or why is Why.TOO_FEW:
        yield gettext(N_("It takes %(least)s ratings in a year for stars."), least=rules.least)
        return
    missing = [party for party in (Party.THIRD, Party.PURCHASER) if working[party.value] is None]
    if len(missing) == 2:
        yield gettext(N_("There was no evaluation in this year, so those who were served count alone."))
    elif missing:
        yield gettext(N_("A party gave no points in this year; its weight goes to the others."))
    yield gettext(N_("Points: %(points)s of 100, uncertain by %(sd)s."), points=tenths(seen.score), sd=tenths(seen.sd))
    if why is Why.WITHHELD:
        yield gettext(N_("A proven breach or an exit takes the stars away for a time; the credit record says more."))
    elif why is Why.UNSURE:
        yield gettext(
            N_("About %(ratings)s of about %(invited)s answered. It takes %(percent)s %%, or a narrower figure."),
            invited=about(seen.invited or 0),
            ratings=about(seen.ratings),
            percent=rules.response_percent,
        )
    elif not working["before"]:
        yield gettext(
            N_("These are the first stars after a time without: by the points alone %(plain)s."), plain=working["plain"]
        )
        yield from _limit(working, why)
    else:
        yield gettext(
            N_("Stars before: %(before)s. By the points alone it would be %(plain)s."),
            before=working["before"],
            plain=working["plain"],
        )
        yield from _limit(working, why)
        if stars == working["before"]:
            yield from _not_up(seen, stars, rules)
            yield from _not_down(seen, stars, rules)
        elif abs(stars - working["before"]) == 1:
            yield gettext(N_("Stars move one step a quarter."))


def _limit(working: dict[str, Any], why: Why) -> Iterator[str]:
    if why is Why.LIMITED:
        yield gettext(
            N_("Those who were served give %(points)s points; stars are at most one above what that gives: %(limit)s."),
            points=tenths(working["recipients"]),
            limit=working["limit"],
        )


def _not_up(seen: Seen, stars: int, rules: StarRules) -> Iterator[str]:
    """Why it did not go up: each of the two conditions with its numbers."""
    if stars > len(rules.cuts):
        return
    cut = rules.cuts[stars - 1]
    sure = {"cut": cut, "low": tenths(max(0, above(seen) // 10_000)), "needed": cut + rules.up_margin}
    points = tenths(seen.score)
    if seen.score < 100 * (cut + rules.up_margin):
        yield gettext(N_("One star more takes %(needed)s points; it has %(points)s."), points=points, **sure)
    if above(seen) < cut * 1_000_000:
        yield gettext(
            N_("One star more takes nine chances in ten to be above %(cut)s; they are there for %(low)s."),
            **sure,
        )


def _not_down(seen: Seen, stars: int, rules: StarRules) -> Iterator[str]:
    """Why it did not go down although the points are below the line."""
    if stars < 2 or seen.score >= 100 * rules.cuts[stars - 2]:
        return
    yield gettext(
        N_("The points are below %(cut)s, but chance may have done that: up to %(high)s is likely enough."),
        cut=rules.cuts[stars - 2],
        high=tenths((seen.score * 10_000 + ONE_SIDED * seen.sd) // 10_000),
    )
    yield gettext(
        N_("Below %(lowest)s points a star is lost in any case."), lowest=rules.cuts[stars - 2] - rules.down_margin
    )


def tenths(value: int) -> str:
    """Hundredths of a point as everyone reads them: to the tenth below, so that none seems to reach a line it misses.

    >>> tenths(7996)
    '79.9'
    """
    return f"{value // 100}.{value % 100 // 10}"


def about(people: int) -> int:
    """A number of people as everyone reads it, in steps of five. Source: trust 4.3."""
    return people - people % 5
