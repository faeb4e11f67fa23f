"""What a person was told."""

from collections.abc import Sequence

from sqlalchemy import select

from portal.notifications.models import Notice
from portal.rules.permissions import Actor
from portal.store import db


def notices_of(actor: Actor, most: int = 30) -> Sequence[Notice]:
    return db.session.scalars(
        select(Notice).where(Notice.person_id == actor.id).order_by(Notice.id.desc()).limit(most)
    ).all()
