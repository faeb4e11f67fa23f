"""Providers say what they do and which projects they would do; fitting ones are told of each. Source: A30."""

from datetime import date

from sqlalchemy import delete, select

from portal import audit
from portal.accounts.models import RoleGrant
from portal.matching.models import ProjectCall, ProjectOffer, ProviderSkill
from portal.matching.queries import fitting_providers, offer_by, wanted_by
from portal.notifications.actions import tell_all
from portal.policies.catalogue import known_items
from portal.projects.lifecycle import FOLLOWS
from portal.projects.models import Project
from portal.providers.models import Provider
from portal.providers.queries import serves
from portal.regions.models import Region
from portal.rules import N_, Refusal, enforce, matching
from portal.rules.permissions import Actor, Deed, Role
from portal.rules.projects import ProjectState
from portal.store import action, db, locked, put_once
from portal.store.clock import now, today


@action
def say_skill(actor: Actor, provider: Provider, region: Region, category: str, people: int | None) -> None:
    """A provider says that it does an item of the catalogue for so many people a month; for none takes it back."""
    locked(provider)
    _refuse_others(actor, provider.id)
    items = [code for code in known_items(region) if len(code) == 4]
    enforce(matching.skill_refusals(category, people, items))
    said = ProviderSkill.provider_id == provider.id, ProviderSkill.category == category
    db.session.execute(delete(ProviderSkill).where(*said))
    if people:
        facts = {"provider_id": provider.id, "category": category, "people_a_month": people}
        db.session.add(ProviderSkill(**facts, said_at=now(), said_by_id=actor.id))
    audit.record(actor, Deed.OFFER_SERVICE, provider, category=category, people=people)


@action
def offer_service(
    actor: Actor,
    project: Project,
    region: Region,
    provider_id: int,
    words: str,
    people: int | None,
    start_on: date | None,
) -> None:
    """A provider says that it would do a project, or says so anew; each provider has one offer for a project."""
    locked(project)
    _refuse_others(actor, provider_id)
    serving = serves(provider_id, region)
    facts = {"words": words, "people": people, "start_on": start_on, "today": today()}
    enforce(matching.offer_refusals(ProjectState(project.state), serves=serving, **facts))  # type: ignore[arg-type]
    offer = offer_by(project, provider_id)
    if offer is None:
        offer = ProjectOffer(project_id=project.id, provider_id=provider_id, at=now(), by_id=actor.id)
        db.session.add(offer)
    assert people is not None
    assert start_on is not None
    offer.words, offer.people_a_month, offer.start_on, offer.withdrawn_at = words, people, start_on, None
    audit.record(actor, Deed.OFFER_SERVICE, offer, project=project.id)


@action
def withdraw_offer(actor: Actor, offer: ProjectOffer) -> None:
    """A provider takes its offer back; twice is once."""
    locked(offer)
    _refuse_others(actor, offer.provider_id)
    if offer.withdrawn_at is None:
        offer.withdrawn_at = now()
        audit.record(actor, Deed.OFFER_SERVICE, offer, withdrawn=True)


def _refuse_others(actor: Actor, provider_id: int) -> None:
    own = {grant.provider_id for grant in actor.grants if grant.role is Role.PROVIDER}
    if provider_id not in own:
        enforce([Refusal(N_("Only those who work for a provider speak for it."), "provider")])


def tell_providers(actor: Actor, project: Project) -> None:
    """Tell the people of fitting providers, once, that an approved project looks for one."""
    if project.state != ProjectState.APPROVED:
        return
    region = db.session.get_one(Region, project.region_id)
    fitting = [fit.provider_id for fit in fitting_providers(region, wanted_by(project))]
    if put_once(ProjectCall, project_id=project.id, at=now(), providers=len(fitting)) is None:
        return
    people = db.session.scalars(
        select(RoleGrant.person_id)
        .where(RoleGrant.role == Role.PROVIDER.value, RoleGrant.provider_id.in_(fitting))
        .distinct()
        .order_by(RoleGrant.person_id)
    ).all()
    tell_all(people, "project_published", f"/{region.code}/matching/project/{project.id}", title=project.title)


FOLLOWS.append(tell_providers)
