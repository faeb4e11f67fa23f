"""Committees and officials look at a running contract; the provider answers in time. Source: A31, B30."""

from sqlalchemy import select

from portal import audit
from portal.accounts.models import RoleGrant
from portal.notifications.actions import tell_all
from portal.policies.queries import rules_for, working_days_after
from portal.projects.lifecycle import took_part
from portal.regions.models import Region
from portal.rules import enforce, supervision
from portal.rules.lifecycle import Way
from portal.rules.permissions import Actor, Deed, Role
from portal.rules.supervision import CheckDraft
from portal.store import action, db, locked, put_once
from portal.store.clock import now, today
from portal.supervision.models import DeliveryCheck
from portal.supervision.queries import Watched


@action
def check_delivery(actor: Actor, region: Region, watched: Watched, draft: CheckDraft, key: str) -> DeliveryCheck | None:
    """Write down what was found, in `region`; the provider is told, and owes an answer if there is something to mend.

    Written down twice with the same `key` it is one; None then.
    """
    enforce(supervision.refusals(draft, starts_on=watched.contract.starts_on, today=today()))
    moment = now()
    due = working_days_after(moment, rules_for(watched.region).check_answer_working_days)
    check = put_once(
        DeliveryCheck,
        by="key",
        key=key,
        contract_id=watched.contract.id,
        region_id=region.id,
        by_committee=actor.holds(Role.COMMITTEE, region.path),
        point=draft.point,
        found_on=draft.found_on,
        words=draft.words,
        mend=draft.mend,
        present=draft.present,
        at=moment,
        actor_id=actor.id,
        answer_due_at=due if draft.mend else None,
    )
    if check is None:
        return None
    audit.record(actor, Deed.CHECK_DELIVERY, check, point=check.point, mend=check.mend)
    if check.present:
        took_part(watched.project, Way.CHECK, f"check:{check.id}", check.present)
    if check.mend:
        staff = select(RoleGrant.person_id).where(RoleGrant.provider_id == watched.provider.id)
        people = db.session.scalars(staff.distinct()).all()
        tell_all(people, "check_waits", f"/checks/{check.id}", title=watched.contract.title)
    return check


@action
def answer_check(actor: Actor, check: DeliveryCheck, answer: str) -> None:
    """The provider says what was done; everyone reads it. The time of the answer stays, late or not. Source: A31.

    The same answer sent twice counts once.
    """
    locked(check)
    if check.answered_at is not None and check.answer == answer:
        return
    enforce(supervision.may_answer(answer, answered=check.answered_at is not None))
    check.answer, check.answered_at = answer, now()
    audit.record(actor, Deed.ANSWER_CHECK, check)


@action
def close_check(actor: Actor, check: DeliveryCheck) -> None:
    """Who looked is content with the answer."""
    locked(check)
    enforce(supervision.may_close(mend=check.mend, answered=check.answered_at is not None))
    if check.closed_at is None:
        check.closed_at = now()
        audit.record(actor, Deed.CHECK_DELIVERY, check, closed=True)
