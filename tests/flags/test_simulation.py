"""Made providers and campaigns, with few seeds; the full tables are those of `make bench` in docs/satisfaction.md."""

import pytest

from portal.rules.flags import Flag
from portal.rules.numbers import Numbers
from tests.bench.flags import a_provider, campaign, honest_years

NUMBERS = Numbers()
TRACES = [("device", Flag.DEVICE), ("words", Flag.ALIKE), ("all bad", Flag.SHIFT)]


def test_honest_providers_are_seldom_flagged() -> None:
    years = range(3)
    wrong = sum(sum(honest_years(years, rate, NUMBERS).values()) for rate in (0.5, 2))
    assert wrong <= 0.5 * 2 * len(years)


@pytest.mark.parametrize(("kind", "flag"), TRACES)
def test_campaigns_that_leave_a_trace_are_found(kind: str, flag: Flag) -> None:
    for seed, rate in ((1000, 0.5), (1001, 2)):
        found, held = campaign(seed, rate, kind, 2, NUMBERS)
        assert flag in found
        assert held >= 0.5


def test_very_good_fakes_from_twenty_devices_are_found_by_the_services_they_need() -> None:
    found = [campaign(seed, rate, "inviter", 2, NUMBERS)[0] for seed, rate in ((1000, 0.2), (1001, 1), (1002, 2))]
    assert all(found)
    assert sum(Flag.BEST in one for one in found) >= 2


def test_the_same_seed_makes_the_same_provider() -> None:
    assert a_provider(7, 1).mix == a_provider(7, 1).mix != a_provider(8, 1).mix
