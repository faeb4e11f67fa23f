"""The guidance catalogue of purchasable services (A20): the built-in one, in two levels, and what divisions add."""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from sqlalchemy import select

from portal.policies.models import OwnItem
from portal.policies.queries import ids_of
from portal.regions.models import Region
from portal.rules import N_
from portal.store import db
from portal.store.clock import today
from portal.store.memory import kept


@dataclass(frozen=True)
class CatalogueItem:
    """A group ("04") or an item ("0401"). `nature`: transactional, direct_service or auxiliary (B16).

    A division's own item has its `region_id`, the days on which it may be chosen, and its code in the purchaser's
    own guidance catalogue.
    """

    code: str
    title: str
    translations: dict[str, dict[str, str]]
    nature: str
    resident_visible: bool
    implementing_level: str
    official_code: str = ""
    region_id: int | None = None
    valid_from: date = date.min
    valid_to: date | None = None


@cache
def catalogue() -> dict[str, CatalogueItem]:
    """The built-in groups and items."""
    with (Path(__file__).parent / "catalogue.csv").open(encoding="utf-8") as file:
        return {
            row["code"]: CatalogueItem(
                row["code"],
                row["zh_hans"],
                {"zh-Hant": {"title": row["zh_hant"]}, "en": {"title": row["en"]}},
                row["nature"],
                row["resident_visible"] == "yes",
                row["implementing_level"],
            )
            for row in csv.DictReader(file)
        }


def catalogue_for(region: Region, day: date | None = None) -> dict[str, CatalogueItem]:
    """The groups and items that may be chosen in `region` on a day (today): built-in ones and those of all above."""
    when = day or today()
    found = known_items(region).items()
    return {code: one for code, one in found if one.valid_from <= when <= (one.valid_to or date.max)}


def known_items(region: Region) -> dict[str, CatalogueItem]:
    """`catalogue_for` any day, ended items among them: what an older project may name."""
    own = {item.code: item for item in _own_items(region.path)}
    return dict(sorted((catalogue() | own).items())) if own else catalogue()


def known_item(region: Region, code: str) -> CatalogueItem | None:
    """The group or item with that code, built-in or, asked for only then, of a division."""
    return catalogue().get(code) or (known_items(region).get(code) if code else None)


@kept
def _own_items(path: str) -> tuple[CatalogueItem, ...]:
    return tuple(
        CatalogueItem(
            one.code,
            one.title,
            one.translations or {},
            one.nature,
            one.resident_visible,
            one.implementing_level,
            one.official_code,
            one.region_id,
            one.valid_from,
            one.valid_to,
        )
        for one in db.session.scalars(select(OwnItem).where(OwnItem.region_id.in_(ids_of(path))).order_by(OwnItem.code))
    )


def subjects_for(region: Region) -> dict[str, CatalogueItem]:
    """A division's own items that residents of `region` may choose today, besides the groups. Source: A10, B17."""
    return {code: one for code, one in catalogue_for(region).items() if one.region_id and one.resident_visible}


EVERYDAY = {
    "02": N_("Care and recovery"),
    "03": N_("Help in hardship"),
    "04": N_("Older people"),
    "05": N_("Children"),
    "06": N_("Disability and mind"),
    "07": N_("Homeless people"),
    "08": N_("Marriage and family"),
    "09": N_("Neighbourhood"),
    "10": N_("Place names"),
    "99": N_("Something else"),
}
"""What residents call the groups that they choose from; officials read the catalogue's own. Source: A20, A37."""
