"""A provider's figures along one dimension: by place, by service or by month; each row is a sum of whole batches.

A batch that holds people of several places or services stands in a row of its own kind ("elsewhere here"), so the rows
are the whole, and neither a row nor what is left of the whole without it is of few people. Source: trust 4.4.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Text, cast, func, select

from portal.policies.catalogue import catalogue
from portal.providers.models import Provider, RatingBatch
from portal.providers.standings import GRADES, YEAR, five, told_score_of, usual_mixes
from portal.regions.models import LEVELS, Region
from portal.regions.queries import is_below
from portal.rules import N_
from portal.rules.numbers import Numbers
from portal.rules.publishing import Share, roughly, share_of
from portal.rules.scoring import Counts, Score
from portal.store import db
from portal.store.clock import today
from portal.web.words import gettext, in_words, month

MOST_ROWS = 200
MOST_LINES = 10_000
WHOLE = RatingBatch.raters >= Numbers.ratings_to_publish
"""What no place can set lower, nor an old row be: a batch of fewer people is in no line."""


@dataclass(frozen=True)
class Part:
    """A row: what it is about, its score, its satisfied share, and about how many ratings it has."""

    label: str
    score: Score
    satisfied: Share
    about: int


def parts_of(provider: Provider, by: str, numbers: Numbers) -> list[Part]:
    """The last twelve months of `provider` by "place", "service" or "month"."""
    rows = db.session.execute(BY[by](provider.id)).all()
    mixes = usual_mixes()
    return [_part(LABELS[by](row), five(row), row.group_code, numbers, mixes) for row in rows]


def _part(label: str, counts: Counts, group: str, numbers: Numbers, mixes: Any) -> Part:
    score = told_score_of(counts, group, numbers, mixes)
    return Part(label, score, share_of(counts, 4, numbers.cell_to_publish), roughly(sum(counts)))


def _by_place(provider_id: int) -> Any:
    summed = _of_year(provider_id, RatingBatch.region_id).subquery()
    named = select(Region.name, Region.translations, Region.level, summed)
    return named.join(summed, summed.c.region_id == Region.id).order_by(Region.path)


def _by_service(provider_id: int) -> Any:
    return _of_year(provider_id, RatingBatch.category).order_by(RatingBatch.category)


def _by_month(provider_id: int) -> Any:
    in_month = func.substr(cast(RatingBatch.released_on, Text), 1, 7).label("month")
    return _of_year(provider_id, in_month).order_by(in_month)


def _of_year(provider_id: int, *keys: Any) -> Any:
    """The sums of a provider's batches of twelve months for each of `keys`."""
    group = func.min(func.substr(RatingBatch.category, 1, 2)).label("group_code")
    sums = [func.sum(getattr(RatingBatch, name)).label(name) for name in GRADES]
    query = select(*keys, group, *sums).group_by(*keys).limit(MOST_ROWS)
    year = (WHOLE, RatingBatch.released_on > today() - YEAR, RatingBatch.released_on <= today())
    return query.where(RatingBatch.provider_id == provider_id, *year)


def _place(row: Row[Any]) -> str:
    if row.level == LEVELS[-1]:
        return in_words(row, "name")
    return gettext(N_("Elsewhere in %(place)s"), place=in_words(row, "name"))


def service_words(category: str) -> str:
    """What a batch's services are called: the service, its group, or several."""
    item = catalogue().get(category)
    if item is None:
        return gettext(N_("Several services"))
    return (
        in_words(item, "title")
        if len(category) == 4
        else gettext(N_("Other: %(group)s"), group=in_words(item, "title"))
    )


BY: dict[str, Callable[[int], Any]] = {"place": _by_place, "service": _by_service, "month": _by_month}
LABELS: dict[str, Callable[[Row[Any]], str]] = {
    "place": _place,
    "service": lambda row: service_words(row.category),
    "month": lambda row: month(row.month),
}
HEADS = {"place": N_("Place"), "service": N_("Service"), "month": N_("Published in")}
LINES = [
    N_("Batch"),
    N_("Published"),
    N_("Provider"),
    N_("Unified social credit code"),
    N_("Division code"),
    N_("Place"),
    N_("Service code"),
    N_("Service"),
    N_("Contract"),
    N_("Ratings, in steps of five"),
    N_("Score"),
    N_("from"),
    N_("to"),
    N_("Satisfied, percent, at least"),
    N_("Satisfied, percent, at most"),
]


def lines_of(where: Provider | Region, numbers: Numbers, after: int = 0) -> Sequence[Sequence[object]]:
    """The batches of a provider, or of a place and all below it, with numbers above `after`; at most 10,000."""
    query = (
        select(RatingBatch, Provider, Region)
        .join(Provider, Provider.id == RatingBatch.provider_id)
        .join(Region, Region.id == RatingBatch.region_id)
        .where(WHOLE, RatingBatch.id > after)
        .order_by(RatingBatch.id)
        .limit(MOST_LINES)
    )
    mine = RatingBatch.provider_id == where.id if isinstance(where, Provider) else is_below(Region.path, where.path)
    mixes = usual_mixes()
    return [_line(*row, numbers, mixes) for row in db.session.execute(query.where(mine))]


def _line(batch: RatingBatch, provider: Provider, region: Region, numbers: Numbers, mixes: Any) -> list[object]:
    part = _part("", five(batch), batch.category[:2], numbers, mixes)
    return [
        batch.id,
        batch.released_on.isoformat(),
        in_words(provider, "name"),
        provider.usc_code,
        region.code,
        in_words(region, "name"),
        batch.category,
        service_words(batch.category),
        batch.contract_id,
        part.about,
        *(round(value, 1) for value in (part.score.mean, part.score.low, part.score.high)),
        round(100 * part.satisfied.low),
        round(100 * part.satisfied.high),
    ]
