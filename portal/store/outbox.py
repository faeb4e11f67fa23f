"""Messages that a deed sends: written with it in one transaction, delivered after it, at least once."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, Text, cast, delete, select, update
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
    tag: Mapped[str | None] = mapped_column(String(64), index=True)
    """By which it can be withdrawn while it waits; emptied with the address."""
    sent_at: Mapped[datetime | None]


def put(
    kind: str,
    to: str,
    template: str,
    language: str,
    *,
    lives: timedelta | None = None,
    wait: timedelta = timedelta(0),
    tag: str | None = None,
    **values: Any,
) -> None:
    """Send a message when the deed that this is called in has been done, or `wait` after it.

    `lives` after it is due it is not worth sending; by its `tag` it can be withdrawn before.
    """
    moment = now()
    db.session.add(
        OutboxMessage(
            kind=kind,
            to=to,
            template=template,
            values=values,
            language=language,
            created_at=moment,
            due_at=moment + wait,
            expires_at=moment + wait + lives if lives else None,
            tag=tag,
        )
    )


def withdraw(tag: str) -> None:
    """Forget the messages with `tag` that still wait, address and all, with the deed that this is called in."""
    db.session.execute(delete(OutboxMessage).where(OutboxMessage.tag == tag))


def withdraw_with(value: str) -> None:
    """Forget the waiting messages among whose values stands `value`, with the deed that this is called in."""
    among = cast(OutboxMessage.values, Text).contains(value, autoescape=True)
    db.session.execute(delete(OutboxMessage).where(OutboxMessage.due_at.is_not(None), among))


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
def stands(message: OutboxMessage) -> bool:
    """Whether a leased message is still to be sent: it may have been withdrawn since."""
    there = select(OutboxMessage.id).where(OutboxMessage.id == message.id, OutboxMessage.due_at.is_not(None))
    return db.session.scalar(there) is not None


@action
def sent(message: OutboxMessage) -> None:
    """Note that `message` went out; where it was withdrawn meanwhile nothing is left to note."""
    _finish(message, sent_at=now())


@action
def failed(message: OutboxMessage) -> None:
    """Try `message` again later, longer each time, and in the end no more."""
    if message.attempts >= MOST_ATTEMPTS:
        _finish(message)
    else:
        _change(message, due_at=now() + timedelta(seconds=15 * 2**message.attempts))


def _finish(message: OutboxMessage, **noted: Any) -> None:
    _change(message, due_at=None, to="", values={}, tag=None, **noted)


def _change(message: OutboxMessage, **columns: Any) -> None:
    db.session.execute(update(OutboxMessage).where(OutboxMessage.id == message.id).values(columns))


def waiting() -> int:
    """How many messages are still to be sent."""
    return len(db.session.scalars(select(OutboxMessage.id).where(OutboxMessage.due_at.is_not(None))).all())
