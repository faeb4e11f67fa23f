from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.store import Base


class Notice(Base):
    """Something that a person was told, for her own page."""

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime]
    template: Mapped[str] = mapped_column(String(40))
    values: Mapped[dict[str, Any]]
    link: Mapped[str] = mapped_column(String(200))
    read_at: Mapped[datetime | None]
