"""What is done with services and ratings. Nobody is kept with a rating, and no log leads to one."""

import secrets
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, delete, func, insert, select, true

from portal import audit
from portal.accounts.secrets import keyed_hash
from portal.policies.catalogue import catalogue
from portal.policies.queries import rules_for
from portal.providers.models import Provider
from portal.providers.queries import MONTHS, month_before, serves
from portal.ratings import queries
from portal.ratings.models import Rating, RatingMix, RatingMonth, RatingRefresh, ServiceRecord
from portal.regions.models import Region
from portal.rules import N_, Refusal, Refused, enforce, ratings
from portal.rules.accounts import phone_number
from portal.rules.permissions import Actor, Deed, Role
from portal.store import action, db, outbox, put_once, take_turn
from portal.store.clock import CHINA, now, today

MARGIN = timedelta(minutes=5)
"""Longer than any deed takes: a rating that was changed this long before a refresh may have been committed after it."""
LINK_LIVES = timedelta(days=3)
"""How long we try to deliver a link; after that the number is forgotten undelivered."""


@action
def record_service(
    actor: Actor,
    provider: Provider,
    region: Region,
    category: str,
    served_on: date,
    phone: str,
    key: str = "",
    language: str = "zh-Hans",
) -> str:
    """Note that a service was given, and send its recipient a private link to rate it.

    The phone number stands nowhere but on the message, and is gone once that is sent. Gives the link's secret, for the
    demo's eyes only; "" if this was recorded with the same `key` before. Source: A11, A27.
    """
    enforce(_not_for(actor, provider, region))
    enforce(
        ratings.service_refusals(
            served_on=served_on,
            recorded_at=now(),
            category=category,
            categories=catalogue(),
            phone=phone,
            serves_here=serves(provider.id, region),
            own_staff=queries.is_staff_of(provider, phone_number(phone) or ""),
            numbers=rules_for(region),
        )
    )
    token = secrets.token_urlsafe(18)
    service = put_once(
        ServiceRecord,
        key=key or secrets.token_hex(16),
        provider_id=provider.id,
        region_id=region.id,
        category=category,
        served_on=served_on,
        ticket_hash=keyed_hash("ticket", token),
        recorded_at=now(),
        recorded_by_id=actor.id,
    )
    if service is None:
        return ""
    _send_link(provider, phone_number(phone) or "", token, language)
    audit.record(actor, Deed.RECORD_SERVICE, service)
    return token


def _not_for(actor: Actor, provider: Provider, region: Region) -> list[Refusal]:
    """Only the provider's own people and the committee record its services."""
    own = any(grant.role is Role.PROVIDER and grant.provider_id == provider.id for grant in actor.grants)
    if own or actor.holds(Role.COMMITTEE, region.path):
        return []
    return [Refusal(N_("Only the provider's own people and the committee can record its services."), "provider")]


def _send_link(provider: Provider, phone: str, token: str, language: str) -> None:
    reads = queries.language_of(phone, language)
    name = ((provider.translations or {}).get(reads) or {}).get("name") or provider.name
    outbox.put("sms", phone, "rate_service", reads, lives=LINK_LIVES, provider=name, link=f"/rate/{token}")


@action
def rate_service(token: str, grade: int) -> Rating:
    """Rate the service of a private link; a later tap changes the grade while it may be changed.

    One rating a service, however often and however simultaneously it is tapped. Source: A27, B34.
    """
    service, region = _service_of(token)
    enforce(ratings.grade_refusals(grade))
    moment = now()
    kept = db.session.scalar(_rating_of(service))
    enforce(ratings.too_late(moment, service.recorded_at, kept.rated_at if kept else None, rules_for(region)))
    if kept is None:
        kept = put_once(
            Rating,
            service_id=service.id,
            provider_id=service.provider_id,
            region_id=service.region_id,
            category=service.category,
            grade=grade,
            reasons=[],
            words="",
            rated_at=moment,
            changed_at=moment,
        )
    kept = kept or db.session.scalars(_rating_of(service)).one()
    if kept.grade != grade:
        kept.reasons = [reason for reason in kept.reasons if reason in ratings.reasons_for(grade)]
        kept.grade, kept.changed_at = grade, moment
    return kept


@action
def explain_rating(token: str, reasons: Sequence[str], words: str) -> Rating:
    """Say why, in ticked reasons and a few words. Source: B34, B35."""
    service, region = _service_of(token)
    rating = db.session.scalar(_rating_of(service))
    if rating is None:
        raise Refused([Refusal(N_("Please choose one of the five faces."), "grade")])
    enforce(ratings.too_late(now(), service.recorded_at, rating.rated_at, rules_for(region)))
    enforce(ratings.words_refusals(rating.grade, reasons, words))
    rating.reasons, rating.words = sorted(set(reasons)), words
    return rating


def _service_of(token: str) -> tuple[ServiceRecord, Region]:
    found = db.session.execute(queries.service_with(token)).first()
    if found is None:
        raise Refused([Refusal(N_("We know no such link. Please open it from the message once more."))])
    return found[0], found[1]


def _rating_of(service: ServiceRecord) -> Select[Rating]:
    """The rating as it is now, and nobody else's to change until this deed ends."""
    mine = select(Rating).where(Rating.service_id == service.id)
    return mine.with_for_update().execution_options(populate_existing=True)


@action
def refresh_months(*, everything: bool = False) -> int:
    """Bring the months that pages read up to date with the ratings that were made or changed since the last time.

    Gives how many months were written; costs one look into an index when nothing was changed. Where a provider has a
    changed rating, all its months from that rating's on are counted anew, so that a revised rating leaves no trace.
    `everything` counts all anew.
    """
    take_turn("rating months")
    started, last = now(), db.session.get(RatingRefresh, 1)
    changed: ColumnElement[bool] = true() if everything or last is None else Rating.changed_at >= last.at - MARGIN
    oldest = db.session.scalar(select(func.min(Rating.rated_at)).where(changed)) or (started if everything else None)
    if oldest is None:
        return 0
    begins = oldest.astimezone(CHINA).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    theirs = select(Rating.provider_id).where(changed)
    stale = RatingMonth.provider_id.in_(theirs) & (RatingMonth.month >= f"{begins:%Y-%m}")
    db.session.execute(delete(RatingMonth).where(true() if everything else stale), execution_options=PLAIN)
    _count_months(Rating.provider_id.in_(theirs) & (Rating.rated_at >= begins))
    _count_mix()
    db.session.merge(RatingRefresh(id=1, at=started))
    return db.session.scalar(select(func.count()).select_from(RatingMonth).where(stale)) or 0


PLAIN: dict[str, Any] = {"synchronize_session": False}


def _count_months(which: ColumnElement[bool]) -> None:
    month = _month_in_china(Rating.rated_at)
    keys = (Rating.provider_id, Rating.region_id, Rating.category, month.label("month"), Rating.grade)
    counted = select(*keys, func.count()).where(which).group_by(*keys)
    columns = ["provider_id", "region_id", "category", "month", "grade", "ratings"]
    db.session.execute(insert(RatingMonth).from_select(columns, counted), execution_options=PLAIN)


def _month_in_china(when: Any) -> ColumnElement[str]:
    """`2026-11`: eight hours ahead of UTC, in every season since 1991."""
    if db.engine.dialect.name == "sqlite":
        return func.strftime("%Y-%m", when, "+8 hours", type_=Text)
    return func.to_char(func.timezone("Asia/Shanghai", when), "YYYY-MM", type_=Text)


def _count_mix() -> None:
    """Count anew what F3 compares with: all ratings of a group of services in the last year."""
    group = func.substr(RatingMonth.category, 1, 2)
    counted = (
        select(group, RatingMonth.grade, func.sum(RatingMonth.ratings))
        .where(RatingMonth.month >= month_before(today(), MONTHS - 1))
        .group_by(group, RatingMonth.grade)
    )
    db.session.execute(delete(RatingMix), execution_options=PLAIN)
    columns = ["group_code", "grade", "ratings"]
    db.session.execute(insert(RatingMix).from_select(columns, counted), execution_options=PLAIN)
