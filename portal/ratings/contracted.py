"""On which contracts a provider gives which services."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, select

from portal.contracts.models import Contract
from portal.projects.models import Project
from portal.providers.models import Provider
from portal.regions.models import Region
from portal.rules.contracts import RUNNING
from portal.rules.services import Term
from portal.store import db

MOST_CONTRACTS = 100


def terms_of(provider: Provider) -> list[Term]:
    """What the signed contracts of a provider cover: to the day on which they ended, where they have."""
    last = func.coalesce(Contract.ended_on, Contract.ends_on)
    rows = db.session.execute(
        select(Contract.id, Project.category, Region.path, Contract.starts_on, last)
        .join(Project, Project.id == Contract.project_id)
        .join(Region, Region.id == Project.region_id)
        .where(Contract.provider_id == provider.id, Contract.signed_on.is_not(None))
    )
    return [Term(*row) for row in rows]


def contracts_of(provider_ids: Sequence[int]) -> Sequence[Row[Any]]:
    """The running contracts of providers as a list may name them, newest first."""
    running: Any = (
        select(
            Contract.id,
            Contract.title,
            Contract.provider_id,
            Project.category,
            Region.code,
            Region.name,
            Region.path,
            Contract.ends_on,
        )
        .join(Project, Project.id == Contract.project_id)
        .join(Region, Region.id == Project.region_id)
        .where(Contract.provider_id.in_(provider_ids), Contract.state.in_([state.value for state in RUNNING]))
        .order_by(Contract.id.desc())
        .limit(MOST_CONTRACTS)
    )
    return db.session.execute(running).all()
