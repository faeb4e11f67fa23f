"""Recipients are asked by message, and once more, unless they want none; later nobody can tell who they were."""

import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select

from portal.accounts.models import Person, RoleGrant
from portal.accounts.secrets import keyed_hash
from portal.policies.queries import rules_for
from portal.providers.models import Provider
from portal.ratings.models import OptOut, RaterSalt, ServiceRecord, Ticket
from portal.ratings.queries import ticket_hash
from portal.regions.models import Region
from portal.rules import N_, Refusal, enforce
from portal.rules.ratings import Channel
from portal.rules.services import BY_MESSAGE, CODE_LENGTH, CODE_SIGNS, quarter_of
from portal.store import action, db, outbox, put_once
from portal.store.clock import CHINA, today

LINK_LIVES = timedelta(days=3)
"""How long we try to deliver a link; after that the number is forgotten undelivered."""
SALT_DAYS = 90
"""Days after its quarter for which a salt is kept: services are recorded that late."""
_IMPORTED = re.compile(r"\d+:")
"""How the key of what came with a list begins: "<provider>:<own reference>"."""
MARK, SEAL = 16, 6
"""Signs of what marks a number in the link for those who want no messages, and of what shows that it is ours."""


@dataclass(frozen=True)
class Asked:
    """A service that came to its end, and how its recipient is reached."""

    service: ServiceRecord
    region: Region
    phone: str
    channel: Channel


def invite(provider: Provider, ended: Sequence[Asked]) -> list[tuple[str, Asked]]:
    """Make the one invitation to rate each service, inside a deed; gives their secrets, which stand nowhere."""
    salts = _salts_of(provider, {quarter_of(asked.service.served_on) for asked in ended if asked.phone})
    invited = [(_secret(asked.channel), asked) for asked in ended]
    db.session.add_all(
        Ticket(
            hash=ticket_hash(token),
            service_id=asked.service.id,
            channel=asked.channel.value,
            rater=_rater(salts, asked),
            until=today() + timedelta(days=rules_for(asked.region).rating_invitation_days),
        )
        for token, asked in invited
    )
    return invited


def _secret(channel: Channel) -> str:
    if channel in BY_MESSAGE:
        return secrets.token_urlsafe(18)
    return "".join(secrets.choice(CODE_SIGNS) for _ in range(CODE_LENGTH))


def _rater(salts: Mapping[str, str], asked: Asked) -> str:
    """Who was served, told from others of the same provider and quarter while its salt is kept; "" without a number."""
    if not asked.phone:
        return ""
    return keyed_hash("rater" + salts[quarter_of(asked.service.served_on)], asked.phone)[:16]


def _salts_of(provider: Provider, quarters: Collection[str]) -> dict[str, str]:
    kept = select(RaterSalt.quarter, RaterSalt.salt).where(RaterSalt.provider_id == provider.id)
    rows = db.session.execute(kept.where(RaterSalt.quarter.in_(quarters)))
    salts = {row.quarter: row.salt for row in rows}
    for quarter in sorted(set(quarters) - salts.keys()):
        put_once(RaterSalt, provider_id=provider.id, quarter=quarter, salt=secrets.token_hex(32))
        salts[quarter] = db.session.scalars(
            select(RaterSalt.salt).where(RaterSalt.provider_id == provider.id, RaterSalt.quarter == quarter)
        ).one()
    return salts


def send_links(provider: Provider, invited: Sequence[tuple[str, Asked]], otherwise: str) -> None:
    """Send the links, inside a deed, and one reminder each, which rating withdraws. Source: rules-and-standards 2.4."""
    invited = [(token, asked) for token, asked in invited if asked.channel in BY_MESSAGE]
    readers = _readers({asked.phone for _, asked in invited})
    for token, asked in invited:
        reads = readers.get(asked.phone)
        if reads is None:
            continue
        language = reads or otherwise
        values: dict[str, Any] = {
            "provider": ((provider.translations or {}).get(language) or {}).get("name") or provider.name,
            "link": f"/rate/{token}",
            "no_more": f"/rate/no-more/{no_more_mark(asked.phone)}",
        }
        first = "rated_by_phone" if asked.channel is Channel.PHONE else "rate_service"
        tag, days = ticket_hash(token), rules_for(asked.region).rating_reminder_days
        outbox.put("sms", asked.phone, first, language, lives=LINK_LIVES, tag=tag, **values)
        if days and asked.channel is Channel.SMS:
            wait = timedelta(days=days)
            outbox.put("sms", asked.phone, "rate_reminder", language, lives=LINK_LIVES, wait=wait, tag=tag, **values)


def _readers(phones: Collection[str]) -> dict[str, str]:
    """The numbers that take messages, each with its owner's language, "" where that is unknown."""
    marks = {no_more_mark(phone): phone for phone in phones}
    known = db.session.execute(select(Person.phone, Person.language).where(Person.phone.in_(phones)))
    languages = {phone: language for phone, language in known if phone}
    silent = set(db.session.scalars(select(OptOut.hash).where(OptOut.hash.in_(marks))))
    return {phone: languages.get(phone, "") for mark, phone in marks.items() if mark not in silent}


def staff_phones(provider: Provider) -> set[str]:
    """The telephone numbers of those who work for a provider."""
    works = select(Person.phone).join(RoleGrant, RoleGrant.person_id == Person.id)
    return {phone for phone in db.session.scalars(works.where(RoleGrant.provider_id == provider.id)) if phone}


def inviter_of(service: ServiceRecord) -> str:
    """Who asked for a rating, told from others within a month only; "" where a list did, and nobody in person."""
    if _IMPORTED.match(service.key or ""):
        return ""
    month = service.recorded_at.astimezone(CHINA).strftime("%Y-%m")
    return inviter_mark(service.recorded_by_id, month)


def inviter_mark(person_id: int, month: str) -> str:
    """What stands on the ratings of those whose services somebody recorded in a month (`2026-11`)."""
    return keyed_hash("inviter" + month, str(person_id))[:16]


@action
def forget_salts() -> None:
    """Forget what made raters countable in quarters long past, and with it who was who."""
    last_kept = quarter_of(today() - timedelta(days=SALT_DAYS))
    db.session.execute(delete(RaterSalt).where(RaterSalt.quarter < last_kept))


def no_more_mark(phone: str) -> str:
    """What stands in the link by which the owner of a number says that she wants no more messages."""
    mark = _short("no_more", phone, MARK)
    return mark + _short("no_more_seal", mark, SEAL)


def is_mark(mark: str) -> bool:
    """Whether we made `mark`."""
    return mark.isascii() and hmac.compare_digest(mark[:MARK] + _short("no_more_seal", mark[:MARK], SEAL), mark)


def _short(kind: str, value: str, signs: int) -> str:
    return urlsafe_b64encode(bytes.fromhex(keyed_hash(kind, value)))[:signs].decode()


@action
def ask_no_more(mark: str) -> None:
    """Send nothing about ratings to a number any more, and withdraw what waits. Source: ratings (opt-out)."""
    enforce([] if is_mark(mark) else [Refusal(N_("We know no such link. Please open it from the message once more."))])
    put_once(OptOut, hash=mark)
    outbox.withdraw_with(mark)
