"""How a division keeps its own items of the catalogue."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, or_, select

from portal import audit
from portal.policies.catalogue import catalogue
from portal.policies.keeping import put_keyed
from portal.policies.models import OwnItem
from portal.policies.queries import ids_of
from portal.regions.models import Region
from portal.regions.queries import is_below
from portal.rules import catalogue as rules
from portal.rules import enforce
from portal.rules.catalogue import ItemDraft
from portal.rules.permissions import Actor, Deed
from portal.store import action, db, locked, take_turn
from portal.store.clock import now, today
from portal.store.memory import forget


def add_item(actor: Actor, region: Region, draft: ItemDraft, key: str) -> OwnItem:
    """Add an item of its own to the catalogue of a division and all below it; the same `key` again adds nothing."""
    item = _add(actor, region, draft, key)
    forget()
    return item


@action
def _add(actor: Actor, region: Region, draft: ItemDraft, key: str) -> OwnItem:
    take_turn("catalogue")  # so that no code is used twice on a way down
    if said := db.session.scalar(select(OwnItem).where(OwnItem.key == key, OwnItem.region_id == region.id)):
        return said
    groups = [code for code in catalogue() if len(code) == 2]
    enforce(rules.item_refusals(draft, groups=groups, taken=_codes_near(region), today=today()))
    return put_keyed(
        actor,
        Deed.KEEP_CATALOGUE,
        OwnItem,
        key,
        region_id=region.id,
        code=draft.code,
        title=draft.title,
        translations={"zh-Hant": {"title": draft.title_hant}, "en": {"title": draft.title_en}},
        nature=draft.nature,
        resident_visible=draft.resident_visible,
        implementing_level=draft.implementing_level,
        official_code=draft.official_code,
        valid_from=draft.valid_from,
        put_at=now(),
    )


def _codes_near(region: Region) -> Sequence[str]:
    """The codes ever used by the region, those above and those below."""
    near = or_(Region.id.in_(ids_of(region.path)), is_below(Region.path, region.path))
    return db.session.scalars(select(OwnItem.code).join(Region, Region.id == OwnItem.region_id).where(near)).all()


def end_item(actor: Actor, item: OwnItem, last_day: date | None) -> None:
    """Let an item be chosen until `last_day` and no longer; projects that name it keep it."""
    _end(actor, item, last_day)
    forget()


@action
def _end(actor: Actor, item: OwnItem, last_day: date | None) -> None:
    locked(item)
    enforce(rules.may_end(item.valid_from, item.valid_to, last_day, today=today()))
    item.valid_to = last_day
    audit.record(actor, Deed.KEEP_CATALOGUE, item, until=str(last_day))


def find_item(number: int, found: dict[str, Any]) -> OwnItem | None:
    """A division's own item by its number under the division."""
    item = db.session.get(OwnItem, number)
    return item if item is not None and item.region_id == found["region"].id else None


def history_of(region: Region) -> Sequence[Row[OwnItem, Region]]:
    """Every own item of a region and those above, newest first, each with its division."""
    return db.session.execute(
        select(OwnItem, Region)
        .join(Region, Region.id == OwnItem.region_id)
        .where(OwnItem.region_id.in_(ids_of(region.path)))
        .order_by(OwnItem.id.desc())
    ).all()
