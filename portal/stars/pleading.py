"""A provider appeals against an event or shows that it was made good; another body decides. Source: A67, 2.5."""

from datetime import date

from sqlalchemy import func, select

from portal import audit
from portal.accounts.models import RoleGrant
from portal.notifications.actions import tell_all
from portal.policies.queries import rules_for, working_days_after
from portal.providers.credit import as_event
from portal.providers.models import CreditEvent, Provider
from portal.regions.models import Region
from portal.rules import N_, Refusal, enforce, pleas
from portal.rules.credit import WITHDRAWS
from portal.rules.permissions import Actor, Deed, may
from portal.rules.pleas import PleaKind
from portal.stars.awarding import correct_stars
from portal.stars.models import CreditPlea
from portal.store import action, db, locked, put_once, take_turn
from portal.store.clock import CHINA, now, today


@action
def send_plea(actor: Actor, event: CreditEvent, kind: PleaKind, words: str, evidence: str, key: str) -> None:
    """A provider appeals against an event, or shows that it was made good; sent twice it is one."""
    locked(event)
    if db.session.scalar(select(CreditPlea.id).where(CreditPlea.key == key)):
        return
    office = office_of(event)
    numbers = rules_for(office)
    enforce(
        pleas.plea_refusals(
            kind,
            words,
            evidence,
            event=as_event(event),
            waits=_is_there(event, CreditPlea.waits_for == event.id),
            appealed=_is_there(event, CreditPlea.kind == PleaKind.APPEAL.value),
            until=appeal_until(event),
            today=today(),
            numbers=numbers,
        )
    )
    decides = office_above(office) if kind is PleaKind.APPEAL else office
    plea = put_once(
        CreditPlea,
        key=key,
        event_id=event.id,
        waits_for=event.id,
        kind=kind.value,
        words=words,
        evidence=evidence,
        sent_at=now(),
        sent_by_id=actor.id,
        region_id=decides.id,
        due_at=working_days_after(now(), numbers.credit_answer_working_days),
    )
    if plea is None:
        enforce([Refusal(N_("What was sent about this is not decided yet."))])
    assert plea is not None
    audit.record(actor, Deed.APPEAL_CREDIT, plea, kind=kind.value)


def _is_there(event: CreditEvent, which: object) -> bool:
    query = select(func.count()).select_from(CreditPlea).where(CreditPlea.event_id == event.id, which)  # type: ignore[arg-type]
    return bool(db.session.scalar(query))


def office_of(event: CreditEvent) -> Region:
    """Whose office wrote an event down; of one that nobody signed, the provider's home."""
    number = event.region_id or db.session.get_one(Provider, event.provider_id).region_id
    return db.session.get_one(Region, number)


def office_above(office: Region) -> Region:
    """Who decides on an appeal: the office above; at the top somebody else of the same one."""
    return db.session.get_one(Region, office.parent_id) if office.parent_id else office


def appeal_until(event: CreditEvent) -> date:
    """The last day on which a provider can appeal against an event."""
    days = rules_for(office_of(event)).credit_appeal_working_days
    return working_days_after(event.at, days).astimezone(CHINA).date()


@action
def decide_plea(actor: Actor, plea: CreditPlea, granted: bool, answer: str) -> None:
    """Decide on an appeal or a repair, with a reason that everyone reads; the same decision twice is one.

    What is granted ends the event; an upheld appeal gives back the stars that it took.
    """
    take_turn("stars")
    event = db.session.get_one(CreditEvent, plea.event_id)
    locked(plea)
    if plea.decided_at is not None and (plea.granted, plea.answer) == (granted, answer):
        return
    decides = db.session.get_one(Region, plea.region_id)
    if not may(actor, Deed.KEEP_CREDIT, decides.path):
        enforce([Refusal(N_("The office of %(place)s decides about this."), values={"place": decides.name})])
    appeal = plea.kind == PleaKind.APPEAL
    enforce(
        pleas.judge_refusals(
            answer,
            tied=actor.works_for(event.provider_id),
            recorded=appeal and event.actor_id == actor.id,
            decided=plea.decided_at is not None,
        )
    )
    plea.granted, plea.answer, plea.decided_at, plea.decided_by_id = granted, answer, now(), actor.id
    plea.waits_for = None
    audit.record(actor, Deed.KEEP_CREDIT, plea, granted=granted)
    if granted:
        event.ended_on, event.ended_reason = today(), answer
        db.session.flush()
        if appeal and event.kind in WITHDRAWS:
            correct_stars(event.provider_id)
    _tell(event)


def _tell(event: CreditEvent) -> None:
    provider = db.session.get_one(Provider, event.provider_id)
    home = db.session.get_one(Region, provider.region_id)
    staff = db.session.scalars(select(RoleGrant.person_id).where(RoleGrant.provider_id == provider.id).distinct()).all()
    tell_all(staff, "credit_decided", f"/{home.code}/providers/{provider.id}/credit/", title=provider.name)
