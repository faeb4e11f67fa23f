"""Who may purchase, by which method, and until when."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from portal.rules import Refused, enforce
from portal.rules.numbers import Numbers
from portal.rules.purchases import (
    CLOSED,
    Ground,
    Method,
    PurchaseDraft,
    PurchaserKind,
    bid_refusals,
    due_refusals,
    enough_bids,
    refusals,
)
from portal.rules.selection import Basis, Factor, FactorDraft

NUMBERS = Numbers()
FACTORS = tuple(
    FactorDraft(kind, "名称", "每响应一项得5分", 25, Basis.PRICE if kind is Factor.PRICE else Basis.JUDGES)
    for kind in Factor
)
DRAFT = PurchaseDraft(
    "柳溪县民政局", "civil_affairs", "open_tender", "政府采购法第二十六条", 5_000_000, factors=FACTORS
)
GROUND = Ground("county", ("county/township",), 5_000_000, {1, 2, 3, 4})


def said_of(draft=DRAFT, ground=GROUND, numbers=NUMBERS):
    return {refusal.beside for refusal in refusals(draft, ground, numbers)}


def test_an_open_tender_of_the_county_may_be_prepared():  # B7, B14
    assert said_of() == set()


@pytest.mark.parametrize(
    ("kind", "level", "fine"),
    [
        ("government", "county", True),
        ("government", "prefecture", True),
        ("government", "township", False),
        ("civil_affairs", "county", True),
        ("civil_affairs", "township", False),
        ("township", "township", True),
        ("township", "county", False),
        ("state_organ", "township", True),
        ("state_organ", "village", False),
        ("class_one_institution", "county", False),
        ("mass_organisation", "county", False),
        ("self_governing", "township", False),
        ("", "county", False),
    ],
)
def test_who_may_purchase_at_which_level(kind, level, fine):  # B14; rules-and-standards 2.1, art. 5, 6, 8
    ground = replace(GROUND, level=level, implementing=())
    assert ("purchaser_kind" not in said_of(replace(DRAFT, purchaser_kind=kind), ground)) is fine


@pytest.mark.parametrize(
    ("level", "implementing", "warned"),
    [
        ("county", "county/township", False),
        ("township", "county/township", False),
        ("province", "county/township", True),
        ("prefecture", "county/township", True),
        ("province", "province/city", False),
        ("prefecture", "province/city", False),
        ("county", "province/city", True),
        ("township", "province/city", True),
    ],
)
def test_another_level_than_usual_needs_a_reason(level, implementing, warned):  # A32, A33, A34
    ground = replace(GROUND, level=level, implementing=(implementing,))
    kind = PurchaserKind.TOWNSHIP if level == "township" else PurchaserKind.GOVERNMENT
    draft = replace(DRAFT, purchaser_kind=kind)
    assert ("level_reason" in said_of(draft, ground)) is warned
    assert "level_reason" not in said_of(replace(draft, level_reason="由市级统一实施，便于规范管理。"), ground)


@pytest.mark.parametrize("method", list(Method))
def test_every_method_says_its_legal_ground(method):  # B7, B20
    assert "ground" in said_of(replace(DRAFT, method=method, ground=""))


@pytest.mark.parametrize("method", CLOSED)
def test_a_closed_method_needs_a_ground_in_words_and_names_who_is_invited(method):  # B7
    invited = {Method.SINGLE_SOURCE: (1,), Method.INVITED_TENDER: (1, 2, 3), Method.DIRECT: (1,)}[method]
    closed = replace(DRAFT, method=method, invited=invited, ground="只有一家登记的机构能够提供这项服务。")
    assert said_of(closed) == set()
    assert said_of(replace(closed, ground="法第31条")) == {"ground"}
    assert said_of(replace(closed, invited=())) == {"invited"}
    assert said_of(replace(closed, invited=(1, 2, 9))) == {"invited"}, "one is not registered here"


def test_invited_tendering_invites_enough_and_a_single_source_is_one():  # B7, B20
    reason = "只有少数登记的机构能够提供这项服务。"
    assert said_of(replace(DRAFT, method="invited_tender", ground=reason, invited=(1, 2))) == {"invited"}
    assert said_of(replace(DRAFT, method="single_source", ground=reason, invited=(1, 2))) == {"invited"}
    assert said_of(replace(DRAFT, invited=(1,))) == {"invited"}, "an open method invites nobody apart"


@pytest.mark.parametrize(("budget", "fine"), [(49_999_999, True), (50_000_000, False), (60_000_000, False)])
def test_from_the_threshold_on_only_procurement_methods(budget, fine):  # B20
    draft = replace(
        DRAFT, method="direct_below_threshold", invited=(1,), budget_fen=budget, ground="低于本地采购限额标准。"
    )
    ground = replace(GROUND, budget_fen=budget)
    assert (said_of(draft, ground) == set()) is fine
    higher = replace(NUMBERS, procurement_from_fen=100_000_000)
    assert said_of(draft, ground, higher) == set(), "a division sets its own"


def test_anything_but_comprehensive_scoring_needs_a_reason():  # B21
    lowest = replace(DRAFT, scoring="lowest_price", factors=())
    assert said_of(lowest) == {"scoring_reason"}
    assert said_of(replace(lowest, scoring_reason="服务标准统一，只比较价格。")) == set()
    assert said_of(replace(DRAFT, scoring="beauty")) == {"scoring"}


@pytest.mark.parametrize(("budget", "fine"), [(5_000_000, True), (5_000_001, False), (0, False), (None, False)])
def test_a_purchase_stays_within_the_project_s_budget(budget, fine):  # B24
    assert ("budget" not in said_of(replace(DRAFT, budget_fen=budget))) is fine


def test_what_everyone_reads_has_no_phone_number():  # B31
    assert said_of(replace(DRAFT, ground="请致电 13800138000 咨询采购方式")) == {"ground"}
    assert said_of(replace(DRAFT, purchaser="民政局13800138000")) == {"purchaser"}


@pytest.mark.parametrize(
    ("method", "days", "fine"),
    [
        (Method.OPEN_TENDER, 19, False),
        (Method.OPEN_TENDER, 20, True),
        (Method.INVITED_TENDER, 19, False),
        (Method.CONSULTATION, 9, False),
        (Method.CONSULTATION, 10, True),
        (Method.SINGLE_SOURCE, 0, False),
        (Method.SINGLE_SOURCE, 1, True),
        (Method.OPEN_TENDER, 366, True),
        (Method.OPEN_TENDER, 367, False),
    ],
)
def test_there_is_time_to_bid(method, days, fine):  # rules-and-standards 2.2
    today = date(2026, 11, 22)
    assert (not list(due_refusals(today + timedelta(days=days), today, method, NUMBERS))) is fine


def test_a_last_day_is_needed():
    with pytest.raises(Refused, match="until which day"):
        enforce(due_refusals(None, date(2026, 11, 22), Method.OPEN_TENDER, NUMBERS))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"price_fen": 5_000_001}, "above the budget"),
        ({"price_fen": None}, "amount above zero"),
        ({"price_fen": 0}, "amount above zero"),
        ({"serves": False}, "registered for this place"),
        ({"invited": False}, "invited providers only"),
        ({"drafted": True}, "drafted the project"),
        ({"words": "好"}, "what you offer"),
    ],
)
def test_what_is_not_let_in_as_a_bid(changes, said):  # B7, B8, B24
    given = {
        "price_fen": 5_000_000,
        "words": "我们派两名持证社工，每周上门一次。",
        "serves": True,
        "invited": True,
        "drafted": False,
    }
    price, words = (given | changes)["price_fen"], (given | changes)["words"]
    rest = {key: (given | changes)[key] for key in ("serves", "invited", "drafted")}
    assert not list(bid_refusals(5_000_000, given["words"], 5_000_000, serves=True, invited=True, drafted=False))
    with pytest.raises(Refused, match=said):
        enforce(bid_refusals(price, words, 5_000_000, **rest))


@pytest.mark.parametrize(
    ("count", "method", "fine"),
    [
        (2, Method.OPEN_TENDER, False),
        (3, Method.OPEN_TENDER, True),
        (1, Method.SINGLE_SOURCE, True),
        (0, Method.DIRECT, False),
    ],
)
def test_it_takes_enough_bids(count, method, fine):  # B8
    assert (not list(enough_bids(count, method, NUMBERS))) is fine
