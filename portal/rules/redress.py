"""Who may touch the case of a bad rating, and what has to be said in it. Source: requirements 1.4, 1.6, 2.4."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.rules import N_, Refusal
from portal.rules.accounts import phone_number
from portal.rules.cases import Finding
from portal.rules.numbers import Numbers
from portal.rules.permissions import BY_ROLE, Actor, Deed
from portal.rules.wording import public_text, too_long

LONGEST = 500
LONGEST_CONTACT = 60
BAD_GRADES = (1, 2)
"""Source: ratings (grades 1 and 2 are bad ratings)."""


class Way(StrEnum):
    """How she who rated can be reached."""

    PHONE = "phone"
    COMMITTEE = "committee"


def is_for_provider(finding: str) -> bool:
    """Whether the provider knows of a case: not before it is found right, so that no day tells when she asked."""
    return finding == Finding.UPHELD


def bodies_of(actor: Actor, path: str) -> frozenset[str]:
    """The committees and offices for which `actor` handles cases of the region at `path`: "committee:1.18.203."."""
    return frozenset(
        f"{grant.role}:{grant.path}"
        for grant in actor.grants
        if Deed.HANDLE_CASE in BY_ROLE[grant.role] and path.startswith(grant.path)
    )


def body_of(actor: Actor, path: str) -> str:
    """The one of them that is nearest to the place."""
    return max(bodies_of(actor, path), key=len, default="")


def tied_refusals(actor: Actor, provider_id: int, paid: Collection[str]) -> Iterator[Refusal]:
    """Refuse who is tied to the provider; `paid`: paths of regions that are paid in one of its contracts.

    Source: A28 (assisting units), requirements 1.4 (conflicts of interest).
    """
    if actor.works_for(provider_id):
        yield Refusal(N_("You work for this provider: you decide nothing about it."))
    elif any(grant.path in paid for grant in actor.grants if Deed.HANDLE_CASE in BY_ROLE[grant.role]):
        yield Refusal(N_("You are paid in a contract of this provider: the office above decides about it."))


def other_body_refusals(
    actor: Actor, path: str, handlers: Collection[int | None], bodies: Collection[str]
) -> Iterator[Refusal]:
    """Refuse who belongs to those whose work is looked at. Source: requirements 1.6 (review by another body).

    `handlers`, `bodies`: who had the case in hand, and for which committees and offices.
    """
    if actor.id in handlers or not bodies_of(actor, path).isdisjoint(bodies):
        yield Refusal(N_("Somebody of another body has to look at this: you, or your colleagues, had it in hand."))


@dataclass(frozen=True)
class CaseDraft:
    """What she who rated says when she wants it put right."""

    way: str
    contact: str
    words: str
    agrees: bool
    """That the handlers may know who she is."""
    to_provider: bool
    """That the provider may know it, too."""


def opening_refusals(draft: CaseDraft, grade: int | None) -> Iterator[Refusal]:
    """Why no case can be opened; `grade`: that of the rating, None when it is not known or no more to be found."""
    if grade is None:
        yield Refusal(N_("This is possible while a rating can be changed. Your committee hears you at any time."))
    elif grade not in BAD_GRADES:
        yield Refusal(N_("You were not dissatisfied, so there is nothing to put right."))
    if draft.way not in set(Way):
        yield Refusal(N_("Please choose how you can be reached."), "way")
    elif draft.way == Way.PHONE and phone_number(draft.contact) is None:
        yield Refusal(
            N_("This does not look like a mobile number. It has 11 digits, such as 138 0013 8000."), "contact"
        )
    elif len(draft.contact) < 2:
        yield Refusal(N_("Please say for whom the committee should ask, and in which building."), "contact")
    yield from too_long(draft.contact, "contact", LONGEST_CONTACT)
    yield from too_long(draft.words, "words", LONGEST)
    if not draft.agrees:
        yield Refusal(N_("Without your consent nobody can be told how to reach you."), "agrees")


def public_words(words: str, field: str) -> Iterator[Refusal]:
    """Refuse what cannot stand as a public answer."""
    if len(words) < 2:
        yield Refusal(N_("Please say it in a few words; everyone reads it."), field)
    yield from public_text(words, field, LONGEST)


def evidence_refusals(evidence: str) -> Iterator[Refusal]:
    """Nobody is called malicious without evidence."""
    if len(evidence) < 10:
        yield Refusal(N_("Please write down the evidence, so that another body can look at it."), "evidence")
    yield from too_long(evidence, "evidence", LONGEST)


def instead_refusals(due: date | None, today: date) -> Iterator[Refusal]:
    """Who handles a case has it repaired in the provider's place only when the provider let its time pass."""
    if due is None or today <= due:
        yield Refusal(N_("The provider still has time to repair it and to answer."))


def reopening_refusals(closed_on: date | None, today: date, numbers: Numbers) -> Iterator[Refusal]:
    """Why a closed case is not opened again."""
    if closed_on is None or (today - closed_on).days > numbers.case_reopen_days:
        yield Refusal(N_("A case can be opened again within %(days)s days."), values={"days": numbers.case_reopen_days})
