"""Ratings as the months keep them."""

from typing import Any

from portal.providers.models import RatingMonth
from portal.regions.models import Region
from portal.store import action, db


@action
def rated(provider: Any, region: Region, grades: dict[int, int], month: str = "2026-11") -> None:
    """`provider` was rated in `region` in a month: grade → how often."""
    for grade, ratings in grades.items():
        db.session.add(
            RatingMonth(
                provider_id=provider.id,
                region_id=region.id,
                category="0401",
                month=month,
                grade=grade,
                ratings=ratings,
            )
        )
