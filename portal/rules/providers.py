"""Who may deliver services, and how its registration is checked."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from portal.rules import N_, Refusal
from portal.rules.wording import public_text

SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The signs of a unified social credit code: digits and letters without I, O, S, V, Z. Source: GB 32100-2015."""


class ProviderKind(StrEnum):
    """The four kinds of providers. Source: B15."""

    SOCIAL = "social_organisation"
    """依法登记的社会组织"""
    EXEMPT = "exempt_organisation"
    """经国务院批准免予登记的社会组织"""
    INSTITUTION = "public_institution"
    """公益性事业单位"""
    ENTERPRISE = "enterprise"
    """企业和机构等"""


BEGINNINGS: dict[ProviderKind, tuple[str, ...]] = {
    ProviderKind.SOCIAL: ("51", "52", "53", "59"),
    ProviderKind.EXEMPT: ("13", "5", "Y"),
    ProviderKind.INSTITUTION: ("12",),
    ProviderKind.ENTERPRISE: ("19", "2", "3", "4", "54", "55", "6", "7", "8", "9", "A", "G", "N", "Y"),
}
"""How the code of each kind begins: who registered it, and as what (5 civil affairs, 12 public institutions, 9 market).

State organs (11) and mass organisations paid by the budget (13) are no providers, but exempt organisations carry 13.
Source: GB 32100-2015 table 1; rules-and-standards 1 (MOF order 102, articles 6 and 8).
"""


@dataclass(frozen=True)
class ProviderDraft:
    """What was typed to register a provider."""

    name: str
    kind: str
    usc_code: str
    story: str = ""


def check_sign(body: str) -> str:
    """The 18th sign for the first 17 of a unified social credit code. Raises ValueError. Source: GB 32100-2015.

    >>> check_sign("91350100M000100Y4")
    '3'
    """
    if len(body) != 17 or any(sign not in SIGNS for sign in body):
        raise ValueError("17 signs of a credit code are needed")
    total = sum(SIGNS.index(sign) * pow(3, place, 31) for place, sign in enumerate(body))
    return SIGNS[-total % 31]


def normal_code(typed: str) -> str:
    """A code as it is kept: capitals, without blanks and hyphens."""
    return "".join(sign for sign in typed.upper() if sign not in " -\u3000")


def is_credit_code(code: str) -> bool:
    """Whether `code` has 18 signs, is of our alphabet, and ends in its check sign. Source: B15, GB 32100-2015."""
    return len(code) == 18 and all(sign in SIGNS for sign in code) and check_sign(code[:17]) == code[17]


def refusals(draft: ProviderDraft) -> Iterator[Refusal]:
    """Why a provider may not be registered so. Source: B15."""
    if not 2 <= len(draft.name) <= 100:
        yield Refusal(N_("Please give the registered name, up to 100 characters."), "name")
    yield from public_text(draft.story, "story", 2000)
    kinds = {kind.value: kind for kind in ProviderKind}
    if draft.kind not in kinds:
        yield Refusal(N_("Please choose what kind of body it is."), "kind")
    if len(draft.usc_code) != 18:
        yield Refusal(N_("A unified social credit code has 18 digits and letters; please check it."), "usc_code")
    elif not is_credit_code(draft.usc_code):
        yield Refusal(N_("This code has a slip in it: its last sign does not fit the others."), "usc_code")
    elif draft.kind in kinds and not draft.usc_code.startswith(BEGINNINGS[kinds[draft.kind]]):
        yield Refusal(N_("By its beginning this code belongs to another kind of body."), "kind")
