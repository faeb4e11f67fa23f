"""What a provider's own people read: the published figures of everyone, and what follows from them."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import func, select

from portal.comments.models import ReasonBatch
from portal.providers.models import Provider, RatingRelease
from portal.providers.standings import YEAR, Standing, five, score_of, standing_of, usual_mixes
from portal.rules.numbers import Numbers
from portal.rules.publishing import Cell
from portal.rules.raising import best_grades_to, next_mark
from portal.rules.ratings import BAD_REASONS, GOOD_REASONS
from portal.rules.scoring import DEFAULT_MIX, Counts, Mix, Score
from portal.store import db
from portal.store.clock import today


@dataclass(frozen=True)
class Year:
    """What was published in the year to a day, all releases together."""

    counts: Counts
    group: str
    """The group of services of most of them: with its providers one is compared."""
    mix: Mix
    score: Score


def year_of(provider_id: int, numbers: Numbers, until: date) -> Year | None:
    """The sums of a provider's releases in the year to `until`; None while too few are published."""
    releases = db.session.scalars(
        select(RatingRelease).where(
            RatingRelease.provider_id == provider_id,
            RatingRelease.released_on > until - YEAR,
            RatingRelease.released_on <= until,
        )
    ).all()
    found = [five(one) for one in releases]
    one, two, three, four, best = (sum(column) for column in zip((0,) * 5, *found, strict=True))
    counts = (one, two, three, four, best)
    if sum(counts) < numbers.ratings_to_publish:
        return None
    sizes: dict[str, int] = {}
    for release, grades in zip(releases, found, strict=True):
        sizes[release.group_code] = sizes.get(release.group_code, 0) + sum(grades)
    group, mixes = max(sizes, key=lambda code: (sizes[code], code)), usual_mixes()
    return Year(counts, group, mixes.get(group, DEFAULT_MIX), score_of(counts, group, numbers, mixes))


@dataclass(frozen=True)
class Compared:
    """A shown cell of the grades beside what is usual in the group of services."""

    cell: Cell
    usual: float


@dataclass(frozen=True)
class Own:
    """What a provider reads about itself; nothing that is not published."""

    standing: Standing
    compared: tuple[Compared, ...] = ()
    group: str = ""
    mark: int | None = None
    """The next mark of the lower bound; None above the last."""
    further: int | None = None
    """How many further best grades would lift it there, in steps of five; None where that is too far."""
    good: tuple[tuple[str, int], ...] = ()
    bad: tuple[tuple[str, int], ...] = ()
    """Reasons that enough people ticked, most named first."""


def own_of(provider: Provider, numbers: Numbers) -> Own:
    """The published figures of a provider, and what would raise its score."""
    standing, year = standing_of(provider, numbers), year_of(provider.id, numbers, today())
    reasons = reasons_of(provider.id)
    told = Own(
        standing,
        good=tuple(one for one in reasons if one[0] in GOOD_REASONS),
        bad=tuple(one for one in reasons if one[0] in BAD_REASONS),
    )
    if year is None:
        return told
    mark = next_mark(year.score.low, numbers.star_cuts)
    exact = best_grades_to(mark, year.counts, year.mix, weight=numbers.prior_weight) if mark else None
    compared = tuple(Compared(cell, sum(year.mix[cell.lowest - 1 : cell.highest])) for cell in standing.cells)
    return replace(
        told, compared=compared, group=year.group, mark=mark, further=None if exact is None else -(-exact // 5) * 5
    )


def reasons_of(provider_id: int) -> list[tuple[str, int]]:
    """How often each reason was ticked in what was published in the last year, most often first."""
    ticked = func.sum(ReasonBatch.ratings)
    rows = db.session.execute(
        select(ReasonBatch.reason, ticked)
        .where(ReasonBatch.provider_id == provider_id, ReasonBatch.published_on > today() - timedelta(days=365))
        .group_by(ReasonBatch.reason)
        .order_by(ticked.desc(), ReasonBatch.reason)
    )
    return [(reason, int(count)) for reason, count in rows]
