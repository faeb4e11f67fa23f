"""What follows the scores: the report, the choice, the notice, and challenges."""

from sqlalchemy import select

from portal import audit
from portal.accounts.models import Person
from portal.notifications.actions import tell_all
from portal.policies.queries import rules_for
from portal.projects.lifecycle import move
from portal.projects.models import Project
from portal.providers.models import Provider
from portal.purchases.bidding import barred_until
from portal.purchases.due import challenge_until
from portal.purchases.models import Bid, Purchase, PurchaseChallenge
from portal.purchases.panel import refuse_tied
from portal.purchases.preparing import end_purchase
from portal.purchases.queries import case_of, is_contracted
from portal.purchases.results import Result, result_of
from portal.purchases.telling import staff_of
from portal.regions.models import Region
from portal.rules import N_, Refusal, credit, enforce, purchases, selection
from portal.rules.permissions import Actor, Deed
from portal.rules.projects import ProjectState, yuan_of
from portal.rules.purchases import Method, PurchaseState
from portal.rules.selection import Scoring
from portal.store import action, db, locked, put_once
from portal.store.clock import now


@action
def report_scores(actor: Actor, purchase: Purchase) -> None:
    """Note that the purchaser has the evaluation report. Source: rules-and-standards 2.2 (Reg. 43)."""
    locked(purchase)
    if purchase.reported_at is None:
        enforce(purchases.stands(purchase.state, PurchaseState.JUDGED))
        purchase.reported_at = now()
        audit.record(actor, Deed.RUN_PURCHASE, purchase, reported=True)


@action
def award_purchase(actor: Actor, purchase: Purchase, bid: Bid | None, words: str = "") -> None:
    """Choose the winner: the first in the ranking, or another with a written reason for everyone. Source: B22."""
    locked(purchase)
    if purchase.state == PurchaseState.AWARDED and bid is not None and bid.won:
        return
    enforce(purchases.stands(purchase.state, PurchaseState.JUDGED))
    refuse_tied(actor, purchase)
    result = result_of(purchase)
    assert result is not None, "the scores stand"
    enforce(_award_refusals(purchase, result, bid, words))
    assert bid is not None, "refused above"
    bid.won = True
    purchase.state, purchase.decided_at = PurchaseState.AWARDED.value, now()
    purchase.award_reason = "" if result.ranking[0].key == bid.id else words
    project = db.session.get_one(Project, purchase.project_id)
    move(actor, project, ProjectState.AWARDED, purchase=purchase.id)
    audit.record(actor, Deed.RUN_PURCHASE, purchase, awarded=bid.id)


def _award_refusals(purchase: Purchase, result: Result, bid: Bid | None, words: str) -> list[Refusal]:
    buyer = db.session.get_one(Region, purchase.region_id)
    found = list(purchases.enough_bids(len(result.bids), Method(purchase.method), rules_for(buyer)))
    if purchase.reported_at is None:
        found.append(Refusal(N_("First comes the evaluation report.")))
    if bid is None or bid.id not in result.bids:
        return [*found, Refusal(N_("Please choose one of the bids that were let in."), "bid")]
    found += credit.bar_refusals(barred_until(result.bids[bid.id].provider, buyer), "bid")
    if result.ranking[0].key != bid.id:
        found += purchases.reason_refusals(words, "words")
    return found


@action
def publish_result(actor: Actor, purchase: Purchase) -> None:
    """Publish the result with every working of it; each bidder is told its own. Source: rules-and-standards 2.2."""
    locked(purchase)
    if purchase.noticed_at is not None:
        return
    enforce(purchases.stands(purchase.state, PurchaseState.AWARDED))
    purchase.noticed_at = now()
    result = result_of(purchase)
    assert result is not None, "there is an award"
    _tell_each(purchase, result)
    audit.record(actor, Deed.RUN_PURCHASE, purchase, noticed=True)


def _tell_each(purchase: Purchase, result: Result) -> None:
    project = db.session.get_one(Project, purchase.project_id)
    place = db.session.get_one(Region, project.region_id)
    link = f"/{place.code}/purchases/{purchase.id}/"
    best = next(one for one in result.ranking if result.bids[one.key].bid.won)
    winner = result.bids[best.key].provider.name
    for one in result.ranking:
        offered = result.bids[one.key]
        values = {"title": project.title, "place": one.place, "bids": len(result.ranking)}
        if offered.bid.won:
            tell_all(staff_of([offered.provider.id]), "purchase_won", link, **values)
        elif purchase.scoring == Scoring.LOWEST:
            prices = {"price": yuan_of(offered.bid.price_fen), "best": yuan_of(result.bids[best.key].bid.price_fen)}
            tell_all(staff_of([offered.provider.id]), "purchase_dearer", link, winner=winner, **prices, **values)
        else:
            points = {"points": selection.shown(one.total), "best": selection.shown(best.total)}
            tell_all(staff_of([offered.provider.id]), "purchase_lost", link, winner=winner, **points, **values)
    refused = staff_of(one.provider.id for one in result.refused)
    tell_all(refused, "purchase_refused", link, title=project.title)


@action
def challenge_purchase(actor: Actor, purchase: Purchase, provider: Provider, words: str) -> PurchaseChallenge:
    """A bidder says what is wrong with a purchase, once, in time. Source: rules-and-standards 2.2 (Law 52)."""
    locked(purchase)
    made = _challenge_of(purchase, provider)
    if made is not None and made.words == words:
        return made
    enforce(_challenge_refusals(purchase, provider, words, made))
    challenge = put_once(
        PurchaseChallenge,
        purchase_id=purchase.id,
        provider_id=provider.id,
        words=words,
        sent_at=now(),
        sent_by_id=db.session.get_one(Person, actor.id).id,
        answer="",
    )
    assert challenge is not None, "the purchase is locked"
    audit.record(actor, Deed.BID, challenge, challenged=purchase.id)
    return challenge


def _challenge_of(purchase: Purchase, provider: Provider) -> PurchaseChallenge | None:
    hers = (PurchaseChallenge.purchase_id == purchase.id) & (PurchaseChallenge.provider_id == provider.id)
    return db.session.scalar(select(PurchaseChallenge).where(hers))


def _challenge_refusals(
    purchase: Purchase, provider: Provider, words: str, made: PurchaseChallenge | None
) -> list[Refusal]:
    case = case_of(purchase.id)
    until = challenge_until(case) if case else None
    bid = select(Bid.id).where(Bid.purchase_id == purchase.id, Bid.provider_id == provider.id)
    found = []
    if db.session.scalar(bid.where(Bid.withdrawn_at.is_(None))) is None:
        found.append(Refusal(N_("Only who has bid can challenge the result.")))
    elif until is None:
        found.append(Refusal(N_("The result can be challenged when it has been published.")))
    elif until < now():
        found.append(Refusal(N_("The time to challenge the result is over.")))
    elif made is not None:
        found.append(Refusal(N_("You have challenged this result; everything was to be said at once.")))
    return [*found, *purchases.reason_refusals(words, "words")]


@action
def answer_challenge(
    actor: Actor, purchase: Purchase, challenge: PurchaseChallenge, *, upheld: bool, answer: str
) -> None:
    """An official answers a challenge, for everyone to read. If it is right, an award without a contract falls."""
    locked(purchase)
    locked(challenge)
    if challenge.answered_at is not None and (challenge.upheld, challenge.answer) == (upheld, answer):
        return
    refuse_tied(actor, purchase)
    found = list(purchases.reason_refusals(answer, "answer"))
    if challenge.answered_at is not None:
        found.append(Refusal(N_("This has been decided meanwhile.")))
    enforce(found)
    challenge.upheld, challenge.answer, challenge.answered_at = upheld, answer, now()
    audit.record(actor, Deed.RUN_PURCHASE, challenge, upheld=upheld)
    project = db.session.get_one(Project, purchase.project_id)
    place = db.session.get_one(Region, project.region_id)
    link = f"/{place.code}/purchases/{purchase.id}/"
    tell_all(staff_of([challenge.provider_id]), "challenge_answered", link, title=project.title)
    if upheld and purchase.state == PurchaseState.AWARDED and not is_contracted(purchase):
        end_purchase(actor, purchase, PurchaseState.FAILED, answer)
