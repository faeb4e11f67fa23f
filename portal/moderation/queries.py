"""What waits for a committee."""

from sqlalchemy import Row, func, select

from portal.needs.models import Need
from portal.needs.queries import waiting_needs
from portal.regions.models import Region
from portal.regions.queries import within
from portal.rules.needs import NeedState
from portal.store import db


def next_waiting(region: Region, after: int = 0) -> Row[Need, Region] | None:
    """The need of the region's subtree that waits longest, with its own region; `after` a number that was put off."""
    return db.session.execute(waiting_needs(region).where(Need.id > after).limit(1)).first()


def count_waiting(region: Region) -> int:
    """How many needs of the region's subtree wait."""
    query = select(func.count()).select_from(Need).where(Need.state == NeedState.SUBMITTED)
    if region.level == "village":
        return db.session.scalar(query.where(Need.region_id == region.id)) or 0
    return db.session.scalar(query.where(Need.region_id.in_(select(Region.id).where(within(region))))) or 0
