"""Lists of purchases."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, or_, select

from portal.projects.models import Project
from portal.purchases.models import Purchase
from portal.purchases.queries import Buyer, Case, Place, case_of
from portal.regions.models import Region
from portal.regions.queries import is_below, within
from portal.rules.projects import ProjectState
from portal.rules.purchases import PurchaseState
from portal.store import db
from portal.store.paging import Page, page_of


def purchases_of(region: Region, after: str = "") -> Page[Any]:
    """The published purchases for projects in a region, or of who buys there; newest first."""
    query = (
        select(
            Purchase.id,
            Purchase.purchaser,
            Purchase.method,
            Purchase.state,
            Purchase.budget_fen,
            Purchase.bids_due_at,
            Purchase.published_at,
            Purchase.noticed_at,
            Project.title,
            Project.translations,
            Buyer.code,
        )
        .join(Project, Project.id == Purchase.project_id)
        .join(Buyer, Buyer.id == Purchase.region_id)
        .join(Place, Place.id == Project.region_id)
        .where(or_(is_below(Place.path, region.path), is_below(Buyer.path, region.path)))
        .where(Purchase.published_at.is_not(None))
    )
    return page_of(query, (Purchase.id,), after)


def prepared_in(region: Region) -> Sequence[Row[Any]]:
    """What officials prepare in a region and has not been published, newest first."""
    return db.session.execute(
        select(Purchase.id, Project.title, Project.translations, Buyer.code)
        .join(Project, Project.id == Purchase.project_id)
        .join(Buyer, Buyer.id == Purchase.region_id)
        .where(is_below(Buyer.path, region.path), Purchase.state == PurchaseState.PREPARED)
        .order_by(Purchase.id.desc())
        .limit(50)
    ).all()


def approved_in(region: Region) -> Sequence[Row[Any]]:
    """The projects in a region that wait to be purchased, the oldest first."""
    return db.session.execute(
        select(Project.id, Project.title, Project.translations, Project.budget_fen)
        .join(Region, Region.id == Project.region_id)
        .where(within(region), Project.state == ProjectState.APPROVED)
        .order_by(Project.id)
        .limit(50)
    ).all()


def newest_of(project: Project) -> Case | None:
    """The newest published purchase of a project."""
    number = db.session.scalar(
        select(Purchase.id)
        .where(Purchase.project_id == project.id, Purchase.published_at.is_not(None))
        .order_by(Purchase.id.desc())
        .limit(1)
    )
    return case_of(number) if number else None
