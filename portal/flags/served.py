"""What came of the services of each release, and which services no release counts yet."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import and_, func, or_, select

from portal.flags.recorders import name_of
from portal.providers.models import RatingRelease
from portal.ratings.models import ServiceRecord
from portal.rules.clocks import end_of_day
from portal.rules.excess import Answers
from portal.store import db

YEAR = timedelta(days=365)


def releases_until(day: date) -> tuple[dict[int, list[Answers]], dict[int, date]]:
    """By provider the releases of the last twelve months in order, and on which day the last of them was."""
    grades = (RatingRelease.n1, RatingRelease.n2, RatingRelease.n3, RatingRelease.n4, RatingRelease.n5)
    rows = db.session.execute(
        select(RatingRelease.provider_id, RatingRelease.released_on, RatingRelease.invited, *grades)
        .where(RatingRelease.released_on > day - YEAR)
        .order_by(RatingRelease.number)
    )
    releases, last = defaultdict[int, list[Answers]](list), dict[int, date]()
    for provider_id, released_on, invited, *counts in rows:
        releases[provider_id].append(Answers(invited, sum(counts), counts[-1]))
        last[provider_id] = released_on
    return releases, last


def served_after(counted: Mapping[int, date], until: date) -> dict[int, Counter[str]]:
    """By provider and recorder the services recorded after the day to which they were `counted`, and by `until`."""
    providers = defaultdict[date, list[int]](list)
    for provider_id, day in counted.items():
        providers[day].append(provider_id)
    after = [
        and_(ServiceRecord.provider_id.in_(those), ServiceRecord.recorded_at > end_of_day(day))
        for day, those in providers.items()
    ]
    by = (ServiceRecord.provider_id, ServiceRecord.recorded_by_id)
    rows = db.session.execute(
        select(*by, func.count())
        .where(or_(False, *after), ServiceRecord.recorded_at <= end_of_day(until))
        .group_by(*by)
    )
    served = defaultdict[int, Counter[str]](Counter)
    for provider_id, person_id, services in rows:
        served[provider_id][name_of(person_id)] += services
    return served
