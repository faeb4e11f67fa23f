"""What was about to be done is done after signing in, if that is soon. (B10)"""

from portal.accounts.models import Residency
from portal.needs.models import NeedSupport
from portal.rules.accounts import phone_number
from portal.store import db
from tests import builders as a


def sign_in(client, app):
    app.config["SETTINGS"].__dict__["demo"] = True
    try:
        client.post("/sign-in", data={"phone": "13900000001"})
        with client.session_transaction() as session:
            code = next(said for _, said in session["_flashes"] if any(map(str.isdigit, said)))
        return client.post("/sign-in/code", data={"code": "".join(filter(str.isdigit, code))})
    finally:
        app.config["SETTINGS"].__dict__["demo"] = False


def test_a_strangers_words_that_she_lives_here_are_kept_over_the_sign_in(app, client):
    region = a.a_region_tree().villages[0]
    assert "just done is kept" not in client.get("/sign-in", headers={"Accept-Language": "en"}).text
    client.post(f"/{region.code}/residency")
    assert "just done is kept" in client.get("/sign-in", headers={"Accept-Language": "en"}).text
    assert sign_in(client, app).status_code == 303
    assert db.session.scalars(db.select(Residency.region_id)).all() == [region.id]


def test_a_deed_that_nobody_can_resume_does_not_break_the_sign_in(app, client):
    client.post("/mine/read")
    client.post("/preferences", data={"name": "x"})
    assert sign_in(client, app).status_code == 303


def test_what_was_tapped_long_ago_is_not_done_for_who_signs_in_next(app, client):
    region = a.a_region_tree().villages[0]
    need = a.a_need(region)
    with a.at("2026-11-22T10:00:00+00:00"):
        client.post(f"/{region.code}/needs/{need.id}/support")
    with a.at("2026-11-22T10:20:00+00:00"):
        assert sign_in(client, app).status_code == 303
    assert db.session.scalars(db.select(NeedSupport)).all() == []


def test_digits_of_a_chinese_keyboard_are_the_same_number():
    assert phone_number("１３８ ００１３ ８０００") == "13800138000"
    assert phone_number("१३८००१३८०००") is None
