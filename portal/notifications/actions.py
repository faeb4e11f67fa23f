"""Tell people what became of what they did."""

from typing import Any

from sqlalchemy import update

from portal.accounts.models import Person
from portal.notifications.models import Notice
from portal.rules.permissions import Actor
from portal.store import action, db, outbox
from portal.store.clock import now


def tell(person_id: int, template: str, link: str, **values: Any) -> None:
    """Tell a person, inside a deed: on her own page always, by SMS or mail if she wants."""
    db.session.add(Notice(person_id=person_id, at=now(), template=template, values=values, link=link))
    person = db.session.get_one(Person, person_id)
    if person.wants_sms and person.phone:
        outbox.put("sms", person.phone, template, person.language, **values)
    elif person.wants_sms and person.login and "@" in person.login:
        outbox.put("mail", person.login, template, person.language, **values)


@action
def mark_read(actor: Actor) -> None:
    """A person has seen her notices."""
    db.session.execute(
        update(Notice).where(Notice.person_id == actor.id, Notice.read_at.is_(None)).values(read_at=now())
    )
