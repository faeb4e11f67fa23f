"""Who may purchase, by which method, with what said in public, and when what is due."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.rules import N_, Refusal
from portal.rules.levels import is_mismatch
from portal.rules.numbers import Numbers
from portal.rules.selection import FactorDraft, Scoring, factor_refusals
from portal.rules.wording import personal_numbers, public_text, too_long

LONGEST_NAME = 100
LONGEST_WORDS = 1000
LONGEST_BID = 8000
SHORTEST_REASON = 10
"""Fewer characters are no reason that anyone could check [I]."""


class PurchaseState(StrEnum):
    """Where a purchase stands."""

    PREPARED = "prepared"
    PUBLISHED = "published"
    """Bids are sealed until they are opened."""
    OPENED = "opened"
    JUDGED = "judged"
    """The scores stand; the report and the choice follow."""
    AWARDED = "awarded"
    FAILED = "failed"
    CANCELLED = "cancelled"


LIVE = frozenset(set(PurchaseState) - {PurchaseState.FAILED, PurchaseState.CANCELLED})
"""A project has one purchase of these at most."""
UNDER_WAY = LIVE - {PurchaseState.PREPARED}
"""Providers know of a purchase of these; it is ended before its project is given up."""


class PurchaserKind(StrEnum):
    """What a purchasing body is. Source: B14; rules-and-standards 2.1 (MOF order 102, articles 5, 6 and 8)."""

    GOVERNMENT = "government"
    CIVIL_AFFAIRS = "civil_affairs"
    TOWNSHIP = "township"
    """A township's government or a sub-district office."""
    ORGAN = "state_organ"
    CLASS_ONE = "class_one_institution"
    MASS = "mass_organisation"
    COMMITTEE = "self_governing"


_UPPER = ("province", "prefecture", "county")
LEVELS_OF: dict[PurchaserKind, tuple[str, ...]] = {
    PurchaserKind.GOVERNMENT: _UPPER,
    PurchaserKind.CIVIL_AFFAIRS: _UPPER,
    PurchaserKind.TOWNSHIP: ("township",),
    PurchaserKind.ORGAN: (*_UPPER, "township"),
}
"""At which levels a kind purchases; the others never do. Source: B14."""
NEVER = {
    PurchaserKind.CLASS_ONE: N_("Class-one public institutions do not purchase (MOF order 102, article 8)."),
    PurchaserKind.MASS: N_("Mass organisations that the budget pays do not purchase (MOF order 102, article 8)."),
    PurchaserKind.COMMITTEE: N_("A residents' committee may provide services; it is no purchaser (MOF order 102)."),
}


class Method(StrEnum):
    """How a provider is looked for. Source: B20; rules-and-standards 2.2."""

    OPEN_TENDER = "open_tender"
    INVITED_TENDER = "invited_tender"
    NEGOTIATION = "competitive_negotiation"
    CONSULTATION = "competitive_consultation"
    INQUIRY = "inquiry"
    SINGLE_SOURCE = "single_source"
    DIRECT = "direct_below_threshold"


CLOSED = (Method.INVITED_TENDER, Method.SINGLE_SOURCE, Method.DIRECT)
"""Only who is invited may bid. Source: B7."""
TENDERS = (Method.OPEN_TENDER, Method.INVITED_TENDER)
ALONE = (Method.SINGLE_SOURCE, Method.DIRECT)
"""One bid is enough."""


@dataclass(frozen=True)
class PurchaseDraft:
    """How a project is to be purchased; `budget_fen` is None where no amount could be read."""

    purchaser: str
    purchaser_kind: str
    method: str
    ground: str
    budget_fen: int | None
    scoring: str = Scoring.COMPREHENSIVE.value
    scoring_reason: str = ""
    level_reason: str = ""
    factors: tuple[FactorDraft, ...] = ()
    invited: tuple[int, ...] = ()


@dataclass(frozen=True)
class Ground:
    """What a purchase stands on: who purchases, what the catalogue says of the project's items, and its budget."""

    level: str
    implementing: tuple[str, ...]
    budget_fen: int
    providers: Collection[int]
    """Who is registered where the project is."""


def refusals(draft: PurchaseDraft, ground: Ground, numbers: Numbers) -> Iterator[Refusal]:
    """Why a purchase may not be prepared so. Source: A32-A34, B7, B14, B20-B22."""
    yield from _purchaser(draft, ground)
    yield from _method(draft, ground, numbers)
    if draft.budget_fen is None or draft.budget_fen <= 0:
        yield Refusal(N_("Please give an amount above zero in yuan, such as 12000 or 12000.50."), "budget")
    elif draft.budget_fen > ground.budget_fen:
        yield Refusal(N_("This is more than the project's budget."), "budget")
    if draft.scoring == Scoring.COMPREHENSIVE:
        yield from factor_refusals(draft.factors)
    elif draft.scoring == Scoring.LOWEST:
        yield from reason_refusals(draft.scoring_reason, "scoring_reason")
    else:
        yield Refusal(N_("Please choose how bids are scored."), "scoring")


def _purchaser(draft: PurchaseDraft, ground: Ground) -> Iterator[Refusal]:
    if not 2 <= len(draft.purchaser) <= LONGEST_NAME:
        yield Refusal(N_("Please give the name of the purchaser, up to 100 characters."), "purchaser")
    yield from personal_numbers(draft.purchaser, "purchaser")
    if draft.purchaser_kind not in set(PurchaserKind):
        yield Refusal(N_("Please choose what kind of body it is."), "purchaser_kind")
    else:
        kind = PurchaserKind(draft.purchaser_kind)
        if kind in NEVER:
            yield Refusal(NEVER[kind], "purchaser_kind")
        elif ground.level not in LEVELS_OF[kind]:
            yield Refusal(N_("There is no purchaser of this kind at this level."), "purchaser_kind")
    if is_mismatch(ground.level, ground.implementing):
        yield from reason_refusals(draft.level_reason, "level_reason")


def _method(draft: PurchaseDraft, ground: Ground, numbers: Numbers) -> Iterator[Refusal]:
    if draft.method not in set(Method):
        yield Refusal(N_("Please choose a method."), "method")
        return
    method = Method(draft.method)
    yield from reason_refusals(draft.ground, "ground", SHORTEST_REASON if method in CLOSED else 2)
    if method is Method.DIRECT and (draft.budget_fen or 0) >= numbers.procurement_from_fen:
        yield Refusal(
            N_("From %(yuan)s yuan on, only a method of government procurement is allowed here."),
            "method",
            {"yuan": numbers.procurement_from_fen // 100},
        )
    if method not in CLOSED:
        if draft.invited:
            yield Refusal(N_("This method is open to all; nobody is invited apart."), "invited")
    elif not set(draft.invited) <= set(ground.providers):
        yield Refusal(N_("One of these providers is not registered here."), "invited")
    elif method is Method.SINGLE_SOURCE and len(draft.invited) != 1:
        yield Refusal(N_("A single source is one provider."), "invited")
    elif len(draft.invited) < fewest_bids(method, numbers):
        values = {"fewest": fewest_bids(method, numbers)}
        yield Refusal(N_("Please invite at least %(fewest)s providers."), "invited", values)


def reason_refusals(words: str, beside: str, shortest: int = SHORTEST_REASON) -> Iterator[Refusal]:
    """Why `words` are no reason that everyone may read."""
    if len(words) < shortest:
        yield Refusal(N_("Please give the reason in writing; everyone will read it."), beside)
    yield from public_text(words, beside, LONGEST_WORDS)


def fewest_bids(method: Method, numbers: Numbers) -> int:
    """How many bids it takes. Source: B8."""
    return 1 if method in ALONE else numbers.fewest_bids


def bidding_days(method: Method, numbers: Numbers) -> int:
    """How many days there are to bid. Source: rules-and-standards 2.2 (Law, article 35)."""
    if method in ALONE:
        return 1
    return numbers.tender_days if method in TENDERS else numbers.consultation_days


def due_refusals(due: date | None, today: date, method: Method, numbers: Numbers) -> Iterator[Refusal]:
    """Why bids cannot be due on this day."""
    days = bidding_days(method, numbers)
    if due is None:
        yield Refusal(N_("Please say until which day bids may be sent."), "due")
    elif due < today + timedelta(days=days):
        yield Refusal(N_("Providers need at least %(days)s days to bid."), "due", {"days": days})
    elif due > today + timedelta(days=366):
        yield Refusal(N_("This is more than a year away."), "due")


def stands(state: str, *allowed: PurchaseState) -> Iterator[Refusal]:
    """Refuse a deed for which the purchase is too early or too late."""
    if state not in allowed:
        yield Refusal(N_("The purchase is not at this step, or has gone on meanwhile."))


def bid_refusals(
    price_fen: int | None, words: str, budget_fen: int, *, serves: bool, invited: bool, drafted: bool
) -> Iterator[Refusal]:
    """Why a bid is not let in. Source: B7, B8, B24.

    `serves`: its provider is registered there; `invited`: or the method is open; `drafted`: whoever sends it drafted
    the project for the committee.
    """
    if not serves:
        yield Refusal(N_("Only providers that are registered for this place may bid."))
    if not invited:
        yield Refusal(N_("This purchase is open to the invited providers only; its legal ground is on its page."))
    if drafted:
        yield Refusal(N_("Who drafted the project for the committee cannot bid for it."))
    if price_fen is None or price_fen <= 0:
        yield Refusal(N_("Please give an amount above zero in yuan, such as 12000 or 12000.50."), "price")
    elif price_fen > budget_fen:
        yield Refusal(N_("This is above the budget of the purchase; such a bid is not let in."), "price")
    if len(words) < SHORTEST_REASON:
        yield Refusal(N_("Please say what you offer for this price."), "words")
    yield from too_long(words, "words", LONGEST_BID)


def enough_bids(count: int, method: Method, numbers: Numbers) -> Iterator[Refusal]:
    """Refuse to go on with too few bids: then the purchase has failed. Source: B8."""
    fewest = fewest_bids(method, numbers)
    if count < fewest:
        yield Refusal(
            N_("Bids: %(count)s; it takes at least %(fewest)s. The purchase has failed: end it with this reason."),
            "",
            {"count": count, "fewest": fewest},
        )
