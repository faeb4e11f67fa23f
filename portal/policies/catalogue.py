"""The built-in guidance catalogue of purchasable services (A20), in two levels."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from portal.rules import N_


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
