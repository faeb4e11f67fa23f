"""Bad ratings become cases, which committee, offices and providers take on."""

from typing import Any

from sqlalchemy import select

from portal.accounts.models import Person
from portal.accounts.queries import actor_of
from portal.cases.answering import answer_case, say_whether_it_is_right
from portal.cases.handling import check, contact_rater, find
from portal.cases.levels import people_of
from portal.cases.models import BadRatingCase
from portal.cases.moving import case_hash
from portal.cases.opening import open_case
from portal.commands.county import content
from portal.commands.county.people import OFFICIAL
from portal.commands.county.telling import Chapter, Teller
from portal.ratings.answering import explain_rating, rate_service
from portal.ratings.recording import record_service
from portal.regions.models import Region
from portal.rules.cases import Finding, Move
from portal.rules.permissions import Actor
from portal.rules.redress import CaseDraft
from portal.store import db
from portal.store.clock import today

LEFT = 9
"""Of so many cases one is left to wait, so that it rises."""


def repaired(teller: Teller, after: int) -> int:
    """Let the cases after the one of that number be taken on; gives the number of the last one."""
    of_batches = select(BadRatingCase).where(BadRatingCase.id > after, BadRatingCase.batch_id.is_not(None))
    fresh = db.session.scalars(of_batches.order_by(BadRatingCase.id)).all()
    teller.begin(*(_repaired(teller, case) for case in fresh if case.id % LEFT))
    return fresh[-1].id if fresh else after


def _repaired(teller: Teller, case: BadRatingCase) -> Chapter:
    """Verified by whom it concerns, repaired by the provider, and looked at by the county."""
    told, days = content.story()["believing"]["case"], teller.ago(today())
    yield days - 1
    by = _handler(case)
    find(by, case, Finding.UPHELD, told["found"][case.id % len(told["found"])])
    yield days - 3
    answer_case(teller.staff_of(_name(teller, case)), case, told["answers"][case.id % len(told["answers"])])
    if by.id != teller.people[OFFICIAL]:
        yield days - 7
        check(teller.actor(OFFICIAL), case, passes=True, words=told["checked"])


def _handler(case: BadRatingCase) -> Actor:
    level = db.session.get_one(Region, case.level_id)
    return actor_of(db.session.get_one(Person, people_of(level, case.provider_id)[0]))


def _name(teller: Teller, case: BadRatingCase) -> str:
    return next(name for name, one in teller.providers.items() if one.id == case.provider_id)


def named(teller: Teller) -> list[Chapter]:
    return [_named(teller, given) for given in content.story()["believing"]["named"]]


def _named(teller: Teller, given: dict[str, Any]) -> Chapter:
    """Somebody says who she is, so that it is put right."""
    yield given["days"]
    provider, home = teller.providers[given["of"]], teller.places[given["home"]]
    staff = teller.staff_of(given["of"])
    token = record_service(staff, provider, home, given["category"], today(), key=teller.key(), channel="slip")
    teller.links.add(rate_service(token, given["grade"]).key)
    explain_rating(token, given["reasons"], "")
    open_case(token, CaseDraft("committee", given["contact"], given["words"], True, given["to_provider"]), "zh-Hans")
    if "contacted" in given:
        yield from _put_right(teller, given, token)


def _put_right(teller: Teller, given: dict[str, Any], token: str) -> Chapter:
    """Contacted the next day, upheld, repaired, and she says that it is right now."""
    case = db.session.scalars(select(BadRatingCase).where(BadRatingCase.token_hash == case_hash(token))).one()
    yield given["days"] - 1
    contact_rater(_handler(case), case, reached=True, words=given["contacted"])
    find(_handler(case), case, Finding.UPHELD, given["found"])
    yield given["days"] - 3
    answer_case(teller.staff_of(given["of"]), case, given["answer"])
    yield given["days"] - 4
    say_whether_it_is_right(case, Move.CONFIRM)
