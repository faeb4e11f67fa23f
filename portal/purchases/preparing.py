"""A purchase is prepared, published, and ended where nothing comes of it."""

from datetime import date

from sqlalchemy import delete, select

from portal import audit
from portal.notifications.actions import tell_all
from portal.policies.queries import rules_for
from portal.projects.lifecycle import move
from portal.projects.models import Project
from portal.providers.queries import names_serving
from portal.purchases.models import Bid, Purchase, PurchaseInvitation, ScoringFactor
from portal.purchases.panel import refuse_tied
from portal.purchases.queries import factors_of, implementing_of, is_contracted
from portal.purchases.telling import staff_of
from portal.regions.models import Region
from portal.rules import N_, Refusal, clocks, enforce, purchases
from portal.rules.permissions import Actor, Deed
from portal.rules.projects import ProjectState
from portal.rules.purchases import LIVE, Ground, Method, PurchaseDraft, PurchaseState
from portal.rules.selection import Scoring
from portal.store import action, db, locked
from portal.store.clock import now, today


@action
def prepare_purchase(actor: Actor, buyer: Region, project: Project, draft: PurchaseDraft, key: str) -> Purchase:
    """Prepare the purchase of an approved project, for `buyer`; once by `key`. Source: B7, B14, B20-B22."""
    locked(project)
    if made := db.session.scalar(select(Purchase).where(Purchase.key == key)):
        return made
    enforce(_for_project(project))
    enforce(purchases.refusals(draft, _ground(buyer, project), rules_for(buyer)))
    purchase = Purchase(
        key=key, project_id=project.id, region_id=buyer.id, state=PurchaseState.PREPARED.value, prepared_at=now()
    )
    _write(purchase, draft)
    audit.record(actor, Deed.RUN_PURCHASE, purchase, prepared=True, method=purchase.method)
    return purchase


@action
def revise_purchase(actor: Actor, purchase: Purchase, draft: PurchaseDraft) -> None:
    """Change a purchase before it is published."""
    locked(purchase)
    enforce(purchases.stands(purchase.state, PurchaseState.PREPARED))
    buyer = db.session.get_one(Region, purchase.region_id)
    project = db.session.get_one(Project, purchase.project_id)
    enforce(purchases.refusals(draft, _ground(buyer, project), rules_for(buyer)))
    for model in (ScoringFactor, PurchaseInvitation):
        db.session.execute(delete(model).where(model.purchase_id == purchase.id))
    _write(purchase, draft)
    audit.record(actor, Deed.RUN_PURCHASE, purchase, revised=True)


def _for_project(project: Project) -> list[Refusal]:
    found = []
    if project.state != ProjectState.APPROVED:
        found.append(Refusal(N_("Only a project that was approved and is not being purchased yet can be purchased.")))
    live = select(Purchase.id).where(Purchase.project_id == project.id, Purchase.state.in_(LIVE))
    if db.session.scalar(live.limit(1)):
        found.append(Refusal(N_("This project is being purchased already.")))
    return found


def _ground(buyer: Region, project: Project) -> Ground:
    place = db.session.get_one(Region, project.region_id)
    providers = [row.id for row in names_serving(place)]
    return Ground(buyer.level, implementing_of(project, place), project.budget_fen, providers)


def _write(purchase: Purchase, draft: PurchaseDraft) -> None:
    for name in ("purchaser", "purchaser_kind", "method", "ground", "scoring", "budget_fen", "level_reason"):
        setattr(purchase, name, getattr(draft, name))
    comprehensive = draft.scoring == Scoring.COMPREHENSIVE
    purchase.scoring_reason = "" if comprehensive else draft.scoring_reason
    db.session.add(purchase)
    db.session.flush()
    for one in draft.factors if comprehensive else ():
        db.session.add(
            ScoringFactor(
                purchase_id=purchase.id,
                factor=one.factor,
                title=one.title,
                indicator=one.indicator,
                points=one.points,
                basis=one.basis.value,
            )
        )
        db.session.flush()  # one by one, so that they keep the order in which they were listed
    db.session.add_all(PurchaseInvitation(purchase_id=purchase.id, provider_id=one) for one in draft.invited)


@action
def publish_purchase(actor: Actor, purchase: Purchase, due: date | None) -> None:
    """Call for bids until the end of the day `due`; from now on nothing of the call changes. Source: B8, B22."""
    locked(purchase)
    if purchase.state == PurchaseState.PUBLISHED and due and purchase.bids_due_at == clocks.end_of_day(due):
        return
    enforce(purchases.stands(purchase.state, PurchaseState.PREPARED))
    buyer = db.session.get_one(Region, purchase.region_id)
    method = Method(purchase.method)
    enforce(purchases.due_refusals(due, today(), method, rules_for(buyer)))
    assert due is not None, "refused above"
    if purchase.scoring == Scoring.COMPREHENSIVE and sum(one.points for one in factors_of(purchase)) != 100:
        raise ValueError("a purchase is prepared with factors that make 100")
    purchase.state, purchase.published_at = PurchaseState.PUBLISHED.value, now()
    purchase.bids_due_at = clocks.end_of_day(due)
    project = db.session.get_one(Project, purchase.project_id)
    move(actor, project, ProjectState.TENDERED, purchase=purchase.id)
    invited = select(PurchaseInvitation.provider_id).where(PurchaseInvitation.purchase_id == purchase.id)
    place = db.session.get_one(Region, project.region_id)
    people = staff_of(db.session.scalars(invited).all())
    tell_all(people, "purchase_invited", f"/{place.code}/purchases/{purchase.id}/", title=project.title)
    audit.record(actor, Deed.RUN_PURCHASE, purchase, published=True, due=due.isoformat())


ENDABLE = (
    PurchaseState.PREPARED,
    PurchaseState.PUBLISHED,
    PurchaseState.OPENED,
    PurchaseState.JUDGED,
    PurchaseState.AWARDED,
)


@action
def end_purchase(actor: Actor, purchase: Purchase, state: PurchaseState, words: str) -> None:
    """End a purchase that `state`: failed, or was cancelled; with a public reason. Its project may be purchased anew.

    An award ends so only while no contract of it was signed.
    """
    locked(purchase)
    if (purchase.state, purchase.ended_reason) == (state, words):
        return
    enforce([*purchases.stands(purchase.state, *ENDABLE), *purchases.reason_refusals(words, "words")])
    project = locked(db.session.get_one(Project, purchase.project_id))
    refuse_tied(actor, purchase)
    enforce(_not_contracted(purchase))
    purchase.state, purchase.ended_reason = state.value, words
    purchase.decided_at = purchase.decided_at or now()
    if project.state in (ProjectState.TENDERED, ProjectState.AWARDED):
        move(actor, project, ProjectState.APPROVED, words, purchase=purchase.id)
    _tell_bidders(purchase, project)
    audit.record(actor, Deed.RUN_PURCHASE, purchase, ended=state.value)


def _not_contracted(purchase: Purchase) -> list[Refusal]:
    if purchase.state == PurchaseState.AWARDED and is_contracted(purchase):
        return [Refusal(N_("There is a contract already; what goes wrong with it is settled there."))]
    return []


def _tell_bidders(purchase: Purchase, project: Project) -> None:
    bidders = select(Bid.provider_id).where(Bid.purchase_id == purchase.id, Bid.withdrawn_at.is_(None))
    people = staff_of(db.session.scalars(bidders).all())
    place = db.session.get_one(Region, project.region_id)
    tell_all(people, "purchase_ended", f"/{place.code}/purchases/{purchase.id}/", title=project.title)
