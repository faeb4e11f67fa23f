"""Who may do what, and where."""

import pytest

from portal.rules.permissions import ANYONE, BY_ROLE, NOBODY, SIGNED_IN, Actor, Deed, Grant, Role, may

HERE, ABOVE, BESIDE, LOOKALIKE = "1.18.203.", "1.18.", "1.18.204.", "1.18.2031."


def one(role: Role, path: str) -> Actor:
    return Actor(1, "", (Grant(role, path),))


@pytest.mark.parametrize("deed", Deed)
def test_every_deed_has_someone_who_may_do_it(deed: Deed) -> None:
    roles = [role for role in Role if deed in BY_ROLE[role]]
    assert deed in ANYONE or deed in SIGNED_IN or roles or deed is Deed.IMPORT_DATA


@pytest.mark.parametrize("deed", Deed)
def test_a_stranger_may_do_only_what_anyone_may(deed: Deed) -> None:
    assert may(NOBODY, deed, HERE) is (deed in ANYONE)


@pytest.mark.parametrize("deed", Deed)
def test_a_person_without_a_role_may_do_only_what_residents_may(deed: Deed) -> None:
    assert may(Actor(1), deed, HERE) is (deed in ANYONE | SIGNED_IN)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("deed", [deed for deed in Deed if deed not in ANYONE | SIGNED_IN])
def test_a_grant_covers_its_region_and_all_below_and_nothing_else(role: Role, deed: Deed) -> None:
    allowed = deed in BY_ROLE[role]
    assert may(one(role, HERE), deed, HERE) is allowed
    assert may(one(role, ABOVE), deed, HERE) is allowed
    assert may(one(role, HERE), deed, None) is allowed
    assert not may(one(role, HERE), deed, ABOVE)
    assert not may(one(role, HERE), deed, BESIDE)
    assert not may(one(role, HERE), deed, LOOKALIKE)


def test_an_official_decides_no_need_and_reads_the_summary() -> None:  # A24
    assert not may(one(Role.OFFICIAL, ABOVE), Deed.DECIDE_NEED, HERE)
    assert may(one(Role.OFFICIAL, ABOVE), Deed.READ_SUMMARY, HERE)


def test_a_provider_cannot_vouch_run_a_vote_or_decide() -> None:
    for deed in (Deed.VOUCH_RESIDENT, Deed.RUN_ROUND, Deed.DECIDE_NEED, Deed.READ_SUMMARY):
        assert not may(one(Role.PROVIDER, ABOVE), deed, HERE)


def test_holds_asks_for_that_very_role() -> None:
    assert one(Role.COMMITTEE, ABOVE).holds(Role.COMMITTEE, HERE)
    assert not one(Role.COMMITTEE, ABOVE).holds(Role.OFFICIAL, HERE)
    assert not one(Role.COMMITTEE, HERE).holds(Role.COMMITTEE, ABOVE)
