"""Sign in and out, and be vouched for."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import delete, func, select, update

from portal import audit
from portal.accounts.models import Attempt, Person, Residency, RoleGrant, SignIn, SignInCode
from portal.accounts.secrets import keyed_hash, new_code, new_token, password_fits
from portal.policies.queries import national_rules
from portal.regions.models import Region
from portal.rules import N_, Refusal, accounts, enforce
from portal.rules.permissions import NOBODY, Actor, Deed, Role
from portal.store import action, db, outbox, take_turn
from portal.store.clock import now

HOUR = timedelta(hours=1)
KNOWN: list[Callable[[int, Region], bool]] = []
"""Whether a person need not be vouched for in a community, because it knows her already; rooms above say so."""


@action
def send_code(phone: str, address: str, language: str) -> str:
    """Send a sign-in code to a normal `phone` number; gives it, for the demo's eyes only.

    Raises Refused above the limits, which hold across all processes of the site.
    """
    numbers = national_rules()
    limits = {
        "code-number": numbers.codes_per_number,
        "code-address": numbers.codes_per_address,
        "code-site": numbers.codes_per_site,
    }
    note_attempts({"code-number": phone, "code-address": address, "code-site": ""}, limits)
    code = new_code(accounts.CODE_DIGITS)
    db.session.execute(delete(SignInCode).where(SignInCode.phone_hash == keyed_hash("phone", phone)))
    lives = timedelta(minutes=accounts.CODE_MINUTES)
    db.session.add(
        SignInCode(
            phone_hash=keyed_hash("phone", phone),
            code_hash=keyed_hash("code", code),
            expires_at=now() + lives,
            tries_left=accounts.CODE_TRIES,
        )
    )
    outbox.put("sms", phone, "sign_in_code", language, lives=lives, code=code, minutes=accounts.CODE_MINUTES)
    return code


@action
def note_attempts(keys: dict[str, str], limits: dict[str, int]) -> None:
    """Note one attempt for each kind, or raise Refused if any is above its limit in the last hour."""
    take_turn("attempts")
    hashes = {kind: keyed_hash(kind, key) for kind, key in keys.items()}
    counts = {
        kind: db.session.scalar(
            select(func.count())
            .select_from(Attempt)
            .where(Attempt.kind == kind, Attempt.key_hash == hashed, Attempt.at > now() - HOUR)
        )
        or 0
        for kind, hashed in hashes.items()
    }
    enforce(accounts.too_many(counts, limits))
    db.session.add_all(Attempt(kind=kind, key_hash=hashed, at=now()) for kind, hashed in hashes.items())


@action
def check_code(phone: str, code: str) -> bool:
    """Whether `code` is the one last sent to `phone`; each wrong try counts, a right one uses it up."""
    sent = db.session.scalar(
        select(SignInCode).where(SignInCode.phone_hash == keyed_hash("phone", phone)).with_for_update()
    )
    if sent is None or sent.expires_at < now() or sent.tries_left < 1:
        return False
    if sent.code_hash != keyed_hash("code", code):
        sent.tries_left -= 1
        return False
    db.session.delete(sent)
    return True


def check_password(login: str, password: str, address: str) -> Person | None:
    """The staff member with this login and password, or None. Raises Refused after too many tries.

    No action of its own: others need not wait for the hash, which is slow on purpose.
    """
    keys = {"password-login": login, "password-address": address}
    note_attempts(keys, {"password-login": 10, "password-address": 60})
    person = db.session.scalar(select(Person).where(Person.login == login))
    return person if password_fits(person.password_hash if person else None, password) else None


@action
def begin_session(person: Person, device: str) -> str:
    """Sign `person` in on a device; gives the token for its cookie."""
    token = new_token()
    db.session.add(
        SignIn(
            token_hash=keyed_hash("session", token),
            person_id=person.id,
            device=device[:60],
            created_at=now(),
            expires_at=now() + timedelta(days=accounts.SESSION_DAYS),
        )
    )
    return token


@action
def welcome(phone: str, language: str) -> Person:
    """The person with this phone number, an account made if there is none."""
    take_turn("phone")
    person = db.session.scalar(select(Person).where(Person.phone == phone))
    if person is None:
        person = Person(phone=phone, language=language, created_at=now())
        db.session.add(person)
        db.session.flush()
    return person


@action
def end_session(token: str) -> None:
    """Sign a device out."""
    hashed = keyed_hash("session", token)
    db.session.execute(update(SignIn).where(SignIn.token_hash == hashed).values(ended_at=now()))


@action
def end_all_sessions(actor: Actor) -> None:
    """Sign a person out everywhere."""
    db.session.execute(
        update(SignIn).where(SignIn.person_id == actor.id, SignIn.ended_at.is_(None)).values(ended_at=now())
    )


@action
def ask_residency(actor: Actor, region: Region) -> bool:
    """Say that one lives in `region`, to be vouched for by its committee; gives whether that is confirmed already.

    Who moves gives her old home up: nobody votes in two.
    """
    enforce(_is_a_community(region))
    take_turn(f"home of {actor.id}")
    held = db.session.get(Residency, actor.id, populate_existing=True)
    if held is None or held.region_id != region.id:
        if held:
            db.session.delete(held)
            db.session.flush()
        held = Residency(person_id=actor.id, region_id=region.id, asked_at=now())
        db.session.add(held)
        db.session.flush()
    return _confirmed(held, region)


@action
def confirm_known(region: Region) -> int:
    """Confirm those who wait in a community that knows them by now; gives how many."""
    waiting = select(Residency).where(Residency.region_id == region.id, Residency.verified_at.is_(None))
    return sum([_confirmed(one, region) for one in db.session.scalars(waiting.with_for_update()).all()])


def _confirmed(residency: Residency, region: Region) -> bool:
    if residency.verified_at is None and any(knows(residency.person_id, region) for knows in KNOWN):
        residency.verified_at = now()
        audit.record(NOBODY, Deed.VOUCH_RESIDENT, region, person=residency.person_id, known=True)
    return residency.verified_at is not None


def _is_a_community(region: Region) -> list[Refusal]:
    return [] if region.level == "village" else [Refusal(N_("Please choose the community that you live in."))]


@action
def vouch(actor: Actor, region: Region, person_id: int) -> None:
    """A committee member vouches that a person who asked lives in `region`."""
    enforce(_not_oneself(actor, person_id))
    residency = db.session.scalar(
        select(Residency).where(Residency.person_id == person_id, Residency.region_id == region.id).with_for_update()
    )
    if residency is None or residency.verified_at:
        return
    residency.verified_at, residency.verified_by_id = now(), actor.id
    audit.record(actor, Deed.VOUCH_RESIDENT, region, person=person_id)


def _not_oneself(actor: Actor, person_id: int) -> list[Refusal]:
    return [Refusal(N_("Nobody can vouch for herself; ask a colleague."))] if person_id == actor.id else []


@action
def save_preferences(actor: Actor, name: str, wants_sms: bool) -> None:
    """A person says how she is called here and whether she wants SMS."""
    db.session.execute(update(Person).where(Person.id == actor.id).values(name=name, wants_sms=wants_sms))


@action
def grant(person: Person, role: Role, region: Region, provider_id: int | None = None) -> None:
    """Give a person a role in a region and all below it; a second time changes nothing."""
    take_turn(f"grants of {person.id}")
    same = select(RoleGrant).where(
        RoleGrant.person_id == person.id, RoleGrant.role == role.value, RoleGrant.region_id == region.id
    )
    if not db.session.scalar(same.where(RoleGrant.provider_id.is_not_distinct_from(provider_id))):
        db.session.add(RoleGrant(person_id=person.id, role=role.value, region_id=region.id, provider_id=provider_id))


@action
def forget_attempts() -> None:
    """Drop what rate limits and codes no longer need."""
    db.session.execute(delete(Attempt).where(Attempt.at < now() - timedelta(days=1)))
    db.session.execute(delete(SignInCode).where(SignInCode.expires_at < now()))
