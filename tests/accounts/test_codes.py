"""A code signs in once, for 5 minutes, with 5 tries, and cannot be asked for without end."""

import json
import subprocess
import sys
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.actions import check_code, check_password, forget_attempts, send_code
from portal.accounts.models import Attempt, SignInCode
from portal.rules import Refused
from portal.settings import ROOT
from portal.store import db
from portal.store.clock import now
from portal.store.outbox import OutboxMessage
from tests import builders

PHONE = "13800138000"


def ask(phone: str = PHONE, address: str = "203.0.113.1") -> str:
    return send_code(phone, address, "zh-Hans")


def test_a_code_has_six_digits_and_goes_out_by_sms(app: Flask) -> None:
    code = ask()
    assert len(code) == 6
    assert code.isdigit()
    message = db.session.scalars(select(OutboxMessage)).one()
    assert (message.to, message.values["code"]) == (PHONE, code)
    assert message.expires_at == message.created_at + timedelta(minutes=5)


def test_neither_code_nor_number_is_kept_readable(app: Flask) -> None:
    code = ask()
    kept = db.session.scalars(select(SignInCode)).one()
    assert code not in (kept.code_hash, kept.phone_hash)
    assert PHONE not in kept.phone_hash
    assert all(PHONE not in attempt.key_hash for attempt in db.session.scalars(select(Attempt)))


def test_a_code_signs_in_once(app: Flask) -> None:
    code = ask()
    assert check_code(PHONE, code)
    assert not check_code(PHONE, code)


def test_a_code_is_for_its_number(app: Flask) -> None:
    code = ask()
    assert not check_code("13900139000", code)


def test_a_new_code_ends_the_old_one(app: Flask) -> None:
    old, new = ask(), ask()
    assert old == new or not check_code(PHONE, old)
    assert check_code(PHONE, new)


@pytest.mark.parametrize(("seconds", "right"), [(0, True), (299, True), (301, False)])
def test_a_code_lives_five_minutes(app: Flask, seconds: int, right: bool) -> None:
    code = ask()
    with builders.at(now() + timedelta(seconds=seconds)):
        assert check_code(PHONE, code) is right


def test_after_five_wrong_tries_the_right_code_is_wrong_too(app: Flask) -> None:
    code = ask()
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    assert [check_code(PHONE, wrong) for _ in range(5)] == [False] * 5
    assert not check_code(PHONE, code)


def test_a_number_gets_five_codes_an_hour(app: Flask) -> None:
    for _ in range(5):
        ask()
    with pytest.raises(Refused):
        ask()
    ask("13900139000")
    with builders.at(now() + timedelta(minutes=61)):
        ask()


def test_an_address_gets_thirty_codes_an_hour(app: Flask) -> None:
    for number in range(30):
        ask(f"138001380{number:02}")
    with pytest.raises(Refused):
        ask("13900139000")
    ask("13900139000", "203.0.113.2")


def test_the_site_sends_so_many_codes_an_hour(app: Flask) -> None:
    builders.with_numbers(builders.a_region_tree().province, codes_per_site=3)
    for number in range(3):
        ask(f"1380013800{number}", f"203.0.113.{number}")
    with pytest.raises(Refused):
        ask("13900139000", "203.0.113.9")


ANOTHER_PROCESS = """
import json, sys
from pathlib import Path
from portal import create_app
from portal.accounts.actions import send_code
from portal.rules import Refused
from portal.settings import Settings
data_dir, url, phone = json.loads(sys.argv[1])
app = create_app(Settings.read({}, data_dir=Path(data_dir), database_url=url, secret_key="a secret for tests"))
sent = 0
with app.app_context():
    for _ in range(4):
        try:
            send_code(phone, "203.0.113.1", "zh-Hans")
            sent += 1
        except Refused:
            pass
print(sent)
"""


def test_the_limit_holds_across_processes(app: Flask) -> None:
    settings = app.config["SETTINGS"]
    given = json.dumps([str(settings.data_dir), settings.database_url, PHONE])
    db.session.remove()
    workers = [
        subprocess.Popen([sys.executable, "-c", ANOTHER_PROCESS, given], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    sent = [int(worker.communicate(timeout=60)[0]) for worker in workers]
    assert sum(sent) == 5, sent


def test_a_login_may_be_tried_ten_times_an_hour(app: Flask) -> None:
    person = builders.a_committee(builders.a_region_tree().villages[0])
    assert check_password(person.login, builders.PASSWORD, "203.0.113.1") == person
    for _ in range(9):
        assert check_password(person.login, "wrong", "203.0.113.1") is None
    with pytest.raises(Refused):
        check_password(person.login, builders.PASSWORD, "203.0.113.1")


def test_an_unknown_login_is_refused_like_a_wrong_password(app: Flask) -> None:
    assert check_password("nobody", "x", "203.0.113.1") is None


def test_nobody_waits_for_the_hash_of_another(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    acting: list[bool] = []

    def slow(*_: object) -> bool:
        acting.append(bool(db.session().info.get("acting")))
        return False

    monkeypatch.setattr("portal.accounts.actions.password_fits", slow)
    assert check_password("nobody", "x", "203.0.113.1") is None
    assert acting == [False], "the try is noted, and the turn to write given up, before the password is looked at"
    assert len(db.session.scalars(select(Attempt)).all()) == 2


def test_attempts_and_codes_are_forgotten(app: Flask) -> None:
    ask()
    with builders.at(now() + timedelta(days=2)):
        forget_attempts()
    assert not db.session.scalars(select(Attempt)).all()
    assert not db.session.scalars(select(SignInCode)).all()
