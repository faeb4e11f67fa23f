"""A recipient rates a service by her private link: one tap, one rating, nobody kept with it."""

import re
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.audit.models import AuditEntry
from portal.ratings.actions import explain_rating, rate_service
from portal.ratings.models import Rating, ServiceRecord
from portal.rules import Refused
from portal.store import clock, db
from tests import builders
from tests.counting import statements

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def service(app: Any) -> Any:
    place = builders.a_region_tree().villages[0]
    return builders.a_service(builders.a_provider(place), place)


def ratings() -> list[tuple[int, int]]:
    db.session.rollback()
    return [(row[0], row[1]) for row in db.session.execute(select(Rating.service_id, Rating.grade))]


# The deed


def test_a_tap_is_a_rating(service: Any) -> None:  # A27, B34
    rating = rate_service(service.ticket, 4)
    assert (rating.service_id, rating.provider_id, rating.region_id, rating.category, rating.grade) == (
        service.id,
        service.provider_id,
        service.region_id,
        service.category,
        4,
    )


def test_a_later_tap_changes_it(service: Any) -> None:
    first = rate_service(service.ticket, 4).rated_at
    with builders.at(clock.now() + timedelta(days=6)):
        changed = rate_service(service.ticket, 2)
    assert ratings() == [(service.id, 2)]
    assert changed.rated_at == first < changed.changed_at


def test_after_seven_days_a_rating_stands(service: Any) -> None:  # B34
    rate_service(service.ticket, 4)
    with builders.at(clock.now() + timedelta(days=7, minutes=1)), pytest.raises(Refused, match="Your rating stands"):
        rate_service(service.ticket, 1)
    assert ratings() == [(service.id, 4)]


def test_a_place_may_set_other_days(service: Any) -> None:
    place = builders.a_region_tree().villages[0]
    builders.with_numbers(place, rating_revision_days=1)
    rate_service(service.ticket, 4)
    with builders.at(clock.now() + timedelta(days=2)), pytest.raises(Refused):
        rate_service(service.ticket, 1)


def test_after_ninety_days_a_link_is_too_old(service: Any) -> None:
    with builders.at(clock.now() + timedelta(days=90, minutes=1)), pytest.raises(Refused, match="too old"):
        rate_service(service.ticket, 5)
    assert ratings() == []


def test_a_wrong_link_rates_nothing(service: Any) -> None:
    for token in ("", "nonsense", service.ticket_hash, service.ticket + "x", "🙂\x00"):
        with pytest.raises(Refused, match="no such link"):
            rate_service(token, 5)
    assert ratings() == []


@pytest.mark.parametrize("grade", [0, 6, -1, 10**20])
def test_what_is_no_grade_is_refused(service: Any, grade: int) -> None:
    with pytest.raises(Refused, match="five faces"):
        rate_service(service.ticket, grade)


def test_one_link_used_24_times_at_once_is_one_rating(service: Any, elsewhere: Callable[..., Any]) -> None:  # A27
    failed: list[BaseException] = []
    ready = threading.Barrier(24)

    def tap(number: int) -> None:
        try:
            ready.wait()
            elsewhere(rate_service, service.ticket, number % 5 + 1)
        except BaseException as error:
            failed.append(error)

    taps = [threading.Thread(target=tap, args=(number,)) for number in range(24)]
    for one in taps:
        one.start()
    for one in taps:
        one.join()
    assert failed == []
    assert len(ratings()) == 1


def test_reasons_and_words_are_kept_with_the_grade(service: Any) -> None:
    rate_service(service.ticket, 5)
    explain_rating(service.ticket, ["polite", "on_time"], "谢谢")
    rating = db.session.get_one(Rating, service.id)
    assert (rating.reasons, rating.words) == (["on_time", "polite"], "谢谢")


def test_reasons_that_no_longer_fit_the_grade_fall_away(service: Any) -> None:
    rate_service(service.ticket, 5)
    explain_rating(service.ticket, ["polite"], "谢谢")
    rating = rate_service(service.ticket, 1)
    assert (rating.reasons, rating.words) == ([], "谢谢")


def test_a_phone_number_in_the_words_is_refused(service: Any) -> None:
    rate_service(service.ticket, 1)
    with pytest.raises(Refused, match="phone numbers"):
        explain_rating(service.ticket, ["rude"], "她的电话 13800138000")


def test_there_is_no_why_without_a_grade_nor_after_its_days(service: Any) -> None:
    with pytest.raises(Refused, match="five faces"):
        explain_rating(service.ticket, [], "谢谢")
    rate_service(service.ticket, 5)
    with builders.at(clock.now() + timedelta(days=8)), pytest.raises(Refused, match="Your rating stands"):
        explain_rating(service.ticket, [], "谢谢")


def test_no_log_and_no_column_leads_from_a_rating_to_a_person(service: Any) -> None:
    entries = db.session.scalar(select(func.count()).select_from(AuditEntry))
    rate_service(service.ticket, 1)
    assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == entries
    assert not [column.name for column in Rating.__table__.columns if "person" in column.name]
    assert not [column.name for column in ServiceRecord.__table__.columns if "recipient" in column.name]


# The page


def test_opening_the_link_stores_nothing(client: Any, service: Any) -> None:  # pitfall 30
    with statements() as said:
        page = client.get(f"/rate/{service.ticket}?grade=1", headers=ENGLISH)
    assert page.status_code == 200
    assert not [statement for statement in said if not statement.startswith("SELECT")]
    assert len(said) <= 3
    assert ratings() == []


def test_the_page_shows_five_faces_in_one_form_and_nothing_identifying(client: Any, service: Any) -> None:
    page = client.get(f"/rate/{service.ticket}", headers=ENGLISH).text
    assert re.findall(r'name="grade" value="(\d)"', page) == ["5", "4", "3", "2", "1"]
    assert page.count(f'action="/rate/{service.ticket}"') == 1
    assert builders.staff_of(db.session.get_one(_provider(), service.provider_id)).login not in page
    assert "长桥" not in page


def _provider() -> Any:
    from portal.providers.models import Provider

    return Provider


def test_one_tap_counts_and_the_page_says_so(client: Any, service: Any) -> None:
    answer = client.post(f"/rate/{service.ticket}", data={"grade": "4"}, headers=ENGLISH)
    assert (answer.status_code, answer.location) == (303, f"/rate/{service.ticket}")
    page = client.get(answer.location, headers=ENGLISH).text
    assert "Thank you, it counts:" in page
    assert re.search(r'value="4" aria-pressed="true"', page)
    assert ratings() == [(service.id, 4)]


def test_htmx_gets_only_the_rating(client: Any, service: Any) -> None:
    client.post(f"/rate/{service.ticket}", data={"grade": "4"}, part="rating")
    part = client.get(f"/rate/{service.ticket}", part="rating").text
    assert part.lstrip().startswith('<div id="rating">')
    assert "<h1" not in part


def test_the_why_is_sent_and_shown_again(client: Any, service: Any) -> None:
    client.post(f"/rate/{service.ticket}", data={"grade": "2"})
    answer = client.post(f"/rate/{service.ticket}/why", data={"reasons": ["late", "rude"], "words": "等了一小时"})
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert page.count(" checked") == 2
    assert "等了一小时" in page


def test_a_phone_number_is_refused_beside_the_words_and_what_was_typed_stays(client: Any, service: Any) -> None:
    client.post(f"/rate/{service.ticket}", data={"grade": "2"})
    answer = client.post(f"/rate/{service.ticket}/why", data={"words": "请打 13800138000"}, headers=ENGLISH)
    assert answer.status_code == 422
    assert 'id="words-error"' in answer.text
    assert "请打 13800138000" in answer.text


def test_switching_the_language_keeps_what_was_typed_and_stores_nothing(client: Any, service: Any) -> None:
    client.post(f"/rate/{service.ticket}", data={"grade": "2"})
    page = client.post(f"/rate/{service.ticket}/why", data={"words": "等了很久", "_language": "en"})
    assert page.status_code == 200
    assert "等了很久" in page.text
    assert "What was not good?" in page.text
    db.session.rollback()
    assert db.session.get_one(Rating, service.id).words == ""


def test_the_address_of_the_why_leads_back_to_the_page(client: Any, service: Any) -> None:
    assert client.get(f"/rate/{service.ticket}/why").location == f"/rate/{service.ticket}"


def test_an_unknown_link_is_a_friendly_404(client: Any) -> None:
    for method in (client.get, client.post):
        answer = method("/rate/nonsense", headers=ENGLISH)
        assert answer.status_code == 404
        assert "This link leads nowhere" in answer.text
    assert client.post("/rate/nonsense/why").status_code == 404


def test_an_old_link_says_so_and_shows_no_faces(client: Any, service: Any) -> None:
    with builders.at(clock.now() + timedelta(days=91)):
        page = client.get(f"/rate/{service.ticket}", headers=ENGLISH).text
        assert "too old" in page
        assert 'name="grade"' not in page
        assert client.post(f"/rate/{service.ticket}", data={"grade": "5"}).status_code == 409


def test_a_rating_that_stands_is_shown_without_buttons(client: Any, service: Any) -> None:
    rate_service(service.ticket, 5)
    with builders.at(clock.now() + timedelta(days=8)):
        page = client.get(f"/rate/{service.ticket}", headers=ENGLISH).text
    assert "It can no longer be changed." in page
    assert 'name="grade"' not in page


def test_the_code_of_a_slip_or_a_pasted_link_leads_there(client: Any, service: Any) -> None:
    for typed in (service.ticket, f" https://portal.example.cn/rate/{service.ticket}/ "):
        answer = client.get("/rate/", query_string={"code": typed})
        assert (answer.status_code, answer.location) == (303, f"/rate/{service.ticket}")
    assert client.get("/rate/").status_code == 404


def test_a_private_link_stays_in_no_cache_and_goes_to_nobody(client: Any, service: Any) -> None:
    for answer in (
        client.get(f"/rate/{service.ticket}"),
        client.post(f"/rate/{service.ticket}", data={"grade": "5"}),
        client.get("/rate/nonsense"),
    ):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_a_post_without_its_token_rates_nothing(client: Any, service: Any) -> None:
    assert client.post(f"/rate/{service.ticket}", data={"grade": "5"}, token=False).status_code == 400
    assert ratings() == []


def test_the_page_is_small(client: Any, service: Any) -> None:
    rate_service(service.ticket, 5)
    answer = client.get(f"/rate/{service.ticket}", headers={"Accept-Encoding": "gzip"}, inspect=False)
    assert answer.headers.get("Content-Encoding") == "gzip"
    assert len(answer.data) < 15_000
