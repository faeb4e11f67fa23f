"""The one public thread: a need with everything that became of it, under the need's own number. Source: A1, A39."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from portal.contracts.models import Contract
from portal.needs.models import Need, NeedGroup, NeedGroupMember
from portal.projects.models import ImprovementAction, Project, ProjectNeed, ProjectStep
from portal.providers.models import Provider, RatingBatch
from portal.purchases.models import Purchase
from portal.purchases.queries import Buyer
from portal.ratings.models import ServiceRecord
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
    answering = select(ProjectNeed.project_id).where(ProjectNeed.need_id.in_(numbers))
    rows = db.session.execute(
        select(Project, Region)
        .join(Region, Region.id == Project.region_id)
        .where(Project.id.in_(answering))
        .order_by(Project.id)
    )
    return strands([(project, region) for project, region in rows])


def strand_of(project: Project, region: Region) -> Strand:
    """Everything that became of a project so far."""
    return strands([(project, region)])[0]


def strands(projects: Sequence[tuple[Project, Region]]) -> list[Strand]:
    """The same of several projects, in as many statements as of one."""
    if not projects:
        return []
    numbers = [project.id for project, _ in projects]
    rounds = _by_project(select(Round.project_id, Round).where(Round.project_id.in_(numbers)).order_by(Round.id))
    purchases = _by_project(
        select(Purchase.project_id, Purchase, Buyer)
        .join(Buyer, Buyer.id == Purchase.region_id)
        .where(Purchase.project_id.in_(numbers), Purchase.published_at.is_not(None))
        .order_by(Purchase.id)
    )
    contracts = _by_project(
        select(Contract.project_id, Contract, Provider, Region)
        .join(Provider, Provider.id == Contract.provider_id)
        .join(Region, Region.id == Contract.region_id)
        .where(Contract.project_id.in_(numbers), Contract.state != ContractState.DRAFT.value)
        .order_by(Contract.id)
    )
    steps = _by_project(
        select(ProjectStep.project_id, ProjectStep).where(ProjectStep.project_id.in_(numbers)).order_by(ProjectStep.id)
    )
    better = _by_project(
        select(ImprovementAction.project_id, ImprovementAction)
        .where(ImprovementAction.project_id.in_(numbers))
        .order_by(ImprovementAction.id)
    )
    served = _served(numbers)
    return [
        Strand(
            project,
            region,
            [row[1] for row in rounds[project.id]],
            [(row[1], row[2]) for row in purchases[project.id]],
            [(row[1], row[2], row[3]) for row in contracts[project.id]],
            [row[1] for row in steps[project.id]],
            *served.get(project.id, (0, 0)),
            [row[1] for row in better[project.id]],
        )
        for project, region in projects
    ]


def _by_project(query: Any) -> dict[int, list[Any]]:
    """The rows of a query whose first column is the project, by that."""
    found: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(query):
        found[row[0]].append(row)
    return found


def _served(projects: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Services on the contracts of each project, and how many ratings of them are published."""
    services = select(func.count()).where(ServiceRecord.contract_id == Contract.id).scalar_subquery()
    grades = (RatingBatch.n1, RatingBatch.n2, RatingBatch.n3, RatingBatch.n4, RatingBatch.n5)
    rated = select(func.sum(sum(grades[1:], grades[0]))).where(RatingBatch.contract_id == Contract.id).scalar_subquery()
    rows = db.session.execute(
        select(Contract.project_id, func.sum(services), func.sum(func.coalesce(rated, 0)))
        .where(Contract.project_id.in_(projects), Contract.state != ContractState.DRAFT.value)
        .group_by(Contract.project_id)
    )
    return {number: (int(given), int(rated)) for number, given, rated in rows}


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
