from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.rules.needs import Behalf, NeedState
from portal.store import Base
from portal.store import Index as SearchIndex


class Need(Base):
    """What someone says is missing. Its id is its public number."""

    __table_args__ = (
        Index("ix_need_list", "region_id", "listed", "id"),
        Index("ix_need_region", "region_id", "id"),
        Index("ix_need_state", "region_id", "state", "id"),
        Index("ix_need_category", "region_id", "listed", "group_code", "id"),
        Index("ix_need_supporters", "region_id", "listed", "supporters", "id"),
        Index(
            "ix_need_waiting",
            "due_at",
            sqlite_where=text("due_at IS NOT NULL"),
            postgresql_where=text("due_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    """Idempotency key of the form: sent twice, reported once."""
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    """Who reported it; None in an imported need, and in a draft until its author has signed in."""
    title: Mapped[str] = mapped_column(String(120))
    story: Mapped[str] = mapped_column(Text)
    translations: Mapped[dict[str, Any] | None]
    category: Mapped[str] = mapped_column(String(4), default="")
    group_code: Mapped[str] = mapped_column(String(2), default="")
    place: Mapped[str] = mapped_column(String(100), default="")
    behalf: Mapped[str] = mapped_column(String(12), default=Behalf.SELF.value)
    about_child: Mapped[bool] = mapped_column(default=False)
    private: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(12), default=NeedState.DRAFT.value)
    listed: Mapped[bool] = mapped_column(default=False)
    """Whether everyone may read it: not private, and in a listed state."""
    supporters: Mapped[int] = mapped_column(default=0)
    """People behind it besides its author, as last counted (`actions.count_supporters`)."""
    reported_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    """By when the committee owes a first answer; None when it has answered."""
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("need.id"))
    source: Mapped[str | None] = mapped_column(String(100))
    """Of an imported need: file and id there."""


class NeedStep(Base):
    """A step in a need's life, as its author and, if it is listed, everyone sees it."""

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("need.id"), index=True)
    at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(20), default="")
    words: Mapped[str] = mapped_column(Text, default="")
    translations: Mapped[dict[str, Any] | None]
    office_id: Mapped[int | None] = mapped_column(ForeignKey("region.id"))
    """The region whose office acted; None when the author did."""


class NeedSupport(Base):
    """That a person needs it too. `via_id`: it came along when that need was merged into this one."""

    need_id: Mapped[int] = mapped_column(ForeignKey("need.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    via_id: Mapped[int | None] = mapped_column(ForeignKey("need.id"))


class NeedPhoto(Base):
    """A photo of a need; the files are named by `name` (`store.files`)."""

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("need.id"), index=True)
    width: Mapped[int]
    height: Mapped[int]


class NeedGroup(Base):
    """Similar needs that one project can answer together. Its id is its public number. Source: A37."""

    __table_args__ = (Index("ix_need_group_list", "region_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    """Idempotency key of the form: sent twice, gathered once."""
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    title: Mapped[str] = mapped_column(String(120))
    translations: Mapped[dict[str, Any] | None]
    category: Mapped[str] = mapped_column(String(4), default="")
    place: Mapped[str] = mapped_column(String(100), default="")
    at: Mapped[datetime]


class NeedGroupMember(Base):
    """That a need is in a group; in one at most, as its key says."""

    need_id: Mapped[int] = mapped_column(ForeignKey("need.id"), primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("need_group.id"), index=True)
    at: Mapped[datetime]


class HandOver(Base):
    """A need that was handed to another office, under its own number. Source: B11."""

    __table_args__ = (Index("ix_hand_over_list", "to_id", "answered_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("need.id"), index=True)
    to_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    office: Mapped[str] = mapped_column(String(60))
    """The department that is to see to it."""
    words: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    due_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]


need_search = SearchIndex("need")
