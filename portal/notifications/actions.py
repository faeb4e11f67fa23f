"""Tell people what became of what they did."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select, update

from portal.accounts.models import Person
from portal.notifications.models import Notice
from portal.rules.permissions import Actor
from portal.store import action, db, outbox
from portal.store.clock import now

MOST_AT_ONCE = 5000


def tell(person_id: int, template: str, link: str, sent: dict[str, Any] | None = None, /, **values: Any) -> None:
    """Tell a person, inside a deed: on her own page always, by SMS or mail if she wants.

    `sent`: what the message says otherwise than her page, and is kept no longer than the message.
    """
    db.session.add(Notice(person_id=person_id, at=now(), template=template, values=values, link=link))
    person = db.session.get_one(Person, person_id)
    if person.wants_sms:
        _send(person, template, values | (sent or {}))


def _send(person: Person, template: str, values: dict[str, Any]) -> None:
    if person.phone:
        outbox.put("sms", person.phone, template, person.language, **values)
    elif person.login and "@" in person.login:
        outbox.put("mail", person.login, template, person.language, **values)


def tell_all(people: Sequence[int], template: str, link: str, /, **values: Any) -> None:
    """Tell many people the same at once, inside a deed."""
    moment = now()
    same = {"at": moment, "template": template, "values": values, "link": link}
    for start in range(0, len(people), MOST_AT_ONCE):
        some = people[start : start + MOST_AT_ONCE]
        db.session.execute(insert(Notice), [same | {"person_id": one} for one in some])
        for person in db.session.scalars(
            select(Person).where(Person.id.in_(some), Person.wants_sms).order_by(Person.id)
        ):
            _send(person, template, values)


@action
def mark_read(actor: Actor) -> None:
    """A person has seen her notices."""
    db.session.execute(
        update(Notice).where(Notice.person_id == actor.id, Notice.read_at.is_(None)).values(read_at=now())
    )
