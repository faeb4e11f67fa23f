"""What a year says of providers: what recipients, third parties and purchasers said until a day. Source: F3, F6."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import func, select

from portal.evaluations.models import EvaluationResult
from portal.evaluations.voices import usual_grades
from portal.providers.models import RatingBatch, RatingRelease
from portal.rules.evaluation import Party
from portal.rules.scoring import Counts, Mix, mix_of
from portal.rules.stars import year_before
from portal.store import db

NONE: Counts = (0, 0, 0, 0, 0)


@dataclass
class Year:
    """What was published of a provider in a year; `scores` are hundredths of a point of 100."""

    counts: Counts = NONE
    mix: Mix = field(default_factory=lambda: mix_of(NONE))
    invited: int = 0
    group: str = ""
    scores: dict[Party, int] = field(default_factory=dict)
    """The mean of the evaluations of each party but the recipients."""
    results: list[int] = field(default_factory=list)
    """Which evaluations these are."""


def years_of(provider_ids: Sequence[int], until: date) -> dict[int, Year]:
    """The year that ends with `until` of each provider, in four statements however many they are."""
    found: dict[int, Year] = {number: Year() for number in provider_ids}
    for number, groups in _counted(provider_ids, until).items():
        found[number].counts = _sum(groups.values())
        found[number].group = max(sorted(groups), key=lambda code: (bool(code), sum(groups[code])))
    mixes = usual_grades(until)
    for year in found.values():
        year.mix = mix_of(mixes.get(year.group, NONE))
    for number, invited in _invited(provider_ids, until):
        found[number].invited = int(invited)
    _evaluated(found, until)
    return found


_GRADES = [func.sum(getattr(RatingBatch, f"n{grade}")) for grade in range(1, 6)]
_GROUP = func.substr(RatingBatch.category, 1, 2)


def _counted(provider_ids: Sequence[int], until: date) -> dict[int, dict[str, Counts]]:
    rows = db.session.execute(
        select(RatingBatch.provider_id, _GROUP, *_GRADES)
        .where(RatingBatch.provider_id.in_(provider_ids), RatingBatch.released_on.between(year_before(until), until))
        .group_by(RatingBatch.provider_id, _GROUP)
    )
    counted: dict[int, dict[str, Counts]] = {}
    for number, code, *counts in rows:
        counted.setdefault(number, {})[code] = _five(counts)
    return counted


def _invited(provider_ids: Sequence[int], until: date) -> Iterable[Any]:
    return db.session.execute(
        select(RatingRelease.provider_id, func.sum(RatingRelease.invited))
        .where(
            RatingRelease.provider_id.in_(provider_ids), RatingRelease.released_on.between(year_before(until), until)
        )
        .group_by(RatingRelease.provider_id)
    )


def _evaluated(found: dict[int, Year], until: date) -> None:
    """The mean of what third parties and purchasers gave in the evaluations decided in that year."""
    rows = db.session.scalars(
        select(EvaluationResult)
        .where(
            EvaluationResult.provider_id.in_(list(found)),
            EvaluationResult.decided_on.between(year_before(until), until),
        )
        .order_by(EvaluationResult.id)
    )
    given: dict[tuple[int, Party], list[int]] = {}
    for one in rows:
        found[one.provider_id].results.append(one.id)
        for party, score in ((Party.THIRD, one.third), (Party.PURCHASER, one.purchaser)):
            if score is not None:
                given.setdefault((one.provider_id, party), []).append(score)
    for (number, party), scores in given.items():
        found[number].scores[party] = round(Fraction(sum(scores), len(scores)))


def _five(counts: Iterable[Any]) -> Counts:
    one, two, three, four, five = map(int, counts)
    return (one, two, three, four, five)


def _sum(counts: Iterable[Counts]) -> Counts:
    return _five(map(sum, zip(*counts, strict=True)))
