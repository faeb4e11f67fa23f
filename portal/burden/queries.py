"""What committees are asked to do, and how long their own work takes."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from portal.accounts.models import RoleGrant
from portal.audit.models import AuditEntry
from portal.burden.models import AssistedMatter, CommitteeTask
from portal.policies.queries import rules_for
from portal.regions.models import Region
from portal.regions.queries import within
from portal.rules.burden import TaskState, is_matched, seconds_spent
from portal.rules.permissions import Deed, Role
from portal.store import db
from portal.store.clock import CHINA, now

MOST = 200
DAYS = 30
SUBMISSIONS = (Deed.DECIDE_NEED.value, Deed.ANSWER_NEED.value, Deed.ENTER_PAPER.value)
"""Deeds of a committee that see to what residents sent."""


def find_task(number: int, found: dict[str, Any]) -> CommitteeTask | None:
    task = db.session.get(CommitteeTask, number)
    return task if task is not None and task.region_id == found["region"].id else None


def find_matter(number: int, found: dict[str, Any]) -> AssistedMatter | None:
    matter = db.session.get(AssistedMatter, number)
    return matter if matter is not None and matter.region_id == found["region"].id else None


def office_of(task: CommitteeTask) -> Region:
    return db.session.get_one(Region, task.office_id)


def region_at(path: str) -> Region:
    return db.session.scalars(select(Region).where(Region.path == path)).one()


def matters_for(region: Region) -> Sequence[AssistedMatter]:
    """The assisted matters that hold in `region`, of the divisions above it too."""
    above = [int(number) for number in region.path.split(".") if number]
    listed = select(AssistedMatter).where(AssistedMatter.region_id.in_(above), AssistedMatter.ended_at.is_(None))
    return db.session.scalars(listed.order_by(AssistedMatter.title, AssistedMatter.id)).all()


def tasks_of(region: Region) -> Sequence[Row[CommitteeTask, Region]]:
    """Tasks of the committees in `region`, those that wait first, then newest, each with its community."""
    return db.session.execute(
        select(CommitteeTask, Region)
        .join(Region, Region.id == CommitteeTask.region_id)
        .where(within(region))
        .order_by(CommitteeTask.state != TaskState.ASKED.value, CommitteeTask.id.desc())
        .limit(MOST)
    ).all()


@dataclass(frozen=True)
class Load:
    """A committee's load of the last thirty days: whole numbers, times in seconds."""

    region: Region
    seen_to: int
    """Submissions it saw to."""
    seconds: int
    tasks: int
    """Tasks that it has taken and not done."""
    minutes: int
    """What these are expected to take."""
    refused: int
    unmatched: int
    """Taken tasks without means. Source: A48."""

    @property
    def seconds_each(self) -> int | None:
        """Seconds for one submission; None where there was none. Source: A17."""
        return self.seconds // self.seen_to if self.seen_to else None


def loads_of(region: Region, given: Sequence[Row[CommitteeTask, Region]]) -> list[Load]:
    """What each community of `region` bears, in the order of their codes; `given`: its tasks (`tasks_of`)."""
    places = db.session.scalars(
        select(Region).where(within(region), Region.level == "village").order_by(Region.code).limit(MOST)
    ).all()
    worked, tasks = _worked(region), defaultdict(list)
    for row in given:
        tasks[row.CommitteeTask.region_id].append(row.CommitteeTask)
    return [_load(place, worked.get(place.id, (0, 0)), tasks[place.id]) for place in places]


def _load(place: Region, worked: tuple[int, int], tasks: Sequence[CommitteeTask]) -> Load:
    taken = [task for task in tasks if task.state == TaskState.TAKEN.value]
    return Load(
        place,
        *worked,
        tasks=len(taken),
        minutes=sum(task.minutes for task in taken),
        refused=sum(task.state == TaskState.REFUSED.value for task in tasks),
        unmatched=sum(not is_matched(task.budget_fen, task.helpers) for task in taken),
    )


def _worked(region: Region) -> dict[int, tuple[int, int]]:
    """For each community how many submissions its committee saw to in the last thirty days, and in how many seconds."""
    since = datetime.fromtimestamp(now().timestamp() - DAYS * 86400, CHINA)
    rows = db.session.execute(
        select(RoleGrant.region_id, RoleGrant.person_id, AuditEntry.at)
        .join(AuditEntry, AuditEntry.actor_id == RoleGrant.person_id)
        .join(Region, Region.id == RoleGrant.region_id)
        .where(RoleGrant.role == Role.COMMITTEE.value, within(region), AuditEntry.at >= since)
        .where(AuditEntry.deed.in_(SUBMISSIONS))
    )
    moments: dict[int, dict[int, list[datetime]]] = defaultdict(lambda: defaultdict(list))
    for region_id, person_id, at in rows:
        moments[region_id][person_id].append(at)
    numbers = rules_for(region)
    pause, first = numbers.work_pause_seconds, numbers.work_first_seconds
    return {
        region_id: (
            sum(map(len, people.values())),
            sum(seconds_spent(times, pause=pause, first=first) for times in people.values()),
        )
        for region_id, people in moments.items()
    }
