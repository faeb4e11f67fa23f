"""`portal account` makes staff, and `portal serve` starts only where messages can go out."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select

from portal.accounts.models import Person
from portal.accounts.queries import actor_signed_in
from portal.commands import main
from portal.commands.server import CHORES
from portal.needs.actions import forget_drafts
from portal.rules.permissions import Role
from portal.store import db
from tests import builders

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A command on the tests' site, in an application of its own."""
    settings = app.config["SETTINGS"]
    monkeypatch.setenv("PORTAL_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("PORTAL_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("PORTAL_SECRET_KEY", settings.secret_key)

    def command(*words: str, **environment: str) -> Result:
        db.session.remove()
        done = CliRunner().invoke(main, list(words), env=environment)
        db.session.expire_all()
        return done

    return command


def account(run: Run, *words: str) -> Result:
    return run("account", *words, "--password", builders.PASSWORD)


def test_a_providers_account_is_for_that_provider(run: Run) -> None:
    village = builders.a_region_tree().villages[0]
    provider = builders.a_provider(village)
    code, number = provider.usc_code, provider.id
    assert account(run, "chen", "provider", village.code, "--provider", code).exit_code == 0
    person = db.session.scalars(select(Person).where(Person.login == "chen")).one()
    [grant] = builders.actor(person).grants
    assert (grant.role, grant.provider_id) == (Role.PROVIDER, number)


def test_a_provider_that_is_missing_or_unknown_is_one_clear_line(run: Run) -> None:
    village = builders.a_region_tree().villages[0].code
    for words, said in (
        (("provider", village), "--provider USC_CODE goes with the role provider"),
        (("committee", village, "--provider", builders.a_usc_code()), "--provider USC_CODE goes with the role"),
        (("provider", village, "--provider", "no code"), "there is no provider no code"),
    ):
        done = account(run, "chen", *words)
        assert done.exit_code == 2
        assert said in done.output
    assert db.session.scalar(select(Person).where(Person.login == "chen")) is None


def test_a_new_password_ends_the_sessions_of_the_old_one(run: Run) -> None:
    village = builders.a_region_tree().villages[0]
    clerk = builders.a_committee(village)
    other = builders.a_committee(builders.a_region_tree().villages[1])
    login, code = clerk.login, village.code
    old, elses = (builders.accounts.begin_session(person, "") for person in (clerk, other))
    assert account(run, login, "committee", code).exit_code == 0
    assert actor_signed_in(old) is None
    assert actor_signed_in(elses) is not None


@pytest.mark.parametrize("missing", ["PORTAL_SMS_GATEWAY_URL", "PORTAL_SMS_GATEWAY_KEY"])
def test_the_server_does_not_start_where_its_gateway_is_not_named(
    run: Run, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    started: list[object] = []
    monkeypatch.setattr("portal.commands.server.run", lambda *given: started.append(given))
    whole = {
        "PORTAL_SMS_SENDER": "gateway",
        "PORTAL_SMS_GATEWAY_URL": "http://127.0.0.1:1/",
        "PORTAL_SMS_GATEWAY_KEY": "k",
    }
    done = run("serve", **(whole | {missing: ""}))
    assert done.exit_code == 2
    assert done.output == (
        "portal: PORTAL_SMS_SENDER=gateway needs PORTAL_SMS_GATEWAY_URL and PORTAL_SMS_GATEWAY_KEY\n"
    )
    assert not started
    assert run("serve", **whole).exit_code == 0
    assert started


def test_drafts_are_forgotten_every_hour() -> None:
    assert (forget_drafts, 3600) in CHORES
