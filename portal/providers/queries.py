"""Who serves where."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, or_, select

from portal.policies.queries import rules_for
from portal.providers.models import Provider, ProviderArea
from portal.providers.standings import NOTHING, YEAR, Standing, contract_counts, standing_of, standings_of, year_counts
from portal.regions.models import Region
from portal.regions.queries import within
from portal.rules.scoring import shared_places
from portal.store import db

__all__ = [
    "YEAR",
    "Listed",
    "Standing",
    "contract_counts",
    "find_provider",
    "names_serving",
    "provider_with",
    "providers_of",
    "serves",
    "standing_of",
    "standings_of",
    "year_counts",
]

MOST = 200


def find_provider(number: int, found: dict[str, Any] | None = None) -> Provider | None:
    return db.session.get(Provider, number)


def provider_with(usc_code: str) -> Provider | None:
    return db.session.scalar(select(Provider).where(Provider.usc_code == usc_code))


def serves(provider_id: int, region: Region) -> bool:
    """Whether a provider is registered for `region`, or for a place above it."""
    above = [int(number) for number in region.path.split(".") if number]
    area = select(ProviderArea.region_id).where(
        ProviderArea.provider_id == provider_id, ProviderArea.region_id.in_(above)
    )
    return db.session.scalar(area.limit(1)) is not None


@dataclass(frozen=True)
class Listed:
    """A provider in a list; who cannot be told from her neighbour by her figures has the same place."""

    provider: Row[Any]
    standing: Standing
    place: int | None = None


def providers_of(region: Region) -> list[Listed]:
    """Who serves `region` or a place in it, best lower bound of the score first, those without a score by name."""
    rows = db.session.execute(
        select(Provider.id, Provider.name, Provider.translations, Provider.kind)
        .where(Provider.id.in_(_serving(region)))
        .order_by(Provider.name, Provider.id)
        .limit(MOST)
    ).all()
    standings = standings_of([row.id for row in rows], rules_for(region))
    scored = [(row, standings[row.id]) for row in rows if row.id in standings]
    scored.sort(key=lambda one: (-one[1].lower, -one[1].score.mean if one[1].score else 0.0))
    places = shared_places([(one.score.mean, one.score.sd) for _, one in scored if one.score])
    listed = [Listed(row, standing, place) for (row, standing), place in zip(scored, places, strict=True)]
    return listed + [Listed(row, NOTHING) for row in rows if row.id not in standings]


def names_serving(region: Region, among: Iterable[int] | None = None) -> Sequence[Row[Any]]:
    """Id and name of who is registered for `region` or for a place above it; only of those `among`, if given."""
    above = [int(number) for number in region.path.split(".") if number]
    here = select(ProviderArea.provider_id).where(ProviderArea.region_id.in_(above))
    query = select(Provider.id, Provider.name, Provider.translations).where(Provider.id.in_(here))
    if among is not None:
        query = query.where(Provider.id.in_(list(among)))
    return db.session.execute(query.order_by(Provider.name, Provider.id).limit(MOST)).all()


def _serving(region: Region) -> Any:
    above = [int(number) for number in region.path.split(".") if number]
    areas = select(ProviderArea.provider_id).join(Region, Region.id == ProviderArea.region_id)
    return areas.where(or_(Region.id.in_(above), within(region)))
