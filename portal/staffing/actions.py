"""What officials note of their staff."""

from portal import audit
from portal.policies.queries import rules_for
from portal.regions.models import Region
from portal.rules import enforce, staffing
from portal.rules.permissions import Actor, Deed
from portal.rules.staffing import CountDraft
from portal.staffing import queries
from portal.staffing.models import StaffCount
from portal.store import action, put_once
from portal.store.clock import now, today


@action
def note_staff(actor: Actor, region: Region, draft: CountDraft, key: str) -> None:
    """Note how many people `region` serves and employs today. Earlier counts stay to be read. Source: B6, B27."""
    count = StaffCount(served=draft.served, staff=draft.staff)
    known = draft.served is not None and draft.served >= 0 and draft.staff is not None
    enforce(staffing.refusals(draft, judged=queries.judged_of(region, count if known else None, rules_for(region))))
    noted = put_once(
        StaffCount,
        by="key",
        key=key,
        region_id=region.id,
        counted_on=today(),
        served=draft.served,
        staff=draft.staff,
        reason=draft.reason,
        at=now(),
        actor_id=actor.id,
    )
    if noted:
        audit.record(actor, Deed.KEEP_STAFFING, noted, served=draft.served, staff=draft.staff)
