"""What pages show of stars and credit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, func, or_, select

from portal.providers.credit import as_entry, as_event, holding
from portal.providers.models import CreditEvent, Provider, ProviderArea, StandingEntry, StarLevel
from portal.regions.models import Region
from portal.regions.queries import within
from portal.rules.credit import Counted, Credit, credit_on
from portal.rules.numbers import Numbers
from portal.rules.stars import StarRules, Step, next_stars
from portal.stars.awarding import seen_of
from portal.stars.models import CreditPlea
from portal.store import db
from portal.store.clock import today

MOST = 100
MOST_TRIED = 500


def find_event(number: int, found: dict[str, Any]) -> CreditEvent | None:
    """An event in the credit record of the provider that was found."""
    event = db.session.get(CreditEvent, number)
    return event if event is not None and event.provider_id == found["provider"].id else None


def find_plea(number: int, found: dict[str, Any]) -> CreditPlea | None:
    """An appeal or a repair that the office of the region that was found decides on."""
    plea = db.session.get(CreditPlea, number)
    return plea if plea is not None and plea.region_id == found["region"].id else None


def concerns(provider: Provider, region: Region) -> bool:
    """Whether a provider is at home in `region`, or registered for it, for a place above it or in it."""
    return bool(db.session.scalar(select(Provider.id).where(Provider.id == provider.id, _there(region))))


def _there(region: Region) -> ColumnElement[bool]:
    above = [int(number) for number in region.path.split(".") if number]
    below = select(Region.id).where(within(region)).correlate(None)
    areas = select(ProviderArea.provider_id).where(
        or_(ProviderArea.region_id.in_(above), ProviderArea.region_id.in_(below))
    )
    return or_(Provider.region_id.in_(below), Provider.id.in_(areas))


def home_of(provider: Provider) -> Region:
    return db.session.get_one(Region, provider.region_id)


@dataclass(frozen=True)
class Stars:
    """A provider's stars: those that hold (0: not rated), and every award, newest first."""

    now: int
    levels: Sequence[StarLevel]

    @property
    def last(self) -> StarLevel | None:
        return self.levels[0] if self.levels else None


def stars_of(provider: Provider) -> Stars:
    """The history of a provider's stars, in one statement."""
    levels = db.session.scalars(
        select(StarLevel)
        .where(StarLevel.provider_id == provider.id, StarLevel.valid_from <= today())
        .order_by(StarLevel.quarter.desc())
        .limit(MOST)
    ).all()
    return Stars(holding(levels[0] if levels else None, today()), levels)


@dataclass(frozen=True)
class Record:
    """A provider's credit record: where it stands today, its events and outside entries, newest first."""

    credit: Credit
    entries: Sequence[StandingEntry]
    pleas: dict[CreditEvent, list[CreditPlea]]
    """Each event with what the provider sent about it, oldest first."""

    @property
    def counted(self) -> dict[int, Counted]:
        return {one.event.id: one for one in self.credit.counted}


def record_of(provider: Provider, numbers: Numbers) -> Record:
    """The credit record, computed anew from everything that was written down, in two statements."""
    pleas: dict[CreditEvent, list[CreditPlea]] = {}
    for event, plea in db.session.execute(
        select(CreditEvent, CreditPlea)
        .outerjoin(CreditPlea, CreditPlea.event_id == CreditEvent.id)
        .where(CreditEvent.provider_id == provider.id)
        .order_by(CreditEvent.id.desc(), CreditPlea.id)
    ):
        pleas.setdefault(event, []).extend([plea] if plea else [])
    of_provider = StandingEntry.provider_id == provider.id
    entries = db.session.scalars(select(StandingEntry).where(of_provider).order_by(StandingEntry.id.desc())).all()
    plain = [as_event(one) for one in pleas], [as_entry(one) for one in entries]
    return Record(credit_on(*plain, today(), numbers), entries, pleas)


def waiting_pleas(region: Region) -> Sequence[Row[CreditPlea, CreditEvent, Provider]]:
    """What the office of `region` has to decide on, the longest overdue first."""
    return db.session.execute(
        select(CreditPlea, CreditEvent, Provider)
        .join(CreditEvent, CreditEvent.id == CreditPlea.event_id)
        .join(Provider, Provider.id == CreditEvent.provider_id)
        .where(CreditPlea.region_id == region.id, CreditPlea.decided_at.is_(None))
        .order_by(CreditPlea.due_at, CreditPlea.id)
        .limit(MOST)
    ).all()


@dataclass(frozen=True)
class Tried:
    """A provider's stars of the last award, and what they would have been by other numbers."""

    provider: Provider
    level: StarLevel
    then: Step
    score: int

    @property
    def moves(self) -> int:
        return self.then.stars - self.level.stars


def tried(region: Region, rules: StarRules, weights: Sequence[int]) -> list[Tried]:
    """Whose stars would have been others in the last award by these numbers; nothing is stored. Source: A68."""
    rows = db.session.execute(
        select(StarLevel, Provider)
        .join(Provider, Provider.id == StarLevel.provider_id)
        .where(_there(region), StarLevel.quarter == _last_quarter())
        .order_by(Provider.name, Provider.id)
        .limit(MOST_TRIED)
    )
    found = [_tried(level, provider, rules, weights) for level, provider in rows if "recipients" in level.working]
    return sorted(found, key=lambda one: (one.moves == 0, one.moves))


def _last_quarter() -> Any:
    return select(func.max(StarLevel.quarter)).scalar_subquery()


def _tried(level: StarLevel, provider: Provider, rules: StarRules, weights: Sequence[int]) -> Tried:
    working = level.working
    seen = seen_of(working, weights)
    step = next_stars(seen, working["before"], rules, withheld=bool(working["withheld"]))
    return Tried(provider, level, step, seen.score)
