"""The one public thread: a need with everything that became of it, under the need's own number. Source: A1, A39."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select

from portal.contracts.models import Contract
from portal.needs.models import Need, NeedGroup, NeedGroupMember
from portal.projects.models import ImprovementAction, Project, ProjectNeed, ProjectStep
from portal.providers.models import Provider
from portal.purchases.models import Purchase
from portal.purchases.queries import Buyer
from portal.ratings.models import Rating, ServiceRecord
from portal.regions.models import Region
from portal.rules.contracts import ContractState
from portal.rules.lifecycle import STAGE_OF, Stage
from portal.rules.projects import ProjectState
from portal.store import db
from portal.voting.models import Round


@dataclass(frozen=True)
class Strand:
    """A project that answers a need, with its vote, purchases, contracts, service and what is to get better."""

    project: Project
    region: Region
    rounds: Sequence[Round]
    purchases: Sequence[tuple[Purchase, Region]]
    contracts: Sequence[tuple[Contract, Provider, Region]]
    steps: Sequence[ProjectStep]
    served: int
    """Services recorded by the contracts' providers in the project's place and subject while they ran."""
    rated: int
    improvements: Sequence[ImprovementAction]

    @property
    def stage(self) -> Stage:
        return STAGE_OF[ProjectState(self.project.state)]

    @property
    def reached(self) -> dict[str, datetime]:
        """When each state was reached last."""
        return {step.state: step.at for step in self.steps}


def find_listed(number: int, found: dict[str, Any]) -> Need | None:
    """A need that everyone may read, under its region."""
    need = db.session.get(Need, number)
    return need if need is not None and need.listed and need.region_id == found["region"].id else None


def listed_need(number: int) -> tuple[Need, Region] | None:
    row = db.session.execute(
        select(Need, Region).join(Region, Region.id == Need.region_id).where(Need.id == number, Need.listed)
    ).first()
    return (row[0], row[1]) if row else None


def group_of(need: Need) -> NeedGroup | None:
    member = select(NeedGroupMember.group_id).where(NeedGroupMember.need_id == need.id)
    return db.session.scalar(select(NeedGroup).where(NeedGroup.id.in_(member)))


def strands_of(need: Need) -> list[Strand]:
    """The projects that answer a need, or the one into which it was merged, oldest first."""
    numbers = [need.id, need.merged_into_id] if need.merged_into_id else [need.id]
    rows = db.session.execute(
        select(Project, Region)
        .join(ProjectNeed, ProjectNeed.project_id == Project.id)
        .join(Region, Region.id == Project.region_id)
        .where(ProjectNeed.need_id.in_(numbers))
        .order_by(Project.id)
    )
    return [strand_of(project, region) for project, region in rows]


def strand_of(project: Project, region: Region) -> Strand:
    """Everything that became of a project so far."""
    contracts = _contracts(project)
    served, rated = _served(project, region, [contract for contract, _, _ in contracts])
    return Strand(
        project,
        region,
        _rounds(project),
        [
            (purchase, buyer)
            for purchase, buyer in db.session.execute(
                select(Purchase, Buyer)
                .join(Buyer, Buyer.id == Purchase.region_id)
                .where(Purchase.project_id == project.id, Purchase.published_at.is_not(None))
                .order_by(Purchase.id)
            )
        ],
        contracts,
        db.session.scalars(
            select(ProjectStep).where(ProjectStep.project_id == project.id).order_by(ProjectStep.id)
        ).all(),
        served,
        rated,
        db.session.scalars(
            select(ImprovementAction).where(ImprovementAction.project_id == project.id).order_by(ImprovementAction.id)
        ).all(),
    )


def _rounds(project: Project) -> Sequence[Round]:
    return db.session.scalars(select(Round).where(Round.project_id == project.id).order_by(Round.id)).all()


def _contracts(project: Project) -> list[tuple[Contract, Provider, Region]]:
    rows = db.session.execute(
        select(Contract, Provider, Region)
        .join(Provider, Provider.id == Contract.provider_id)
        .join(Region, Region.id == Contract.region_id)
        .where(Contract.project_id == project.id, Contract.state != ContractState.DRAFT.value)
        .order_by(Contract.id)
    )
    return [(contract, provider, region) for contract, provider, region in rows]


def _served(project: Project, region: Region, contracts: Sequence[Contract]) -> tuple[int, int]:
    if not contracts:
        return 0, 0
    during = or_(
        *(
            (ServiceRecord.provider_id == one.provider_id)
            & ServiceRecord.served_on.between(one.starts_on, one.ended_on or one.ends_on)
            for one in contracts
        )
    )
    served, rated = db.session.execute(
        select(func.count(ServiceRecord.id), func.count(Rating.service_id))
        .outerjoin(Rating, Rating.service_id == ServiceRecord.id)
        .where(during, ServiceRecord.region_id == region.id, ServiceRecord.category == project.category)
    ).one()
    return served, rated


def needs_behind(project: Project) -> Sequence[tuple[Need, Region]]:
    """The way back: the listed needs that a project answers."""
    rows = db.session.execute(
        select(Need, Region)
        .join(ProjectNeed, ProjectNeed.need_id == Need.id)
        .join(Region, Region.id == Need.region_id)
        .where(ProjectNeed.project_id == project.id, Need.listed)
        .order_by(Need.id)
    )
    return [(need, region) for need, region in rows]
