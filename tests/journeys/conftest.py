"""The real site with data in it, served as in production on each engine, and a browser the size of a phone."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser

from portal.accounts.models import Person
from portal.commands.setup import prepare_database
from portal.regions.models import Region
from portal.regions.queries import find_region
from portal.store import db
from portal.store.outbox import OutboxMessage
from tests import builders
from tests.conftest import a_site
from tests.journeys.walker import LOCALES, PHONE, Walker
from tests.serving import serving, session_of

NAMES = ["".join(pair) for pair in product("桃竹松橘兰荷枫杏", "溪林岗湾园坡桥港")]
"""Communities, each with a name of two characters that no other has."""


@dataclass
class House:
    """The site on one engine: `app` for the builders in this process, `url` where another process serves it."""

    app: Flask
    url: str
    engine: str
    tree: builders.Tree
    villages: Iterator[str]


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The site on each engine in turn, with 64 communities that nothing has happened in."""
    url = request.getfixturevalue("postgres").database() if request.param == "postgresql" else ""
    app = a_site(tmp_path_factory.mktemp(f"house-{request.param}"), url, demo=True)
    codes = [f"9901211003{number:02}" for number in range(len(NAMES))]
    with app.app_context():
        prepare_database()
        tree = builders.a_region_tree()
        above = tree.township.code
        builders.import_places(
            (code, "village", f"{name}社区居委会", above) for code, name in zip(codes, NAMES, strict=True)
        )
        db.session.remove()
    with serving(app.config["SETTINGS"]) as server:
        yield House(app, server.url, request.param, tree, iter(codes))
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(autouse=True)
def inside(house: House) -> Iterator[None]:
    """Builders and queries work in tests as in a request."""
    with house.app.app_context():
        yield
        db.session.remove()


@pytest.fixture
def village(house: House) -> Region:
    """A community that no other journey comes to."""
    found = find_region(next(house.villages))
    assert found
    return found


@pytest.fixture
def walker(house: House, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Walker]]:
    """`walker("zh-Hant")` is someone with a phone in that language, signed in if a `person` is given.

    At the end nothing may have gone wrong behind her back.
    """
    walkers: list[Walker] = []

    def walk(
        language: str = "zh-Hans", who: str = "", person: Person | None = None, *, phone: bool = True, **options: Any
    ) -> Walker:
        size = {"viewport": PHONE, "is_mobile": phone, "has_touch": phone}
        context = browser.new_context(locale=LOCALES[language], base_url=house.url, **(size | options))
        context.set_default_timeout(8000)
        if person:
            cookie, _ = session_of(house.app, person)
            context.add_cookies([{"name": "portal", "value": cookie, "url": house.url}])
        walkers.append(Walker(context, house.url, language, house.engine, who or request.node.originalname))
        return walkers[-1]

    yield walk
    for one in walkers:
        one.context.close()
    faults = [fault for one in walkers for fault in one.faults]
    assert not faults, "\n".join(faults)


def code_sent_to(phone: str) -> str:
    """The sign-in code that went out to `phone` last."""
    db.session.rollback()
    message = db.session.scalars(
        db.select(OutboxMessage).where(OutboxMessage.to == phone).order_by(OutboxMessage.id.desc())
    ).first()
    assert message
    return str(message.values["code"])


def signs_in(walker: Walker, phone: str) -> None:
    """From the page that asks for a number to where she was going."""
    walker.types("#phone", phone)
    walker.tap("#sign_in_form .form-end button")
    walker.is_at("/sign-in/code")
    walker.types("#code", code_sent_to(phone))
    walker.tap("#code_form .form-end button")
    walker.page.wait_for_url(lambda url: "/sign-in" not in url)


def signs_in_by_password(walker: Walker, login: str, then: str) -> None:
    walker.goes(f"/sign-in/staff?next={then}")
    walker.types("#login", login)
    walker.types("#password", builders.PASSWORD)
    walker.tap("#staff_form .form-end button")
    walker.is_at(then)
