"""What offices ask of committees, made by their deeds."""

import secrets
from datetime import timedelta

from portal.burden.actions import list_matter, push_task
from portal.burden.models import AssistedMatter, CommitteeTask
from portal.regions.models import Region
from portal.rules.burden import TaskDraft
from portal.store import clock, db
from tests import builders


def a_matter(region: Region) -> AssistedMatter:
    """A matter on the list of `region`."""
    key = secrets.token_hex(16)
    list_matter(builders.actor(builders.an_official(region)), region, "高龄津贴代办", "县民发〔2026〕3号", key)
    return db.session.scalars(db.select(AssistedMatter).where(AssistedMatter.key == key)).one()


def a_task(region: Region) -> CommitteeTask:
    """A task on no list, asked of the committee of `region`."""
    key = secrets.token_hex(16)
    draft = TaskDraft("入户登记", "", None, clock.today() + timedelta(days=9), 600, 0, 0)
    push_task(builders.actor(builders.an_official(region)), region, region, draft, key)
    return db.session.scalars(db.select(CommitteeTask).where(CommitteeTask.key == key)).one()
