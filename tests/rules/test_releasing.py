"""Every rating goes into exactly one batch, no batch is of few people, and what a batch says of itself is true."""

import doctest
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.rules import releasing
from portal.rules.numbers import Numbers
from portal.rules.releasing import Label, Waiting, is_due, label_of, people, pools

TODAY = date(2026, 11, 22)
PLACES = ("1.2.3.4.", "1.2.3.5.", "1.2.6.7.", "1.2.6.", "1.2.3.", "1.20.21.")


@st.composite
def a_heap(draw: Any) -> list[Waiting]:
    heap = draw(
        st.lists(
            st.tuples(
                st.sampled_from([None, 1, 2]),
                st.sampled_from(PLACES),
                st.sampled_from(["0401", "0402", "0901"]),
                st.sampled_from(["", "", "", *(f"rater {number}" for number in range(12))]),
                st.integers(1, 5),
                st.booleans(),
                st.booleans(),
                st.sampled_from(["", "i", "j"]),
            ),
            max_size=120,
        )
    )
    return [Waiting(str(number), *one) for number, one in enumerate(heap)]


def waiting(count: int, path: str = "1.2.3.4.", category: str = "0401", contract: int | None = None) -> list[Waiting]:
    people = [f"{path}{category}{contract}{n}" for n in range(count)]
    return [Waiting(one, contract, path, category, one, 4) for one in people]


def test_the_examples_in_the_rules_are_true() -> None:
    from portal.rules import publishing

    assert doctest.testmod(releasing).failed == doctest.testmod(publishing).failed == 0


@settings(max_examples=300)
@given(a_heap(), st.integers(2, 12))
def test_everyone_is_in_one_batch_and_no_batch_is_of_few(heap: list[Waiting], least: int) -> None:  # trust 4.2
    made = pools(heap, least)
    if people(heap) < least:
        assert made == []
        return
    assert sorted(member.key for pool in made for member in pool.members) == sorted(one.key for one in heap)
    for pool in made:
        assert pool.raters >= least
        known = {member.rater for member in pool.members if member.rater}
        unknown = [member for member in pool.members if not member.rater]
        assert sum(pool.counts) == len(known) + len(unknown)
        assert pool.raters <= sum(pool.counts)
        assert pool.label == label_of(pool.members)
        for member in pool.members:
            assert member.path.startswith(pool.label.path)
            assert member.category.startswith(pool.label.category)
            assert pool.label.contract_id in (None, member.contract_id)


def test_what_is_enough_of_its_own_stays_so() -> None:
    made = pools([*waiting(10), *waiting(12, "1.2.3.5.")], 10)
    assert {(pool.label, pool.raters) for pool in made} == {
        (Label(None, "1.2.3.4.", "0401"), 10),
        (Label(None, "1.2.3.5.", "0401"), 12),
    }


def test_small_villages_are_published_with_their_neighbours() -> None:
    made = pools([*waiting(6), *waiting(6, "1.2.3.5."), *waiting(30, "1.2.6.7.")], 10)
    assert {(pool.label, pool.raters) for pool in made} == {
        (Label(None, "1.2.3.", "0401"), 12),
        (Label(None, "1.2.6.7.", "0401"), 30),
    }


def test_what_is_too_few_to_the_end_joins_the_nearest_so_that_nobody_waits_for_her_village() -> None:
    made = pools([*waiting(3), *waiting(15, "1.2.3.5."), *waiting(11, "1.2.6.7.")], 10)
    assert {(pool.label, pool.raters) for pool in made} == {
        (Label(None, "1.2.3.", "0401"), 18),
        (Label(None, "1.2.6.7.", "0401"), 11),
    }


def test_services_of_a_group_go_together_before_contracts_do() -> None:
    heap = [*waiting(5, contract=1), *waiting(5, category="0402", contract=1), *waiting(10, contract=2)]
    assert {pool.label for pool in pools(heap, 10)} == {
        Label(1, "1.2.3.4.", "04"),
        Label(2, "1.2.3.4.", "0401"),
    }
    assert pools([*waiting(5, contract=1), *waiting(5, category="0901")], 10)[0].label == Label(None, "1.2.3.4.", "")


def test_ten_ratings_of_one_person_are_one_person() -> None:
    one = [Waiting(str(number), None, "1.", "0401", "she", 1) for number in range(10)]
    assert pools(one, 10) == []
    assert not is_due(one, None, TODAY, Numbers())


def test_what_staff_entered_is_nobody_and_an_inviters_slips_are_one_person() -> None:  # trust 5
    slips = [Waiting(str(n), None, "1.", "0401", "", 5, on_paper=True, inviter="i") for n in range(9)]
    numbered = [one._replace(rater=f"a number typed beside slip {one.key}") for one in slips]
    entered = [one._replace(by_staff=True, on_paper=False) for one in numbered]
    assert [people(heap) for heap in (slips, numbered, entered)] == [1, 1, 0]
    assert people([*slips, slips[0]._replace(inviter="another")]) == 2
    for heap in (slips, numbered, entered):
        assert pools([*heap, *waiting(1)], 10) == []
        assert not is_due([*heap, *waiting(8)], None, TODAY, Numbers())
    ten = waiting(10)
    [made] = pools([*slips, *entered, *ten], 10)
    assert (made.raters, len(made.members)) == (11, 28), "published with them all the same"
    her_slip = slips[0]._replace(rater=ten[0].rater)
    assert people([*ten, her_slip]) == 10, "who is known by her message is no further person by her slip"


def test_one_persons_ratings_weigh_as_one_and_it_is_her_latest() -> None:  # trust 4.2
    hers = [
        Waiting(f"z{n}", None, "1.2.3.4.", "0401", "she", grade, week=TODAY - timedelta(days=7 * n))
        for n, grade in enumerate((2, 1, 1, 1))
    ]
    entered = Waiting("zz", None, "1.2.3.4.", "0401", "she", 5, by_staff=True, week=TODAY + timedelta(days=7))
    [made] = pools([*hers, entered, *waiting(9)], 10)
    assert (made.raters, made.counts, len(made.members)) == (10, (0, 1, 0, 9, 0), 14)
    unknown = [Waiting(f"u{n}", None, "1.2.3.4.", "0401", "", 5, on_paper=True, inviter="i") for n in range(3)]
    assert pools([*unknown, *waiting(9)], 10)[0].counts == (0, 0, 0, 9, 3), "nobody can tell which are of one"


def test_figures_change_with_ten_more_people_and_after_seven_days() -> None:  # trust 4.2
    ten, nine = waiting(10), waiting(9)
    for last, due in ((None, True), (TODAY - timedelta(days=7), True), (TODAY - timedelta(days=6), False)):
        assert is_due(ten, last, TODAY, Numbers()) is due
        assert not is_due(nine, last, TODAY, Numbers())
