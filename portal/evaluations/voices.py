"""What the recipients say of a service: their published ratings, as a sum of whole batches. Source: F3, F6."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select

from portal.evaluations.models import EvaluationPlan
from portal.policies.queries import rules_for
from portal.providers.models import RatingBatch
from portal.regions.models import Region
from portal.rules import publishing, scoring
from portal.rules.numbers import Numbers
from portal.rules.scoring import Counts, Score
from portal.rules.stars import year_before
from portal.store import db


@dataclass(frozen=True)
class Voices:
    """What the recipients' published ratings say; `score` is None while there are too few."""

    score: Score | None
    told: dict[str, Any]
    """What everybody reads of them, in plain values: whole percents, and no count but in steps of five."""

    @property
    def hundredths(self) -> tuple[int, int] | None:
        """Score and deviation."""
        return (round(self.score.mean * 100), round(self.score.sd * 100)) if self.score else None


def recipients_of(plan: EvaluationPlan) -> Voices:
    """The ratings of a contract that were published on the days that count, as a sum of whole batches.

    Rules and the usual grades are those of the last of these days, whenever it is asked.
    """
    numbers = rules_for(db.session.get_one(Region, plan.region_id), plan.until_on)
    rows = _batches(plan)
    one, two, three, four, five = (sum(int(row[place]) for row in rows) for place in range(2, 7))
    counts: Counts = (one, two, three, four, five)
    raters = sum(int(row.raters) for row in rows)
    score = None
    if raters >= numbers.evaluation_fewest_ratings:
        group = max(rows, key=lambda row: row.raters).group
        mix = scoring.mix_of(usual_grades(plan.until_on).get(group, (0, 0, 0, 0, 0)))
        score = scoring.provider_score(counts, mix, weight=numbers.prior_weight)
    return Voices(score, _told(counts, raters, numbers))


def _told(counts: Counts, raters: int, numbers: Numbers) -> dict[str, Any]:
    """What `rules.publishing` lets everyone know of grades. Source: F9, trust 4.1-4.5."""
    least, smallest = numbers.grades_to_publish, numbers.cell_to_publish
    enough = publishing.publishable(counts, least=numbers.ratings_to_publish)
    share = publishing.share_of(counts, 4, smallest) if enough else None
    return {
        "raters": publishing.roughly(raters),
        "satisfied": {"low": round(100 * share.low), "high": round(100 * share.high)} if share else None,
        "cells": [
            {"lowest": cell.lowest, "highest": cell.highest, "percent": round(100 * cell.share)}
            for cell in publishing.cells(counts, least=least, smallest=smallest)
        ],
    }


def _batches(plan: EvaluationPlan) -> Sequence[Row[Any]]:
    counted: Any = (
        select(_GROUP.label("group"), func.sum(RatingBatch.raters).label("raters"), *_GRADES)
        .where(
            RatingBatch.contract_id == plan.contract_id,
            RatingBatch.released_on >= plan.from_on,
            RatingBatch.released_on <= plan.until_on,
        )
        .group_by(_GROUP)
    )
    return db.session.execute(counted).all()


def usual_grades(until: date) -> dict[str, Counts]:
    """The grades that all providers of each group of services got in the year that ends with `until`: π of F3."""
    days = RatingBatch.released_on.between(year_before(until), until)
    rows = db.session.execute(select(_GROUP, *_GRADES).where(days, RatingBatch.category != "").group_by(_GROUP))
    return {code: (int(one), int(two), int(three), int(four), int(five)) for code, one, two, three, four, five in rows}


_GROUP = func.substr(RatingBatch.category, 1, 2)
_GRADES = [func.sum(getattr(RatingBatch, f"n{grade}")) for grade in range(1, 6)]
