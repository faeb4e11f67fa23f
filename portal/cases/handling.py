"""Committees and offices contact who rated, verify, and look at each other's work. Nobody tied to the provider may."""

from sqlalchemy import select

from portal import audit
from portal.cases.levels import staff_of
from portal.cases.models import BadRatingCase, CaseStep
from portal.cases.moving import move_case
from portal.notifications.actions import tell_all
from portal.providers.models import Provider
from portal.ratings.tied import paid_regions
from portal.regions.models import Region
from portal.rules import N_, Refusal, cases, enforce, redress
from portal.rules.cases import Finding, Move
from portal.rules.permissions import Actor, Deed, may
from portal.store import action, db, locked
from portal.store.clock import today

MOVES = {Finding.UPHELD: Move.UPHOLD, Finding.MISTAKEN: Move.MISTAKE, Finding.MALICIOUS: Move.ACCUSE}


@action
def look_at_contact(actor: Actor, case: BadRatingCase) -> tuple[str, str]:
    """How to reach her and what she says, for those who handle the case; each look is in the log. Source: 2.6."""
    _take(actor, case)
    audit.record(actor, Deed.HANDLE_CASE, case, looked=True)
    return case.contact, case.words


@action
def contact_rater(actor: Actor, case: BadRatingCase, *, reached: bool, words: str) -> None:
    """She was contacted or, after a try, not reached: then nothing counts as an answer in time. Source: 2.4."""
    _take(actor, case)
    enforce(redress.public_words(words, "words"))
    move_case(case, Move.CONTACT, actor, words=words, responded_on=today() if reached else None)
    audit.record(actor, Deed.HANDLE_CASE, case, moved=Move.CONTACT.value, reached=reached)


@action
def find(
    actor: Actor, case: BadRatingCase, finding: Finding, words: str, *, complex: bool = False, evidence: str = ""
) -> None:
    """Say what is true of a bad rating. What is called malicious waits for another body. Source: requirements 1.6."""
    _take(actor, case)
    move = MOVES[finding]
    accused = finding is Finding.MALICIOUS
    enforce([*redress.public_words(words, "words"), *(redress.evidence_refusals(evidence) if accused else ())])
    kept = {} if case.token_hash or case.responded_on else {"responded_on": today()}
    said = {"evidence": evidence} if accused else {"found": words}
    shown = "" if accused else words
    move_case(case, move, actor, words=shown, complex=complex, found_on=today(), **said, **kept)
    if finding is Finding.UPHELD:
        case.repair_due_on = case.repair_due_on or case.due_on
        provider = db.session.get_one(Provider, case.provider_id)
        tell_all(staff_of(provider.id), "bad_case_repair", f"/repairs/{case.id}", title=provider.name)
    audit.record(actor, Deed.HANDLE_CASE, case, moved=move.value, complex=complex)


@action
def review(actor: Actor, case: BadRatingCase, *, agrees: bool, words: str) -> None:
    """Another body says whether a rating is malicious; the grade stays, whatever it says. Source: requirements 1.6."""
    _take(actor, case, other_body=True)
    enforce(redress.public_words(words, "words"))
    if agrees:
        move_case(case, Move.AGREE, actor, words=words, found=words)
    else:
        move_case(case, Move.CLEAR, actor, words=words, evidence="")
    audit.record(actor, Deed.HANDLE_CASE, case, agrees=agrees)


@action
def check(actor: Actor, case: BadRatingCase, *, passes: bool, words: str) -> None:
    """Somebody of another body looks at the evidence, and closes the case or sends it back. Source: issue 5, 6."""
    _take(actor, case, other_body=True)
    enforce(redress.public_words(words, "words"))
    move_case(case, Move.ACCEPT if passes else Move.RETURN, actor, words=words)
    audit.record(actor, Deed.HANDLE_CASE, case, passes=passes)


@action
def repair_instead(actor: Actor, case: BadRatingCase, answer: str) -> None:
    """Those who handle the case had it repaired, when the provider let its time pass."""
    _take(actor, case)
    enforce(redress.instead_refusals(case.due_on, today()))
    enforce(redress.public_words(answer, "words"))
    move_case(case, Move.REPAIR, actor, words=answer, answer=answer, answered_on=today())
    audit.record(actor, Deed.HANDLE_CASE, case, moved=Move.REPAIR.value)


def _take(actor: Actor, case: BadRatingCase, *, other_body: bool = False) -> None:
    """Let nobody else change a case from now on; raises Refused to whom it is not to touch."""
    locked(case)
    place = db.session.get_one(Region, case.region_id)
    level = place if other_body else db.session.get_one(Region, case.level_id)
    enforce(redress.tied_refusals(actor, case.provider_id, paid_regions(case.provider_id)))
    if not may(actor, Deed.HANDLE_CASE, level.path):
        enforce([Refusal(N_("This case has risen: the office above handles it."))])
    if other_body:
        enforce(redress.other_body_refusals(actor, place.path, *handlers_of(case)))


def handlers_of(case: BadRatingCase) -> tuple[set[int | None], set[str]]:
    """Who had a case in hand, and for which committees and offices."""
    steps = select(CaseStep.actor_id, CaseStep.body).where(
        CaseStep.case_id == case.id, CaseStep.what.in_([one.value for one in cases.HANDLED])
    )
    rows = db.session.execute(steps.distinct()).all()
    return {row.actor_id for row in rows}, {row.body for row in rows}
