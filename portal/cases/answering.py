"""The provider repairs and answers once, in public; she who rated says whether it is put right."""

from portal import audit
from portal.cases.models import BadRatingCase
from portal.cases.moving import move_case, standing_of
from portal.policies.queries import rules_for
from portal.regions.models import Region
from portal.rules import N_, Refusal, cases, enforce, redress
from portal.rules.cases import CaseState, Move
from portal.rules.permissions import NOBODY, Actor, Deed
from portal.store import action, db, locked
from portal.store.clock import today

SATISFIED = {Move.CONFIRM: True, Move.REJECT: False, Move.REOPEN: False}


@action
def answer_case(actor: Actor, case: BadRatingCase, answer: str) -> None:
    """The provider says what it repaired; the same answer sent twice counts once. Source: 2.4 (fixes public)."""
    _own(actor, case)
    if case.state != CaseState.REPAIRING and case.answer == answer and case.answered_on == today():
        return
    enforce(redress.public_words(answer, "answer"))
    move_case(case, Move.REPAIR, actor, words=answer, answer=answer, answered_on=today())
    audit.record(actor, Deed.ANSWER_CASE, case)


@action
def look_as_provider(actor: Actor, case: BadRatingCase) -> tuple[str, str]:
    """How to reach her and what she says, once it was found right, if she lets the provider know. Looks are logged."""
    _own(actor, case)
    if not (case.to_provider and redress.is_for_provider(case.finding)):
        enforce([Refusal(N_("She has not agreed that you know who she is."))])
    audit.record(actor, Deed.ANSWER_CASE, case, looked=True)
    return case.contact, case.words


def _own(actor: Actor, case: BadRatingCase) -> None:
    locked(case)
    if not actor.works_for(case.provider_id):
        enforce([Refusal(N_("Only the provider itself answers here."))])


@action
def say_whether_it_is_right(case: BadRatingCase, move: Move) -> None:
    """She who rated confirms or rejects the repair, ends her case, or opens it again once. Source: 2.4 (call-back).

    She is known by her link alone. What she said already is not said twice.
    """
    locked(case)
    if move is Move.REOPEN and case.state == CaseState.CLOSED:
        numbers = rules_for(db.session.get_one(Region, case.region_id))
        enforce(redress.reopening_refusals(case.closed_on, today(), numbers))
    move_case(case, move)
    if case.asked_on and move in SATISFIED:
        case.satisfied = SATISFIED[move]
    audit.record(NOBODY, Deed.OPEN_CASE, case, moved=move.value)


def moves_of(case: BadRatingCase) -> list[Move]:
    """What she can say now."""
    standing = standing_of(case)
    return [move for move in cases.BY_RESIDENT & standing.moves if not list(cases.move_refusals(standing, move))]
