"""How a project is put together: items, places, partners, resources. Source: A9, A35, A36, A39, A49."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.rules import N_, Refusal, levels
from portal.rules.wording import public_text

MOST_ITEMS = 12
MOST_PLACES = 60
MOST_PARTNERS = 20
LONGEST_PARTNER = 100
PARTY = "party_org"


class PartnerKind(StrEnum):
    """Who works together in a community. Source: A9 (三社联动, 五社联动)."""

    COMMUNITY = "community"
    SOCIAL_ORGANISATION = "social_organisation"
    SOCIAL_WORKER = "social_worker"
    VOLUNTEER = "volunteer"
    CHARITY = "charity"


@dataclass(frozen=True)
class Partner:
    """Who takes part in a project, by name."""

    kind: PartnerKind
    name: str


@dataclass(frozen=True)
class Bundle:
    """What else was said of a project: further items, where it is delivered, with whom and with what, by which level.

    `unknown_places` are words in which no place was found.
    """

    items: tuple[str, ...] = ()
    places: tuple[int, ...] = ()
    unknown_places: tuple[str, ...] = ()
    partners: tuple[Partner, ...] = ()
    resources: tuple[int, ...] = ()
    level: str = ""
    level_reason: str = ""
    by_party: bool = False


NO_BUNDLE = Bundle()


def refusals(
    bundle: Bundle,
    category: str,
    *,
    implementing: Mapping[str, str],
    places: Collection[int],
    resources: Collection[int],
) -> Iterator[Refusal]:
    """Why `bundle` may not stand beside `category`.

    `implementing` has of each item that may be bought the level that the catalogue names; `places` and `resources`
    are those of the bundle's that a project of the region may name.
    """
    if not set(bundle.items) <= implementing.keys():
        yield Refusal(N_("Please choose one of the subjects shown."), "items")
    if len(bundle.items) > MOST_ITEMS:
        yield Refusal(N_("Please choose at most %(most)s."), "items", {"most": MOST_ITEMS})
    yield from _of_places(bundle, places)
    if not set(bundle.resources) <= set(resources):
        yield Refusal(N_("One of these is not on the public list of resources any more."), "resources")
    yield from _of_partners(bundle.partners)
    items = [implementing[code] for code in (category, *bundle.items) if code in implementing]
    yield from levels.refusals(bundle.level, bundle.level_reason, items)


def _of_places(bundle: Bundle, places: Collection[int]) -> Iterator[Refusal]:
    for words in bundle.unknown_places:
        yield Refusal(N_("There is no one place “%(words)s” here."), "more_places", {"words": words})
    if not set(bundle.places) <= set(places):
        yield Refusal(N_("Please choose places that belong here."), "places")
    if len(bundle.places) > MOST_PLACES:
        yield Refusal(N_("Please choose at most %(most)s."), "places", {"most": MOST_PLACES})


def _of_partners(partners: Collection[Partner]) -> Iterator[Refusal]:
    for partner in partners:
        beside = f"partner_{partner.kind.value}"
        yield from public_text(partner.name, beside, LONGEST_PARTNER)
    if len(partners) > MOST_PARTNERS:
        yield Refusal(N_("Please name at most %(most)s partners."), "", {"most": MOST_PARTNERS})


@dataclass(frozen=True)
class SmallProject:
    """A project as far as it tells whether it could be bought with others; `places` are where it is delivered."""

    number: int
    budget_fen: int
    drafted_on: date
    places: frozenset[int]


def quarter_of(day: date) -> str:
    """The quarter of a day.

    >>> quarter_of(date(2026, 11, 22))
    '2026-4'
    """
    return f"{day.year}-{(day.month + 2) // 3}"


def could_go_together(projects: Iterable[SmallProject], below_fen: int) -> dict[tuple[int, str], tuple[int, ...]]:
    """By place and quarter: projects below that amount, where there is more than one. Source: A36 (逐项分别采购)."""
    found: dict[tuple[int, str], list[int]] = {}
    for project in projects:
        if project.budget_fen < below_fen:
            for place in project.places:
                found.setdefault((place, quarter_of(project.drafted_on)), []).append(project.number)
    return {where: tuple(sorted(numbers)) for where, numbers in found.items() if len(numbers) > 1}
