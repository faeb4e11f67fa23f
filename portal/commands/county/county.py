"""What is known of the county while it is being loaded."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert

from portal.accounts.models import RoleGrant
from portal.needs.models import NeedStep
from portal.notifications.models import Notice
from portal.providers.models import Provider
from portal.regions.models import Region
from portal.rules.permissions import Deed, Role
from portal.store import Base, db
from portal.store.clock import CHINA
from portal.store.files import Photo


@dataclass
class County:
    """What is known of the county while it is being loaded; places and needs by their names in the files."""

    moment: datetime
    pictures: dict[str, Photo]
    chance: Random = field(default_factory=lambda: Random(20251001))  # noqa: S311 (the same county each time)
    places: dict[str, Region] = field(default_factory=dict)
    residents: dict[str, list[int]] = field(default_factory=dict)
    """Verified ones by place; the one who can be tried with one tap is not among them."""
    staff: dict[str, int] = field(default_factory=dict)
    providers: dict[str, Provider] = field(default_factory=dict)
    rated: list[dict[str, Any]] = field(default_factory=list)
    """What recipients will think of the services that they got."""
    mei: int = 0
    needs: dict[str, dict[str, Any]] = field(default_factory=dict)
    steps: list[NeedStep] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    log: list[dict[str, Any]] = field(default_factory=list)

    def put_grant(self, person_id: int, role: Role, region: Region, provider_id: int | None = None) -> None:
        db.session.add(RoleGrant(person_id=person_id, role=role.value, region_id=region.id, provider_id=provider_id))

    def note(self, at: datetime, actor_id: int, deed: Deed, subject: Base | tuple[str, int], **detail: Any) -> None:
        table, number = subject if isinstance(subject, tuple) else (subject.__tablename__, subject.id)  # type: ignore[attr-defined]
        entry = {"at": at, "actor_id": actor_id, "deed": deed.value, "subject": f"{table}:{number}", "detail": detail}
        self.log.append(entry)

    def put(self, model: type[Base], rows: list[dict[str, Any]]) -> list[int]:
        """Put rows in; gives their ids in the same order."""
        statement = insert(model).returning(model.id, sort_by_parameter_order=True)  # type: ignore[attr-defined]
        return list(db.session.scalars(statement, rows))

    def ago(self, days: int) -> datetime:
        """A moment in waking hours `days` ago in China, or to come if negative; never later today than now."""
        if days == 0:
            return self.moment - timedelta(minutes=self.chance.randint(15, 90))
        day = self.moment.astimezone(CHINA) - timedelta(days=days)
        return day.replace(hour=self.chance.randint(8, 20), minute=self.chance.randint(0, 59), second=0, microsecond=0)
