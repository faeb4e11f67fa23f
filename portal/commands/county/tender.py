"""A purchase: published, bid for, judged, awarded, and put before everyone."""

from typing import Any

from portal.commands.county import content
from portal.commands.county.people import COMMITTEE, OFFICIAL
from portal.commands.county.telling import Chapter, Teller
from portal.contracts.queries import Award
from portal.disclosure.actions import disclose
from portal.projects.models import Project
from portal.projects.stages import note_taking_part
from portal.purchases.bidding import send_bid
from portal.purchases.deciding import award_purchase, publish_result, report_scores
from portal.purchases.judging import Given, cells_of, hand_in_scores, recuse
from portal.purchases.models import Bid, Purchase
from portal.purchases.opening import open_bids
from portal.purchases.panel import appoint_judge
from portal.purchases.preparing import prepare_purchase, publish_purchase
from portal.purchases.queries import case_of
from portal.rules.disclosure import Item
from portal.rules.purchases import PurchaseDraft
from portal.rules.selection import Basis, FactorDraft, Scoring, Tie

COUNTY = "990121000000"
BEFORE = (Item.PURCHASER, Item.PROJECT, Item.METHOD)
"""What is known when a purchase is published."""
JUDGES = 3
NEVER_LATE = 3
"""Days between the last bid and when bids are due; a day of the story may move over a weekend."""


def purchased(teller: Teller, given: dict[str, Any], project: Project) -> Any:
    """Buy a project; gives the award."""
    when, official = given["when"], teller.actor(OFFICIAL)
    purchase = yield from published(teller, given, when, project)
    words = content.story()["bid_words"]
    bids = {}
    for number, (name, price) in enumerate(given["bids"].items(), 1):
        yield when["due"] + NEVER_LATE + len(given["bids"]) - number
        provider = teller.providers[name]
        bids[name] = send_bid(teller.staff_of(name), purchase, provider, price * 100, words[name])
    if "shares" in given:
        yield from appointed(teller, purchase, when["open"] + 1, recused="objection" in given)
    yield when["open"]
    open_bids(official, purchase)
    committee = teller.actor(COMMITTEE[given["home"]])
    note_taking_part(committee, project, "meeting", 3, 6, "三位居民代表旁听了开标，没有异议。", teller.key())
    if "shares" in given:
        yield when["open"] - 1
        for number, name in enumerate(_judging(recused="objection" in given)):
            scored(teller, purchase, name, dict(zip(bids.values(), given["shares"], strict=True)), number)
    report_scores(official, purchase)
    yield when["award"]
    award_purchase(official, purchase, next(iter(bids.values())))
    yield when["award"] - 1
    publish_result(official, purchase)
    _put_out(teller, purchase, Item.RESULT)
    yield from _process(teller, given, purchase)
    first = next(iter(bids))
    return Award(purchase, project, bids[first], teller.providers[first])


def published(teller: Teller, given: dict[str, Any], when: dict[str, int], project: Project) -> Any:
    """Prepare and publish the purchase of a project by the county, and say so where everyone looks."""
    official = teller.actor(OFFICIAL)
    yield when["publish"] + 1
    draft = PurchaseDraft(
        purchaser="清溪县民政局",
        purchaser_kind="civil_affairs",
        method=given["method"],
        ground=given["ground"],
        budget_fen=project.budget_fen,
        scoring=(Scoring.LOWEST if "lowest" in given else Scoring.COMPREHENSIVE).value,
        scoring_reason=given.get("lowest", ""),
        factors=() if "lowest" in given else _factors(),
        invited=tuple(teller.providers[name].id for name in given["bids"]) if "lowest" in given else (),
    )
    purchase = prepare_purchase(official, teller.places[COUNTY], project, draft, teller.key())
    yield when["publish"]
    publish_purchase(official, purchase, teller.day(when["due"]))
    for item in BEFORE:
        _put_out(teller, purchase, item)
    return purchase


def _factors() -> tuple[FactorDraft, ...]:
    return tuple(
        FactorDraft(**(one | {"basis": Basis(one["basis"]), "number": number}))
        for number, one in enumerate(content.story()["factor"], 1)
    )


def appointed(teller: Teller, purchase: Purchase, days: int, *, recused: bool) -> Chapter:
    """Three judges; of three of whom one steps back, a fourth takes the place."""
    official, judges = teller.actor(OFFICIAL), content.story()["judge"]
    yield days + 1
    for judge in judges[:JUDGES]:
        appoint_judge(official, purchase, judge["login"], judge["name"], judge["body"])
    if recused:
        yield days
        recuse(teller.actor(judges[JUDGES - 1]["name"]), purchase, Tie.FAMILY)
        other = judges[JUDGES]
        appoint_judge(official, purchase, other["login"], other["name"], other["body"])


def _judging(*, recused: bool) -> list[str]:
    names = [judge["name"] for judge in content.story()["judge"]]
    return [*names[: JUDGES - 1], names[JUDGES]] if recused else names[:JUDGES]


def scored(teller: Teller, purchase: Purchase, judge: str, shares: dict[Bid, int], number: int) -> None:
    """A judge gives each bid its share (in hundredths) of the points; judges differ a little."""
    cells, by_bid = cells_of(purchase), {bid.id: share for bid, share in shares.items()}
    given = {
        (bid, factor_id): Given((by_bid[bid] - number) * factor.points // 25 * 25)
        for (bid, factor_id), factor in cells.items()
    }
    hand_in_scores(teller.actor(judge), purchase, given)


def _process(teller: Teller, given: dict[str, Any], purchase: Purchase) -> Chapter:
    """How it went is published with the result, or late, or not yet, as the story says."""
    if given["name"] in content.story()["disclosed"]["late"]:
        teller.begin(_later(teller, purchase, content.story()["disclosed"]["late"][given["name"]]))
    elif given["name"] not in content.story()["disclosed"]["missing"]:
        yield given["when"]["award"] - 1
        _put_out(teller, purchase, Item.PROCESS)


def _later(teller: Teller, purchase: Purchase, days: int) -> Chapter:
    yield days
    _put_out(teller, purchase, Item.PROCESS)


def _put_out(teller: Teller, purchase: Purchase, item: Item) -> None:
    case = case_of(purchase.id)
    assert case is not None
    disclose(teller.actor(OFFICIAL), case, item, "", 0)
