"""How a project is put together."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.rules.bundles import (
    MOST_PARTNERS,
    Bundle,
    Partner,
    PartnerKind,
    SmallProject,
    could_go_together,
    quarter_of,
    refusals,
)

LEVELS = {"0401": "county/township", "0402": "county/township", "1101": "province/city"}


def said(bundle: Bundle, category: str = "0401") -> list[str]:
    found = refusals(bundle, category, implementing=LEVELS, places=[1, 2], resources=[7])
    return [refusal.beside for refusal in found]


@pytest.mark.parametrize("kind", list(PartnerKind))
def test_each_of_the_five_kinds_can_take_part(kind: PartnerKind) -> None:  # A9
    assert said(Bundle(partners=(Partner(kind, "某某中心"),))) == []
    assert said(Bundle(partners=(Partner(kind, "人" * 101),))) == [f"partner_{kind.value}"]
    assert said(Bundle(partners=(Partner(kind, "王芳 13812345678"),))) == [f"partner_{kind.value}"]


def test_the_five_parties_are_the_five_of_the_document() -> None:  # A9
    assert [kind.value for kind in PartnerKind] == [
        "community",
        "social_organisation",
        "social_worker",
        "volunteer",
        "charity",
    ]


@pytest.mark.parametrize(
    ("bundle", "beside"),
    [
        (Bundle(), []),
        (Bundle(items=("0402",)), []),
        (Bundle(items=("0999",)), ["items"]),
        (Bundle(items=("1101",)), ["level_reason"]),
        (Bundle(places=(1, 2)), []),
        (Bundle(places=(3,)), ["places"]),
        (Bundle(unknown_places=("天上", "地下")), ["more_places", "more_places"]),
        (Bundle(resources=(7,)), []),
        (Bundle(resources=(8,)), ["resources"]),
        (Bundle(level="province"), ["level_reason"]),
        (Bundle(level="county"), []),
        (Bundle(partners=(Partner(PartnerKind.CHARITY, "会"),) * (MOST_PARTNERS + 1)), [""]),
    ],
)
def test_what_does_not_fit_is_refused_beside_its_field(bundle: Bundle, beside: list[str]) -> None:  # A32-A36, A39
    assert said(bundle) == beside


@pytest.mark.parametrize(
    ("day", "quarter"),
    [
        (date(2026, 1, 1), "2026-1"),
        (date(2026, 3, 31), "2026-1"),
        (date(2026, 4, 1), "2026-2"),
        (date(2026, 12, 31), "2026-4"),
    ],
)
def test_quarters_begin_in_january(day: date, quarter: str) -> None:
    assert quarter_of(day) == quarter


days = st.sampled_from([date(2026, 3, 31), date(2026, 4, 1), date(2026, 6, 30)])
small = st.builds(
    SmallProject, st.integers(1, 10**6), st.integers(1, 200), days, st.frozensets(st.integers(1, 3), min_size=1)
)


@given(st.lists(small, unique_by=lambda one: one.number))
def test_small_projects_are_named_together_exactly_where_place_and_quarter_meet(
    projects: list[SmallProject],
) -> None:  # A36
    found = could_go_together(projects, 100)
    met = Counter(
        (place, quarter_of(one.drafted_on)) for one in projects if one.budget_fen < 100 for place in one.places
    )
    assert {where: len(numbers) for where, numbers in found.items()} == {w: n for w, n in met.items() if n > 1}
