"""What kinds and terms are called, and amounts with their units."""

from types import SimpleNamespace
from typing import Any, Literal

from babel import dates

from portal.policies.catalogue import catalogue
from portal.rules import N_
from portal.rules.agreements import Mode
from portal.rules.resources import PARTY_ORG, Ownership, ResourceKind, metres_of
from portal.web.words import LOCALES, gettext, in_words, language, money, number

RESOURCE_KINDS = {
    ResourceKind.PREMISES.value: N_("Premises"),
    ResourceKind.PEOPLE.value: N_("People"),
    ResourceKind.MONEY.value: N_("Money"),
    ResourceKind.GOODS.value: N_("Goods"),
    ResourceKind.SKILL.value: N_("Skill"),
}
OWNERSHIPS = {
    Ownership.STATE.value: N_("state-owned asset"),
    Ownership.COLLECTIVE.value: N_("collectively owned asset"),
    Ownership.PRIVATE.value: N_("privately owned"),
}
MODES = {
    Mode.FREE_USE.value: N_("Free use"),
    Mode.SERVICE_EXCHANGE.value: N_("Exchange of services"),
    Mode.ENTRUSTED_OPERATION.value: N_("Entrusted operation"),
    Mode.AGREED_EXCHANGE.value: N_("Agreed exchange"),
}
CHANNELS = {"": N_("none of these"), PARTY_ORG: N_("Party organisation")}
CHANGES = {
    "offered": N_("Offered"),
    "listed": N_("Put on the list"),
    "revised": N_("Changed"),
    "withdrawn": N_("Withdrawn"),
}
FIELDS = {
    "title": N_("Name of the resource"),
    "story": N_("What it is"),
    "category": N_("Subject"),
    "amount": N_("How much"),
    "unit": N_("Unit"),
    "conditions": N_("Conditions"),
    "from_on": N_("From"),
    "until_on": N_("Until"),
    "channel": N_("Brought to people through"),
    "ownership": N_("Whose premises"),
    "accessible": N_("Accessible"),
    "idle_since": N_("Idle since"),
    "week": N_("Opening hours"),
}


def amount_in_words(row: Any) -> str:
    """How much there is of a resource: money in yuan, premises in square metres, else in its own unit."""
    if row.amount is None:
        return ""
    if row.kind == ResourceKind.MONEY:
        return money(row.amount)
    if row.kind == ResourceKind.PREMISES:
        return gettext(N_("%(area)s m²"), area=metres_of(row.amount))
    return f"{number(row.amount)} {row.unit}".strip()


def change_in_words(resource: Any, name: str, value: str) -> str:
    """An old or new value of a field as it is read."""
    if not value:
        return ""
    if name == "amount":
        return amount_in_words(SimpleNamespace(kind=resource.kind, amount=int(value), unit=""))
    if name == "category":
        return in_words(catalogue()[value], "title") if value in catalogue() else value
    if name == "accessible":
        return yes_or_no(value == "True")
    return gettext(OWNERSHIPS.get(value) or CHANNELS.get(value) or "") or value


def yes_or_no(value: bool) -> str:
    return gettext(N_("yes")) if value else gettext(N_("no"))


def weekdays(width: Literal["abbreviated", "narrow"] = "abbreviated") -> list[str]:
    """The days of the week, Monday first; "narrow" for a calendar."""
    names = dates.get_day_names(width, "stand-alone", LOCALES[language()])
    return [names[place] for place in range(7)]


def percent(hundredths: int | None) -> str:
    """A share in hundredths of a percent as it is read: 1234 is 12.34 %."""
    return "–" if hundredths is None else f"{hundredths // 100}.{hundredths % 100:02} %"
