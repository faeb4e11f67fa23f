"""Who and what fits; which projects look for a provider, and how long they have waited."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, and_, func, or_, select

from portal.matching.models import ProjectOffer, ProviderSkill
from portal.projects.models import Project, ProjectItem, ProjectNeed, ProjectStep
from portal.projects.stages import people_behind
from portal.providers.models import Provider, ProviderArea, RatingBatch
from portal.regions.models import Region
from portal.regions.queries import is_below, within
from portal.rules.matching import LOOKING, Average, Fit, Known, average, fit_of, fits
from portal.rules.projects import ProjectState
from portal.store import db
from portal.store.clock import CHINA
from portal.store.paging import Page, page_of

MOST = 200
MOST_COUNTED = 5000


class Wanted(NamedTuple):
    """What is looked for: items of the catalogue, and how many people are behind it."""

    codes: tuple[str, ...]
    people: int


def wanted_by(project: Project) -> Wanted:
    """The subject and the other items of a project, and how many people are behind its needs."""
    items = db.session.scalars(select(ProjectItem.code).where(ProjectItem.project_id == project.id)).all()
    answered = select(ProjectNeed.need_id).where(ProjectNeed.project_id == project.id)
    return Wanted((project.category, *items), people_behind(answered))


def fitting_providers(region: Region, wanted: Wanted) -> list[Fit]:
    """The providers that serve `region` and do what is wanted, each with the reasons, in the order that is said."""
    above = [int(number) for number in region.path.split(".") if number]
    serving = select(ProviderArea.provider_id).where(ProviderArea.region_id.in_(above))
    groups = {code[:2] for code in wanted.codes if code}
    return fits(_known(serving, groups), wanted.codes, wanted.people)[:MOST]


def _known(providers: Any, groups: Collection[str] | None = None) -> list[Known]:
    """What is known of some providers, in these groups of services if any are named."""
    says: dict[int, dict[str, int]] = {}
    rated: dict[int, set[str]] = {}
    said = select(ProviderSkill).where(ProviderSkill.provider_id.in_(providers)).order_by(ProviderSkill.category)
    for skill in db.session.scalars(_in_groups(said, ProviderSkill.category, groups)):
        says.setdefault(skill.provider_id, {})[skill.category] = skill.people_a_month
    batches = select(RatingBatch.provider_id, RatingBatch.category).where(
        RatingBatch.provider_id.in_(providers), func.length(RatingBatch.category) == 4
    )
    for provider_id, category in db.session.execute(_in_groups(batches.distinct(), RatingBatch.category, groups)):
        rated.setdefault(provider_id, set()).add(category)
    names = select(Provider.id, Provider.name, Provider.translations)
    rows = db.session.execute(names.where(Provider.id.in_(says.keys() | rated.keys())))
    return [Known(one.id, one.name, says.get(one.id, {}), rated.get(one.id, ()), one.translations) for one in rows]


def _in_groups(query: Any, column: Any, groups: Collection[str] | None) -> Any:
    return query if groups is None else query.where(func.substr(column, 1, 2).in_(groups))


def looking_projects(region: Region, after: str = "") -> Page[Any]:
    """Projects of a region and all below it that look for a provider, newest first, with their dates."""
    return page_of(_dated().where(within(region), Project.state.in_(LOOKING)), (Project.id,), after)


def _dated() -> Select[Any]:
    """Projects that were published, each with when that was, its first offer and its start on site."""
    offers = select(func.count()).where(ProjectOffer.project_id == Project.id, ProjectOffer.withdrawn_at.is_(None))
    first = select(func.min(ProjectOffer.at)).where(ProjectOffer.project_id == Project.id)
    published = _first(ProjectState.APPROVED)
    return (
        select(
            Project.id,
            Project.title,
            Project.translations,
            Project.category,
            Project.budget_fen,
            Project.state,
            Region.code,
            Region.name,
            published.label("published_at"),
            first.scalar_subquery().label("offered_at"),
            _first(ProjectState.SERVING).label("started_at"),
            offers.scalar_subquery().label("offers"),
        )
        .join(Region, Region.id == Project.region_id)
        .where(published.is_not(None))
    )


def _first(state: ProjectState) -> Any:
    """When a project first came to `state`."""
    came = select(func.min(ProjectStep.at)).where(ProjectStep.project_id == Project.id, ProjectStep.state == state)
    return came.scalar_subquery()


class Waits(NamedTuple):
    """How long projects waited, on average, from their publication. Source: A30."""

    offer: Average | None
    start: Average | None


def waits_in(region: Region) -> Waits:
    """Of the latest projects that were published in a region and below it."""
    rows = db.session.execute(_dated().where(within(region)).order_by(Project.id.desc()).limit(MOST_COUNTED)).all()
    offers = [days_between(row.published_at, row.offered_at) for row in rows if row.offered_at]
    starts = [days_between(row.published_at, row.started_at) for row in rows if row.started_at]
    return Waits(average(offers), average(starts))


def days_between(begin: datetime, end: datetime) -> int:
    """Days in China from one moment to another."""
    return (end.astimezone(CHINA).date() - begin.astimezone(CHINA).date()).days


def offers_on(project: Project) -> Sequence[Row[ProjectOffer, Provider]]:
    """Who would do a project, first come first."""
    return db.session.execute(
        select(ProjectOffer, Provider)
        .join(Provider, Provider.id == ProjectOffer.provider_id)
        .where(ProjectOffer.project_id == project.id, ProjectOffer.withdrawn_at.is_(None))
        .order_by(ProjectOffer.at, ProjectOffer.id)
    ).all()


def offer_by(project: Project, provider_id: int) -> ProjectOffer | None:
    return db.session.scalar(
        select(ProjectOffer).where(ProjectOffer.project_id == project.id, ProjectOffer.provider_id == provider_id)
    )


def find_offer(number: int, found: dict[str, Any]) -> ProjectOffer | None:
    """An offer by its number under its project."""
    offer, project = db.session.get(ProjectOffer, number), found.get("project")
    return offer if offer and project and offer.project_id == project.id else None


def providers_among(numbers: Collection[int]) -> list[Provider]:
    return list(db.session.scalars(select(Provider).where(Provider.id.in_(numbers)).order_by(Provider.id)))


class Chance(NamedTuple):
    """A project that looks for a provider, why this one fits, and whether it has offered."""

    project: Row[Any]
    fit: Fit
    offered: bool


class Mine(NamedTuple):
    """A provider, what it says that it does (people a month), and the projects that it fits."""

    provider: Provider
    says: Mapping[str, int]
    chances: list[Chance]


def projects_for(providers: Sequence[Provider], region: Region) -> list[Mine]:
    """The projects in a region and below it that look for a provider and that each of these fits, newest first.

    In as many statements for many providers as for one.
    """
    numbers = [provider.id for provider in providers]
    known = {one.provider_id: one for one in _known(numbers)}
    areas = _areas_of(known)
    fitting = or_(False, *(_fits(known[number], paths) for number, paths in areas.items()))
    looking = _dated().add_columns(Region.path).where(within(region), Project.state.in_(LOOKING), fitting)
    rows = db.session.execute(looking.order_by(Project.id.desc()).limit(MOST * len(numbers))).all()
    codes, offered = _bought_by(rows), _offered(rows, numbers)
    return [
        Mine(
            provider,
            known[provider.id].says if provider.id in known else {},
            _chances(rows, known[provider.id], areas[provider.id], codes, offered) if provider.id in areas else [],
        )
        for provider in providers
    ]


def _areas_of(numbers: Collection[int]) -> dict[int, list[str]]:
    """The paths of the places for which each of these providers is registered."""
    found: dict[int, list[str]] = {}
    area = select(ProviderArea.provider_id, Region.path).join(Region, Region.id == ProviderArea.region_id)
    for provider_id, path in db.session.execute(area.where(ProviderArea.provider_id.in_(numbers))):
        found.setdefault(provider_id, []).append(path)
    return found


def _fits(known: Known, paths: Sequence[str]) -> Any:
    """That a Project, joined with its Region, is where a provider is registered, and of a group that it does."""
    groups = {code[:2] for code in (*known.says, *known.rated)}
    bought = select(ProjectItem.code).where(ProjectItem.project_id == Project.id)
    fitting = or_(
        func.substr(Project.category, 1, 2).in_(groups),
        bought.where(func.substr(ProjectItem.code, 1, 2).in_(groups)).exists(),
    )
    return and_(fitting, or_(*(is_below(Region.path, path) for path in paths)))


def _bought_by(rows: Sequence[Row[Any]]) -> dict[int, list[str]]:
    codes: dict[int, list[str]] = {row.id: [row.category] for row in rows}
    for item in db.session.scalars(select(ProjectItem).where(ProjectItem.project_id.in_(codes))):
        codes[item.project_id].append(item.code)
    return codes


def _offered(rows: Sequence[Row[Any]], numbers: Sequence[int]) -> set[tuple[int, int]]:
    """Which of these providers would do which of these projects."""
    made = select(ProjectOffer.provider_id, ProjectOffer.project_id).where(
        ProjectOffer.project_id.in_([row.id for row in rows]),
        ProjectOffer.provider_id.in_(numbers),
        ProjectOffer.withdrawn_at.is_(None),
    )
    return {(provider_id, project_id) for provider_id, project_id in db.session.execute(made)}


def _chances(
    rows: Sequence[Row[Any]],
    known: Known,
    paths: Sequence[str],
    codes: Mapping[int, Collection[str]],
    offered: Collection[tuple[int, int]],
) -> list[Chance]:
    """What of `rows` one provider fits."""
    served = [row for row in rows if any(row.path.startswith(path) for path in paths)]
    found = ((row, fit_of(known, codes[row.id], 0)) for row in served)
    return [Chance(row, fit, (known.provider_id, row.id) in offered) for row, fit in found if fit][:MOST]
