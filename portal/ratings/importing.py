"""Take over services from a list: what is right is taken once, what is wrong is said line by line."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import select

from portal import audit
from portal.policies.catalogue import catalogue
from portal.policies.queries import rules_for
from portal.providers.models import Provider
from portal.ratings.contracted import terms_of
from portal.ratings.inviting import Asked, invite, send_links, staff_phones
from portal.ratings.models import ServiceRecord
from portal.ratings.recording import who_records
from portal.regions.models import Region
from portal.rules import N_, Refusal
from portal.rules.accounts import phone_number
from portal.rules.permissions import Actor, Deed
from portal.rules.ratings import Channel
from portal.rules.service_lists import ServiceLine, doubles, draft_of
from portal.rules.services import ServiceDraft, Term, contract_for, service_refusals
from portal.store import action, db
from portal.store.clock import now, today
from portal.store.once import put_all_once

AT_ONCE = 100
"""Lines of one transaction: others write in between, and a list that broke off is sent again without doubling."""

IN_LISTS = {"category": "service", "served_on": "day"}
"""What lists call a field that has another name where a service is recorded by hand."""


@dataclass
class Imported:
    """What became of a list: services that are new, were recorded before, and lines that have to be mended."""

    new: int = 0
    known: int = 0
    faults: dict[int, Refusal] = field(default_factory=dict)


def import_services(
    actor: Actor, provider: Provider, lines: Mapping[int, ServiceLine], language: str, deed: Deed = Deed.RECORD_SERVICE
) -> Imported:
    """Record the services of a list, each with its invitation, however often the list is sent.

    `deed`: as what it stands in the audit.
    """
    done = Imported(faults=doubles(lines))
    good = [(number, line) for number, line in lines.items() if number not in done.faults]
    for start in range(0, len(good), AT_ONCE):
        part = _take(actor, provider, dict(good[start : start + AT_ONCE]), language, deed)
        done.new += part.new
        done.known += part.known
        done.faults |= part.faults
    return done


@dataclass(frozen=True)
class _Taken:
    """A line that can be recorded."""

    draft: ServiceDraft
    region: Region
    contract_id: int


@action
def _take(actor: Actor, provider: Provider, lines: Mapping[int, ServiceLine], language: str, deed: Deed) -> Imported:
    checks = _Checks(actor, provider, lines)
    done, taken = Imported(), dict[str, _Taken]()
    for number, line in lines.items():
        found = checks.taken(line)
        if isinstance(found, Refusal):
            done.faults[number] = replace(found, beside=IN_LISTS.get(found.beside, found.beside))
        else:
            taken[f"{provider.id}:{line.reference}"] = found
    moment = now()
    rows = [
        {
            "key": key,
            "provider_id": provider.id,
            "contract_id": one.contract_id,
            "region_id": one.region.id,
            "category": one.draft.category,
            "outcome": one.draft.outcome,
            "served_on": one.draft.served_on,
            "recorded_at": moment,
            "recorded_by_id": actor.id,
        }
        for key, one in taken.items()
    ]
    fresh = put_all_once(ServiceRecord, rows)
    asked = [
        Asked(service, one.region, phone_number(one.draft.phone) or "", Channel(one.draft.channel))
        for service in sorted(fresh, key=lambda service: service.id)
        for one in [taken[service.key or ""]]
    ]
    send_links(provider, invite(provider, asked), language)
    if fresh:
        audit.record(actor, deed, provider, services=len(fresh))
    done.new, done.known = len(fresh), len(taken) - len(fresh)
    return done


class _Checks:
    """What the lines of a list are checked against, asked for once."""

    def __init__(self, actor: Actor, provider: Provider, lines: Mapping[int, ServiceLine]) -> None:
        self.actor, self.provider = actor, provider
        self.terms = terms_of(provider)
        self.staff = staff_phones(provider)
        by_place = Region.code.in_({line.place for line in lines.values() if line.place})
        by_contract = Region.path.in_({term.path for term in self.terms})
        regions = db.session.scalars(select(Region).where(by_place | by_contract)).all()
        self.by_code = {region.code: region for region in regions}
        self.by_path = {region.path: region for region in regions}

    def taken(self, line: ServiceLine) -> _Taken | Refusal:
        """A line as it is recorded, or the first thing that is wrong with it."""
        terms = [term for term in self.terms if line.contract in ("", str(term.contract_id))]
        if not terms:
            return Refusal(N_("This provider has no such contract."), "contract")
        region, category = self._place(line, terms), line.service or (terms[0].category if line.contract else "")
        if region is None:
            return Refusal(N_("Please give the 12-digit code of the place, or a contract."), "place")
        draft = draft_of(line, category)
        if isinstance(draft, Refusal):
            return draft
        contract_id = contract_for(terms, category, region.path, draft.served_on)
        faults = [*who_records(self.actor, self.provider, region), *self._refusals(draft, region, contract_id)]
        return faults[0] if faults or contract_id is None else _Taken(draft, region, contract_id)

    def _place(self, line: ServiceLine, terms: list[Term]) -> Region | None:
        if line.place or not line.contract:
            return self.by_code.get(line.place)
        return self.by_path.get(terms[0].path)

    def _refusals(self, draft: ServiceDraft, region: Region, contract_id: int | None) -> list[Refusal]:
        return list(
            service_refusals(
                draft,
                today=today(),
                categories=catalogue(),
                serves_here=contract_id is not None,
                own_staff=phone_number(draft.phone) in self.staff,
                by_provider=self.actor.works_for(self.provider.id),
                needs_contract=True,
                contract_id=contract_id,
                numbers=rules_for(region),
            )
        )
