"""What stands on slips and ballots of paper: short, in three languages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from portal.papers.slips import PrintedSlip
from portal.regions.models import Region
from portal.rules import N_
from portal.rules.elections import BallotKind
from portal.rules.papers import grouped
from portal.voting.models import Round
from portal.voting.queries import Poll
from portal.web.qr import QrCode, here, qr_code
from portal.web.words import LANGUAGES, gettext, in_words, moment, money, speaking

SLIP = (
    N_("Scan the square with a telephone, or type the digits at %(address)s. No sign-up is needed."),
    N_("Open until %(closes)s. Until then you can change your choice."),
    N_("Keep this slip to yourself: whoever has it votes in your place."),
)
MARKING = {
    BallotKind.APPROVAL: N_("Make a mark beside everything that you would be glad to have."),
    BallotKind.CHOOSE_K: N_("Make a mark beside at most %(most)s options."),
    BallotKind.CHOOSE_1: N_("Make a mark beside one option."),
    BallotKind.KNAPSACK: N_("Make marks; together they may cost at most %(budget)s."),
    BallotKind.CUMULATIVE: N_("You have %(most)s points. Write beside each option how many you give it."),
    BallotKind.ORDINAL: N_("Write 1 beside what you like best, 2 beside the next, and so on."),
}
AT_MOST = N_("At most %(most)s options.")
PAPER = (
    N_("Hand this paper in to your committee until %(closes)s. Do not write your name on it."),
    N_("If you also vote by telephone, the later of the two counts."),
    N_("Two people of the committee type it in; they see what it says."),
)


@dataclass(frozen=True)
class Said:
    """Lines in one language."""

    tag: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Slip:
    """A slip to cut out."""

    code: str
    qr: QrCode
    number: int
    shown: str
    household: str


def slips_of(printed: Iterable[PrintedSlip]) -> list[Slip]:
    return [
        Slip(grouped(one.code), _code(url_for("papers.slip", slip=one.code)), one.number, one.shown, one.household)
        for one in printed
    ]


@dataclass(frozen=True)
class Paper:
    """A ballot of paper to print."""

    serial: str
    qr: QrCode


def papers_of(region: Region, round: Round, serials: Iterable[str]) -> list[Paper]:
    def page_of(serial: str) -> str:
        return url_for("papers.paper", region=region.code, poll=round.id, serial=serial)

    return [Paper(grouped(one), _code(page_of(one))) for one in serials]


def _code(path: str) -> QrCode:
    return qr_code(here(path))


def slip_words(poll: Poll) -> list[Said]:
    """What a slip says beside its code."""
    return _in_three(poll, SLIP)


def paper_words(poll: Poll) -> list[Said]:
    """What a ballot of paper says above its options."""
    kind, most = BallotKind(poll.round.ballot), poll.round.most
    limit = (AT_MOST,) if kind is BallotKind.ORDINAL and most else ()
    return _in_three(poll, (MARKING[kind], *limit, *PAPER))


def _in_three(poll: Poll, lines: Sequence[str]) -> list[Said]:
    said = []
    for tag in LANGUAGES:
        with speaking(tag):
            values = {
                "address": here("/b/").partition("://")[2],
                "closes": moment(poll.round.closes_at),
                "most": poll.round.most,
                "budget": money(poll.round.budget_fen),
            }
            said.append(Said(tag, tuple(gettext(line, **values) for line in lines)))
    return said


def titles(thing: Any, field: str) -> dict[str, str]:
    """The words of `thing` by language, each wording once."""
    found: dict[str, str] = {}
    for tag in LANGUAGES:
        with speaking(tag):
            words = in_words(thing, field)
        if words not in found.values():
            found[tag] = words
    return found
