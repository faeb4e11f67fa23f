"""The steps of a contract, and how it comes to its end."""

from hypothesis import given
from hypothesis import strategies as st

from portal.rules.contracts import NEXT, ContractState, next_refusals, termination_refusals, unheld_refusals


def test_what_was_accepted_is_not_broken_off_and_who_is_served_only_by_an_exit():  # B33
    assert not list(termination_refusals(ContractState.SERVING, accepted=False))
    assert list(termination_refusals(ContractState.SERVING, accepted=True))
    assert [state for state in ContractState if list(unheld_refusals(state))] == [ContractState.SERVING]


@given(st.lists(st.sampled_from(ContractState), max_size=12))
def test_a_contract_ends_once_and_for_all(wanted):
    state, way = ContractState.DRAFT, []
    for to in wanted:
        if not list(next_refusals(state, to)):
            state = to
            way.append(to)
    assert len(way) == len(set(way))
    assert ContractState.SERVING not in way or way[0] is ContractState.SIGNED
    assert not {ContractState.ENDED, ContractState.TERMINATED} <= set(way)
    assert all(not NEXT[over] for over in (ContractState.ENDED, ContractState.TERMINATED))
