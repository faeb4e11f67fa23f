"""Who is bound by a contract, and that nobody stands on two sides of it."""

import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.rules import N_, Refusal
from portal.rules.clauses import LONGEST_WORDS
from portal.rules.wording import public_text

LONGEST_NAME = 100


class PartyRole(StrEnum):
    """As what somebody is bound by a contract. Source: A28."""

    PURCHASER = "purchaser"
    PROVIDER = "provider"
    ASSISTING = "assisting_unit"
    """项目协助单位, third party to the contract."""


@dataclass(frozen=True)
class Party:
    """Who is to be bound by a contract."""

    role: PartyRole
    name: str
    provider_id: int | None = None
    region_id: int | None = None
    duties: str = ""
    fee_fen: int | None = 0


def refusals_of_parties(parties: Sequence[Party], evaluators: Collection[str] = ()) -> Iterator[Refusal]:
    """Nobody stands on two sides of a contract, and who evaluates it stands on none.

    Source: A28, requirements 1.5 (assisting unit, evaluator and provider are three).
    """
    for number, party in enumerate(parties):
        beside = "assisting" if party.role is PartyRole.ASSISTING else party.role.value
        for other in parties[:number]:
            if _same_body(party, other):
                yield _conflict(party, other, beside)
        if same_name(party.name) in map(same_name, evaluators):
            yield Refusal(
                N_("%(name)s evaluates this service and cannot be a party of its contract."),
                beside,
                {"name": party.name},
            )


def _conflict(party: Party, other: Party, beside: str) -> Refusal:
    if party.role is other.role:
        return Refusal(N_("%(name)s is named twice."), beside, {"name": party.name})
    if PartyRole.ASSISTING not in (party.role, other.role):
        return Refusal(N_("Nobody can buy from itself: purchaser and provider are the same body."), "purchaser")
    return Refusal(
        N_("%(name)s is already a party in another role and cannot be the assisting unit, too."),
        "assisting",
        {"name": party.name},
    )


def _same_body(one: Party, other: Party) -> bool:
    return (
        same_name(one.name) == same_name(other.name)
        or (one.provider_id is not None and one.provider_id == other.provider_id)
        or (one.region_id is not None and one.region_id == other.region_id)
    )


def same_name(name: str) -> str:
    """The name of a body as it is compared: without blanks, width and case."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def assisting_refusals(party: Party, price_fen: int | None) -> Iterator[Refusal]:
    yield from public_text(party.name, "assisting", LONGEST_NAME, fewest=2)
    if not party.duties:
        yield Refusal(N_("Please say what the assisting unit does."), "assisting_duties")
    yield from public_text(party.duties, "assisting_duties", LONGEST_WORDS)
    if party.fee_fen is None or party.fee_fen < 0:
        yield Refusal(N_("Please give an amount in yuan, such as 12000 or 12000.50."), "assisting_fee")
    elif price_fen is not None and party.fee_fen > price_fen:
        yield Refusal(N_("The fee is paid out of the price, so it cannot be above it."), "assisting_fee")
