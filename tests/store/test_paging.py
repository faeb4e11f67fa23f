"""Every row is on exactly one page, also while rows come in between."""

import pytest
from flask import Flask
from sqlalchemy import select

from portal.needs.models import Need
from portal.needs.queries import published_needs
from portal.store.paging import page_of
from tests import builders


@pytest.mark.parametrize("sort", ["newest", "support"])
def test_pages_have_no_gap_and_no_double(app: Flask, sort: str) -> None:  # A19
    village = builders.a_region_tree().villages[0]
    builders.with_numbers(village, most_open_needs=50)
    author = builders.a_resident(village)
    neighbours = [builders.a_resident(village) for _ in range(2)]
    made = [builders.a_need(village, author=author) for _ in range(23)]
    for number, need in enumerate(made):
        builders.supported(need, *neighbours[: number % 3])
    seen, after = [], ""
    while True:
        page = published_needs(village, sort=sort, after=after, size=5)
        seen += [row.id for row in page.rows]
        after = page.after
        if not after:
            break
        if len(seen) == 10:
            builders.a_need(village, author=author)  # comes in while someone reads
    assert len(seen) == len(set(seen))
    assert set(seen) >= {need.id for need in made}


def test_the_order_is_newest_or_most_supported_first(app: Flask) -> None:
    village = builders.a_region_tree().villages[0]
    first, second = builders.a_need(village), builders.a_need(village)
    builders.supported(first, builders.a_resident(village))
    assert [row.id for row in published_needs(village).rows] == [second.id, first.id]
    assert [row.id for row in published_needs(village, sort="support").rows] == [first.id, second.id]


@pytest.mark.parametrize("mark", ["", "x", "1-2", "-", "-1", "１２", "9" * 30, "1'; DROP TABLE need"])
def test_a_mark_that_cannot_be_read_counts_as_none(app: Flask, mark: str) -> None:
    village = builders.a_region_tree().villages[0]
    need = builders.a_need(village)
    page = page_of(select(Need.id), [Need.id], mark)
    assert [row.id for row in page.rows] == [need.id]
    assert page.after == ""
