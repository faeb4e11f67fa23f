"""Published figures as the tests of every room use them."""

from datetime import date
from typing import Any

from sqlalchemy import func, select

from portal.providers.models import Provider, RatingBatch, RatingRelease
from portal.regions.models import Region
from portal.store import action, db
from portal.store.clock import today


@action
def published(
    provider: Provider,
    counts: tuple[int, int, int, int, int],
    *,
    region: Region | None = None,
    contract: Any = None,
    category: str = "0401",
    on: date | None = None,
    invited: int | None = None,
) -> RatingBatch:
    """A release of one batch of `provider` with so many ratings of grade 1 to 5, of as many raters."""
    held = select(func.count()).where(RatingRelease.provider_id == provider.id)
    release = RatingRelease(
        provider_id=provider.id,
        number=(db.session.scalar(held) or 0) + 1,
        released_on=on or today(),
        invited=2 * sum(counts) if invited is None else invited,
        held=0,
        left_out=0,
        group_code=category[:2],
        **_grades(counts),
    )
    db.session.add(release)
    db.session.flush()
    batch = RatingBatch(
        release_id=release.id,
        provider_id=provider.id,
        contract_id=contract.id if contract else None,
        region_id=region.id if region else provider.region_id,
        category=category,
        released_on=release.released_on,
        raters=sum(counts),
        by_staff=0,
        **_grades(counts),
    )
    db.session.add(batch)
    return batch


def _grades(counts: tuple[int, int, int, int, int]) -> dict[str, int]:
    return {f"n{grade}": count for grade, count in enumerate(counts, 1)}
