"""Who judges the bids of a purchase; who is tied to a bidder steps back. Source: B22."""

from collections.abc import Sequence

from sqlalchemy import or_, select

from portal import audit
from portal.accounts.models import Person
from portal.notifications.actions import tell
from portal.projects.models import Project
from portal.purchases.models import Bid, Judge, Purchase
from portal.purchases.queries import opened_bids
from portal.purchases.telling import staff_of
from portal.regions.models import Region
from portal.rules import N_, Refusal, enforce, purchases
from portal.rules.permissions import Actor, Deed, Role
from portal.rules.purchases import PurchaseState
from portal.rules.selection import Tie
from portal.rules.wording import personal_numbers
from portal.store import action, db, locked, put_once
from portal.store.clock import now


@action
def appoint_judge(actor: Actor, purchase: Purchase, login: str, name: str, body: str) -> Judge:
    """Appoint who has the account `login` to score the bids; `name` and `body` are published with the result.

    Source: B22; rules-and-standards 2.2 (Reg. 43).
    """
    locked(purchase)
    enforce(purchases.stands(purchase.state, PurchaseState.PREPARED, PurchaseState.PUBLISHED, PurchaseState.OPENED))
    refuse_tied(actor, purchase)
    person = db.session.scalar(select(Person).where(Person.login == login)) if login else None
    enforce(_judge_refusals(actor, purchase, person, name, body))
    assert person is not None, "refused above"
    judge = put_once(
        Judge, purchase_id=purchase.id, person_id=person.id, name=name, body=body, recusal_reason="", recused_at=None
    )
    if judge is None:
        return db.session.scalars(
            select(Judge).where(Judge.purchase_id == purchase.id, Judge.person_id == person.id)
        ).one()
    project = db.session.get_one(Project, purchase.project_id)
    region = db.session.get_one(Region, purchase.region_id)
    tell(person.id, "judge_appointed", f"/{region.code}/purchases/{purchase.id}/judge", title=project.title)
    audit.record(actor, Deed.RUN_PURCHASE, purchase, judge=judge.id)
    return judge


def _judge_refusals(actor: Actor, purchase: Purchase, person: Person | None, name: str, body: str) -> list[Refusal]:
    found = []
    if person is None:
        found.append(Refusal(N_("There is no account with this name for signing in."), "login"))
    elif person.id == actor.id:
        found.append(Refusal(N_("Nobody appoints herself."), "login"))
    elif person.id == db.session.get_one(Project, purchase.project_id).drafted_by_id:
        found.append(Refusal(N_("Who drafted the project for the committee does not judge the bids for it."), "login"))
    elif person.id in tied(purchase):
        found.append(Refusal(N_("This person works for a bidder and cannot judge."), "login"))
    if not 2 <= len(name) <= 60:
        found.append(Refusal(N_("Please give the judge's name; it is published with the result."), "name"))
    if len(body) > 100:
        found.append(Refusal(N_("This is too long: at most %(most)s characters."), "body", {"most": 100}))
    return [*found, *personal_numbers(f"{name} {body}", "name")]


def tied(purchase: Purchase) -> set[int]:
    """The people who work for bidders; nobody while bids are sealed, so that a refusal tells nobody who bids."""
    found = opened_bids(purchase)
    return {*staff_of(one.provider.id for one in found), *(one.bid.sent_by_id for one in found)}


def refuse_tied(actor: Actor, purchase: Purchase) -> None:
    """Refuse a deed of an official who works for a bidder or has sent a bid; sealed bids count, too. Source: B22.

    It tells her nothing that she does not know: it is her own provider that bids.
    """
    own = {grant.provider_id for grant in actor.grants if grant.role is Role.PROVIDER}
    hers = or_(Bid.provider_id.in_(own), Bid.sent_by_id == actor.id)
    bid = select(Bid.id).where(Bid.purchase_id == purchase.id, Bid.withdrawn_at.is_(None), hers)
    if db.session.scalar(bid.limit(1)) is not None:
        enforce([Refusal(N_("You work for a bidder of this purchase: another official has to do this."))])


def judge_of(actor: Actor, purchase: Purchase) -> Judge | None:
    """The one who asks, as a judge of the purchase; who stepped back is none."""
    query = select(Judge).where(Judge.purchase_id == purchase.id, Judge.person_id == actor.id)
    return db.session.scalar(query.where(Judge.recused_at.is_(None)))


def all_judges(purchase: Purchase) -> Sequence[Judge]:
    """Who was appointed, in the order of their letters, those who stepped back among them."""
    return db.session.scalars(select(Judge).where(Judge.purchase_id == purchase.id).order_by(Judge.id)).all()


def active_judges(purchase: Purchase) -> list[Judge]:
    """Who judges and did not step back."""
    return [judge for judge in all_judges(purchase) if judge.recused_at is None]


def step_back(judge: Judge, tie: Tie) -> None:
    """Note, inside a deed, that a judge judges no longer."""
    judge.recused_at, judge.recusal_reason = now(), tie.value
    db.session.flush()
