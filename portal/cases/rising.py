"""What is overdue rises: nobody waits because somebody sleeps."""

from sqlalchemy import select

from portal import audit
from portal.cases.levels import level_above, people_of, staff_of
from portal.cases.models import BadRatingCase, CaseStep
from portal.cases.moving import move_case
from portal.cases.opening import address_of
from portal.notifications.actions import tell_all
from portal.notifications.models import Notice
from portal.policies.queries import rules_for, working_calendar
from portal.providers.models import Provider
from portal.regions.models import Region
from portal.rules import cases
from portal.rules.cases import CaseState, Move
from portal.rules.permissions import NOBODY, Deed
from portal.store import action, db, locked
from portal.store.clock import today

MOST_AT_ONCE = 200
OVERDUE = "bad_case_overdue"


def raise_cases() -> int:
    """Take every case that let its time pass to the next level, and those without her answer to a check."""
    late = select(BadRatingCase.id).where(BadRatingCase.rises_on < today()).order_by(BadRatingCase.rises_on)
    return sum(_take_on(number) for number in db.session.scalars(late.limit(MOST_AT_ONCE)).all())


@action
def _take_on(number: int) -> bool:
    case = locked(db.session.get_one(BadRatingCase, number))
    if case.rises_on is None or case.rises_on >= today():
        return False
    if case.state == CaseState.ASKING:
        move_case(case, Move.SILENCE)
    else:
        _warn_provider(case)
        _rise(case)
    return True


def _warn_provider(case: BadRatingCase) -> None:
    """Who owes a repair hears once a case that its time is over, however often the case rises after that."""
    if case.state != CaseState.REPAIRING:
        return
    staff, link = staff_of(case.provider_id), f"/repairs/{case.id}"
    told = select(Notice.id).where(Notice.person_id.in_(staff), Notice.template == OVERDUE, Notice.link == link)
    if db.session.scalar(told.limit(1)) is None:
        provider = db.session.get_one(Provider, case.provider_id)
        tell_all(staff, OVERDUE, link, title=provider.name)


def _rise(case: BadRatingCase) -> None:
    place = db.session.get_one(Region, case.region_id)
    level = level_above(db.session.get_one(Region, case.level_id))
    if level is None:
        case.rises_on = None
        return
    case.level_id, case.risen = level.id, case.risen + 1
    case.rises_on = cases.rises_on(today(), rules_for(place), working_calendar())
    provider = db.session.get_one(Provider, case.provider_id)
    tell_all(people_of(level, provider.id), "bad_case_risen", address_of(case, place), title=provider.name)
    db.session.add(CaseStep(case_id=case.id, what="risen", done_on=today(), words=level.name))
    audit.record(NOBODY, Deed.HANDLE_CASE, case, risen=case.risen)
