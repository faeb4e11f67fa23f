from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.store import Base


class Person(Base):
    """Someone with an account. As little as is needed: residents have a phone number, staff a login."""

    id: Mapped[int] = mapped_column(primary_key=True)
    phone: Mapped[str | None] = mapped_column(String(20), unique=True)
    login: Mapped[str | None] = mapped_column(String(60), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(40), default="")
    language: Mapped[str] = mapped_column(String(8), default="zh-Hans")
    wants_sms: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class SignIn(Base):
    """One device that is signed in; the server can end it. The token itself is only in the device's cookie."""

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    device: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class SignInCode(Base):
    """A code sent by SMS: 6 digits, 5 minutes, 5 tries."""

    id: Mapped[int] = mapped_column(primary_key=True)
    phone_hash: Mapped[str] = mapped_column(String(64), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime]
    tries_left: Mapped[int]


class Attempt(Base):
    """That someone tried something whose rate is limited; the key is hashed, rows are dropped after a day."""

    __table_args__ = (Index("ix_attempt_kind_key_at", "kind", "key_hash", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    key_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class RoleGrant(Base):
    """A role in a region and all below it; a provider's grant names the provider."""

    __table_args__ = (UniqueConstraint("person_id", "role", "region_id", "provider_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str] = mapped_column(String(20))
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    provider_id: Mapped[int | None]


class Residency(Base):
    """Where a person says she lives, and who vouched for it. One home each: nobody is on two rolls."""

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)
    asked_at: Mapped[datetime]
    verified_at: Mapped[datetime | None]
    verified_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
