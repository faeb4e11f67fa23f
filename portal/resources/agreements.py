"""Agreements on premises and goods as everyone reads them, with the hours owed and delivered."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, func, select

from portal.providers.models import Provider
from portal.resources.models import HoursEntry, PremisesAgreement, Resource
from portal.rules.agreements import Term
from portal.store import db
from portal.store.clock import today


def find_agreement(number: int, found: dict[str, Any]) -> PremisesAgreement | None:
    """An agreement by its number under the resource it is on."""
    agreement = db.session.get(PremisesAgreement, number)
    return agreement if agreement is not None and agreement.resource_id == found["resource"].id else None


@dataclass(frozen=True)
class Agreed:
    """An agreement, with whom, and the minutes of service delivered for it so far."""

    agreement: PremisesAgreement
    provider: Provider
    delivered: int

    @property
    def term(self) -> Term:
        return term_of(self.agreement)

    @property
    def still_owed(self) -> int:
        return self.agreement.minutes_owed - self.delivered

    @property
    def running(self) -> bool:
        return self.term.from_on <= today() <= self.term.until_on

    @property
    def ahead(self) -> bool:
        return self.term.from_on > today()


def term_of(agreement: PremisesAgreement) -> Term:
    """The days of an agreement; those after it was ended are none of them."""
    return Term(agreement.from_on, agreement.ended_on or agreement.until_on)


def agreements_on(resource: Resource) -> list[Agreed]:
    """All agreements on a resource, the latest first."""
    query = _agreed().where(PremisesAgreement.resource_id == resource.id).order_by(PremisesAgreement.from_on.desc())
    return [Agreed(*row) for row in db.session.execute(query)]


def agreed(agreement: PremisesAgreement) -> Agreed:
    return Agreed(*db.session.execute(_agreed().where(PremisesAgreement.id == agreement.id)).one())


def _agreed() -> Select[Any]:
    return select(PremisesAgreement, Provider, _delivered()).join(
        Provider, Provider.id == PremisesAgreement.provider_id
    )


def _delivered() -> Any:
    minutes = select(func.coalesce(func.sum(HoursEntry.minutes), 0))
    return minutes.where(HoursEntry.agreement_id == PremisesAgreement.id).correlate(PremisesAgreement).scalar_subquery()


def minutes_delivered(agreement: PremisesAgreement) -> int:
    minutes = select(func.coalesce(func.sum(HoursEntry.minutes), 0))
    return int(db.session.scalar(minutes.where(HoursEntry.agreement_id == agreement.id)) or 0)


def entries_of(agreement: PremisesAgreement) -> Sequence[Row[HoursEntry, int]]:
    """The ledger in the order in which it was written, each entry with the minutes delivered up to it."""
    upto = func.sum(HoursEntry.minutes).over(order_by=HoursEntry.id)
    return db.session.execute(
        select(HoursEntry, upto.label("upto")).where(HoursEntry.agreement_id == agreement.id).order_by(HoursEntry.id)
    ).all()
