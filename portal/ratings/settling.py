"""Ratings whose days of change are over go on without a way back: by another key, with the week, without words."""

import secrets
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, delete, func, insert, or_, select, update

from portal.policies.queries import rules_for, working_days_after
from portal.ratings.models import Rating, RatingComment, RatingDay, Settling, SpentTicket, Ticket
from portal.regions.models import Region
from portal.store import action, db, engines, put_once, take_turn
from portal.store.clock import now, today

AT_ONCE = 2000
SLACK = timedelta(days=31)
"""For so long after its last day a link still says that it is too old."""
CLEANED = ("rating", "rating_comment", "spent_ticket", "outbox_message")
"""Tables that lose rows by a rating, or by its settling, which nobody may read from a file any more."""
PLAIN: dict[str, Any] = {"synchronize_session": False}
Row = Mapping[str, Any]


def settle_ratings() -> int:
    """Settle every rating that can no longer be changed; gives how many. Source: trust 1.4, 4."""
    settled = 0
    while some := _settle_some():
        settled += some
    _clean()
    return settled


@action
def _settle_some() -> int:
    take_turn("settle ratings")
    over = _over()
    if not over:
        return 0
    _count_days(over)
    _rewrite(over)
    put_once(Settling, day=today(), cleaned=False)
    db.session.execute(update(Settling).where(Settling.day == today()).values(cleaned=False))
    return len(over)


def _over() -> list[Row]:
    """Ratings that can no longer be changed, nobody else's to touch until this deed ends."""
    still_open = select(Rating.region_id).where(~Rating.settled).distinct()
    places = defaultdict[int, list[int]](list)
    for region in db.session.scalars(select(Region).where(Region.id.in_(still_open))):
        places[rules_for(region).rating_revision_days].append(region.id)
    ended = [
        and_(Rating.region_id.in_(regions), Rating.rated_on < today() - timedelta(days=days))
        for days, regions in places.items()
    ]
    rows = select(Rating.__table__).where(~Rating.settled, or_(False, *ended)).order_by(Rating.key).limit(AT_ONCE)
    return [dict(row) for row in db.session.execute(rows.with_for_update()).mappings()]


def _count_days(over: Iterable[Row]) -> None:
    """Keep how many there were on each day, of which the ratings themselves keep only the week."""
    counted = Counter((row["provider_id"], row["rated_on"]) for row in over)
    days = {(row.provider_id, row.day): row for row in db.session.scalars(select(RatingDay).where(_among(counted)))}
    for (provider_id, day), ratings in counted.items():
        if kept := days.get((provider_id, day)):
            kept.ratings += ratings
        else:
            db.session.add(RatingDay(provider_id=provider_id, day=day, ratings=ratings))


def _among(counted: Iterable[tuple[int, date]]) -> Any:
    providers, days = zip(*counted, strict=True)
    return and_(RatingDay.provider_id.in_(set(providers)), RatingDay.day.in_(set(days)))


def _rewrite(over: Sequence[Row]) -> None:
    """Delete these ratings and put them in anew, in an order that is chance; likewise their words and their links."""
    last = db.session.scalar(select(func.max(Ticket.until))) or today()
    db.session.execute(delete(Rating).where(Rating.key.in_([row["key"] for row in over])), execution_options=PLAIN)
    _put(Rating, "key", [_settled(row) for row in over])
    _put(RatingComment, "key", _comments(over))
    _put(SpentTicket, "hash", [{"hash": row["key"], "until": last} for row in over])


def _settled(row: Row) -> dict[str, Any]:
    monday = row["rated_on"] - timedelta(days=row["rated_on"].weekday())
    gone = {"words": "", "photo": None, "writer": ""}
    return {**row, "key": secrets.token_hex(32), "rated_on": monday, "settled": True, **gone}


def _comments(over: Iterable[Row]) -> list[dict[str, Any]]:
    """What was said beside these grades, without the grades."""
    said = [row for row in over if row["words"] or row["photo"]]
    places = db.session.scalars(select(Region).where(Region.id.in_({row["region_id"] for row in said})))
    due = {place.id: working_days_after(now(), rules_for(place).comment_working_days) for place in places}
    kept = ("provider_id", "region_id", "category", "words", "photo", "writer")
    return [
        {name: row[name] for name in kept}
        | {
            "key": secrets.token_hex(16),
            "month": f"{row['rated_on']:%Y-%m}",
            "state": "waiting",
            "due_at": due[row["region_id"]],
        }
        for row in said
    ]


def _put(model: type[Any], key: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        db.session.execute(insert(model), sorted(rows, key=lambda row: str(row[key])))


def _clean() -> None:
    """Leave in the database's files nothing of what ratings were before; what hinders it now is tried again later."""
    days = db.session.scalars(select(Settling.day).where(~Settling.cleaned)).all()
    if not days:
        return
    _mix()
    db.session.rollback()
    if engines.scrub(db.engine, *CLEANED):
        _note_cleaned(days)


@action
def _mix() -> None:
    """Write all that waits in one transaction: by that which wrote it, nobody can tell on which day it was settled."""
    waiting = update(Rating).where(Rating.settled, Rating.batch_id.is_(None)).values(settled=True)
    unread = update(RatingComment).where(RatingComment.state == "waiting").values(state="waiting")
    for again in (waiting, unread, update(SpentTicket).values(until=SpentTicket.until)):
        db.session.execute(again, execution_options=PLAIN)


@action
def _note_cleaned(days: Sequence[date]) -> None:
    db.session.execute(update(Settling).where(Settling.day.in_(days)).values(cleaned=True), execution_options=PLAIN)
    db.session.execute(delete(Settling).where(Settling.day < today() - SLACK), execution_options=PLAIN)


@action
def forget_links() -> None:
    """Forget links whose time is over, and that they were used."""
    db.session.execute(delete(SpentTicket).where(SpentTicket.until < today()), execution_options=PLAIN)
    db.session.execute(delete(Ticket).where(Ticket.until < today() - SLACK), execution_options=PLAIN)
