"""Ratings as they were published."""

from datetime import date
from typing import Any

from portal.regions.models import Region
from tests.providers.making import published


def rated(provider: Any, region: Region, grades: dict[int, int], month: str = "2026-11") -> None:
    """`provider` was rated in `region`, which was published on the first of a month: grade → how often."""
    one, two, three, four, five = (grades.get(grade, 0) for grade in range(1, 6))
    published(provider, (one, two, three, four, five), region=region, on=date.fromisoformat(f"{month}-01"))
