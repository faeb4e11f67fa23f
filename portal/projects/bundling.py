"""What a project is put together of: items, places, partners, resources, level."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, Integer, Row, Select, cast, delete, literal, null, or_, select, true, union_all

from portal.policies.catalogue import CatalogueItem, known_item
from portal.projects.models import (
    Project,
    ProjectItem,
    ProjectPartner,
    ProjectPlace,
    ProjectResource,
)
from portal.providers.models import Provider
from portal.regions.models import Region
from portal.regions.queries import is_below, within
from portal.resources.models import Resource
from portal.resources.queries import USES, Use
from portal.rules.bundles import PARTY, Bundle, Partner, PartnerKind
from portal.rules.levels import is_mismatch
from portal.store import db
from portal.store.search import fold

MOST_SHOWN = 60
ITEM, PARTNER, PLACE, RESOURCE = "item", "partner", "place", "resource"


def places_around(region: Region, besides: Collection[int] = ()) -> Sequence[Region]:
    """Where a project of `region` may be delivered: one level below it, or beside it if a community; and `besides`."""
    parent = region.parent_id if region.level == "village" else region.id
    near = (Region.parent_id == parent) & (Region.id != region.id) & Region.valid_to.is_(None)
    rows = select(Region).where(near | (Region.id.in_(besides) & is_below(Region.path, _reach(region))))
    return db.session.scalars(rows.order_by(Region.code).limit(MOST_SHOWN + len(besides))).all()


def places_among(region: Region, numbers: Collection[int]) -> Sequence[int]:
    """Those of these places in which a project of `region` may be delivered."""
    rows = select(Region.id).where(Region.id.in_(numbers), is_below(Region.path, _reach(region)))
    return db.session.scalars(rows).all()


def places_named(region: Region, words: Sequence[str]) -> tuple[list[int], list[str]]:
    """The places that these names or codes mean, each one only, and the words that mean none or several."""
    if not words:
        return [], []
    folded = {fold(word): word for word in words}
    named = or_(Region.code.in_(words), Region.folded.in_(list(folded)))
    rows = db.session.execute(
        select(Region.id, Region.code, Region.folded).where(named, is_below(Region.path, _reach(region)))
    ).all()
    meant = {word: [row.id for row in rows if word == row.code or fold(word) == row.folded] for word in words}
    return [ids[0] for ids in meant.values() if len(ids) == 1], [word for word, ids in meant.items() if len(ids) != 1]


def _reach(region: Region) -> str:
    """The path of the subtree in which a project of `region` may be delivered."""
    if region.level != "village" or region.parent_id is None:
        return region.path
    return region.path.removesuffix(f"{region.id}.")


def resources_near(region: Region, besides: Collection[int] = ()) -> Sequence[Row[Any]]:
    """Resources on the public list, of the region, below it or above it; those named `besides` first."""
    return db.session.execute(
        select(Resource.id, Resource.title, Resource.translations, Resource.kind)
        .join(Region, Region.id == Resource.region_id)
        .where(_usable(region))
        .order_by(Resource.id.in_(besides).desc(), Resource.id.desc())
        .limit(MOST_SHOWN)
    ).all()


def resources_among(region: Region, numbers: Collection[int]) -> Sequence[int]:
    """Those of these resources that a project of the region may use."""
    rows = select(Resource.id).join(Region, Region.id == Resource.region_id)
    return db.session.scalars(rows.where(Resource.id.in_(numbers), _usable(region))).all()


def _usable(region: Region) -> Any:
    above = [int(number) for number in region.path.split(".") if number]
    return Resource.listed & Resource.withdrawn_at.is_(None) & or_(within(region), Region.id.in_(above))


def put_together(project: Project, bundle: Bundle) -> None:
    """Write down, inside a deed, what `project` is put together of."""
    project.level, project.level_reason = bundle.level, bundle.level_reason
    project.channel = PARTY if bundle.by_party else ""
    for model in (ProjectItem, ProjectPlace, ProjectResource, ProjectPartner):
        db.session.execute(delete(model).where(model.project_id == project.id))
    items = sorted(set(bundle.items) - {project.category})
    db.session.add_all(ProjectItem(project_id=project.id, code=code) for code in items)
    places = sorted(set(bundle.places) - {project.region_id})
    db.session.add_all(ProjectPlace(project_id=project.id, region_id=number) for number in places)
    resources = sorted(set(bundle.resources))
    db.session.add_all(ProjectResource(project_id=project.id, resource_id=number) for number in resources)
    known = _providers([partner.name for partner in bundle.partners])
    for partner in bundle.partners:
        row = {"kind": partner.kind.value, "name": partner.name, "provider_id": known.get(partner.name)}
        db.session.add(ProjectPartner(project_id=project.id, **row))


def _providers(names: Sequence[str]) -> dict[str, int]:
    rows = select(Provider.name, Provider.id).where(Provider.name.in_(names)).order_by(Provider.id)
    return {row.name: row.id for row in db.session.execute(rows)} if names else {}


def bundle_of(project: Project) -> Bundle:
    """What a project is put together of, as it was said."""
    rows = _rows(project)
    return Bundle(
        items=tuple(row.code for row in rows if row.what == ITEM),
        places=tuple(row.number for row in rows if row.what == PLACE),
        partners=tuple(Partner(PartnerKind(row.code), row.title) for row in rows if row.what == PARTNER),
        resources=tuple(row.number for row in rows if row.what == RESOURCE),
        level=project.level,
        level_reason=project.level_reason,
        by_party=project.channel == PARTY,
    )


@dataclass(frozen=True)
class Parts:
    """What everyone sees of how a project is put together; `code` of a partner is its kind, of others where it is."""

    items: Sequence[CatalogueItem]
    places: Sequence[Row[Any]]
    partners: Sequence[Row[Any]]
    resources: Sequence[Row[Any]]
    mismatch: bool
    """Whether another level buys it than its items are mainly bought by; its reason is public."""


def parts_of(project: Project, region: Region) -> Parts:
    """All parts of a project of `region`, for its page."""
    rows = _rows(project)
    codes = (project.category, *(row.code for row in rows if row.what == ITEM))
    subject, *items = [known_item(region, code) for code in codes]
    return Parts(
        [item for item in items if item],
        [row for row in rows if row.what == PLACE],
        [row for row in rows if row.what == PARTNER],
        [row for row in rows if row.what == RESOURCE and row.listed],
        is_mismatch(project.level, [item.implementing_level for item in (subject, *items) if item]),
    )


def _rows(project: Project) -> Sequence[Row[Any]]:
    """All parts of a project in one statement: what it is, its number, code, title, and whether everyone may see it."""
    none, yes = cast(null(), Integer), true()
    no_words = cast(null(), JSON)
    item = select(literal(ITEM), none, ProjectItem.code, literal(""), no_words, yes, none)
    place = select(literal(PLACE), Region.id, Region.code, Region.name, Region.translations, yes, Region.id)
    partner = select(
        literal(PARTNER),
        ProjectPartner.provider_id,
        ProjectPartner.kind,
        ProjectPartner.name,
        no_words,
        yes,
        ProjectPartner.id,
    )
    resource = select(
        literal(RESOURCE), Resource.id, Region.code, Resource.title, Resource.translations, Resource.listed, Resource.id
    )
    place = place.join(ProjectPlace, ProjectPlace.region_id == Region.id)
    resource = resource.join(Region, Region.id == Resource.region_id)
    resource = resource.join(ProjectResource, ProjectResource.resource_id == Resource.id)
    parts = union_all(
        _labelled(item.where(ProjectItem.project_id == project.id)),
        place.where(ProjectPlace.project_id == project.id),
        partner.where(ProjectPartner.project_id == project.id),
        resource.where(ProjectResource.project_id == project.id),
    ).subquery()
    return db.session.execute(select(parts).order_by(parts.c.what, parts.c.order, parts.c.code)).all()


def _labelled(first: Select[Any]) -> Select[Any]:
    """The first of several selects, whose columns name those of all."""
    names = ("what", "number", "code", "title", "translations", "listed", "order")
    columns = zip(first.selected_columns, names, strict=True)
    return first.with_only_columns(*(column.label(name) for column, name in columns))


def projects_using(resource: Resource) -> list[Use]:
    """The projects that use a resource, for its own page. Source: A39."""
    rows = db.session.execute(
        select(Project.id, Project.title, Project.translations, Region.code)
        .join(ProjectResource, ProjectResource.project_id == Project.id)
        .join(Region, Region.id == Project.region_id)
        .where(ProjectResource.resource_id == resource.id)
        .order_by(Project.id)
    )
    return [Use(row.title, f"/{row.code}/projects/{row.id}/") for row in rows]


USES.append(projects_using)
