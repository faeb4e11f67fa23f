"""The county's money: what came in, what was given on, what is planned with it, and who asked for some."""

from typing import Any

from portal.commands.county import content
from portal.commands.county.people import COUNTY, OFFICIAL
from portal.commands.county.telling import Chapter, Teller, said
from portal.funds.allocating import add_line, allocate, give_on
from portal.funds.granting import ask_grant, decide_grant, finish_call, open_call, pay_grant
from portal.funds.keeping import enter_money, open_fund
from portal.funds.models import Allocation, BudgetLine
from portal.funds.sharing import explain_share
from portal.rules.funds import EntryDraft, FundDraft, Way
from portal.rules.grants import CallDraft, RequestDraft


def funds(teller: Teller) -> list[Chapter]:
    told = content.story()
    return [
        *(_fund(teller, given) for given in told["fund"]),
        *(_line(teller, given) for given in told["line"]),
        *(_given_on(teller, given) for given in told["given"]),
    ]


def _fund(teller: Teller, given: dict[str, Any]) -> Chapter:
    yield given["opened"]
    official, county = teller.actor(OFFICIAL), teller.places[COUNTY]
    year = teller.day(0).year + given.get("year", 0)
    fund = open_fund(official, county, FundDraft(given["title"][0], given["kind"], year), teller.key())
    fund.translations = content.in_three(name=given["title"])["translations"]
    enter_money(official, fund, EntryDraft(Way.INCOME, given["income"] * 100, given["from"]), teller.key())
    teller.made[f"fund {given['name']}"] = fund
    if "spent" in given:
        yield 100
        spent = EntryDraft(Way.DIRECT, given["spent"] * 100, given["spent_on"], given["spent_category"])
        enter_money(official, fund, spent, teller.key())


def _line(teller: Teller, given: dict[str, Any]) -> Chapter:
    yield given["days"]
    home, fund = teller.places[given["home"]], teller.made[f"fund {given['fund']}"]
    allocation = allocate(teller.actor(OFFICIAL), fund, home, given["allocated"] * 100, teller.key())
    teller.made[f"allocation {given['fund']}"] = allocation
    teller.made[f"line {given['name']}"] = _planned(teller, allocation, given, given["amount"])


def _given_on(teller: Teller, given: dict[str, Any]) -> Chapter:
    """A part of the county's allocation that a township gets, and what it means to buy with it."""
    yield 330
    parent = teller.made[f"allocation {given['fund']}"]
    to = teller.places[given["home"]]
    part = give_on(teller.actor(OFFICIAL), parent, to, given["amount"] * 100, teller.key())
    yield 328
    _planned(teller, part, given, given["planned"])


def _planned(teller: Teller, allocation: Allocation, given: dict[str, Any], amount: int) -> BudgetLine:
    return add_line(
        teller.actor(OFFICIAL),
        allocation,
        given["title"],
        amount * 100,
        teller.key(),
        category=given["category"],
        is_new=given.get("is_new", False),
    )


def reason(teller: Teller) -> Chapter:
    """Why social organisations got less than 30 % of the new spending."""
    given = content.story()["reason"]
    yield 30
    year = teller.made["fund budget"].year
    county = teller.places[COUNTY]
    explain_share(teller.actor(OFFICIAL), county, year, given["share"], given["words"], teller.key())


def community_fund(teller: Teller) -> Chapter:
    """Money that neighbours gave, what it went for, and one grant of it."""
    given = content.story()["community_fund"]
    yield given["opened"]
    official, home = teller.actor(OFFICIAL), teller.places[given["home"]]
    draft = FundDraft(given["title"][0], "community", teller.day(0).year)
    fund = open_fund(official, home, draft, teller.key())
    fund.translations = content.in_three(name=given["title"])["translations"]
    for entry in given["entry"]:
        yield entry["days"]
        money = EntryDraft(entry["way"], entry["amount"] * 100, entry["words"])
        enter_money(official, fund, money, teller.key())
    yield 62
    call = open_call(
        official,
        fund,
        CallDraft(given["call"][0], given["call_words"][0], given["budget"] * 100, teller.day(50)),
        teller.key(),
    )
    said(call, {"title": given["call"], "words": given["call_words"]}, "title", "words")
    yield 55
    provider = teller.providers["nuanlin"]
    asked = RequestDraft(given["ask"], given["purpose"], given["asked"] * 100, teller.day(900))
    wish = ask_grant(teller.staff_of("nuanlin"), call, provider, asked, teller.key())
    yield 47
    decide_grant(official, call, wish, given["granted"] * 100, given["why"])
    yield 45
    pay_grant(official, call, wish)
    yield 42
    finish_call(official, call)
