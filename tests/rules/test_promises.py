"""When a promise was kept."""

from hypothesis import given
from hypothesis import strategies as st

from portal.rules.promises import Verdict, kept_rate, verdict

COUNT = st.integers(0, 40)


@given(COUNT, COUNT, COUNT)
def test_kept_and_not_kept_need_more_than_half_of_enough_answers(yes: int, partly: int, no: int) -> None:  # A70
    said = verdict(yes, partly, no, 5)
    assert (said is Verdict.UNKNOWN) is (yes + partly + no < 5)
    assert (said is Verdict.KEPT) is (said is not Verdict.UNKNOWN and yes > partly + no)
    assert (said is Verdict.NOT_KEPT) is (said is not Verdict.UNKNOWN and no > yes + partly)


@given(st.dictionaries(st.sampled_from([*Verdict]), COUNT))
def test_the_rate_leaves_out_what_nobody_knows(counts: dict[str, int]) -> None:  # F5
    rate = kept_rate(counts)
    assert rate.judged + rate.unknown == sum(counts.values())
    assert rate.kept <= rate.judged
