"""A recipient rates a service by her private link: one tap, one rating, nobody kept with it."""

import gzip
import re
import threading
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import func, select

from portal.audit.models import AuditEntry
from portal.ratings.answering import explain_rating, rate_service
from portal.ratings.models import Rating, ServiceRecord, Ticket
from portal.ratings.queries import device_tag, form_key, rating_key
from portal.rules import Refused
from portal.store import clock, db
from portal.store.files import photo_path
from portal.store.outbox import OutboxMessage
from tests import builders
from tests.counting import statements

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def service(app: Any) -> Any:
    place = builders.a_region_tree().villages[0]
    return builders.a_service(builders.a_provider(place), place)


def kept() -> list[Rating]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(select(Rating)))


def grades() -> list[int]:
    return [rating.grade for rating in kept()]


# The deed


def test_a_tap_is_a_rating_that_says_nothing_of_its_service_but_what_and_where(service: Any) -> None:  # A27, B34
    rating = rate_service(service.ticket, 4)
    assert (rating.key, rating.provider_id, rating.region_id, rating.category, rating.outcome, rating.grade) == (
        rating_key(service.ticket),
        service.provider_id,
        service.region_id,
        service.category,
        "delivered",
        4,
    )
    assert (rating.rated_on, rating.settled, rating.batch_id) == (clock.today(), False, None)


def test_a_later_tap_takes_its_place_and_leaves_no_trace(service: Any) -> None:  # trust 4.10
    rate_service(service.ticket, 4)
    first = columns(kept()[0])
    with builders.at(clock.now() + timedelta(days=6)):
        rate_service(service.ticket, 2)
    assert columns(kept()[0]) == first | {"grade": 2}


def columns(row: Any) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in row.__table__.columns}


def test_after_seven_days_a_rating_stands(service: Any) -> None:  # B34
    rate_service(service.ticket, 4)
    with builders.at(clock.now() + timedelta(days=8)), pytest.raises(Refused, match="Your rating stands"):
        rate_service(service.ticket, 1)
    assert grades() == [4]


def test_a_place_may_set_other_days(service: Any) -> None:
    place = builders.a_region_tree().villages[0]
    builders.with_numbers(place, rating_revision_days=1)
    rate_service(service.ticket, 4)
    with builders.at(clock.now() + timedelta(days=2)), pytest.raises(Refused):
        rate_service(service.ticket, 1)


def test_after_ninety_days_a_link_is_too_old(service: Any) -> None:
    with builders.at(clock.now() + timedelta(days=91)), pytest.raises(Refused, match="too old"):
        rate_service(service.ticket, 5)
    assert grades() == []


def test_a_wrong_link_rates_nothing(service: Any) -> None:
    for token in ("", "nonsense", rating_key(service.ticket), service.ticket + "x", "🙂\x00"):
        with pytest.raises(Refused, match="no such link"):
            rate_service(token, 5)
    assert grades() == []


@pytest.mark.parametrize("grade", [0, 6, -1, 10**20])
def test_what_is_no_grade_is_refused(service: Any, grade: int) -> None:
    with pytest.raises(Refused, match="five faces"):
        rate_service(service.ticket, grade)


def test_one_link_used_50_times_at_once_is_one_rating(service: Any, elsewhere: Callable[..., Any]) -> None:  # A27
    failed: list[BaseException] = []
    ready = threading.Barrier(50)

    def tap(number: int) -> None:
        try:
            ready.wait()
            elsewhere(rate_service, service.ticket, number % 5 + 1)
        except BaseException as error:
            failed.append(error)

    taps = [threading.Thread(target=tap, args=(number,)) for number in range(50)]
    for one in taps:
        one.start()
    for one in taps:
        one.join()
    assert failed == []
    assert len(kept()) == 1


def test_reasons_and_words_are_kept_with_the_grade_for_as_long_as_it_can_be_changed(service: Any) -> None:
    rate_service(service.ticket, 5)
    explain_rating(service.ticket, ["polite", "on_time"], "谢谢")
    (rating,) = kept()
    assert (rating.reasons, rating.words) == (["on_time", "polite"], "谢谢")
    assert rating.writer


def test_where_nothing_was_written_nobody_is_its_writer(service: Any) -> None:
    rate_service(service.ticket, 5)
    explain_rating(service.ticket, ["polite"], "谢谢")
    explain_rating(service.ticket, ["polite"], "")
    assert kept()[0].writer == ""


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
    assert not hashes(kept()[0]) & hashes(db.session.scalars(select(Ticket)).one()), "they could be joined by these"


def hashes(row: Any) -> set[str]:
    return {value for value in columns(row).values() if isinstance(value, str) and len(value) >= 16}


def test_who_has_rated_is_not_reminded(service: Any) -> None:  # ratings (one reminder)
    assert db.session.scalar(select(func.count()).where(OutboxMessage.template == "rate_reminder")) == 1
    rate_service(service.ticket, 1)
    assert db.session.scalar(select(func.count()).select_from(OutboxMessage)) == 0, "the number is forgotten with it"


def test_a_device_is_told_from_others_for_a_month_and_no_longer(app: Any) -> None:
    with builders.at("2026-11-22"):
        one, other = device_tag("one"), device_tag("other")
        assert len(one) == 16
        assert one != other
    with builders.at("2026-12-01"):
        assert device_tag("one") != one
    assert device_tag("") == ""


# The page


def opened(client: Any, service: Any, at: str = "") -> str:
    page = client.get(f"/rate/{service.ticket}{at}", headers=ENGLISH)
    assert page.status_code == 200
    return str(page.text)


def tapped(client: Any, service: Any, grade: int, at: str = "") -> Any:
    """The answer to a tap on the page of a phone that has no cookie of ours."""
    data = {"grade": str(grade), "csrf_token": form_key(service.ticket)}
    return client.post(f"/rate/{service.ticket}{at}", data=data, token=False, headers=ENGLISH)


def test_opening_the_link_stores_nothing_not_even_a_cookie(client: Any, service: Any) -> None:  # pitfall 30
    with statements() as said:
        page = client.get(f"/rate/{service.ticket}?grade=1", headers=ENGLISH)
    assert page.status_code == 200
    assert not [statement for statement in said if not statement.startswith("SELECT")]
    assert len(said) <= 4
    assert "Set-Cookie" not in page.headers
    assert grades() == []


def test_the_page_shows_five_faces_in_one_form_and_nothing_identifying(client: Any, service: Any) -> None:
    page = opened(client, service)
    assert re.findall(r'name="grade" value="(\d)"', page) == ["5", "4", "3", "2", "1"]
    assert page.count('name="grade"') == 5
    assert "长桥" not in page


@pytest.mark.parametrize(
    ("outcome", "question"),
    [
        ("delivered", "How was it?"),
        ("refused", "You were turned away."),
        ("not_served", "You were not served."),
        ("no_show", "They did not come."),
        ("ended_early", "It ended early."),
    ],
)
def test_the_question_is_about_what_happened(client: Any, app: Any, outcome: str, question: str) -> None:  # ratings
    place = builders.a_region_tree().villages[0]
    service = builders.a_service(builders.a_provider(place), place, outcome=outcome)
    assert question in re.findall(r"<h1>(.*?)</h1>", opened(client, service))[0]


def test_one_tap_without_any_cookie_counts_and_the_page_says_so(client: Any, service: Any) -> None:
    answer = tapped(client, service, 4)
    assert (answer.status_code, answer.location) == (303, f"/rate/{service.ticket}")
    page = opened(client, service)
    assert "Thank you, it counts: Satisfied." in page
    assert re.search(r'value="4" aria-pressed="true"', page)
    assert grades() == [4]


def test_a_tap_leaves_a_cookie_by_which_only_its_device_is_told_from_others(client: Any, service: Any) -> None:
    said = tapped(client, service, 4).headers["Set-Cookie"]
    assert re.fullmatch(r"tapped=[\w-]{16}; .*HttpOnly; Path=/rate/; SameSite=Lax", said)
    device = kept()[0].device
    assert device == device_tag(re.findall("tapped=([^;]+)", said)[0])
    assert "Max-Age=10368000" in said, "a case can be followed for 120 days"
    assert tapped(client, service, 5).headers["Set-Cookie"].partition(";")[0] == said.partition(";")[0]
    assert kept()[0].device == device


def test_whoever_else_holds_the_link_reads_neither_grade_nor_words(client: Any, service: Any) -> None:  # trust 1, 4.10
    tapped(client, service, 2)
    explained(client, service, reasons=["asked_money"], words="他要红包")
    hers = client.get_cookie("tapped", path="/rate/").value
    client.delete_cookie("tapped", path="/rate/")
    for cookie in ("", "another"):
        if cookie:
            client.set_cookie("tapped", cookie, path="/rate/")
        page = opened(client, service)
        assert "Your rating counts." in page
        assert "only on the phone with which you sent it" in page
        assert 'aria-pressed="true"' not in page
        assert "why_form" not in page
        assert "红包" not in page
        assert len(re.findall(r'name="grade" value="\d"', page)) == 5
        assert explained(client, service, words="很好").status_code == 303
    assert kept()[0].words == "他要红包"
    tapped(client, service, 2)
    page = opened(client, service)
    assert "红包" not in page
    assert 'value="asked_money" checked' not in page
    assert explained(client, service, words="").status_code == 303
    assert kept()[0].words == "他要红包", "sending nothing takes nobody else's words away"
    client.set_cookie("tapped", hers, path="/rate/")
    assert "Not satisfied." not in opened(client, service)
    tapped(client, service, 1)
    assert "红包" in opened(client, service)


def test_her_phone_shows_it_in_the_next_month_too(client: Any, service: Any) -> None:
    with builders.at("2026-11-28"):
        other = builders.a_service(builders.a_provider(builders.a_region_tree().villages[0]), service_place())
        tapped(client, other, 4)
    with builders.at("2026-12-02"):
        assert "Thank you, it counts: Satisfied." in opened(client, other)


def service_place() -> Any:
    return builders.a_region_tree().villages[0]


def test_a_post_that_none_of_our_pages_sent_rates_nothing(client: Any, service: Any) -> None:
    for said in ({}, {"csrf_token": ""}, {"csrf_token": form_key("another")}, {"csrf_token": "养老"}):
        for where in ("", "/why"):
            data = {"grade": "5", **said}
            assert client.post(f"/rate/{service.ticket}{where}", data=data, token=False).status_code == 400
    assert grades() == []


def test_what_was_tapped_without_a_network_is_taken_later_and_once(client: Any, service: Any) -> None:
    data = {"grade": "2", "csrf_token": form_key(service.ticket)}
    for _ in range(3):
        answer = client.post(f"/rate/{service.ticket}", data=data, token=False, inspect=False, headers={"X-Tap": "1"})
        assert (answer.status_code, answer.data) == (204, b"")
    assert grades() == [2]


def test_switching_the_language_rates_nothing_and_stays_there(client: Any, service: Any) -> None:
    data = {"_language": "en", "csrf_token": form_key(service.ticket)}
    answer = client.post(f"/rate/{service.ticket}", data=data, token=False)
    assert (answer.status_code, answer.location) == (303, f"/rate/{service.ticket}")
    assert "How was it?" in client.get(answer.location).text
    assert grades() == []


def test_the_why_is_sent_and_shown_again(client: Any, service: Any) -> None:
    tapped(client, service, 2)
    answer = client.post(f"/rate/{service.ticket}/why", data={"reasons": ["late", "rude"], "words": "等了一小时"})
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert re.findall(r'value="(\w+)" checked', page) == ["late", "rude"]
    assert "等了一小时" in page


def test_what_comes_next_stands_before_the_faces_and_nothing_is_offered_that_is_not_there(
    client: Any, service: Any
) -> None:
    address = f"/rate/{service.ticket}"
    tapped = client.post(address, data={"grade": "1", "csrf_token": form_key(service.ticket)})
    assert tapped.status_code == 303
    page = client.get(address, headers=ENGLISH).text
    assert page.index("Have it put right") < page.index("Tap another face")
    assert "What became of my words" not in page, "she wrote none"
    client.post(f"{address}/why", data={"words": "Nobody rang.", "csrf_token": form_key(service.ticket)})
    page = client.get(address, headers=ENGLISH).text
    assert page.index("Your reasons are noted") < page.index("What was not good?")
    assert "What became of my words" in page


def test_a_phone_number_is_refused_beside_the_words_and_what_was_typed_stays(client: Any, service: Any) -> None:
    tapped(client, service, 2)
    answer = client.post(f"/rate/{service.ticket}/why", data={"words": "请打 13800138000"}, headers=ENGLISH)
    assert answer.status_code == 422
    assert 'id="words-error"' in answer.text
    assert "请打 13800138000" in answer.text


def test_switching_the_language_keeps_what_was_typed_and_stores_nothing(client: Any, service: Any) -> None:
    tapped(client, service, 2)
    page = client.post(f"/rate/{service.ticket}/why", data={"words": "等了很久", "_language": "en"})
    assert page.status_code == 200
    assert "等了很久" in page.text
    assert "What was not good?" in page.text
    assert kept()[0].words == ""


def test_the_address_of_the_why_leads_back_to_the_page(client: Any, service: Any) -> None:
    assert client.get(f"/rate/{service.ticket}/why").location == f"/rate/{service.ticket}"


def a_photo(comment: bytes = b"13800138000") -> BytesIO:
    file = BytesIO()
    Image.new("RGB", (40, 30), "red").save(file, "JPEG", comment=comment)
    file.seek(0)
    return file


def explained(client: Any, service: Any, **data: Any) -> Any:
    data = {"csrf_token": form_key(service.ticket), **data}
    return client.post(
        f"/rate/{service.ticket}/why", data=data, token=False, headers=ENGLISH, content_type="multipart/form-data"
    )


def test_a_photo_is_kept_as_pixels_only_and_shown_to_nobody(client: Any, service: Any) -> None:  # trust 4.9
    tapped(client, service, 2)
    assert explained(client, service, photos=(a_photo(), "IMG_1.jpg")).status_code == 303
    name = kept()[0].photo
    assert name
    assert b"13800138000" not in photo_path(name, 1600).read_bytes()
    page = opened(client, service)
    assert name not in page
    assert "A photo is kept" in page


def test_a_new_photo_takes_the_place_of_the_old_one_and_it_can_be_removed(client: Any, service: Any) -> None:
    tapped(client, service, 2)
    explained(client, service, photos=(a_photo(), "1.jpg"))
    first = kept()[0].photo
    explained(client, service, words="等了很久")
    assert kept()[0].photo == first, "words alone change no photo"
    explained(client, service, photos=(a_photo(), "2.jpg"))
    second = kept()[0].photo
    assert second not in (None, first)
    assert not photo_path(first, 320).exists()
    explained(client, service, no_photo="y")
    assert kept()[0].photo is None
    assert not photo_path(second, 320).exists()


def test_what_is_no_photo_is_refused_beside_its_field(client: Any, service: Any) -> None:
    tapped(client, service, 2)
    answer = explained(client, service, photos=(BytesIO(b"no photo"), "1.jpg"), words="等了很久")
    assert answer.status_code == 422
    assert 'id="photos-error"' in answer.text
    assert "等了很久" in answer.text


def test_an_unknown_link_is_a_friendly_404(client: Any) -> None:
    for method in (client.get, client.post):
        answer = method("/rate/nonsense", headers=ENGLISH)
        assert answer.status_code == 404
        assert "This link leads nowhere" in answer.text
    assert client.post("/rate/nonsense/why").status_code == 404


def test_an_old_link_says_so_and_shows_no_faces(client: Any, service: Any) -> None:
    with builders.at(clock.now() + timedelta(days=91)):
        page = opened(client, service)
        assert "too old" in page
        assert 'name="grade"' not in page
        assert tapped(client, service, 5).status_code == 409


def test_a_rating_that_stands_is_neither_shown_nor_changed(client: Any, service: Any) -> None:  # trust 4.10
    rate_service(service.ticket, 5)
    with builders.at(clock.now() + timedelta(days=8)):
        page = opened(client, service)
        assert "Your rating stands." in page
        assert "Very satisfied" not in page
        assert 'name="grade"' not in page
        assert tapped(client, service, 1).status_code == 409
        assert explained(client, service, words="等了很久").status_code == 303
    assert (grades(), kept()[0].words) == ([5], "")


def test_the_code_of_a_slip_or_a_pasted_link_leads_there(client: Any, service: Any) -> None:
    for typed in (service.ticket, f" https://portal.example.cn/rate/{service.ticket}/ "):
        answer = client.get("/rate/", query_string={"code": typed})
        assert (answer.status_code, answer.location) == (303, f"/rate/{service.ticket}")
    assert "Type the code" in client.get("/rate/", headers=ENGLISH).text


def test_a_private_link_stays_in_no_cache_and_goes_to_nobody(client: Any, service: Any) -> None:
    for answer in (
        client.get(f"/rate/{service.ticket}"),
        tapped(client, service, 5),
        tapped(client, service, 5, "?at=counter"),
        client.get("/rate/thanks"),
        client.get("/rate/nonsense"),
    ):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"


# The screen of those who asked


def test_a_counter_thanks_and_shows_the_value_nowhere(client: Any, service: Any) -> None:  # trust 4.10
    page = opened(client, service, "?at=counter")
    assert 'action="/rate/' + service.ticket + '?at=counter"' in page
    answer = tapped(client, service, 2, "?at=counter")
    assert (answer.status_code, answer.location) == (303, "/rate/thanks")
    rating = kept()[0]
    assert (rating.grade, rating.by_staff) == (2, True)
    thanks = client.get(answer.location, headers=ENGLISH)
    assert thanks.headers["Refresh"] == "8; url=/rate/?at=counter"
    for page in (thanks.text, opened(client, service, "?at=counter")):
        assert 'href="/rate/?at=counter"' in page
        assert 'name="grade"' not in page
        assert "satisfied" not in page.lower()


def test_the_link_without_its_counter_shows_nothing_of_what_was_tapped_there(client: Any, service: Any) -> None:
    pages = []
    for grade in (1, 5):
        tapped(client, service, grade, "?at=counter")
        pages.append(re.sub(r'nonce="[^"]+"', "", opened(client, service)))
    assert pages[0] == pages[1]
    assert 'aria-pressed="true"' not in pages[0]
    assert "why_form" not in pages[0]


def test_at_home_she_changes_it_and_nobody_knows(client: Any, service: Any) -> None:  # issue 5.2
    tapped(client, service, 5, "?at=counter")
    counter = columns(kept()[0])
    tapped(client, service, 1)
    assert columns(kept()[0]) == counter | {"grade": 1, "by_staff": False}
    assert "Not satisfied at all" in opened(client, service)


def test_the_screen_is_ready_for_the_next_one(client: Any, service: Any) -> None:
    assert 'name="at" value="counter"' in client.get("/rate/?at=counter").text
    assert client.get(f"/rate/?at=counter&code={service.ticket}").location == f"/rate/{service.ticket}?at=counter"


# Its weight


def test_the_page_with_all_that_it_needs_is_under_15_kilobytes(client: Any, service: Any) -> None:  # issue 5.3
    rate_service(service.ticket, 5)
    for language in ("zh-CN", "zh-TW", "en"):
        answer = client.get(
            f"/rate/{service.ticket}", headers={"Accept-Encoding": "gzip", "Accept-Language": language}, inspect=False
        )
        assert answer.headers.get("Content-Encoding") == "gzip"
        sizes = {"page": len(answer.data)}
        for address in re.findall(r'(?:href|src)="(/assets/[^"]+)"', gzip.decompress(answer.data).decode()):
            sizes[address] = len(client.get(address, headers={"Accept-Encoding": "gzip"}, inspect=False).data)
        assert len(sizes) == 3
        assert sum(sizes.values()) < 15_360, sizes
