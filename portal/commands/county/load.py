"""Load the county, as if its people had used the portal for more than a year."""

from collections.abc import Sequence
from functools import partial

from sqlalchemy import delete, insert, select

from portal.audit.models import AuditEntry
from portal.commands.county.believing import put_rest
from portal.commands.county.county import County
from portal.commands.county.homes import put_people, put_regions, put_roll
from portal.commands.county.needs import put_needs
from portal.commands.county.pictures import PICTURES
from portal.commands.county.providers import put_providers
from portal.commands.county.story import begin as begin_story
from portal.commands.county.telling import Teller
from portal.commands.county.votes import cast, put_other_votes, put_projects
from portal.commands.server import do_chores
from portal.projects.models import Project, project_search
from portal.resources.models import Resource, resource_search
from portal.store import action, db
from portal.store.clock import now
from portal.store.files import Photo, keep_photo

OLDEST_DRAFT = 151
"""Days ago: what happened earlier is told before the projects of `county.toml`, so that numbers follow time."""


def load() -> None:
    """Fill an empty database with the county, and do at once the chores by which pages show it."""
    pictures = {name: keep_photo(drawing().file()) for name, drawing in PICTURES.items()}
    load_county(pictures)
    do_chores()


@action
def load_county(pictures: dict[str, Photo]) -> None:
    """All of the county, or nothing. History has its own times, so rows go in as they would have come to be."""
    county = County(now(), pictures)
    put_regions(county)
    put_people(county)
    put_needs(county)
    put_providers(county)
    put_roll(county)
    teller = _teller(county)
    teller.tell(until=OLDEST_DRAFT)
    put_projects(county, teller)
    put_other_votes(county)
    teller.tell()
    put_rest(teller)
    _put_search()
    _put_log(county)


def _teller(county: County) -> Teller:
    """Who tells what people and offices did with each other, by their real deeds."""
    needs = {name: row["id"] for name, row in county.needs.items()}
    teller = Teller(
        county.moment, county.places, county.staff, needs, county.residents, partial(cast, county), county.providers
    )
    teller.rated, teller.chance = county.rated, county.chance
    begin_story(teller)
    return teller


def _put_search() -> None:
    """Let projects and resources be found by their words in each language."""
    project_search.put_all(_words(db.session.scalars(select(Project)).all()))
    resource_search.put_all(_words(db.session.scalars(select(Resource)).all()))


def _put_log(county: County) -> None:
    """What was done, in the order in which it was done, whether it was noted here or by a deed."""
    told = select(AuditEntry.at, AuditEntry.actor_id, AuditEntry.deed, AuditEntry.subject, AuditEntry.detail)
    by_deeds = [dict(row) for row in db.session.execute(told).mappings()]
    db.session.execute(delete(AuditEntry))
    db.session.execute(insert(AuditEntry), sorted(county.log + by_deeds, key=lambda entry: entry["at"]))


def _words(rows: Sequence[Project] | Sequence[Resource]) -> dict[int, str]:
    """By number, what projects or resources say in each language."""
    return {
        row.id: " ".join(
            [row.title, row.story, *(text for one in (row.translations or {}).values() for text in one.values())]
        )
        for row in rows
    }
