"""One door: pages and parts, errors, and headers that keep the site to itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, abort
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from portal.commands.setup import prepare_database
from portal.rules.permissions import Deed
from portal.store import db
from portal.web.door import Guarded
from tests import builders
from tests.client import InspectingClient
from tests.conftest import a_site


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
def test_a_part_is_the_block_of_its_page(client: InspectingClient) -> None:
    village = builders.a_region_tree().villages[0]
    need = builders.a_need(village)
    whole = client.get(f"/{village.code}/needs/")
    part = client.get(f"/{village.code}/needs/", part="needs")
    assert part.text.strip().startswith('<ol class="cards" id="needs"')
    assert need.title in part.text
    assert "".join(part.text.split()) in "".join(whole.text.split())


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
@pytest.mark.parametrize("header", ["HX-Boosted", "HX-History-Restore-Request"])
def test_history_and_boosted_requests_get_the_whole_page(client: InspectingClient, header: str) -> None:
    answer = client.get("/find", headers={"HX-Request": "true", "HX-Target": "found", header: "true"})
    assert answer.text.startswith("<!doctype html>")


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
def test_a_part_that_a_page_has_not_is_the_page(client: InspectingClient) -> None:
    assert client.get("/find", part="nothing").text.startswith("<!doctype html>")


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
def test_a_mistake_answers_422_with_what_was_typed(client: InspectingClient) -> None:
    village = builders.a_region_tree().villages[0]
    for part in ("", "report_form"):
        answer = client.post(f"/{village.code}/needs/report", data={"words": "灯", "key": "k" * 32}, part=part)
        assert answer.status_code == 422
        assert ">灯</textarea>" in answer.text.replace("\r\n", "").replace("\n灯", "灯")
        assert 'id="words-error"' in answer.text


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
def test_an_error_is_a_page_or_a_notice(client: InspectingClient) -> None:
    assert client.get("/nowhere").status_code == 404
    answer = client.get("/nowhere", part="main")
    assert answer.status_code == 404
    assert answer.headers["HX-Retarget"] == "#notice"
    assert "<html" not in answer.text
    assert client.delete("/find").status_code in (400, 405)


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
def test_a_lost_token_says_what_to_do(client: InspectingClient) -> None:
    assert client.post("/sign-in", data={"phone": "13800138000"}, token=False).status_code == 400


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
def test_a_refused_deed_without_a_form_answers_409(client: InspectingClient) -> None:
    village = builders.a_region_tree().villages[0]
    author = builders.a_resident(village)
    need = builders.a_need(village, author=author)
    builders.signed_in(client, author)
    assert client.post(f"/{village.code}/needs/{need.id}/support", data={"supports": "1"}).status_code == 409


@pytest.fixture
def broken(tmp_path: Path) -> Iterator[Flask]:
    """A real site, not a testing one, with routes that break."""
    app = a_site(tmp_path)
    bp = Guarded("broken", __name__)

    @bp.get("/breaks", deed=Deed.READ_PUBLIC)
    def breaks() -> None:
        raise ZeroDivisionError

    @bp.get("/unavailable", deed=Deed.READ_PUBLIC)
    def unavailable() -> None:
        raise OperationalError("SELECT", {}, Exception("gone"))

    @bp.get("/gone", deed=Deed.READ_PUBLIC)
    def gone() -> None:
        abort(410)

    app.register_blueprint(bp)
    app.testing = False
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_what_breaks_says_so_and_no_more(broken: Flask) -> None:
    client: InspectingClient = broken.test_client()  # type: ignore[assignment]
    answer = client.get("/breaks")
    assert answer.status_code == 500
    assert "ZeroDivisionError" not in answer.text
    assert client.get("/gone").status_code == 410


def test_a_database_that_is_away_answers_503(broken: Flask) -> None:
    answer = broken.test_client().get("/unavailable")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"


def test_healthz_says_whether_the_site_can_write(client: InspectingClient, app: Flask) -> None:
    assert client.get("/healthz").status_code == 200

    def refuse(connection: object, cursor: object, statement: str, *_: object) -> None:
        if "heartbeat" in statement:
            raise OSError("the disk is full")

    event.listen(db.engine, "before_cursor_execute", refuse)
    try:
        assert client.get("/healthz").status_code == 503
    finally:
        event.remove(db.engine, "before_cursor_execute", refuse)
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
def test_every_answer_keeps_the_site_to_itself(client: InspectingClient) -> None:
    for address in ("/find", "/nowhere", "/healthz"):
        headers = client.get(address).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
def test_each_answer_has_a_nonce_of_its_own(client: InspectingClient) -> None:
    first, second = (client.get("/find").headers["Content-Security-Policy"] for _ in range(2))
    assert first != second


def test_a_site_reached_by_https_says_so(tmp_path: Path) -> None:
    app = a_site(tmp_path, secure_cookies=True)
    with app.app_context():
        try:
            prepare_database()
            client = app.test_client()
            answer = client.post("/display/", data={"_language": "en"}, base_url="https://portal.example")
            assert answer.headers["Strict-Transport-Security"]
            headers = app.test_client().get("/sign-in", base_url="https://portal.example").headers
            assert "Secure" in headers["Set-Cookie"]
        finally:
            db.session.remove()
            db.engine.dispose()


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
def test_style_and_script_are_compressed_and_kept_for_a_year(client: InspectingClient) -> None:
    page = client.get("/find").text
    for mark in ('<link rel="stylesheet" href="', '<script src="'):
        address = page.split(mark)[1].split('"')[0]
        answer = client.get(address, headers={"Accept-Encoding": "gzip, br"})
        assert answer.headers["Content-Encoding"] == "br"
        assert "immutable" in answer.headers["Cache-Control"]
        assert client.get(address).status_code == 200
    assert client.get("/assets/000000000000.portal.css").status_code == 404
