from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.store import Base


class Round(Base):
    """An approval vote on a project's designs, open between two moments by the clock. Source: A26."""

    __table_args__ = (CheckConstraint("opens_at < closes_at", name="times"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), unique=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)
    """Whose verified residents may vote."""
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    eligible: Mapped[int | None]
    """Verified residents when it closed; written once, with the counts."""
    voters: Mapped[int | None]


class RoundCount(Base):
    """The votes of a design in a closed round, counted once."""

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    design_id: Mapped[int] = mapped_column(ForeignKey("design_option.id"), primary_key=True)
    votes: Mapped[int]


class Vote(Base):
    """That a person approves a design. The key is what makes it one person, one vote."""

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    design_id: Mapped[int] = mapped_column(ForeignKey("design_option.id"), primary_key=True)
    at: Mapped[datetime]
