"""What is published of providers: sums of whole releases and batches, for everyone the same."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, select

from portal.providers.models import Provider, RatingBatch, RatingMix, RatingRelease
from portal.rules import publishing, scoring, weighing
from portal.rules.numbers import Numbers
from portal.rules.publishing import Cell, Response, Share
from portal.rules.scoring import Counts, Score, Trend
from portal.store import db
from portal.store.clock import today

YEAR = timedelta(days=365)
QUARTER = timedelta(days=90)


@dataclass(frozen=True)
class Standing:
    """What is published of a provider's ratings of the last twelve months: nothing while there are too few."""

    ratings: int
    """How many there are; 0 while there are too few. Pages say it in steps of five (`about`)."""
    score: Score | None = None
    satisfied: Share | None = None
    basically: Share | None = None
    """"Basically satisfied and above"; None where the difference to `satisfied` would be a few people."""
    response: Response | None = None
    cells: tuple[Cell, ...] = ()
    """Only with all details, as the rest."""
    trend: Trend | None = None
    lifetime: Score | None = None
    """Of all ratings of three years, the older the less; only where these are many. Source: ratings F4."""
    held: int = 0
    left_out: int = 0
    released_on: date | None = None

    @property
    def about(self) -> int:
        return publishing.roughly(self.ratings)

    @property
    def lower(self) -> float:
        """By which lists are ordered. Source: ratings F9."""
        return self.score.low if self.score else 0.0


NOTHING = Standing(0)


class Sum(NamedTuple):
    """What one or several releases of a provider have together."""

    group: str
    counts: Counts
    invited: int = 0
    released_on: date | None = None
    held: int = 0
    left_out: int = 0


def standing_of(provider: Provider, numbers: Numbers) -> Standing:
    """What is published of one provider, with all details."""
    since = today() - timedelta(days=weighing.OLDEST)
    releases = [
        Sum(one.group_code, five(one), one.invited, one.released_on, one.held, one.left_out)
        for one in db.session.scalars(_since(select(RatingRelease), [provider.id], since))
    ]
    newest = max(releases, key=lambda one: one.released_on or date.min, default=None)
    if newest is None:
        return NOTHING
    first = today() - YEAR
    year = [one for one in releases if one.released_on and one.released_on > first]
    seen: dict[str, Any] = {
        "held": newest.held,
        "left_out": sum(one.left_out for one in year),
        "released_on": newest.released_on,
    }
    if not publishing.publishable(_added(year), least=numbers.ratings_to_publish):
        return Standing(0, **seen)
    mixes = usual_mixes()
    counts = _added(year)
    return Standing(
        **_figures(year, mixes, numbers),
        **seen,
        cells=publishing.cells(counts, least=numbers.grades_to_publish, smallest=numbers.cell_to_publish),
        trend=trend_of(releases, numbers),
        lifetime=_lifetime(releases, mixes, numbers),
    )


def standings_of(provider_ids: Sequence[int], numbers: Numbers) -> dict[int, Standing]:
    """Score, shares and response of each of these providers, in two statements however many they are."""
    if not provider_ids:
        return {}
    summed = _since(_sums(RatingRelease.provider_id, RatingRelease.group_code), provider_ids, today() - YEAR)
    found: dict[int, list[Sum]] = defaultdict(list)
    for row in db.session.execute(summed.group_by(RatingRelease.provider_id, RatingRelease.group_code)):
        found[row.provider_id].append(Sum(row.group_code, five(row), int(row.invited)))
    mixes = usual_mixes() if found else {}
    return {
        provider_id: Standing(**_figures(sums, mixes, numbers))
        for provider_id, sums in found.items()
        if publishing.publishable(_added(sums), least=numbers.ratings_to_publish)
    }


def year_counts(provider_ids: Sequence[int], until: date) -> dict[int, Counts]:
    """How many gave each grade to these providers in the year to `until`, of what was published."""
    if not provider_ids:
        return {}
    summed = _since(_sums(RatingRelease.provider_id), provider_ids, until - YEAR)
    rows = db.session.execute(summed.where(RatingRelease.released_on <= until).group_by(RatingRelease.provider_id))
    return {row.provider_id: five(row) for row in rows}


def contract_counts(contract_id: int, since: date | None = None, until: date | None = None) -> Counts:
    """How many gave each grade for services on a contract, of what was published of this contract alone.

    Ratings of a contract too small for a batch of its own stand in batches of several contracts, and not here.
    """
    summed = select(*(func.sum(getattr(RatingBatch, name)).label(name) for name in GRADES))
    summed = summed.where(RatingBatch.contract_id == contract_id)
    if since is not None:
        summed = summed.where(RatingBatch.released_on >= since)
    if until is not None:
        summed = summed.where(RatingBatch.released_on <= until)
    return five(db.session.execute(summed).one())


def score_of(counts: Counts, group: str, numbers: Numbers, mixes: dict[str, scoring.Mix]) -> Score:
    """The score of counts of a group of services. Source: ratings F3."""
    return scoring.provider_score(counts, mixes.get(group, scoring.DEFAULT_MIX), weight=numbers.prior_weight)


def told_score_of(counts: Counts, group: str, numbers: Numbers, mixes: dict[str, scoring.Mix]) -> Score:
    """The same as everyone reads it. Source: F9."""
    return publishing.told_score(score_of(counts, group, numbers, mixes), sum(counts), numbers.grades_to_publish)


def trend_of(releases: Iterable[Sum], numbers: Numbers) -> Trend:
    """What was published in the last 90 days against the 90 days before. Source: ratings F8."""
    recent, middle = today() - QUARTER, today() - 2 * QUARTER
    found = [one for one in releases if one.released_on and one.released_on > middle]
    before = [one for one in found if one.released_on and one.released_on <= recent]
    then, now = _added(before), _added(one for one in found if one not in before)
    return publishing.told_trend(scoring.trend(then, now), min(sum(then), sum(now)), numbers.grades_to_publish)


GRADES = ("n1", "n2", "n3", "n4", "n5")


def _sums(*keys: Any) -> Any:
    columns = ("invited", *GRADES)
    return select(*keys, *(func.sum(getattr(RatingRelease, name)).label(name) for name in columns))


def _since(query: Any, provider_ids: Sequence[int], since: date) -> Any:
    until = RatingRelease.released_on <= today()
    return query.where(RatingRelease.provider_id.in_(provider_ids), RatingRelease.released_on > since, until)


def _figures(sums: Sequence[Sum], mixes: dict[str, scoring.Mix], numbers: Numbers) -> dict[str, Any]:
    counts = _added(sums)
    satisfied, basically = publishing.shares_of(counts, numbers.cell_to_publish)
    return {
        "ratings": sum(counts),
        "score": told_score_of(counts, _main(sums), numbers, mixes),
        "satisfied": satisfied,
        "basically": basically,
        "response": publishing.response_of(sum(one.invited for one in sums), sum(counts), satisfied),
    }


def _main(sums: Iterable[Sum]) -> str:
    """The group of services with most of the ratings: with its providers one is compared."""
    weights: dict[str, int] = defaultdict(int)
    for one in sums:
        weights[one.group] += sum(one.counts)
    return max(weights, key=lambda group: (weights[group], group))


def _lifetime(releases: Sequence[Sum], mixes: dict[str, scoring.Mix], numbers: Numbers) -> Score | None:
    """None of few ratings: the same ones weigh less every day, and each day would tell more of them."""
    if not publishing.publishable(_added(releases), least=numbers.grades_to_publish):
        return None
    ages = [((today() - one.released_on).days, one.counts) for one in releases if one.released_on]
    weighed = weighing.aged(ages)
    if weighed is None:
        return None
    mix = mixes.get(_main(releases), scoring.DEFAULT_MIX)
    return scoring.provider_score(weighed.counts, mix, weight=numbers.prior_weight)


def usual_mixes() -> dict[str, scoring.Mix]:
    """The usual grades of each group of services in the last year. Source: ratings F3 (π)."""
    counted: dict[str, list[int]] = defaultdict(lambda: [0] * 5)
    for code, grade, ratings in db.session.execute(select(RatingMix.group_code, RatingMix.grade, RatingMix.ratings)):
        counted[code][grade - 1] = ratings
    return {code: scoring.mix_of(counts) for code, counts in counted.items()}


def five(row: Any) -> Counts:
    """The counts of grades of a release, a batch or a sum of them."""
    one, two, three, four, five = (int(getattr(row, name) or 0) for name in GRADES)
    return (one, two, three, four, five)


def _added(sums: Iterable[Sum]) -> Counts:
    one, two, three, four, five = (
        sum(column) for column in zip((0,) * 5, *(found.counts for found in sums), strict=True)
    )
    return (one, two, three, four, five)
