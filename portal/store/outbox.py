"""Messages that a deed sends: written with it in one transaction, delivered after it, at least once."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, select, update
from sqlalchemy.orm import Mapped, mapped_column

from portal.store.action import action
from portal.store.base import Base, db
from portal.store.clock import now

LEASE = timedelta(minutes=2)
MOST_AT_ONCE = 10
"""Each may take its 10 seconds within one lease."""
MOST_ATTEMPTS = 8


class OutboxMessage(Base):
    """A message on its way. Its address and values are emptied once it is sent or given up."""

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    """`sms` or `mail`."""
    to: Mapped[str] = mapped_column(String(200))
    template: Mapped[str] = mapped_column(String(40))
    """The name of its words under `templates/mail/`."""
    values: Mapped[dict[str, Any]]
    language: Mapped[str] = mapped_column(String(8))
    created_at: Mapped[datetime]
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    """When to try next; None once it is sent or given up."""
    expires_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]


def put(kind: str, to: str, template: str, language: str, *, lives: timedelta | None = None, **values: Any) -> None:
    """Send a message when the deed that this is called in has been done; after `lives` it is not worth sending."""
    moment = now()
    db.session.add(
        OutboxMessage(
            kind=kind,
            to=to,
            template=template,
            values=values,
            language=language,
            created_at=moment,
            due_at=moment,
            expires_at=moment + lives if lives else None,
        )
    )


@action
def lease(most: int = MOST_AT_ONCE) -> list[OutboxMessage]:
    """Messages that are due, ours to send until the lease ends; those that expired are given up."""
    moment = now()
    due = (
        select(OutboxMessage.id)
        .where(OutboxMessage.due_at <= moment)
        .order_by(OutboxMessage.due_at)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    leased = db.session.scalars(
        update(OutboxMessage)
        .where(OutboxMessage.id.in_(due))
        .values(due_at=moment + LEASE, attempts=OutboxMessage.attempts + 1)
        .returning(OutboxMessage)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).all()
    for message in leased:
        if message.expires_at and message.expires_at < moment:
            _finish(message)
    return [message for message in leased if message.due_at]


@action
def sent(message: OutboxMessage) -> None:
    """Note that `message` went out."""
    message.sent_at = now()
    _finish(message)


@action
def failed(message: OutboxMessage) -> None:
    """Try `message` again later, longer each time, and in the end no more."""
    if message.attempts >= MOST_ATTEMPTS:
        _finish(message)
    else:
        message.due_at = now() + timedelta(seconds=15 * 2**message.attempts)


def _finish(message: OutboxMessage) -> None:
    message.due_at, message.to, message.values = None, "", {}


def waiting() -> int:
    """How many messages are still to be sent."""
    return len(db.session.scalars(select(OutboxMessage.id).where(OutboxMessage.due_at.is_not(None))).all())
