"""The figures of a summary as tables in the reader's words: what stands beside each chart, and what is saved as CSV."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from portal.insights.queries import Overview, Satisfaction
from portal.insights.rollups import AGES
from portal.needs.lists import STATES
from portal.rules import N_
from portal.rules.privacy import is_small
from portal.web.words import day, gettext, in_words

Row = Sequence[object]


@dataclass(frozen=True)
class Table:
    """A table: what it shows, its columns, its rows; the first cell of a row names it."""

    name: str
    title: str
    head: Sequence[str]
    rows: Sequence[Row]


def places(seen: Overview) -> Table:
    head = [
        gettext(N_("Division code")),
        gettext(N_("Place")),
        *_satisfaction_head(),
        gettext(N_("Waiting")),
        gettext(N_("Overdue")),
        gettext(N_("Open votes")),
    ]
    rows = [
        [
            place.region.code if place.region else "",
            in_words(place.region, "name") if place.region else gettext(N_("Elsewhere here")),
            *_satisfaction(place.satisfaction),
            place.waiting,
            place.overdue,
            place.open_rounds,
        ]
        for place in seen.places
    ]
    return Table("places", gettext(N_("Places below")), head, rows)


def satisfaction(seen: Overview) -> Table:
    head = [gettext(N_("Month")), gettext(N_("Score")), gettext(N_("from")), gettext(N_("to"))]
    rows = [
        [month, *((round(score.mean), round(score.low), round(score.high)) if score else [not_enough(), "", ""])]
        for month, score in seen.months.items()
    ]
    return Table("satisfaction", gettext(N_("Satisfaction by month")), head, rows)


def needs(seen: Overview) -> Table:
    rows = [[gettext(words), seen.states.get(state, 0)] for state, words in STATES.items() if state != "draft"]
    return Table("needs", gettext(N_("Needs by state")), [gettext(N_("State")), gettext(N_("Needs"))], rows)


def ages(seen: Overview) -> Table:
    labels = [gettext(N_("up to %(days)s days"), days=days) for days in AGES] + [gettext(N_("older"))]
    rows = [[label, count] for label, count in zip(labels, seen.ages, strict=True)]
    title = gettext(N_("How long needs have been waiting"))
    return Table("ages", title, [gettext(N_("Waiting since")), gettext(N_("Needs"))], rows)


def votes(seen: Overview) -> Table:
    head = [N_("Vote"), N_("Place"), N_("Closes"), N_("Have voted"), N_("May vote")]
    rows = [
        [
            in_words(row, "title"),
            row.place,
            day(row.closes_at),
            gettext(N_("fewer than %(least)s"), least=seen.least) if is_small(row.voters, seen.least) else row.voters,
            row.eligible,
        ]
        for row in seen.rounds
    ]
    return Table("votes", gettext(N_("Open votes")), [gettext(words) for words in head], rows)


def worst(seen: Overview) -> Table:
    head = [gettext(N_("Rank from the bottom")), gettext(N_("Provider")), *_satisfaction_head()]
    rows = [[one.rank, in_words(one.provider, "name"), *_satisfaction(one.satisfaction)] for one in seen.worst]
    return Table("worst", gettext(N_("Lowest rated providers")), head, rows)


TABLES: dict[str, Callable[[Overview], Table]] = {
    made.__name__: made for made in (places, satisfaction, needs, ages, votes, worst)
}


def _satisfaction_head() -> list[str]:
    return [gettext(N_("Score")), gettext(N_("from")), gettext(N_("to")), gettext(N_("Ratings, in steps of five"))]


def _satisfaction(found: Satisfaction | None) -> list[object]:
    if found is None:
        return [not_enough(), "", "", ""]
    return [*(round(value, 1) for value in (found.score.mean, found.score.low, found.score.high)), found.ratings]


def not_enough() -> str:
    return gettext(N_("not enough answers yet"))
