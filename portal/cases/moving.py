"""A case goes on: its state, its clock and what is kept of it change together, in one place."""

from typing import Any

from portal.accounts.secrets import keyed_hash
from portal.cases.models import BadRatingCase, CaseStep
from portal.policies.queries import rules_for, working_calendar
from portal.regions.models import Region
from portal.rules import cases, enforce, redress
from portal.rules.cases import BY_RESIDENT, HANDLED, CaseState, Finding, Move, Standing
from portal.rules.permissions import NOBODY, Actor
from portal.store import db, outbox
from portal.store.clock import today


def case_hash(token: str, cookie: str = "") -> str:
    """By which a case is found with the link of its rating on the device with which it was sent, and by nothing else.

    `cookie`: `ratings.devices.device`.
    """
    return keyed_hash("case", f"{token}:{cookie}")


def link_hash(token: str) -> str:
    """By which a rating has one case only; nobody is shown a case by it."""
    return keyed_hash("case of", token)


def standing_of(case: BadRatingCase) -> Standing:
    return Standing(
        CaseState(case.state),
        named=case.token_hash is not None,
        finding=Finding(case.finding) if case.finding else None,
        complex=case.complex,
        cleared=case.cleared,
        reopened=case.reopened,
    )


def move_case(
    case: BadRatingCase, move: Move, actor: Actor = NOBODY, *, words: str = "", complex: bool = False, **kept: Any
) -> None:
    """Take a locked `case` on, inside a deed; `kept`: what else of it changes. Raises Refused."""
    before = standing_of(case)
    enforce(cases.move_refusals(before, move))
    after = cases.moved(before, move, complex=complex)
    place = db.session.get_one(Region, case.region_id)
    due = cases.due_on(after, today(), rules_for(place), working_calendar())
    changes: dict[str, Any] = {
        "state": after.state.value,
        "finding": after.finding.value if after.finding else "",
        "complex": after.complex,
        "cleared": after.cleared,
        "reopened": after.reopened,
        "due_on": due,
        "rises_on": due,
        **kept,
    }
    closed = after.state is CaseState.CLOSED
    changes |= {"closed_on": today(), "contact": "", "words": ""} if closed else {"closed_on": None}
    for name, value in changes.items():
        setattr(case, name, value)
    if after.state is CaseState.ASKING:
        _ask_her(case)
    at = db.session.get_one(Region, case.level_id) if move in HANDLED else place
    body = "" if move in BY_RESIDENT else redress.body_of(actor, at.path)
    step = CaseStep(case_id=case.id, what=move.value, done_on=today(), actor_id=actor.id, body=body, words=words)
    db.session.add(step)


def _ask_her(case: BadRatingCase) -> None:
    """Who left a number hears that there is an answer; the link she has herself, we do not."""
    case.asked_on = today()
    if case.way == redress.Way.PHONE and case.contact:
        outbox.put("sms", case.contact, "bad_case_asked", case.language)
