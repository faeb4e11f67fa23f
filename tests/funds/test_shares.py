"""The shares of a division and year, from what contracts are promised."""

import pytest
from flask import Flask

from portal.funds.committing import commit_money, release_money
from portal.funds.shares import shares_of
from portal.funds.sharing import note_contract, void_contract
from portal.rules.shares import ON_FILE, Light, Share, ShareKind
from portal.store import clock, db
from tests import builders
from tests.client import InspectingClient
from tests.funds.making import a_fund, a_key, a_line

YEAR = 2026


def promised(region: object, fen: int, subject: str, kind: str, *, is_new: bool = True, year: int = YEAR) -> None:
    line = a_line(region, fen, is_new=is_new, year=year)  # type: ignore[arg-type]
    commit_money(line, fen, subject)
    note_contract(subject, region.id, kind)  # type: ignore[attr-defined]


def test_the_share_counts_the_subtree_the_year_and_new_spending_only(app: Flask) -> None:  # A46 (1.4)
    tree = builders.a_region_tree()
    one, two, _ = tree.villages
    promised(one, 3_000_000_00, "contract:1", "social_organisation")
    promised(two, 7_000_000_00, "contract:2", "enterprise")
    promised(one, 9_000_000_00, "contract:3", "enterprise", is_new=False)
    promised(one, 9_000_000_00, "contract:4", "enterprise", year=YEAR - 1)
    seen = shares_of(tree.county, YEAR)
    assert seen.social == Share(3_000_000_00, 10_000_000_00)
    assert seen.lights[ShareKind.SOCIAL] is Light.GREEN
    assert [(place.name, share.points, light) for place, share, light in seen.places] == [("望湖镇", 3000, Light.GREEN)]
    assert shares_of(one, YEAR).social.points == 10_000
    assert shares_of(two, YEAR).lights[ShareKind.SOCIAL] is Light.RED
    assert shares_of(two, YEAR - 1).lights[ShareKind.SOCIAL] is Light.NONE


def test_cancelled_contracts_are_out_and_a_released_one_counts_what_was_paid(app: Flask) -> None:  # A46 (1.4)
    village = builders.a_region_tree().villages[0]
    promised(village, 40_00, "contract:1", "social_organisation")
    promised(village, 60_00, "contract:2", "enterprise")
    void_contract("contract:2")
    void_contract("contract:99")
    assert shares_of(village, YEAR).social == Share(40_00, 40_00)
    note_contract("contract:2", village.id, "enterprise")
    assert shares_of(village, YEAR).social == Share(40_00, 100_00)
    release_money("contract:2")
    assert shares_of(village, YEAR).social == Share(40_00, 40_00)


def test_what_is_in_kind_and_who_is_on_file_stand_apart(app: Flask) -> None:  # A46 (1.4), A54
    village = builders.a_region_tree().villages[0]
    promised(village, 60_00, "contract:1", "enterprise")
    promised(village, 40_00, "contract:2", ON_FILE)
    note_contract("contract:1", village.id, "enterprise", in_kind_fen=500_00)
    seen = shares_of(village, YEAR)
    assert (seen.social, seen.on_file, seen.in_kind_fen) == (Share(0, 100_00), Share(40_00, 100_00), 500_00)


@pytest.mark.parametrize(("planned", "light"), [(617_000_00, Light.GREEN), (616_999_99, Light.AMBER)])
def test_planned_purchases_are_five_percent_of_the_assistance_fund(
    app: Flask, planned: int, light: Light
) -> None:  # B25 (1.4)
    county = builders.a_region_tree().county
    a_line(county, planned, "assistance", year=YEAR)
    a_fund(county, 12_340_000_00 - planned, "assistance", year=YEAR)
    seen = shares_of(county, YEAR)
    assert seen.assistance == Share(planned, 12_340_000_00)
    assert seen.lights[ShareKind.ASSISTANCE] is light


def test_the_lottery_share_is_set_beside_that_of_the_year_before(app: Flask) -> None:  # A47
    county = builders.a_region_tree().county
    for year, fen in ((YEAR - 1, 50_00), (YEAR, 40_00)):
        commit_money(a_line(county, 100_00, "lottery", year=year), fen, f"contract:{year}")
    seen = shares_of(county, YEAR)
    assert (seen.lottery.points, seen.lottery_before.points) == (4000, 5000)
    assert seen.lights[ShareKind.LOTTERY] is Light.AMBER
    assert shares_of(county, YEAR - 1).lights[ShareKind.LOTTERY] is Light.GREEN


def test_a_division_sets_its_own_percentages(app: Flask) -> None:  # A44, A46, B25
    village = builders.a_region_tree().villages[0]
    promised(village, 35_00, "contract:1", "social_organisation")
    promised(village, 65_00, "contract:2", "enterprise")
    assert shares_of(village, YEAR).lights[ShareKind.SOCIAL] is Light.GREEN
    builders.with_numbers(village, social_share_points=3501)
    assert shares_of(village, YEAR).lights[ShareKind.SOCIAL] is Light.RED


def test_a_written_reason_is_public_and_the_earlier_ones_stay(app: Flask, client: InspectingClient) -> None:  # A46
    village = builders.a_region_tree().villages[0]
    year = clock.today().year
    promised(village, 65_00, "contract:2", "enterprise", year=year)
    builders.signed_in(client, builders.an_official(village))
    there = f"/{village.code}/funds/shares/social/reason?year={year}"
    assert client.post(there, data={"key": a_key(), "words": ""}).status_code == 422
    assert client.post(there, data={"key": a_key(), "words": "电话 13812345678"}).status_code == 422
    for words in ("没有社会组织报名", "第二次招标仍然没有"):
        key = a_key()
        for _ in range(2):
            assert client.post(there, data={"key": key, "words": words}).status_code == 303
    builders.signed_in(client, None)
    page = client.get(f"/{village.code}/funds/shares").text
    assert page.count("没有社会组织报名") == 1
    assert page.index("第二次招标仍然没有") < page.index("没有社会组织报名")
    assert client.get(f"/{village.code}/funds/shares/else/reason").status_code == 303
    db.session.rollback()
