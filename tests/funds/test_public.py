"""Everyone reads where the money comes from and where it goes."""

import io
import zipfile

from flask import Flask

from portal.funds.committing import commit_money, pay_money
from portal.funds.granting import open_call
from portal.funds.keeping import correct_entry, enter_money
from portal.funds.models import FundEntry
from portal.funds.sharing import explain_share, note_contract
from portal.rules.funds import EntryDraft, Way
from portal.rules.grants import CallDraft
from portal.store import clock, db
from tests import builders
from tests.client import InspectingClient
from tests.funds.making import a_fund, a_key, a_line, an_allocation, keeper


def test_everyone_sees_funds_allocations_and_lines_with_what_is_free(
    app: Flask, client: InspectingClient
) -> None:  # A18, B24, B26
    tree = builders.a_region_tree()
    village = tree.villages[0]
    fund = a_fund(tree.county, 1_000_000_00, name="柳溪县年度预算")
    given = an_allocation(fund, tree.township, 400_000_00)
    an_allocation(fund, village, 100_000_00, given)
    line = a_line(village, 50_000_00, title="助餐服务")
    commit_money(line, 30_000_00, "contract:1")
    pay_money("contract:1", 12_000_00)
    page = client.get(f"/{tree.county.code}/funds/").text
    for said in ("柳溪县年度预算", "¥1,000,000", "¥400,000", "¥100,000", "助餐服务", "¥30,000", "¥12,000", "¥20,000"):
        assert said in page
    assert client.get(f"/{village.code}/funds/allocations/{given.id}/").status_code == 404  # it is the township's


def test_the_community_funds_account_is_public_and_names_nobody(app: Flask, client: InspectingClient) -> None:  # A59
    village = builders.a_region_tree().villages[0]
    official = builders.an_official(village)
    fund = a_fund(village, 20_000_00, "community", name="长桥社区发展基金")
    enter_money(keeper(village), fund, EntryDraft(Way.DIRECT, 3_000_00, "重阳节活动物资", "0401"), a_key())
    slip = db.session.scalars(db.select(FundEntry).where(FundEntry.way == "direct")).one()
    correct_entry(keeper(village), fund, slip, "多记了一笔", a_key())
    page = client.get(f"/{village.code}/funds/{fund.id}/").text
    for said in ("年初预算下达", "重阳节活动物资", "多记了一笔", "¥20,000", "¥3,000"):
        assert said in page
    assert official.name not in page


def test_the_channel_of_a_fund_is_shown(app: Flask, client: InspectingClient) -> None:  # A49
    village = builders.a_region_tree().villages[0]
    fund = a_fund(village, channel="party_org")
    for page in (f"/{village.code}/funds/", f"/{village.code}/funds/{fund.id}/"):
        assert "Grassroots Party organisation" in client.get(page, headers={"Accept-Language": "en"}).text


def test_the_report_tells_purchases_from_direct_spending_by_source_and_subject(
    app: Flask, client: InspectingClient
) -> None:  # A45
    village = builders.a_region_tree().villages[0]
    line = a_line(village, 50_000_00, "lottery", category="0401")
    commit_money(line, 30_000_00, "contract:1")
    pay_money("contract:1", 12_000_00)
    fund = a_fund(village, 20_000_00, "assistance")
    enter_money(keeper(village), fund, EntryDraft(Way.DIRECT, 3_000_00, "临时救助金", "03"), a_key())
    english = {"Accept-Language": "en"}
    rows = client.get(f"/{village.code}/funds/report.csv", headers=english).text.splitlines()
    assert any("lottery" in row and "Paid for a purchase" in row and "12000.00" in row for row in rows)
    assert any("social-assistance" in row and "Spent directly" in row and "3000.00" in row for row in rows)
    assert "¥12,000" in client.get(f"/{village.code}/funds/report", headers=english).text


def test_sheets_are_saved_as_csv_and_xlsx(app: Flask, client: InspectingClient) -> None:  # A18, B24
    village = builders.a_region_tree().villages[0]
    a_line(village, 50_000_01, title="=1+1")
    for what in ("funds", "lines", "report"):
        assert client.get(f"/{village.code}/funds/{what}.csv").data.startswith("\ufeff".encode())
        assert zipfile.is_zipfile(io.BytesIO(client.get(f"/{village.code}/funds/{what}.xlsx").data))
    text = client.get(f"/{village.code}/funds/lines.csv").text
    assert "'=1+1" in text
    assert "50000.01" in text
    assert client.get(f"/{village.code}/funds/people.csv").status_code == 404


def test_the_shares_of_a_year_are_shown_with_words_and_reasons(app: Flask, client: InspectingClient) -> None:  # A46
    tree = builders.a_region_tree()
    year, village = clock.today().year, tree.villages[0]
    line = a_line(village, 10_000_000_00, is_new=True)
    commit_money(line, 2_999_999_99, "contract:1")
    commit_money(line, 7_000_000_01, "contract:2")
    note_contract("contract:1", village.id, "social_organisation")
    note_contract("contract:2", village.id, "enterprise")
    there, english = f"/{tree.county.code}/funds/shares", {"Accept-Language": "en"}
    page = client.get(there, headers=english).text
    assert "29.99%" in page
    assert "below, and no reason is written yet" in page
    explain_share(keeper(tree.county), tree.county, year, "social", "今年没有合适的社会组织报名", a_key())
    page = client.get(there, headers=english).text
    assert "今年没有合适的社会组织报名" in page
    assert "below; the reason is written here" in page


def test_pages_of_grants_and_of_an_empty_place(app: Flask, client: InspectingClient) -> None:  # A57
    village = builders.a_region_tree().villages[0]
    for name in ("", "shares", "report", "grants/"):
        assert client.get(f"/{village.code}/funds/{name}").status_code == 200
    fund = a_fund(village, kind="incubation")
    call = open_call(
        keeper(village), fund, CallDraft("起步补贴", "给新成立的社会组织", 10_000_00, clock.today(), True), a_key()
    )
    assert "起步补贴" in client.get(f"/{village.code}/funds/grants/").text
    assert client.get(f"/{village.code}/funds/calls/{call.id}/").status_code == 200
