"""Who reads every figure every day learns nothing of one person; from live figures she would learn most of them."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.insights.actions import refresh_summary
from portal.insights.models import ProviderStanding, Summary
from portal.providers.models import RatingBatch, RatingRelease
from portal.providers.parts import BY, lines_of
from portal.providers.queries import standing_of, year_counts
from portal.providers.standings import five
from portal.ratings.models import Rating
from portal.ratings.releasing import release_ratings
from portal.rules.numbers import Numbers
from portal.store import action, db
from tests import builders
from tests.ratings.released import LiveSite, Site, a_year, recovered, singled_out, watched

NUMBERS = Numbers()


@pytest.mark.parametrize(("seed", "a_day"), [(1, 0.6), (2, 2.5)])
def test_no_difference_of_figures_is_of_few_people(seed: int, a_day: float) -> None:  # trust 4.2, 4.4
    seen, known = watched(Site(), a_year(seed, a_day))
    assert len(set().union(*seen[-1].values())) > 0.6 * len(known), "most are published at all"
    assert recovered(seen, known) == set()


@pytest.mark.parametrize("least", [5, 10])
def test_the_same_attacker_reads_live_figures(least: int) -> None:  # trust 4.2
    seen, known = watched(LiveSite(least), a_year(1, 0.6))
    assert len(recovered(seen, known)) > len(known) / 2


def test_no_sum_of_figures_is_one_person() -> None:
    year = list(a_year(3, 0.8, days=150))
    seen, known = watched(Site(), year)
    assert seen[-1]
    assert singled_out(seen) == set()
    live, _ = watched(LiveSite(10), year)
    assert len(singled_out(live)) > len(known) / 2


@action
def given(provider: Any, region: Any, number: int, grade: int, category: str, day: date) -> None:
    """A settled rating."""
    db.session.add(
        Rating(
            key=f"{Random(number).getrandbits(256):064x}",
            provider_id=provider.id,
            region_id=region.id,
            category=category,
            grade=grade,
            reasons=[],
            rated_on=day,
            rater=f"{number % 40:016}",
            settled=True,
        )
    )


def test_every_figure_of_every_page_is_a_sum_of_batches_of_ten(app: Any) -> None:  # trust 4.2, 4.4, B34
    """The figures themselves, as pages, summaries and files have them, on the days of half a year."""
    tree = builders.a_region_tree()
    provider, chance = builders.a_provider(tree.county), Random(5)
    figures: set[tuple[int, ...]] = set()
    number = 0
    for week in range(26):
        day = date(2026, 3, 2) + timedelta(days=7 * week)
        with builders.at(day):
            for _ in range(chance.randint(2, 9)):
                number += 1
                place = chance.choice([*tree.villages, tree.township])
                given(provider, place, number, chance.randint(1, 5), chance.choice(("0401", "0402")), day)
            release_ratings()
            refresh_summary()
            figures |= _read(provider)
    batches = [(batch.raters, five(batch)) for batch in db.session.scalars(select(RatingBatch))]
    assert batches
    assert min(raters for raters, _ in batches) >= 10
    assert len(batches) < 16
    sums = {(0,) * 5}
    for _, counts in batches:
        sums |= {tuple(a + b for a, b in zip(one, counts, strict=True)) for one in sums}
    assert figures <= sums
    assert len(figures) > 10


def _read(provider: Any) -> set[tuple[int, ...]]:
    """The counts behind everything that is shown today."""
    db.session.expire_all()
    found: set[tuple[int, ...]] = {five(row) for row in db.session.scalars(select(RatingRelease))}
    for by in BY.values():
        found |= {five(row) for row in db.session.execute(by(provider.id))}
    found |= set(year_counts([provider.id], date(2027, 1, 1)).values())
    for row in db.session.scalars(select(Summary)):
        found |= {tuple(row.grades), tuple(row.recent), tuple(row.before), *(tuple(one) for one in row.months.values())}
    standing = standing_of(provider, NUMBERS)
    assert standing.ratings in {sum(counts) for counts in found} | {0}
    kept = set(db.session.scalars(select(ProviderStanding.ratings)))
    assert kept <= {sum(counts) for counts in found}
    assert len(lines_of(provider, NUMBERS)) == db.session.scalar(select(func.count()).select_from(RatingBatch))
    return found
