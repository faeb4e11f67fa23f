"""Stars are given once a quarter, from what is published alone, and everyone can compute them again."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import date
from typing import Any

from flask import Flask

from portal.evaluations.models import EvaluationPlan, EvaluationResult
from portal.providers.models import Provider, StarLevel
from portal.rules.credit import EventKind
from portal.stars.awarding import award_stars, awarded_on, due_quarter, replayed
from portal.stars.pleading import decide_plea
from portal.store import action, clock, db
from tests import builders
from tests.client import InspectingClient
from tests.contracts.making import a_serving_contract
from tests.counting import statements
from tests.providers.making import published
from tests.stars.making import GOOD, POOR, SO_SO, a_plea, an_event, rated, the_official

ENGLISH = {"Accept-Language": "en"}


def levels(provider: Provider) -> list[StarLevel]:
    db.session.rollback()
    query = db.select(StarLevel).where(StarLevel.provider_id == provider.id).order_by(StarLevel.quarter)
    return list(db.session.scalars(query))


def story(provider: Provider) -> None:
    """Two good years and a bad one, with an award at every time that is due."""
    days = ("2024-02-10", "2024-05-10", "2024-08-10", "2024-11-10", "2025-02-10", "2025-05-10", "2025-08-10")
    for day, counts in zip(days, (GOOD, GOOD, GOOD, POOR, POOR, POOR, POOR), strict=True):
        rated(provider, (day, counts))
    for day in ("2024-05-08", "2024-08-08", "2024-11-08", "2025-02-08", "2025-05-08", "2025-08-08", "2025-11-08"):
        with builders.at(day):
            award_stars()


def test_stars_are_given_on_the_first_working_day_after_a_quarter(app: Flask, provider: Provider) -> None:  # A68, F7
    rated(provider, ("2026-08-10", GOOD))
    assert awarded_on("2026Q3") >= date(2026, 10, 1)
    before = awarded_on("2026Q3") - (date(2026, 10, 2) - date(2026, 10, 1))
    assert award_stars(before) == 0
    assert award_stars(awarded_on("2026Q3")) == 1
    assert award_stars(awarded_on("2026Q3")) == 0
    [level] = levels(provider)
    assert (level.quarter, level.stars, level.valid_until) == ("2026Q3", 4, date(2027, 1, 30))
    assert level.working["composite"] == 8806


def test_the_job_twice_at_once_gives_once(  # F7
    provider: Provider, elsewhere: Callable[..., Any]
) -> None:
    rated(provider, ("2026-02-10", GOOD))
    day = date(2026, 11, 20)
    with ThreadPoolExecutor(4) as jobs:
        done = [jobs.submit(elsewhere, award_stars, day) for _ in range(4)]
    assert sum(one.result() for one in done) == 3
    assert [one.quarter for one in levels(provider)] == ["2026Q1", "2026Q2", "2026Q3"]


def test_a_new_provider_is_not_rated(app: Flask, provider: Provider, tree: builders.Tree, client: Any) -> None:  # A68
    page = client.get(f"/{tree.county.code}/providers/{provider.id}/stars/", headers=ENGLISH).text
    assert "Why not rated?" in page
    rated(provider, ("2026-08-10", (0, 0, 1, 10, 18)))
    award_stars(date(2026, 11, 20))
    [level] = levels(provider)
    assert (level.stars, level.working["why"]) == (0, "too_few")
    with builders.at("2026-11-20"):
        page = client.get(f"/{tree.county.code}/providers/{provider.id}/stars/", headers=ENGLISH).text
    assert "It takes 30 ratings" in page
    assert "0 stars" not in page


def test_a_slow_fall_is_one_star_a_quarter_and_replaying_the_log_gives_the_page(  # A68, F7
    app: Flask, provider: Provider, tree: builders.Tree, client: InspectingClient
) -> None:
    story(provider)
    found = levels(provider)
    assert [one.stars for one in found] == [4, 4, 4, 4, 3, 2, 1]
    again = replayed([provider.id], date(2025, 11, 8))
    assert [asdict(one) for one in again] == [
        {name: getattr(level, name) for name in asdict(again[0])} for level in found
    ]
    with builders.at("2025-11-08"):
        page = client.get(f"/{tree.county.code}/providers/{provider.id}/stars/", headers=ENGLISH).text
        table = client.get(f"/{tree.county.code}/providers/{provider.id}/stars/stars.csv", headers=ENGLISH).text
    assert "Why 1 star?" in page
    for award in again:
        assert f"{award.quarter[:4]}, quarter {award.quarter[5]}" in page
        line = next(line for line in table.splitlines() if line.startswith(award.quarter))
        tenth = award.working["composite"] // 10
        assert f",{tenth // 10}.{tenth % 10}" in line
        assert line.split(",")[1] == str(award.stars)


def test_quarters_that_the_job_missed_are_given_later_just_the_same(app: Flask, provider: Provider) -> None:  # F7
    story(provider)
    in_time = [(one.quarter, one.stars, one.working) for one in levels(provider)]

    @action
    def lose() -> None:
        db.session.execute(db.delete(StarLevel).where(StarLevel.quarter > "2024Q2"))

    lose()
    award_stars(date(2025, 11, 8))
    assert [(one.quarter, one.stars, one.working) for one in levels(provider)] == in_time


def test_a_page_says_why_it_did_not_go_up_with_the_numbers(  # A68
    app: Flask, provider: Provider, tree: builders.Tree, client: InspectingClient
) -> None:
    rated(provider, ("2026-02-10", (1, 2, 5, 17, 15)), ("2026-05-10", (0, 0, 1, 6, 18)))
    award_stars(date(2026, 8, 1))
    first, second = levels(provider)
    assert (first.stars, second.stars, second.working["why"]) == (3, 3, "kept")
    assert second.working["composite"] > 8200, "above the line and the margin"
    with builders.at("2026-08-01"):
        page = client.get(f"/{tree.county.code}/providers/{provider.id}/stars/", headers=ENGLISH).text
    low = (second.working["composite"] * 10_000 - 12816 * second.working["sd"]) // 100_000
    assert low < 800
    assert f"to be above 80; they are there for {low // 10}.{low % 10}" in page
    assert "served count alone" in page


@action
def evaluated(provider: Provider, third: int | None, purchaser: int | None, day: str) -> None:
    contract = a_serving_contract(provider=provider)
    official = builders.an_official(builders.a_region_tree().county)
    day_ = date.fromisoformat(day)
    plan = EvaluationPlan(
        key=f"{day}-{third}-{purchaser}".rjust(20, "k"), contract_id=contract.id, region_id=contract.region_id, evaluator="丁一",
        evaluator_id=official.id, recipients_percent=60, third_percent=25, purchaser_percent=15, effect_percent=50,
        management_percent=30, social_percent=20, sample="全部", sample_number=50, from_on=day_, until_on=day_, opens_on=day_,
        closes_on=day_, instalments=[], state="decided", planned_at=clock.now(), planned_by_id=official.id,
    )  # fmt: skip
    db.session.add(plan)
    db.session.flush()
    db.session.add(
        EvaluationResult(
            plan_id=plan.id, contract_id=contract.id, provider_id=provider.id, decided_on=day_, decided_by_id=official.id,
            recipients=8000, recipients_sd=100, third=third, purchaser=purchaser, composite=8000, sd=60, working={},
        )
    )  # fmt: skip


def test_evaluations_of_the_year_count_with_their_weights_and_others_not(  # F6
    app: Flask, provider: Provider, tree: builders.Tree, client: InspectingClient
) -> None:
    rated(provider, ("2026-08-10", SO_SO))
    evaluated(provider, 9000, 7000, "2026-08-01")
    evaluated(provider, 8001, None, "2026-09-01")
    evaluated(provider, 1000, 1000, "2025-09-30")
    award_stars(date(2026, 11, 20))
    [level] = levels(provider)
    assert (level.working["third"], level.working["purchaser"]) == (8500, 7000), "means, half to even"
    assert level.working["composite"] == round((60 * level.working["recipients"] + 25 * 8500 + 15 * 7000) / 100)
    with builders.at("2026-11-20"):
        page = client.get(f"/{tree.county.code}/providers/{provider.id}/stars/", headers=ENGLISH).text
    assert "85.0" in page
    assert "count alone" not in page


def test_a_proven_breach_takes_the_stars_and_an_upheld_appeal_gives_them_back(  # F6, A67
    app: Flask, provider: Provider, tree: builders.Tree, client: InspectingClient
) -> None:
    rated(provider, ("2026-02-10", GOOD), ("2026-05-10", GOOD))
    address = f"/{tree.county.code}/providers/{provider.id}/"
    with builders.at("2026-05-20"):
        award_stars()
        event = an_event(provider, tree.county)
        plea = a_plea(provider, event)
        assert "withdrawn on" in client.get(address + "stars/", headers=ENGLISH).text
        assert "not rated" in client.get(address, headers=ENGLISH).text
    with builders.at("2026-07-20"):
        award_stars()
    assert [(one.stars, one.working["why"], one.withdrawn_on) for one in levels(provider)] == [
        (4, "first", date(2026, 5, 20)),
        (0, "withheld", None),
    ]
    assert all(
        one.same_as(level)
        for one, level in zip(replayed([provider.id], date(2026, 7, 20)), levels(provider), strict=True)
    )
    with builders.at("2026-07-21"):
        decide_plea(the_official(tree.prefecture), plea, True, "道路确已封闭，撤销记录。")
        assert "4 stars" in client.get(address, headers=ENGLISH).text
    assert [(one.stars, one.withdrawn_on) for one in levels(provider)] == [(4, None), (4, None)]


def test_stars_come_back_after_half_a_year(app: Flask, provider: Provider, tree: builders.Tree) -> None:  # A67
    rated(provider, ("2026-02-10", GOOD))
    with builders.at("2026-05-20"):
        award_stars()
        an_event(provider, tree.county, EventKind.BREACH)
    with builders.at("2027-01-20"):
        award_stars()
    assert [one.stars for one in levels(provider)] == [4, 0, 0, 4], "withheld for 180 days"
    assert levels(provider)[0].withdrawn_on


def test_other_numbers_hold_from_their_quarter_on(
    app: Flask, provider: Provider, tree: builders.Tree
) -> None:  # A44, A68
    rated(provider, ("2026-02-10", GOOD), ("2026-05-10", GOOD))
    builders.with_numbers(tree.county, date(2026, 6, 1), star_cuts=[50, 60, 70, 80])
    award_stars(date(2026, 8, 1))
    assert [one.stars for one in levels(provider)] == [4, 5]
    assert due_quarter(date(2026, 8, 1)) == "2026Q2"


def test_the_pages_ask_few_statements_however_long_the_history_is(  # the budget
    app: Flask, provider: Provider, tree: builders.Tree, client: InspectingClient
) -> None:
    here = f"/{tree.county.code}/providers/{provider.id}"

    def asked(part: str) -> int:
        address = f"{here}/{part}/"
        client.get(address)
        with statements() as said:
            client.get(address, inspect=False)
        return len(said)

    with builders.at("2025-11-08"):
        rated(provider, ("2025-08-10", GOOD))
        award_stars()
        an_event(provider, tree.county)
        few = asked("stars"), asked("credit")
        for _ in range(20):
            an_event(provider, tree.county, EventKind.PASSED)
        story(provider)
        assert (asked("stars"), asked("credit")) == few
    assert max(few) <= 6


def test_many_providers_cost_the_job_few_statements(app: Flask, tree: builders.Tree) -> None:  # F7
    several = [builders.a_provider(tree.county, f"服务中心{number}") for number in range(12)]
    for one in several[:2]:
        rated(one, ("2026-08-10", GOOD))
    with statements() as few:
        award_stars(date(2026, 11, 20))
    for one in several[2:]:
        rated(one, ("2026-08-10", GOOD))
    with statements() as many:
        assert award_stars(date(2026, 11, 20)) == 10
    writes = [said for said in many if said.startswith("INSERT")]
    assert len(many) - len(writes) <= len(few) + 2
    published(several[0], GOOD)
