"""What was published of each purchase, what is due, and what is late."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from portal.disclosure.models import DisclosureItem
from portal.policies.queries import rules_for, working_days_after
from portal.projects.models import Project
from portal.purchases.models import Purchase
from portal.purchases.queries import Buyer, Case, Place
from portal.regions.models import Region
from portal.regions.queries import within
from portal.rules.disclosure import Clock, Item, Moments, arises_at, clock
from portal.rules.numbers import Numbers
from portal.rules.purchases import PurchaseState
from portal.store import db
from portal.store.clock import CHINA, today

MOST = 200


@dataclass(frozen=True)
class Disclosed:
    """An item of a purchase: what stands of it, all versions newest first, and its term (None: nothing to publish)."""

    item: Item
    versions: Sequence[DisclosureItem]
    clock: Clock | None

    @property
    def light(self) -> str:
        """green: public in time; amber: public late, or not yet due; red: late; empty: nothing to publish yet."""
        if self.clock is None:
            return ""
        if self.versions:
            return "amber" if self.clock.late_days else "green"
        return "red" if self.clock.late_days else "amber"


def moments_of(purchase: Purchase) -> Moments:
    """A result is nobody's before the bidders have it."""
    told = purchase.noticed_at if purchase.state == PurchaseState.AWARDED else purchase.decided_at
    return Moments(purchase.published_at, purchase.judged_at, told)


def disclosed_of(case: Case) -> dict[Item, Disclosed]:
    """The five items of a purchase."""
    return _disclosed(case, _versions([case.purchase.id]).get(case.purchase.id, {}), rules_for(case.buyer))


@dataclass(frozen=True)
class Registered:
    """A purchase in the register, with its five items."""

    case: Case
    items: dict[Item, Disclosed]

    @property
    def public(self) -> int:
        return sum(bool(one.versions) for one in self.items.values())

    @property
    def late_days(self) -> int:
        """Of what is still not public: the longest."""
        waiting = [one.clock.late_days for one in self.items.values() if one.clock and not one.versions]
        return max(waiting, default=0)


def register_of(region: Region) -> list[Registered]:
    """The purchases that were published by `region` or below, or for a place in it, newest first."""
    rows = db.session.execute(
        select(Purchase, Project, Buyer, Place)
        .join(Project, Project.id == Purchase.project_id)
        .join(Buyer, Buyer.id == Purchase.region_id)
        .join(Place, Place.id == Project.region_id)
        .where(Purchase.published_at.is_not(None))
        .where(Purchase.region_id.in_(_below(region)) | Project.region_id.in_(_below(region)))
        .order_by(Purchase.id.desc())
        .limit(MOST)
    )
    cases = [Case(*row) for row in rows]
    versions = _versions([case.purchase.id for case in cases])
    return [
        Registered(case, _disclosed(case, versions.get(case.purchase.id, {}), rules_for(case.buyer))) for case in cases
    ]


def _below(region: Region) -> Any:
    return select(Region.id).where(within(region))


def _versions(purchases: Sequence[int]) -> dict[int, dict[str, list[DisclosureItem]]]:
    found: dict[int, dict[str, list[DisclosureItem]]] = {}
    rows = select(DisclosureItem).where(DisclosureItem.purchase_id.in_(purchases))
    for one in db.session.scalars(rows.order_by(DisclosureItem.version.desc())):
        found.setdefault(one.purchase_id, {}).setdefault(one.item, []).append(one)
    return found


def _disclosed(case: Case, versions: dict[str, list[DisclosureItem]], numbers: Numbers) -> dict[Item, Disclosed]:
    return {
        item: Disclosed(item, versions.get(item.value, []), _clock(case, item, versions.get(item.value, []), numbers))
        for item in Item
    }


def _clock(case: Case, item: Item, versions: Sequence[DisclosureItem], numbers: Numbers) -> Clock | None:
    arose = arises_at(item, moments_of(case.purchase))
    if arose is None:
        return None
    days = numbers.result_working_days if item is Item.RESULT else numbers.disclosure_working_days
    due = working_days_after(arose, days).astimezone(CHINA).date()
    first = versions[-1].published_at.astimezone(CHINA).date() if versions else None
    return clock(due, first, today())
