"""A community with two members of its committee, and the one next door."""

from typing import Any

import pytest
from flask import Flask

from portal.accounts import actions as accounts
from portal.accounts.models import Person
from portal.accounts.secrets import password_hash
from portal.commands.accounts import save_account
from portal.rules.permissions import Role
from portal.store import db
from tests import builders


@pytest.fixture
def next_door(app: Flask) -> Any:
    return builders.a_region_tree().villages[1]


@pytest.fixture
def first(village: Any) -> Person:
    return builders.a_committee(village)


@pytest.fixture
def second(village: Any) -> Person:
    """Another member of the committee."""
    save_account("second", "second", password_hash(builders.PASSWORD))
    person = db.session.scalars(db.select(Person).where(Person.login == "second")).one()
    accounts.grant(person, Role.COMMITTEE, village)
    return person
