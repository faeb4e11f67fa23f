"""Accounts of staff."""

import click
from sqlalchemy import select

from portal.accounts.actions import end_all_sessions, grant
from portal.accounts.models import Person
from portal.accounts.secrets import password_hash
from portal.commands import on_site, stop
from portal.providers.queries import provider_with
from portal.regions.queries import find_region
from portal.rules.permissions import Actor, Role
from portal.store import action, db
from portal.store.clock import now


@click.command("account")
@click.argument("login")
@click.argument("role", type=click.Choice([role.value for role in Role if role is not Role.RESIDENT]))
@click.argument("region")
@click.option("--name", default="", help="Shown to colleagues.")
@click.option("--provider", "usc_code", default="", help="Whose person a provider is: its unified social credit code.")
@click.password_option()
@on_site
def account(login: str, role: str, region: str, name: str, usc_code: str, password: str) -> None:
    """Give LOGIN a password and a ROLE in the REGION (12-digit code) and all below it."""
    place = find_region(region)
    if place is None:
        stop(f"there is no region {region}")
    if (role == Role.PROVIDER) != bool(usc_code):
        stop("--provider USC_CODE goes with the role provider, and with no other")
    provider = provider_with(usc_code) if usc_code else None
    if usc_code and provider is None:
        stop(f"there is no provider {usc_code}")
    if len(password) < 12:
        stop("a password has at least 12 characters")
    save_account(login, name, password_hash(password))
    person = db.session.scalars(select(Person).where(Person.login == login)).one()
    grant(person, Role(role), place, provider.id if provider else None)
    click.echo(f"{login} is {role} of {place.name}")


@action
def save_account(login: str, name: str, hashed: str) -> None:
    """Set the password of an account, made if there is none; whoever is signed in to it is signed out."""
    person = db.session.scalar(select(Person).where(Person.login == login))
    if person is None:
        person = Person(login=login, created_at=now())
        db.session.add(person)
    person.password_hash, person.name = hashed, name or person.name or login
    db.session.flush()
    end_all_sessions(Actor(id=person.id))


def install(main: click.Group) -> None:
    main.add_command(account)
