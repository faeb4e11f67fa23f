"""What the first page of a community tells."""

from collections.abc import Sequence

from sqlalchemy import Row, select

from portal.needs.models import Need, NeedStep
from portal.needs.queries import in_region
from portal.regions.models import Region
from portal.rules.needs import NeedState
from portal.store import db


def latest_answers(region: Region, most: int = 2) -> Sequence[Row[Need, NeedStep]]:
    """What was said and what came of it: listed needs with the words of their answer, latest first."""
    return db.session.execute(
        select(Need, NeedStep)
        .join(NeedStep, NeedStep.need_id == Need.id)
        .where(in_region(region), Need.listed, NeedStep.state == NeedState.ANSWERED, NeedStep.words != "")
        .order_by(NeedStep.id.desc())
        .limit(most)
    ).all()
