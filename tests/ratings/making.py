"""Services, contracts and lists as the tests of ratings use them. Call them inside an application's context."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from portal.contracts.models import Contract
from portal.projects.models import Project
from portal.providers.models import Provider
from portal.ratings import import_keys
from portal.ratings.models import ImportKey
from portal.regions.models import Region
from portal.store import action, clock, db
from portal.store.outbox import OutboxMessage
from tests import builders
from tests.contracts.making import a_signed_contract

PHONE = "13900139000"


def on_a_contract(provider: Provider, place: Region, category: str = "0401", days_ago: int = 30) -> Contract:
    """A signed contract of `provider` for a service of this kind in `place` that began some days ago."""
    with builders.at(clock.now() - timedelta(days=days_ago)):
        project = builders.a_project(place)
        _of_kind(project, category)
        return a_signed_contract(project, provider)


@action
def _of_kind(project: Project, category: str) -> None:
    project.category = category


def a_key(provider: Provider) -> str:
    """A key with which the provider's own system sends services."""
    return import_keys.make_key(builders.actor(builders.staff_of(provider)), provider, "护理系统")


def the_key(provider: Provider) -> ImportKey:
    a_key(provider)
    return db.session.scalars(select(ImportKey).where(ImportKey.provider_id == provider.id)).one()


def messages(**of: Any) -> list[OutboxMessage]:
    """The messages that wait, in the order in which they were put there."""
    db.session.rollback()
    db.session.expire_all()
    waiting = select(OutboxMessage).where(OutboxMessage.due_at.is_not(None)).filter_by(**of)
    return list(db.session.scalars(waiting.order_by(OutboxMessage.id)))
