"""How a committee gathers similar needs, puts needs in and takes them out again. Source: A37."""

import secrets

from sqlalchemy import delete, select

from portal import audit
from portal.needs import groups as queries
from portal.needs.models import Need, NeedGroup, NeedGroupMember
from portal.policies.catalogue import catalogue
from portal.regions.models import Region
from portal.rules import enforce, groups
from portal.rules.groups import GroupDraft
from portal.rules.permissions import Actor, Deed
from portal.store import action, db, put_once
from portal.store.clock import now
from portal.web.addresses import LARGEST


@action
def gather_needs(actor: Actor, region: Region, draft: GroupDraft, key: str = "") -> NeedGroup:
    """Make a group of similar needs of the region; the same `key` again gives the group that was made with it."""
    if key and (made := db.session.scalar(select(NeedGroup).where(NeedGroup.key == key))):
        return made
    numbers = sorted(number for number in set(draft.needs) if 0 < number <= LARGEST)
    listed = [row.id for row in queries.listed_among(region, numbers)]
    enforce(groups.refusals(draft, categories=catalogue(), listed=listed, taken=queries.grouped(listed)))
    key = key or secrets.token_hex(16)
    group = put_once(
        NeedGroup,
        by="key",
        key=key,
        region_id=region.id,
        title=draft.title,
        category=draft.category,
        place=draft.place,
        at=now(),
    )
    if group is None:  # the same form, quicker by a moment
        return db.session.scalars(select(NeedGroup).where(NeedGroup.key == key)).one()
    for number in numbers:
        _hold(group, number)
    audit.record(actor, Deed.GROUP_NEEDS, group, needs=numbers)
    return group


@action
def put_in(actor: Actor, region: Region, group: NeedGroup, number: int) -> None:
    """Put a need of the region into a group; twice it is in once."""
    listed = bool(queries.listed_among(region, [number]))
    enforce(groups.may_put_in(number, listed=listed, taken=False))
    if _hold(group, number):
        audit.record(actor, Deed.GROUP_NEEDS, group, put_in=number)


def _hold(group: NeedGroup, number: int) -> bool:
    """Whether the need is new in `group`; refused if it is in another, whoever was quicker."""
    if put_once(NeedGroupMember, by="need_id", need_id=number, group_id=group.id, at=now()):
        return True
    held = db.session.scalar(select(NeedGroupMember.group_id).where(NeedGroupMember.need_id == number))
    enforce(groups.may_put_in(number, listed=True, taken=held != group.id))
    return False


@action
def take_out(actor: Actor, group: NeedGroup, need: Need) -> None:
    """Take a need out of a group."""
    gone = db.session.execute(
        delete(NeedGroupMember)
        .where(NeedGroupMember.need_id == need.id, NeedGroupMember.group_id == group.id)
        .returning(NeedGroupMember.need_id),
        execution_options={"synchronize_session": False},
    ).all()
    if gone:
        audit.record(actor, Deed.GROUP_NEEDS, group, take_out=need.id)
