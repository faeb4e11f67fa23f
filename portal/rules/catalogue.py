"""What may be bought as a service, and how a division adds to the catalogue. Source: A20, rules-and-standards 2.1."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.rules import N_, Refusal
from portal.rules.wording import public_text, too_long


class Exclusion(StrEnum):
    """What is never bought as a service. Source: 政府购买服务管理办法 (order 102), article 10."""

    OUTSIDE_DUTY = "outside_duty"
    OWN_DUTY = "own_duty"
    GOODS_OR_WORKS = "goods_or_works"
    FINANCING = "financing"
    STAFFING = "staffing"
    OTHER = "other"


EXCLUSIONS = {
    Exclusion.OUTSIDE_DUTY: N_("It is outside the duties of government."),
    Exclusion.OWN_DUTY: N_("Government itself must do it."),
    Exclusion.GOODS_OR_WORKS: N_("It is goods or works, or works packed together with services."),
    Exclusion.FINANCING: N_("It is a way to raise money."),
    Exclusion.STAFFING: N_("It is recruitment, labour dispatch or public-welfare posts."),
    Exclusion.OTHER: N_("Another law or rule says that it may not be bought as a service."),
}
"""The six statements of the checklist on approval, as the one who approves reads them."""

_REFUSED = {
    Exclusion.OUTSIDE_DUTY: N_("What is outside the duties of government cannot be bought (order 102, article 10.1)."),
    Exclusion.OWN_DUTY: N_("What government itself must do cannot be bought (order 102, article 10.2)."),
    Exclusion.GOODS_OR_WORKS: N_(
        "Goods and works, also packed together with services, are no service (order 102, article 10.3)."
    ),
    Exclusion.FINANCING: N_("A way to raise money cannot be bought as a service (order 102, article 10.4)."),
    Exclusion.STAFFING: N_(
        "Recruitment, labour dispatch and public-welfare posts cannot be bought (order 102, article 10.5)."
    ),
    Exclusion.OTHER: N_("What another law or rule excludes cannot be bought (order 102, article 10.6)."),
}


def refusals_of_purchase(answers: Mapping[str, bool]) -> Iterator[Refusal]:
    """Why something is not to be bought, where `answers` say of each Exclusion whether it is true of it.

    Source: rules-and-standards 2.1 (article 10); the refusal stands beside the field of that name.
    """
    for exclusion in Exclusion:
        if exclusion not in answers:
            yield Refusal(N_("Please answer this, too: yes or no."), exclusion.value)
        elif answers[exclusion]:
            yield Refusal(_REFUSED[exclusion], exclusion.value)


NATURES = ("transactional", "direct_service", "auxiliary")
"""Source: B16; the third kind by A33."""
LEVELS = ("county/township", "province/city")
"""Who mainly buys it. Source: A33, A34."""
FIRST_OWN, LAST_OWN = 50, 99
LONGEST_TITLE = 60


@dataclass(frozen=True)
class ItemDraft:
    """An item that a division adds; titles in the three languages."""

    code: str
    title: str
    title_hant: str
    title_en: str
    nature: str
    resident_visible: bool
    implementing_level: str
    official_code: str
    valid_from: date | None


def item_refusals(
    draft: ItemDraft, *, groups: Collection[str], taken: Collection[str], today: date
) -> Iterator[Refusal]:
    """Why `draft` is no item, where `taken` are the codes that were ever used above or below. Source: A10, A20, B16."""
    if not re.fullmatch(r"[0-9]{4}", draft.code) or draft.code[:2] not in groups or int(draft.code[2:]) < FIRST_OWN:
        yield Refusal(
            N_("A code is that of a group and a number from %(first)s to %(last)s, such as 0450."),
            "code",
            {"first": FIRST_OWN, "last": LAST_OWN},
        )
    elif draft.code in taken:
        yield Refusal(N_("This code was used before, here, above or below; please take another."), "code")
    for beside in ("title", "title_hant", "title_en"):
        yield from _title_refusals(getattr(draft, beside), beside)
    if draft.nature not in NATURES:
        yield Refusal(N_("Please choose one of these."), "nature")
    if draft.implementing_level not in LEVELS:
        yield Refusal(N_("Please choose one of these."), "implementing_level")
    yield from too_long(draft.official_code, "official_code", 40)
    if draft.valid_from is None or draft.valid_from < today:
        yield Refusal(N_("Please choose today or a later day."), "valid_from")


def _title_refusals(title: str, beside: str) -> Iterator[Refusal]:
    if len(title) < 2:
        yield Refusal(N_("Please give it a name; two characters are enough."), beside)
    yield from public_text(title, beside, LONGEST_TITLE)


def may_end(valid_from: date, valid_to: date | None, last_day: date | None, *, today: date) -> Iterator[Refusal]:
    """Why an item may not end with `last_day`: what could be chosen on a day that was, could be. Source: A20."""
    if valid_to is not None:
        yield Refusal(N_("It is ended already."))
    elif last_day is None or last_day < max(today, valid_from):
        yield Refusal(N_("Please choose today or a later day on which it is valid."), "valid_to")
