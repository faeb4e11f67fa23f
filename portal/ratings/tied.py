"""Who is tied to a provider, and decides nothing about it. Source: trust 5, requirements 1.5."""

from typing import Any

from sqlalchemy import Select, exists, or_, select, union

from portal.contracts.models import Contract, ContractParty
from portal.providers.models import Provider
from portal.ratings.models import ServiceRecord
from portal.regions.models import Region
from portal.regions.queries import is_below
from portal.rules.contracts import ContractState
from portal.rules.parties import PartyRole
from portal.rules.permissions import Actor, Role
from portal.store import db


def tied_providers(actor: Actor) -> Select[int]:
    """The providers for which `actor` works, recorded services, or is one of those who are paid for assisting."""
    own = {grant.provider_id for grant in actor.grants if grant.provider_id}
    recorded = select(ServiceRecord.provider_id).where(ServiceRecord.recorded_by_id == actor.id)
    committees = [is_below(Region.path, grant.path) for grant in actor.grants if grant.role is Role.COMMITTEE]
    offices = [Region.path == grant.path for grant in actor.grants if grant.role is Role.OFFICIAL]
    assisted = _paid(Contract.provider_id).where(or_(False, *committees, *offices))
    found = union(recorded, assisted).subquery()
    return select(Provider.id).where(or_(Provider.id.in_(own), Provider.id.in_(select(found.c.provider_id))))


def paid_regions(provider_id: int) -> frozenset[str]:
    """Paths of the regions whose committee or office is paid as assisting unit in a contract of a provider. A28."""
    return frozenset(db.session.scalars(_paid(Region.path).where(Contract.provider_id == provider_id).distinct()))


def _paid(column: Any) -> Select[Any]:
    """What stands in `column` of contracts and the regions that are paid for assisting in them."""
    return (
        select(column)
        .select_from(ContractParty)
        .join(Contract, Contract.id == ContractParty.contract_id)
        .join(Region, Region.id == ContractParty.region_id)
        .where(
            ContractParty.role == PartyRole.ASSISTING.value,
            ContractParty.fee_fen > 0,
            Contract.state != ContractState.DRAFT.value,
        )
    )


def is_tied(actor: Actor, provider_id: int) -> bool:
    """Whether `actor` is tied to this provider in any of these ways."""
    if actor.works_for(provider_id):
        return True
    return bool(db.session.scalar(select(exists(tied_providers(actor).where(Provider.id == provider_id)))))
