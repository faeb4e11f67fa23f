"""Purchases, what of them may be read when, and what is due."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import aliased

from portal.policies.catalogue import known_items
from portal.projects.lifecycle import HOLDS
from portal.projects.models import Project, ProjectItem
from portal.providers.models import Provider
from portal.purchases.models import Bid, Purchase, PurchaseChallenge, PurchaseInvitation, ScoringFactor
from portal.regions.models import Region
from portal.regions.queries import within
from portal.rules import N_, Refusal
from portal.rules.levels import is_mismatch
from portal.rules.permissions import Actor, Deed, Role, may
from portal.rules.purchases import UNDER_WAY, PurchaseState
from portal.store import db
from portal.store.clock import now

Buyer, Place = aliased(Region), aliased(Region)
SIGNED: list[Callable[[Purchase], bool]] = []
"""Whether a contract of a purchase was signed; the room of contracts says so."""


@dataclass(frozen=True)
class Case:
    """A purchase with its project, who buys, and where the project is."""

    purchase: Purchase
    project: Project
    buyer: Region
    place: Region


def find_case(number: int, found: dict[str, Any]) -> Case | None:
    """A purchase by its number, under the region that buys or the one where its project is."""
    case = case_of(number)
    return case if case is not None and found["region"].id in (case.buyer.id, case.place.id) else None


def case_of(number: int) -> Case | None:
    """A purchase by its number."""
    row = db.session.execute(
        select(Purchase, Project, Buyer, Place)
        .join(Project, Project.id == Purchase.project_id)
        .join(Buyer, Buyer.id == Purchase.region_id)
        .join(Place, Place.id == Project.region_id)
        .where(Purchase.id == number)
    ).first()
    return Case(*row) if row else None


@dataclass(frozen=True)
class Located:
    """A project with its region."""

    project: Project
    place: Region


def find_project_below(number: int, found: dict[str, Any]) -> Located | None:
    """A project of the region or of a place in it."""
    row = db.session.execute(
        select(Project, Region)
        .join(Region, Region.id == Project.region_id)
        .where(Project.id == number, within(found["region"]))
    ).first()
    return Located(*row) if row else None


def buyer_for(actor: Actor, located: Located) -> Region | None:
    """Who most likely purchases a project, of those for whom `actor` may: the level it names, else a fitting one."""
    above = [int(number) for number in located.place.path.split(".") if number]
    rows = db.session.scalars(select(Region).where(Region.id.in_(above), Region.level != "village"))
    ours = [region for region in rows if may(actor, Deed.RUN_PURCHASE, region.path)]
    named, implementing = located.project.level, implementing_of(located.project, located.place)
    fitting = [one for one in ours if one.level == named or not (named or is_mismatch(one.level, implementing))]
    return min(fitting or ours, key=lambda region: len(region.path), default=None)


def implementing_of(project: Project, place: Region) -> tuple[str, ...]:
    """What the catalogue says of who mainly purchases the items of a project. Source: A32-A36."""
    codes = db.session.scalars(select(ProjectItem.code).where(ProjectItem.project_id == project.id))
    items = known_items(place)
    return tuple(items[code].implementing_level for code in (project.category, *codes) if code in items)


def factors_of(purchase: Purchase) -> Sequence[ScoringFactor]:
    return db.session.scalars(
        select(ScoringFactor).where(ScoringFactor.purchase_id == purchase.id).order_by(ScoringFactor.id)
    ).all()


def invited_to(purchase: Purchase) -> Sequence[Row[Any]]:
    """Who is invited, where the method is closed."""
    return db.session.execute(
        select(Provider.id, Provider.name, Provider.translations)
        .join(PurchaseInvitation, PurchaseInvitation.provider_id == Provider.id)
        .where(PurchaseInvitation.purchase_id == purchase.id)
        .order_by(Provider.id)
    ).all()


@dataclass(frozen=True)
class OpenedBid:
    """A bid that may be read, with who sent it."""

    bid: Bid
    provider: Provider


def opened_bids(purchase: Purchase) -> list[OpenedBid]:
    """All bids, in the order in which they came; none before they were opened, whoever asks. Source: B8."""
    if purchase.opened_at is None:
        return []
    rows = db.session.execute(
        select(Bid, Provider)
        .join(Provider, Provider.id == Bid.provider_id)
        .where(Bid.purchase_id == purchase.id, Bid.withdrawn_at.is_(None))
        .order_by(Bid.id)
    )
    return [OpenedBid(*row) for row in rows]


def find_bid(number: int, found: dict[str, Any]) -> OpenedBid | None:
    """An opened bid of the purchase."""
    return next((one for one in opened_bids(found["purchase"].purchase) if one.bid.id == number), None)


def count_bids(purchase: Purchase) -> int | None:
    """How many bids came in; None while more may come: until then nobody learns even that."""
    if purchase.bids_due_at is None or purchase.bids_due_at > now():
        return None
    return len(
        db.session.scalars(select(Bid.id).where(Bid.purchase_id == purchase.id, Bid.withdrawn_at.is_(None))).all()
    )


def own_providers(actor: Actor, place: Region) -> set[int]:
    """The providers for which `actor` works in `place`."""
    return {
        grant.provider_id
        for grant in actor.grants
        if grant.role is Role.PROVIDER and grant.provider_id and place.path.startswith(grant.path)
    }


def own_bid(actor: Actor, case: Case) -> Bid | None:
    """The bid of the provider for which `actor` works; withdrawn ones among them."""
    ours = own_providers(actor, case.place)
    if not ours:
        return None
    query = select(Bid).where(Bid.purchase_id == case.purchase.id, Bid.provider_id.in_(ours))
    return db.session.scalar(query.order_by(Bid.id).limit(1))


def challenges_of(purchase: Purchase) -> list[tuple[PurchaseChallenge, Provider]]:
    rows = db.session.execute(
        select(PurchaseChallenge, Provider)
        .join(Provider, Provider.id == PurchaseChallenge.provider_id)
        .where(PurchaseChallenge.purchase_id == purchase.id)
        .order_by(PurchaseChallenge.id)
    )
    return [(challenge, provider) for challenge, provider in rows]


def find_challenge(number: int, found: dict[str, Any]) -> PurchaseChallenge | None:
    challenge = db.session.get(PurchaseChallenge, number)
    return challenge if challenge is not None and challenge.purchase_id == found["purchase"].purchase.id else None


def may_contract(purchase: Purchase) -> bool:
    """Whether a contract may be made of an award: its result was published and no challenge is open or was right."""
    if purchase.state != PurchaseState.AWARDED or purchase.noticed_at is None:
        return False
    challenges = db.session.scalars(select(PurchaseChallenge).where(PurchaseChallenge.purchase_id == purchase.id))
    return all(one.upheld is False for one in challenges)


def is_contracted(purchase: Purchase) -> bool:
    """Whether a contract of the purchase was signed, even if it has ended since."""
    return any(signed(purchase) for signed in SIGNED)


def _to_be_ended(project: Project) -> list[Refusal]:
    """Why a project is not given up yet: it is being purchased, and no contract has taken the purchase's place."""
    live = select(Purchase).where(Purchase.project_id == project.id, Purchase.state.in_(UNDER_WAY))
    return [
        Refusal(
            N_("Purchase %(number)s of this project is under way. It has to be ended first."),
            "state",
            {"number": purchase.id},
        )
        for purchase in db.session.scalars(live.order_by(Purchase.id))
        if not is_contracted(purchase)
    ]


def winning_bid(purchase: Purchase) -> OpenedBid | None:
    """The bid that won."""
    return next((one for one in opened_bids(purchase) if one.bid.won), None)


HOLDS.append(_to_be_ended)
