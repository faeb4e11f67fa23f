"""What was looked at, what is late, and who is affected when a provider leaves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, func, or_, select

from portal.contracts.leaving import EXITS
from portal.contracts.models import Contract
from portal.policies.queries import rules_for
from portal.projects.models import Project, ProjectPlace
from portal.providers.credit import credits_of, records_of, stars_now
from portal.providers.models import CreditEvent, Provider
from portal.providers.queries import names_serving
from portal.regions.models import Region
from portal.regions.queries import within
from portal.rules.contracts import ContractState
from portal.rules.credit import Effect, Event, credit_on
from portal.rules.exits import Cover, ExitState, Facts, Leaving, gap_days, uncovered
from portal.rules.outside import Entry
from portal.rules.permissions import Actor, Role
from portal.rules.supervision import Due, Point, due_points, every_days
from portal.store import db
from portal.store.clock import today
from portal.supervision.models import DeliveryCheck, ExitCase, ExitRecipient, ExitStep

MOST = 100
RUNNING = (ContractState.SIGNED.value, ContractState.SERVING.value)


@dataclass(frozen=True)
class Watched:
    """A contract that is watched from a region."""

    contract: Contract
    project: Project
    provider: Provider
    region: Region
    """Whose government bought."""


def find_watched(number: int, found: dict[str, Any]) -> Watched | None:
    """A signed contract that was bought by the region or is delivered in it."""
    row = db.session.execute(
        _watched(found["region"]).where(Contract.id == number, Contract.state != ContractState.DRAFT.value)
    ).first()
    return Watched(*row) if row else None


def watched_of(case: ExitCase) -> Watched:
    """The contract of an exit."""
    return Watched(*db.session.execute(_whole().where(Contract.id == case.contract_id)).one())


def watched_in(region: Region) -> list[Watched]:
    """The running contracts that concern a region, newest first."""
    rows = db.session.execute(
        _watched(region).where(Contract.state.in_(RUNNING)).order_by(Contract.id.desc()).limit(MOST)
    )
    return [Watched(*row) for row in rows]


def _watched(region: Region) -> Any:
    return _whole().where(_concerns(region))


def _whole() -> Any:
    query = select(Contract, Project, Provider, Region).join(Project, Project.id == Contract.project_id)
    return query.join(Provider, Provider.id == Contract.provider_id).join(Region, Region.id == Contract.region_id)


def _concerns(region: Region) -> ColumnElement[bool]:
    below = select(Region.id).where(within(region)).correlate(None)
    places = select(ProjectPlace.project_id).where(ProjectPlace.region_id.in_(below))
    return or_(Contract.region_id.in_(below), Project.region_id.in_(below), Project.id.in_(places))


def list_of(watched: Watched, every: int) -> list[Due]:
    """The list of points of a contract, with what is late where each is looked at `every` so many days."""
    done = db.session.execute(
        select(DeliveryCheck.point, func.max(DeliveryCheck.found_on))
        .where(DeliveryCheck.contract_id == watched.contract.id)
        .group_by(DeliveryCheck.point)
    )
    return _due(watched, {Point(row[0]): row[1] for row in done}, every)


def lists_of(found: Sequence[Watched]) -> dict[int, list[Due]]:
    """The same of many contracts, in a few statements more however many there are."""
    rows = db.session.execute(
        select(DeliveryCheck.contract_id, DeliveryCheck.point, func.max(DeliveryCheck.found_on))
        .where(DeliveryCheck.contract_id.in_([one.contract.id for one in found]))
        .group_by(DeliveryCheck.contract_id, DeliveryCheck.point)
    )
    done: dict[int, dict[Point, date]] = {}
    for number, point, day in rows:
        done.setdefault(number, {})[Point(point)] = day
    records = records_of([one.provider.id for one in found])
    return {one.contract.id: _due(one, done.get(one.contract.id, {}), _pace(one, records)) for one in found}


def pace_of(watched: Watched) -> int:
    """Every how many days a contract is looked at while it runs: the provider's credit decides. Source: A69."""
    return _pace(watched, records_of([watched.provider.id]))


def _pace(watched: Watched, records: dict[int, tuple[list[Event], list[Entry]]]) -> int:
    numbers = rules_for(watched.region)
    return every_days(credit_on(*records[watched.provider.id], today(), numbers).effects, numbers)


def _due(watched: Watched, done: dict[Point, date], every: int) -> list[Due]:
    numbers, contract = rules_for(watched.region), watched.contract
    return due_points(
        contract.starts_on,
        contract.ended_on or contract.ends_on,
        done,
        today(),
        every_days=every,
        after_days=numbers.supervision_after_days,
    )


def checks_of(contract: Contract) -> Sequence[Row[DeliveryCheck, Region]]:
    """The checks of a contract, newest first, each with whose it is."""
    return db.session.execute(
        select(DeliveryCheck, Region)
        .join(Region, Region.id == DeliveryCheck.region_id)
        .where(DeliveryCheck.contract_id == contract.id)
        .order_by(DeliveryCheck.id.desc())
        .limit(MOST)
    ).all()


def find_check(number: int, found: dict[str, Any]) -> DeliveryCheck | None:
    """A check of the contract that was found, or of one of the providers for whom the one who asks works."""
    check = db.session.get(DeliveryCheck, number)
    watched: Watched | None = found.get("contract")
    return check if check is not None and (watched is None or check.contract_id == watched.contract.id) else None


def unanswered(region: Region) -> Sequence[Row[DeliveryCheck, Contract, str]]:
    """Checks that concern a region and wait for the provider's answer, the longest overdue first."""
    return db.session.execute(
        select(DeliveryCheck, Contract, Provider.name)
        .join(Contract, Contract.id == DeliveryCheck.contract_id)
        .join(Project, Project.id == Contract.project_id)
        .join(Provider, Provider.id == Contract.provider_id)
        .where(_concerns(region), DeliveryCheck.mend, DeliveryCheck.answered_at.is_(None))
        .order_by(DeliveryCheck.answer_due_at)
        .limit(MOST)
    ).all()


def works_for(actor: Actor, provider_id: int) -> bool:
    """Whether the one who acts works for a provider."""
    return any(grant.role is Role.PROVIDER and grant.provider_id == provider_id for grant in actor.grants)


def own_checks(actor: Actor) -> Sequence[Row[DeliveryCheck, Contract]]:
    """Checks of the providers for whom somebody works, those to be answered first."""
    mine = [grant.provider_id for grant in actor.grants if grant.role is Role.PROVIDER and grant.provider_id]
    return db.session.execute(
        select(DeliveryCheck, Contract)
        .join(Contract, Contract.id == DeliveryCheck.contract_id)
        .where(Contract.provider_id.in_(mine), DeliveryCheck.mend)
        .order_by(DeliveryCheck.answered_at.is_not(None), DeliveryCheck.answer_due_at)
        .limit(MOST)
    ).all()


def reviews_exit(watched: Watched) -> bool:
    """Whether somebody should look if the provider has to leave: one star, or too little credit. Source: A69, B33."""
    credit = credits_of([watched.provider.id], rules_for(watched.region), today())[watched.provider.id]
    return stars_now(watched.provider.id) == 1 or Effect.EXIT_REVIEW in credit.effects


def provider_at(number: int | None) -> Provider | None:
    return db.session.get(Provider, number) if number else None


def place_of(watched: Watched) -> Region:
    """Where a watched contract is delivered."""
    return db.session.get_one(Region, watched.project.region_id)


def others_serving(watched: Watched) -> list[Row[Any]]:
    """Who else is registered for the place in which the recipients live."""
    return [one for one in names_serving(place_of(watched)) if one.id != watched.provider.id]


def region_of(check: DeliveryCheck) -> Region:
    """Whose committee or office looked."""
    return db.session.get_one(Region, check.region_id)


def contract_of_check(check: DeliveryCheck) -> Contract:
    return db.session.get_one(Contract, check.contract_id)


@dataclass(frozen=True)
class Exit:
    """An exit case with its steps and those who are affected."""

    case: ExitCase
    steps: Sequence[ExitStep]
    recipients: Sequence[ExitRecipient]
    facts: Facts
    drafted: Contract | None
    """The contract with somebody else, signed or not yet."""
    credit: CreditEvent | None
    ended: bool
    """Whether the one who leaves does not serve any more."""

    @property
    def leaving(self) -> Leaving:
        return Leaving(self.facts.state, self.facts.last_day)

    @property
    def replacement(self) -> Contract | None:
        """The signed contract with somebody else."""
        return self.drafted if self.drafted and self.drafted.state != ContractState.DRAFT else None

    @property
    def uncovered(self) -> int:
        """How many have nobody who serves them from the day after."""
        return uncovered(self.facts.covers, self.case.last_day)

    @property
    def off_paper(self) -> bool:
        """Whether somebody still needs the service, and no contract that runs says who gives it."""
        return self.ended and not self.facts.replaced

    @property
    def gaps(self) -> list[tuple[ExitRecipient, int]]:
        """Each recipient with the days on which nobody serves."""
        pairs = zip(self.recipients, self.facts.covers, strict=True)
        return [(one, gap_days(cover, self.case.last_day, today())) for one, cover in pairs]


def exit_of(contract: Contract) -> Exit | None:
    """The exit of the provider of a contract, if there is one."""
    case = db.session.scalar(select(ExitCase).where(ExitCase.contract_id == contract.id))
    return whole_exit(case, contract) if case else None


def whole_exit(case: ExitCase, contract: Contract) -> Exit:
    steps = db.session.scalars(select(ExitStep).where(ExitStep.exit_id == case.id).order_by(ExitStep.id)).all()
    recipients = db.session.scalars(
        select(ExitRecipient).where(ExitRecipient.exit_id == case.id).order_by(ExitRecipient.number)
    ).all()
    covers = tuple(Cover(one.covered_from, one.released) for one in recipients)
    drafted = db.session.scalar(select(Contract).where(Contract.replaces_id == contract.id))
    credit = db.session.scalar(select(CreditEvent).where(CreditEvent.exit_id == case.id))
    needed = any(not cover.released for cover in covers)
    signed = drafted is not None and drafted.state != ContractState.DRAFT
    facts = Facts(ExitState(case.state), case.last_day, case.plan, covers, signed or not needed)
    ended = contract.state not in RUNNING or today() > case.last_day
    return Exit(case, steps, recipients, facts, drafted, credit, ended)


def _of_exit(column: Any) -> Any:
    return select(column).where(ExitCase.contract_id == Contract.id).correlate(Contract).scalar_subquery()


EXITS.append((_of_exit(ExitCase.state), _of_exit(ExitCase.last_day)))


def open_exits(region: Region) -> Sequence[Row[Any]]:
    """Exits that concern a region and are not closed, with how many are affected and lack cover now."""
    lacking = ExitRecipient.covered_from.is_(None) & (ExitRecipient.released == "")
    return db.session.execute(
        select(
            ExitCase,
            Contract,
            Provider.name,
            func.count(ExitRecipient.id).label("affected"),
            func.coalesce(func.sum(lacking.cast(db.Integer)), 0).label("lacking"),
        )
        .join(Contract, Contract.id == ExitCase.contract_id)
        .join(Project, Project.id == Contract.project_id)
        .join(Provider, Provider.id == Contract.provider_id)
        .outerjoin(ExitRecipient, ExitRecipient.exit_id == ExitCase.id)
        .where(_concerns(region), ExitCase.state != ExitState.CLOSED.value)
        .group_by(ExitCase.id, Contract.id, Provider.id)
        .order_by(ExitCase.id.desc())
        .limit(MOST)
    ).all()


def credit_of(provider_id: int) -> Sequence[CreditEvent]:
    """What stands for or against a provider, newest first. Source: A67."""
    found = select(CreditEvent).where(CreditEvent.provider_id == provider_id).order_by(CreditEvent.id.desc())
    return db.session.scalars(found.limit(MOST)).all()
