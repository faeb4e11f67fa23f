"""The public change log: what was published, moved on, or corrected, newest first. Source: B32."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, String, literal, null, select, union_all

from portal.contracts.models import Contract, ContractChange
from portal.disclosure.models import DisclosureItem
from portal.policies.models import RuleSet
from portal.projects.models import Project, ProjectStep
from portal.purchases.models import Purchase
from portal.regions.models import Region
from portal.regions.queries import within
from portal.store import db

MOST = 100


def changes_in(region: Region) -> Sequence[Row[Any]]:
    """Rows of kind, at, number, version, title, detail, words, code: of `region` and all below it."""
    steps = (
        select(
            literal("project").label("kind"),
            ProjectStep.at.label("at"),
            Project.id.label("number"),
            literal(0).label("version"),
            Project.title.label("title"),
            ProjectStep.state.label("detail"),
            ProjectStep.words.label("words"),
            Region.code.label("code"),
        )
        .join(Project, Project.id == ProjectStep.project_id)
        .join(Region, Region.id == Project.region_id)
    )
    items = (
        select(
            literal("item"),
            DisclosureItem.published_at,
            Purchase.id,
            DisclosureItem.version,
            Project.title,
            DisclosureItem.item,
            DisclosureItem.words,
            Region.code,
        )
        .join(Purchase, Purchase.id == DisclosureItem.purchase_id)
        .join(Project, Project.id == Purchase.project_id)
        .join(Region, Region.id == Purchase.region_id)
    )
    contracts = (
        select(
            literal("contract"),
            ContractChange.at,
            Contract.id,
            literal(0),
            Contract.title,
            null().cast(String),
            ContractChange.words,
            Region.code,
        )
        .join(Contract, Contract.id == ContractChange.contract_id)
        .join(Region, Region.id == Contract.region_id)
    )
    rules = select(
        literal("rules"),
        RuleSet.put_at,
        RuleSet.id,
        literal(0),
        RuleSet.cites,
        null().cast(String),
        null().cast(String),
        Region.code,
    ).join(Region, Region.id == RuleSet.region_id)
    rules = rules.where(RuleSet.put_at.is_not(None))
    found = union_all(*(query.where(within(region)) for query in (steps, items, contracts, rules))).subquery()
    return db.session.execute(select(found).order_by(found.c.at.desc(), found.c.kind, found.c.number).limit(MOST)).all()
