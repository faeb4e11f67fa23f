"""Signing in by number and code or by password, and out again."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.actions import end_all_sessions
from portal.accounts.models import Person, SignIn
from portal.accounts.queries import actor_signed_in
from portal.needs.models import Need, NeedSupport
from portal.rules.needs import NeedState
from portal.store import db
from portal.store.clock import now
from portal.store.outbox import OutboxMessage
from tests import builders
from tests.client import InspectingClient

PHONE = "13800138000"


def code_sent() -> str:
    message = db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
    assert message is not None
    return str(message.values["code"])


def sign_in(client: InspectingClient, then: str = "/find") -> str:
    """Sign in by phone as a resident does; gives where she is led."""
    answer = client.post("/sign-in", query_string={"next": then}, data={"phone": "138 0013 8000"})
    assert answer.status_code == 303, answer.text
    answer = client.get(answer.headers["Location"])
    assert "138 **** 8000" in answer.text
    answer = client.post("/sign-in/code", query_string={"next": then}, data={"code": code_sent()})
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def test_a_resident_signs_in_by_number_and_code(client: InspectingClient) -> None:
    assert sign_in(client) == "/find"
    assert client.get("/preferences").status_code == 200
    assert db.session.scalars(select(Person)).one().phone == PHONE


def test_signing_in_twice_is_one_account(app: Flask, client: InspectingClient) -> None:
    sign_in(client)
    sign_in(app.test_client())
    assert len(db.session.scalars(select(Person)).all()) == 1


def test_a_bad_number_is_said_beside_it_and_stays(client: InspectingClient) -> None:
    answer = client.post("/sign-in", data={"phone": "1380013800"})
    assert answer.status_code == 422
    assert 'value="1380013800"' in answer.text
    assert 'id="phone-error"' in answer.text


def test_a_wrong_code_is_said_beside_it(client: InspectingClient) -> None:
    client.post("/sign-in", data={"phone": PHONE})
    wrong = f"{(int(code_sent()) + 1) % 1_000_000:06}"
    answer = client.post("/sign-in/code", data={"code": wrong})
    assert answer.status_code == 422
    assert 'id="code-error"' in answer.text
    assert client.post("/sign-in/code", data={"code": "12"}).status_code == 422


def test_too_many_codes_are_refused_beside_the_number(client: InspectingClient) -> None:
    for _ in range(5):
        client.post("/sign-in", data={"phone": PHONE})
    answer = client.post("/sign-in", data={"phone": PHONE})
    assert answer.status_code == 422
    assert 'id="phone-error"' in answer.text


def test_a_code_page_without_a_number_leads_back(client: InspectingClient) -> None:
    assert client.get("/sign-in/code").status_code == 303


@pytest.mark.parametrize(
    "target",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/\\elsewhere.example",
        "javascript:alert(1)",
        "elsewhere",
        "",
    ],
)
def test_nobody_is_led_to_another_site(client: InspectingClient, target: str) -> None:
    assert sign_in(client, target) == "/"


@pytest.mark.parametrize("target", ["/\t/elsewhere.example", "/\n/elsewhere.example", "/\r/elsewhere.example"])
def test_nobody_is_led_away_by_what_browsers_leave_out(client: InspectingClient, target: str) -> None:
    there = sign_in(client, target)
    assert not there.replace("\t", "").replace("\n", "").replace("\r", "").startswith("//")


def test_staff_sign_in_by_password(client: InspectingClient) -> None:
    person = builders.a_committee(builders.a_region_tree().villages[0])
    answer = client.post("/sign-in/staff", data={"login": person.login, "password": "wrong"})
    assert answer.status_code == 422
    assert "wrong" not in answer.text.replace('class="', "")
    answer = client.post("/sign-in/staff?next=/find", data={"login": person.login, "password": builders.PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/find")
    assert client.get("/preferences").status_code == 200


def test_acting_first_and_signing_in_after_keeps_the_words_and_sends_the_need(client: InspectingClient) -> None:  # A25
    village = builders.a_region_tree().villages[0]
    answer = client.post(f"/{village.code}/needs/report", data={"words": "电梯坏了三天", "key": "k" * 32})
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sign-in?next=")
    need = db.session.scalars(select(Need)).one()
    assert (need.state, need.author_id, need.story) == (NeedState.DRAFT, None, "电梯坏了三天")
    there = f"/{village.code}/needs/{need.id}/"
    assert client.get(there).status_code == 404, "a draft is nobody's to read"
    assert sign_in(client, there) == there
    assert "电梯坏了三天" in client.get(there).text
    need = db.session.scalars(select(Need)).one()
    assert need.state == NeedState.SUBMITTED
    assert need.author_id is not None
    assert need.due_at is not None


def test_another_ones_draft_is_not_claimed(app: Flask, client: InspectingClient) -> None:
    village = builders.a_region_tree().villages[0]
    client.post(f"/{village.code}/needs/report", data={"words": "电梯坏了三天", "key": "k" * 32})
    sign_in(app.test_client())
    assert db.session.scalars(select(Need)).one().author_id is None


def test_support_waits_for_its_sign_in(client: InspectingClient) -> None:
    village = builders.a_region_tree().villages[0]
    need = builders.a_need(village)
    answer = client.post(f"/{village.code}/needs/{need.id}/support", data={"supports": "1"})
    assert answer.headers["Location"].startswith("/sign-in?next=")
    sign_in(client)
    assert db.session.scalars(select(NeedSupport)).one().need_id == need.id


def test_a_session_can_be_ended_by_the_server(client: InspectingClient) -> None:
    sign_in(client)
    end_all_sessions(builders.actor(db.session.scalars(select(Person)).one()))
    assert client.get("/preferences").status_code == 303


def test_signing_out_ends_this_device_or_all(app: Flask, client: InspectingClient) -> None:
    other, third = app.test_client(), app.test_client()
    for one in (client, other, third):
        sign_in(one)
    client.post("/sign-out")
    assert client.get("/preferences").status_code == 303
    assert other.get("/preferences").status_code == 200
    other.post("/sign-out", data={"everywhere": "1"})
    assert third.get("/preferences").status_code == 303


def test_the_cookie_of_a_device_signed_out_is_worth_nothing(app: Flask, client: InspectingClient) -> None:
    sign_in(client)
    cookie = client.get_cookie("portal")
    assert cookie is not None
    client.post("/sign-out")
    thief = app.test_client()
    thief.set_cookie("portal", cookie.value)
    assert thief.get("/preferences").status_code == 303


def test_a_session_ends_after_90_days_and_its_token_is_not_kept(app: Flask) -> None:
    from portal.accounts.actions import begin_session

    token = begin_session(builders.a_resident(builders.a_region_tree().villages[0]), "")
    assert actor_signed_in(token) is not None
    assert db.session.scalars(select(SignIn)).one().token_hash != token
    with builders.at(now() + timedelta(days=91)):
        assert actor_signed_in(token) is None


def test_the_session_is_new_after_signing_in(client: InspectingClient) -> None:
    with client.session_transaction() as session:
        session["planted"] = "by someone else"
    sign_in(client)
    with client.session_transaction() as session:
        assert "planted" not in session


def test_cookies_are_kept_from_scripts_and_other_sites(client: InspectingClient) -> None:
    answer = client.post("/sign-in", data={"phone": PHONE})
    said = answer.headers["Set-Cookie"]
    assert "HttpOnly" in said
    assert "SameSite=Lax" in said


def test_demo_links_do_not_exist_on_a_real_site(client: InspectingClient) -> None:
    assert client.get("/enter/anything").status_code == 404
    client.post("/sign-in", data={"phone": PHONE})
    assert code_sent() not in client.get("/sign-in/code").text
