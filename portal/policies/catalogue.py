"""The built-in guidance catalogue of purchasable services (A20), in two levels."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class CatalogueItem:
    """A group ("04") or an item ("0401"). `nature`: transactional, direct_service or auxiliary (B16)."""

    code: str
    title: str
    translations: dict[str, dict[str, str]]
    nature: str
    resident_visible: bool
    implementing_level: str


@cache
def catalogue() -> dict[str, CatalogueItem]:
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


@cache
def groups_for_residents() -> tuple[CatalogueItem, ...]:
    """The groups that a resident chooses from. Source: A20."""
    return tuple(item for item in catalogue().values() if len(item.code) == 2 and item.resident_visible)
