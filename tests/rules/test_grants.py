from datetime import date

import pytest

from portal.rules.grants import RequestDraft, is_startup, may_vote_on, request_refusals

DRAFT = RequestDraft("助老活动", "给老人送餐", 1_00, date(2026, 1, 1))


def refused(draft: RequestDraft = DRAFT, **said: object) -> list[str]:
    usual: dict[str, object] = {
        "kind": "social_organisation",
        "budget_fen": 10_00,
        "closes_on": date(2026, 12, 31),
        "for_startups": False,
        "startup_months": 36,
        "today": date(2026, 11, 22),
    }
    return [one.beside for one in request_refusals(draft, **(usual | said))]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("founded", "today", "young"),
    [
        (date(2023, 11, 22), date(2026, 11, 22), True),
        (date(2023, 11, 22), date(2026, 11, 23), False),
        (date(2024, 2, 29), date(2027, 2, 28), True),
        (date(2024, 2, 29), date(2027, 3, 1), False),
        (date(2023, 12, 31), date(2026, 12, 31), True),
    ],
)
def test_a_start_up_is_at_most_so_many_months_old(founded: date, today: date, young: bool) -> None:  # A58
    assert is_startup(founded, today, 36) is young


@pytest.mark.parametrize(
    ("kind", "asks"),
    [
        ("social_organisation", True),
        ("exempt_organisation", True),
        ("on_file", True),
        ("enterprise", False),
        ("public_institution", False),
    ],
)
def test_grants_are_for_social_organisations(kind: str, asks: bool) -> None:  # A58, A60
    assert (refused(kind=kind) == []) is asks


def test_nothing_is_asked_after_the_last_day_nor_above_the_budget(  # A60
) -> None:
    assert refused(today=date(2026, 12, 31)) == []
    assert refused(today=date(2027, 1, 1)) == [""]
    assert refused(RequestDraft("助老活动", "给老人送餐", 10_01, date(2026, 1, 1))) == ["amount"]
    assert refused(RequestDraft("助老活动", "给老人送餐", 10_00, date(2026, 11, 23))) == ["founded_on"]
    assert refused(RequestDraft("助老活动", "给老人送餐 13812345678", 10_00, date(2026, 1, 1))) == ["purpose"]


def test_a_vote_needs_a_closed_call_of_a_community_fund_with_two_requests() -> None:  # A60
    def said(asked: list[int], kind: str = "community", *, open_still: bool = False, decided: bool = False) -> int:
        return len(list(may_vote_on(asked, fund_kind=kind, open_still=open_still, decided=decided)))

    assert said([1, 2]) == 0
    assert said([1, 2], "incubation") == said([1, 2], open_still=True) == said([1, 2], decided=True) == said([1]) == 1
