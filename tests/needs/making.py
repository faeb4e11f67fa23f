"""Groups of needs, made by the deeds that make them."""

from portal.needs.grouping import gather_needs
from portal.needs.models import HandOver, Need, NeedGroup
from portal.regions.models import Region
from portal.rules.groups import GroupDraft
from portal.store import action, clock, db
from tests import builders


def a_group(region: Region, *needs: Need, title: str = "楼道照明", **draft: str) -> NeedGroup:
    """A group of `needs`, or of two that are made for it, that the committee of `region` gathered."""
    needs = needs or (builders.a_need(region, "一号楼楼道灯坏了"), builders.a_need(region, "三号楼楼道灯不亮"))
    numbers = tuple(need.id for need in needs)
    return gather_needs(builders.actor(builders.a_committee(region)), region, GroupDraft(title, numbers, **draft))


def a_case(region: Region) -> HandOver:
    """A need of `region` that its committee handed to its own place's offices, as one above would have it."""
    need = builders.a_need(region)
    case = HandOver(
        need_id=need.id,
        to_id=region.id,
        office="城市管理局",
        words="请安排维修。",
        at=clock.now(),
        due_at=clock.now(),
    )
    return _handed(case)


@action
def _handed(case: HandOver) -> HandOver:
    db.session.add(case)
    return case
