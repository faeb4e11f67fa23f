"""Who and what fits a project or a need, and why: by place, kind of service and capacity. Source: A30."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from portal.rules import N_, Refusal
from portal.rules.projects import ProjectState
from portal.rules.wording import personal_numbers, too_long

LOOKING = (ProjectState.APPROVED, ProjectState.TENDERED)
"""States in which a project looks for a provider."""
MOST_PEOPLE = 1_000_000
LONGEST_OFFER = 1000


class Ground(StrEnum):
    """Why a provider is on the list."""

    SAYS_ITEM = "says_item"
    RATED_ITEM = "rated_item"
    SAYS_GROUP = "says_group"
    RATED_GROUP = "rated_group"
    ENOUGH = "enough"
    TOO_FEW = "too_few"


GROUNDS = {
    Ground.SAYS_ITEM: N_("says that it does exactly this kind of service"),
    Ground.RATED_ITEM: N_("was rated for exactly this kind of service"),
    Ground.SAYS_GROUP: N_("says that it does services of this subject"),
    Ground.RATED_GROUP: N_("was rated for services of this subject"),
    Ground.ENOUGH: N_("can serve all who are behind it: %(people)s people a month"),
    Ground.TOO_FEW: N_("can serve %(people)s people a month, fewer than are behind it"),
}
ORDER = N_(
    "First those that do exactly this kind of service, by their own word or as they were rated; "
    "then those that can serve all who are behind it; then by name. Nothing else counts."
)


@dataclass(frozen=True)
class Known:
    """What is known of a provider that serves a place: what it says it does (people a month), what it was rated for."""

    provider_id: int
    name: str
    says: Mapping[str, int]
    rated: Collection[str]
    translations: Mapping[str, Mapping[str, str]] | None = None


@dataclass(frozen=True)
class Fit:
    """A provider that fits, and why."""

    provider_id: int
    name: str
    grounds: tuple[Ground, ...]
    people: int
    translations: Mapping[str, Mapping[str, str]] | None = None

    @property
    def place(self) -> tuple[bool, bool, str, int]:
        """Where it stands in the list, as ORDER says."""
        exact = Ground.SAYS_ITEM in self.grounds or Ground.RATED_ITEM in self.grounds
        return not exact, Ground.ENOUGH not in self.grounds, self.name, self.provider_id


def fit_of(known: Known, wanted: Collection[str], people: int) -> Fit | None:
    """Why a provider fits what is `wanted` (items of the catalogue) for so many `people`; None where it does not."""
    groups = {code[:2] for code in wanted}
    says = {code: count for code, count in known.says.items() if code[:2] in groups}
    rated = {code for code in known.rated if code[:2] in groups}
    if not says and not rated:
        return None
    item, rated_item = says.keys() & set(wanted), rated & set(wanted)
    grounds = [
        *([Ground.SAYS_ITEM] if item else [Ground.SAYS_GROUP] if says else []),
        *([Ground.RATED_ITEM] if rated_item else [Ground.RATED_GROUP] if rated else []),
    ]
    capacity = min((says[code] for code in item), default=0) or max(says.values(), default=0)
    if capacity and people:
        grounds.append(Ground.ENOUGH if capacity >= people else Ground.TOO_FEW)
    return Fit(known.provider_id, known.name, tuple(grounds), capacity, known.translations)


def fits(everyone: Iterable[Known], wanted: Collection[str], people: int) -> list[Fit]:
    """Those of `everyone` that fit, in the order that ORDER says."""
    found = (fit_of(known, wanted, people) for known in everyone)
    return sorted((one for one in found if one), key=lambda one: one.place)


class Average(NamedTuple):
    """An average of whole days, kept as what it is made of."""

    days: int
    projects: int

    @property
    def tenths(self) -> int:
        """In tenths of a day, half a tenth rounded up."""
        return (20 * self.days + self.projects) // (2 * self.projects)

    def __str__(self) -> str:
        """As it is shown.

        >>> str(Average(7, 2)), str(Average(10, 3)), str(Average(4, 2))
        ('3.5', '3.3', '2')
        """
        return f"{self.tenths // 10}.{self.tenths % 10}".removesuffix(".0")


def average(days: Iterable[int]) -> Average | None:
    """The average of some days; None of none."""
    counted = list(days)
    return Average(sum(counted), len(counted)) if counted else None


def offer_refusals(
    state: ProjectState, *, serves: bool, words: str, people: int | None, start_on: date | None, today: date
) -> Iterator[Refusal]:
    """Why a provider cannot offer to do a project. Source: A30."""
    if state not in LOOKING:
        yield Refusal(N_("This project does not look for a provider now."))
    if not serves:
        yield Refusal(N_("The provider is not registered for this place; the committee can register it."), "provider")
    if len(words) < 2:
        yield Refusal(N_("Please say in a few words what you would do."), "words")
    yield from too_long(words, "words", LONGEST_OFFER)
    yield from personal_numbers(words[:LONGEST_OFFER], "words")
    yield from people_refusals(people)
    if start_on is None:
        yield Refusal(N_("Please say from which day on."), "start_on")
    elif start_on < today:
        yield Refusal(N_("This day is over."), "start_on")


def people_refusals(people: int | None) -> Iterator[Refusal]:
    """Why so many people a month are no capacity."""
    if people is None or not 1 <= people <= MOST_PEOPLE:
        yield Refusal(N_("Please say how many people a month: one or more."), "people_a_month")


def skill_refusals(category: str, people: int | None, categories: Collection[str]) -> Iterator[Refusal]:
    """Why a provider cannot say so of itself; no people a month takes it back."""
    if category not in categories:
        yield Refusal(N_("Please choose one of the subjects shown."), "category")
    if people != 0:
        yield from people_refusals(people)
