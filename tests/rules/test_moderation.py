"""What a decision owes to the one it is about."""

import pytest

from portal.rules import moderation
from portal.rules.moderation import LEADS_TO, REASONS, Decision, DecisionDraft
from portal.rules.needs import NEXT, NeedState


def refused(draft: DecisionDraft, *, story: str = "楼道灯坏了", private: bool = False, **given: bool) -> set[str]:
    values = {"same": False, "into_open": True} | given
    return {r.beside for r in moderation.refusals(draft, text=story, private=private, **values)}


def test_accepting_needs_no_words() -> None:  # A17
    assert not refused(DecisionDraft(Decision.ACCEPT))


@pytest.mark.parametrize("decision", [Decision.RETURN, Decision.REFUSE])
def test_a_return_and_a_refusal_owe_a_coded_reason(decision: Decision) -> None:  # A24
    assert "reason" in refused(DecisionDraft(decision, words="请说明哪一栋楼"))
    assert "reason" in refused(DecisionDraft(decision, "because", "请说明哪一栋楼"))
    assert not refused(DecisionDraft(decision, "unclear", "请说明哪一栋楼"))


def test_a_refusal_owes_words_too() -> None:  # A24
    assert refused(DecisionDraft(Decision.REFUSE, "unclear")) == {"words"}
    assert not refused(DecisionDraft(Decision.RETURN, "unclear"))


def test_a_merge_names_another_open_need() -> None:
    assert not refused(DecisionDraft(Decision.MERGE, into=2))
    assert refused(DecisionDraft(Decision.MERGE, into=2), same=True) == {"into"}
    assert refused(DecisionDraft(Decision.MERGE), into_open=False) == {"into"}


def test_what_names_a_person_is_not_published() -> None:  # A24, B31
    accept = DecisionDraft(Decision.ACCEPT)
    assert refused(accept, story="请打13800138000") == {"private"}
    assert not refused(accept, story="请打13800138000", private=True)


@pytest.mark.parametrize("decision", Decision)
def test_every_decision_is_a_step_of_the_life_cycle(decision: Decision) -> None:  # A40
    assert LEADS_TO[decision] in NEXT[NeedState.SUBMITTED]


def test_only_a_fresh_decision_is_taken_back() -> None:
    for state in NeedState:
        assert (not list(moderation.may_undo(state, fresh=True))) is (state in LEADS_TO.values())
        assert list(moderation.may_undo(state, fresh=False))


def test_there_is_a_reason_for_each_common_case() -> None:
    assert {"unclear", "personal", "not_here", "petition", "abuse"} <= set(REASONS)
