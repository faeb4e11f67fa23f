"""What makes a vote a decision: who is asked, how many must take part, how many must agree."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from fractions import Fraction

from portal.rules import N_, Refusal


class Basis(StrEnum):
    """What counts as one voter."""

    PERSONS = "persons"
    HOUSEHOLDS = "households"


@dataclass(frozen=True)
class Share:
    """An exact share: more than `of`, or at least `of`."""

    of: Fraction
    more_than: bool

    @classmethod
    def read(cls, text: str) -> "Share":
        """From ">1/2" or ">=2/3", also as people type them: "≥２/３", "> 1/2". Raises ValueError.

        More than all cannot be asked for.
        """
        plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).replace("≥", ">=")
        found = _SHARE.fullmatch(plain)
        if not found or not int(found[3]):
            raise ValueError(text[:40])
        share = cls(Fraction(int(found[2]), int(found[3])), found[1] == ">")
        if not 0 < share.of <= 1 or share.needs(1) > 1:
            raise ValueError(text[:40])
        return share

    def __str__(self) -> str:
        return f"{'>' if self.more_than else '>='}{self.of.numerator}/{self.of.denominator}"

    def needs(self, everyone: int) -> int:
        """How many of `everyone` that is: at least 2/3 of 100 are 67. Source: rules-and-standards 2.3."""
        exact = everyone * self.of
        if self.more_than:
            return exact.numerator // exact.denominator + 1
        return -(-exact.numerator // exact.denominator)

    def reached(self, count: int, everyone: int) -> bool:
        return everyone > 0 and count >= self.needs(everyone)


_SHARE = re.compile(r"(>=?)([0-9]{1,3})/([0-9]{1,3})")


class Body(StrEnum):
    """Whose decision it is."""

    OPINION = "opinion"
    RESIDENTS_MEETING = "residents_meeting"
    RESIDENTS_HOUSEHOLDS = "residents_households"
    VILLAGERS_MEETING = "villagers_meeting"
    VILLAGERS_HOUSEHOLDS = "villagers_households"
    VILLAGERS_GROUP = "villagers_group"
    VILLAGERS_GROUP_HOUSEHOLDS = "villagers_group_households"


@dataclass(frozen=True)
class Law:
    """What the law asks of a body's decision."""

    name: str
    basis: Basis
    quorum: Share | None
    majority: Share | None
    notice_days: int
    source: str


_HALF, _TWO_THIRDS = Share(Fraction(1, 2), True), Share(Fraction(2, 3), False)
_CITY = N_("Organic Law of the Urban Residents' Committees, articles 9 and 10")
_VILLAGE = N_("Organic Law of the Villagers' Committees, articles 21 and 22")
_GROUP = N_("Organic Law of the Villagers' Committees, article 28")
LAWS = {
    Body.OPINION: Law(
        N_("Opinion vote: it tells those who decide what residents want"), Basis.PERSONS, None, None, 0, ""
    ),
    Body.RESIDENTS_MEETING: Law(
        N_("Residents' meeting, everyone aged 18 or over"), Basis.PERSONS, _HALF, _HALF, 0, _CITY
    ),
    Body.RESIDENTS_HOUSEHOLDS: Law(
        N_("Residents' meeting, one for each household"), Basis.HOUSEHOLDS, _HALF, _HALF, 0, _CITY
    ),
    Body.VILLAGERS_MEETING: Law(
        N_("Villagers' meeting, everyone aged 18 or over"), Basis.PERSONS, _HALF, _HALF, 10, _VILLAGE
    ),
    Body.VILLAGERS_HOUSEHOLDS: Law(
        N_("Villagers' meeting, one for each household"), Basis.HOUSEHOLDS, _TWO_THIRDS, _HALF, 10, _VILLAGE
    ),
    Body.VILLAGERS_GROUP: Law(
        N_("Villagers' group meeting, everyone aged 18 or over"), Basis.PERSONS, _TWO_THIRDS, _HALF, 0, _GROUP
    ),
    Body.VILLAGERS_GROUP_HOUSEHOLDS: Law(
        N_("Villagers' group meeting, one for each household"), Basis.HOUSEHOLDS, _TWO_THIRDS, _HALF, 0, _GROUP
    ),
}
"""Places may ask for more (`Numbers.notice_days`, a round's shares), not for less. Source: rules-and-standards 2.3."""


def law_refusals(
    body: Body, legal_basis: str, quorum: Share | None, majority: Share | None, *, notice: timedelta, notice_days: int
) -> Iterator[Refusal]:
    """Why a vote may not be called a decision of `body`: it names its ground and asks for no less than the law."""
    law = LAWS[body]
    if body is Body.OPINION:
        if quorum or majority:
            yield Refusal(N_("An opinion vote has no quorum and no majority; name the body that decides."), "body")
        return
    if not legal_basis.strip():
        yield Refusal(N_("Please name the legal basis, for example the article or the resolution."), "legal_basis")
    for given, least, beside in ((quorum, law.quorum, "quorum"), (majority, law.majority, "majority")):
        if least and not (given and _no_less(given, least)):
            asked = _MORE_THAN if least.more_than else _AT_LEAST
            yield Refusal(asked, beside, {"share": f"{least.of.numerator}/{least.of.denominator}"})
    days = max(law.notice_days, notice_days)
    if notice < timedelta(days=days):
        yield Refusal(N_("It must be announced %(days)s days before it opens."), "opens_at", {"days": days})


_MORE_THAN = N_("The law asks for more than %(share)s here.")
_AT_LEAST = N_("The law asks for at least %(share)s here.")


def _no_less(given: Share, least: Share) -> bool:
    return (given.of, given.more_than) >= (least.of, least.more_than)


@dataclass(frozen=True)
class Standing:
    """應到, 實到, 比例: whether a decision stands."""

    eligible: int
    voters: int
    quorum_needs: int | None
    majority_needs: int | None

    @property
    def held(self) -> bool:
        """Whether enough took part; an opinion vote always holds."""
        return self.quorum_needs is None or (self.eligible > 0 and self.voters >= self.quorum_needs)

    def agreed(self, votes: int) -> bool:
        """Whether enough of those who took part chose it."""
        return self.majority_needs is None or (self.voters > 0 and votes >= self.majority_needs)


class Verdict(StrEnum):
    """What a closed vote is worth under the law."""

    OPINION = "opinion"
    NO_QUORUM = "no_quorum"
    NOT_AGREED = "not_agreed"
    STANDS = "stands"


STATEMENTS = {
    Verdict.OPINION: N_("This was an opinion vote: it tells those who decide what residents want. It decides nothing."),
    Verdict.NO_QUORUM: N_("The decision does not stand: %(voters)s took part, and at least %(quorum)s had to."),
    Verdict.NOT_AGREED: N_(
        "The decision does not stand: of those who took part, at least %(majority)s had to agree to an option, "
        "and no chosen option has so many votes."
    ),
    Verdict.STANDS: N_("The decision stands for every option that is marked as decided."),
}


def verdict(body: Body, standing: Standing, winners: Iterable[int]) -> Verdict:
    """What the vote is worth, where the options that the rule chose have so many votes each: `winners`.

    Source: rules-and-standards 2.3.
    """
    if body is Body.OPINION:
        return Verdict.OPINION
    if not standing.held:
        return Verdict.NO_QUORUM
    return Verdict.STANDS if any(standing.agreed(votes) for votes in winners) else Verdict.NOT_AGREED


def percent(part: int, whole: int) -> str:
    """The share in percent with two places, never more than it is: 2 of 3 are 66.66; empty where there is no whole.

    >>> percent(2, 3), percent(67, 100), percent(0, 0)
    ('66.66', '67.00', '')
    """
    return f"{100 * part // whole}.{10_000 * part // whole % 100:02}" if whole else ""


def record(eligible: int, voters: int, quorum: Share | None, majority: Share | None) -> Standing:
    """The legal record of a closed vote. Source: rules-and-standards 2.3."""
    return Standing(
        eligible,
        voters,
        quorum.needs(eligible) if quorum else None,
        majority.needs(voters) if majority else None,
    )
