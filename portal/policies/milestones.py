"""Milestones: what places are to reach by when, and which have reached it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, and_, func, select

from portal import audit
from portal.policies.keeping import put_keyed
from portal.policies.models import Milestone, MilestoneMark, PolicyDocument
from portal.policies.publishing import document_for
from portal.policies.queries import ids_of
from portal.regions.models import LEVELS, Region
from portal.regions.queries import PSEUDO_LEVELS, children, within
from portal.rules import N_, Refusal, enforce, policies
from portal.rules.permissions import Actor, Deed
from portal.rules.policies import MilestoneDraft
from portal.store import action, db, put_once
from portal.store.clock import now, today
from portal.store.paging import Page, page_of


def levels_below(region: Region) -> tuple[str, ...]:
    return LEVELS[LEVELS.index(region.level) + 1 :]


@action
def set_milestone(actor: Actor, region: Region, draft: MilestoneDraft, document: int | None, key: str) -> Milestone:
    """Say what every place of a level below is to have reached by a day. Source: B5."""
    if said := db.session.scalar(select(Milestone).where(Milestone.key == key, Milestone.region_id == region.id)):
        return said
    enforce(policies.milestone_refusals(draft, levels=levels_below(region), today=today()))
    if document is not None and document_for(region, document) is None:
        enforce([Refusal(N_("Please choose one of the documents shown."), "document")])
    return put_keyed(
        actor,
        Deed.KEEP_POLICY,
        Milestone,
        key,
        region_id=region.id,
        title=draft.title,
        words=draft.words,
        level=draft.level,
        due_on=draft.due_on,
        document_id=document,
        put_at=now(),
    )


@action
def mark_reached(actor: Actor, milestone: Milestone, place: Region, reached_on: date | None, evidence: str) -> None:
    """Note that a place has reached a milestone, and what shows it; noted twice it stands as first noted."""
    if place.level != milestone.level:
        enforce([Refusal(N_("This place is not one of those that are to reach it."))])
    enforce(policies.mark_refusals(reached_on, evidence, today=today()))
    mark = put_once(
        MilestoneMark,
        milestone_id=milestone.id,
        region_id=place.id,
        reached_on=reached_on,
        evidence=evidence,
        marked_at=now(),
        taken_back_for="",
    )
    if mark is not None:
        audit.record(actor, Deed.KEEP_POLICY, mark)


@action
def take_mark_back(actor: Actor, milestone: Milestone, place: Region, reason: str) -> None:
    """Take back a mistaken mark; it stays on record with its reason."""
    enforce(policies.words_refusals(reason, "reason", policies.LONGEST_WORDS))
    mark = db.session.scalar(_marks(milestone, place).where(MilestoneMark.taken_back_at.is_(None)).with_for_update())
    if mark is not None:
        mark.taken_back_at, mark.taken_back_for = now(), reason
        audit.record(actor, Deed.KEEP_POLICY, mark, taken_back=True)


def _marks(milestone: Milestone, place: Region) -> Select[MilestoneMark]:
    where = (MilestoneMark.milestone_id == milestone.id, MilestoneMark.region_id == place.id)
    return select(MilestoneMark).where(*where).order_by(MilestoneMark.id)


def marks_of(milestone: Milestone, place: Region) -> Sequence[MilestoneMark]:
    """What was noted of a place, older first, what was taken back among it."""
    return db.session.scalars(_marks(milestone, place)).all()


def milestones_of(region: Region) -> Sequence[Row[Milestone, Region]]:
    """The milestones that a region and those above set, soonest first, each with its division."""
    return db.session.execute(
        select(Milestone, Region)
        .join(Region, Region.id == Milestone.region_id)
        .where(Milestone.region_id.in_(ids_of(region.path)))
        .order_by(Milestone.due_on.desc(), Milestone.id.desc())
        .limit(200)
    ).all()


def find_milestone(number: int, found: dict[str, Any]) -> Milestone | None:
    """A milestone, seen from the division that set it or from one below."""
    milestone = db.session.get(Milestone, number)
    return milestone if milestone is not None and milestone.region_id in ids_of(found["region"].path) else None


def document_of(milestone: Milestone) -> Row[Any] | None:
    """The document that a milestone follows: id, title, number and the code of its division."""
    return db.session.execute(
        select(PolicyDocument.id, PolicyDocument.title, PolicyDocument.translations, PolicyDocument.number, Region.code)
        .join(Region, Region.id == PolicyDocument.region_id)
        .where(PolicyDocument.id == milestone.document_id)
    ).first()


@dataclass
class Coverage:
    """How many of the places in one division below have reached a milestone; `last` is the latest day among them."""

    region: Region
    places: int = 0
    reached: int = 0
    last: date | None = None


def coverage_of(milestone: Milestone, region: Region) -> list[Coverage]:
    """The map of a milestone: what each division one step below `region` has reached. Source: B5, B12."""
    found = {child.id: Coverage(child) for child in children(region)}
    depth = len(ids_of(region.path))
    for row in db.session.execute(_places(milestone, region, Region.path, MilestoneMark.reached_on)):
        inside = next((one for one in ids_of(row.path)[depth:] if one in found), None)
        if inside is not None:
            one = found[inside]
            one.places, one.reached = one.places + 1, one.reached + (row.reached_on is not None)
            one.last = max(filter(None, (one.last, row.reached_on)), default=None)
    return [one for one in found.values() if one.places]


def evidence_below(milestone: Milestone, coverage: Sequence[Coverage]) -> dict[int, MilestoneMark]:
    """The marks of those divisions of a map that are to reach the milestone themselves."""
    ids = [one.region.id for one in coverage if one.region.level == milestone.level]
    where = (MilestoneMark.milestone_id == milestone.id, MilestoneMark.taken_back_at.is_(None))
    rows = db.session.scalars(select(MilestoneMark).where(*where, MilestoneMark.region_id.in_(ids))) if ids else ()
    return {mark.region_id: mark for mark in rows}


def not_reached(milestone: Milestone, region: Region, after: str = "", size: int = 50) -> Page[Any]:
    """The places in `region` that have not reached it, by pages. Source: B12."""
    query = _places(milestone, region, Region, Region.id)
    return page_of(query.where(MilestoneMark.id.is_(None)), (Region.id,), after, size)


def _places(milestone: Milestone, region: Region, *columns: Any) -> Select[Any]:
    mark = and_(
        MilestoneMark.region_id == Region.id,
        MilestoneMark.milestone_id == milestone.id,
        MilestoneMark.taken_back_at.is_(None),
    )
    return (
        select(*columns)
        .select_from(Region)
        .outerjoin(MilestoneMark, mark)
        .where(
            within(region),
            Region.level == milestone.level,
            Region.valid_to.is_(None),
            Region.name.not_in(PSEUDO_LEVELS),
        )
    )


def shares_of(milestones: Sequence[Milestone], region: Region) -> dict[int, tuple[int, int]]:
    """For each milestone's id how many places in `region` have reached it, and of how many."""
    shown = Region.valid_to.is_(None) & Region.name.not_in(PSEUDO_LEVELS)
    counted = select(Region.level, func.count()).where(within(region), shown).group_by(Region.level)
    places: dict[str, int] = dict(db.session.execute(counted).all())
    marked = (
        select(MilestoneMark.milestone_id, func.count())
        .join(Region, Region.id == MilestoneMark.region_id)
        .where(within(region), shown, MilestoneMark.taken_back_at.is_(None))
        .where(MilestoneMark.milestone_id.in_([one.id for one in milestones]))
        .group_by(MilestoneMark.milestone_id)
    )
    reached: dict[int, int] = dict(db.session.execute(marked).all())
    return {one.id: (reached.get(one.id, 0), places.get(one.level, 0)) for one in milestones}
