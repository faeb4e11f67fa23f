"""Whether the site can read and write."""

from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from portal.rules.permissions import Deed
from portal.store import Base, action, db
from portal.store.clock import now
from portal.web.door import Guarded

bp = Guarded("health", __name__)


class Heartbeat(Base):
    """One row, written whenever someone asks whether the site is well."""

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]


@bp.get("/healthz", deed=Deed.READ_PUBLIC)
def healthz() -> Any:
    """A monitor asks whether the site can read and write."""
    try:
        beat()
    except (SQLAlchemyError, OSError):
        return "unwell", 503, {"Content-Type": "text/plain", "Cache-Control": "no-store"}
    return "ok", 200, {"Content-Type": "text/plain", "Cache-Control": "no-store"}


@action
def beat() -> None:
    db.session.merge(Heartbeat(id=1, at=now()))


def install(app: Flask) -> None:
    app.register_blueprint(bp)
