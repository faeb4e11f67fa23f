from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.store import Base


class Assistance(Base):
    """That someone helped a voter who consented, and whether the voter took the vote back. Source: trust 5 (family).

    Once the round is sealed, only helper, day and whether it was taken back are left.
    """

    __table_args__ = (UniqueConstraint("round_id", "helper_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    number: Mapped[int | None]
    """The voter's number on the roll."""
    helper_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    consented_on: Mapped[date]
    """The day in China; the hour is nobody's business."""
    ends_at: Mapped[datetime | None]
    """Until when the helper's page is open; None once it was closed."""
    as_left: Mapped[str | None] = mapped_column(String(64))
    """Keyed hash of how the helper left the voter's ballot: as soon as it is otherwise, her page is closed."""
    revoke_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    """Of the code on the voter's slip or message, which takes the vote back until the closing."""
    revoked: Mapped[bool] = mapped_column(default=False)
