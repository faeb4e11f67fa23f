"""A bad rating becomes a case: by her own choice, or as part of a published batch."""

import re
from datetime import date
from threading import Thread

import pytest
from flask import Flask

from portal.audit.models import AuditEntry
from portal.cases.models import BadRatingCase
from portal.cases.opening import open_case, open_cases
from portal.notifications.models import Notice
from portal.ratings.models import Rating, SpentTicket, Ticket
from portal.ratings.queries import invitation_of
from portal.regions.models import Region
from portal.rules import Refused
from portal.rules.cases import CaseState
from portal.rules.releasing import common_path
from portal.store import action, clock, db
from tests import builders
from tests.cases.making import HER_WORDS, PHONE, a_bad_rating, a_batch_case, a_draft, a_named_case, upheld
from tests.client import InspectingClient
from tests.providers.making import published

ENGLISH = {"Accept-Language": "en"}
TYPED = {"way": "phone", "contact": PHONE, "words": HER_WORDS, "agrees": "y"}


def all_cases() -> list[BadRatingCase]:
    db.session.rollback()
    return list(db.session.scalars(db.select(BadRatingCase)))


def test_who_rated_badly_can_have_it_put_right(client: InspectingClient, village: Region) -> None:  # 1.6, 2.4
    token = a_bad_rating(village)
    assert "put it right?" in client.get(f"/rate/{token}/repair", headers=ENGLISH).text
    assert client.post(f"/rate/{token}/repair", data={"way": "phone", "contact": "12"}).status_code == 422
    for _ in range(2):
        client.post(f"/rate/{token}/repair", data=TYPED)
    (case,) = all_cases()
    assert (case.state, case.contact, case.words) == (CaseState.RECEIVED, PHONE, HER_WORDS)
    assert not case.to_provider
    page = client.get(f"/rate/{token}/repair", headers=ENGLISH)
    assert "received" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"


def test_only_who_opened_a_case_is_led_to_it_from_her_rating(client: InspectingClient, village: Region) -> None:
    rating = f"/rate/{builders.a_service(builders.a_provider(village), village).ticket}"

    def offered() -> list[bool]:
        page = client.get(rating, headers=ENGLISH).text
        return [words in page for words in ("Have it put right", "What became of my case")]

    client.post(rating, data={"grade": 5})
    assert offered() == [False, False]
    client.post(rating, data={"grade": 1})
    assert offered() == [True, False]
    assert client.post(f"{rating}/repair", data=TYPED).status_code == 303
    assert offered() == [False, True]


def test_what_is_typed_stays_beside_its_error(client: InspectingClient, village: Region) -> None:
    answer = client.post(
        f"/rate/{a_bad_rating(village)}/repair", data={"way": "phone", "contact": "一二三", "words": HER_WORDS}
    )
    assert answer.status_code == 422
    assert "一二三" in answer.text
    assert HER_WORDS in answer.text
    assert not all_cases()


@pytest.mark.parametrize("grade", [3, 4, 5])
def test_only_a_bad_grade_becomes_a_case(app: Flask, village: Region, grade: int) -> None:  # ratings: 1 and 2 are bad
    token = a_bad_rating(village, grade=grade)
    with pytest.raises(Refused):
        open_case(token, a_draft(), "en")
    assert not all_cases()


def test_without_a_rating_or_without_consent_there_is_no_case(app: Flask, village: Region) -> None:  # 2.6 (PIPL)
    unrated = builders.a_service(builders.a_provider(village), village).ticket
    for token, draft in ((unrated, a_draft()), (a_bad_rating(village), a_draft(agrees=False)), ("0" * 24, a_draft())):
        with pytest.raises(Refused):
            open_case(token, draft, "en")
    assert not all_cases()


def test_an_unknown_link_is_not_found(client: InspectingClient, village: Region) -> None:
    assert client.get("/rate/0000/repair").status_code == 404
    assert client.post("/rate/0000/repair/say", data={"move": "confirm"}).status_code == 404


def test_the_case_cannot_be_joined_with_the_rating(app: Flask, village: Region) -> None:  # trust 4.7
    case = a_named_case(village)
    found = invitation_of(case.token)  # type: ignore[attr-defined]
    assert found
    assert found.rating
    keys = {one.key for one in db.session.scalars(db.select(Rating))}
    keys |= set(db.session.scalars(db.select(Ticket.hash))) | set(db.session.scalars(db.select(SpentTicket.hash)))
    assert case.token_hash not in keys
    kept = " ".join(str(getattr(case, column.name)) for column in BadRatingCase.__table__.columns)
    assert not any(key in kept for key in keys)
    assert case.token not in kept  # type: ignore[attr-defined]


def test_nothing_personal_is_in_the_log_or_in_notices(app: Flask, village: Region) -> None:  # 2.6
    committee = builders.a_committee(village)
    case = a_named_case(village)
    entries = db.session.scalars(db.select(AuditEntry).where(AuditEntry.subject == f"bad_rating_case:{case.id}")).all()
    assert [(entry.actor_id, entry.detail) for entry in entries] == [(None, {})]
    notices = db.session.scalars(db.select(Notice).where(Notice.person_id == committee.id)).all()
    assert [notice.template for notice in notices] == ["bad_case_opened"]
    assert not re.search(f"{PHONE}|{HER_WORDS}", str([notice.values for notice in notices]))


def test_only_the_phone_that_sent_it_shows_a_case_and_ends_it(client: InspectingClient, village: Region) -> None:  # 2.6
    token = str(builders.a_service(builders.a_provider(village), village).ticket)
    client.post(f"/rate/{token}", data={"grade": "1"})
    client.post(f"/rate/{token}/repair", data=TYPED)
    where = f"/rate/{token}/repair"
    hers = client.get_cookie("tapped", path="/rate/")
    assert hers
    assert "Your case No." in client.get(where, headers=ENGLISH).text
    client.delete_cookie("tapped", path="/rate/")
    for cookie in ("", "another"):
        if cookie:
            client.set_cookie("tapped", cookie, path="/rate/")
        page = client.get(where, headers=ENGLISH).text
        assert "only on the phone with which you sent it" in page
        assert "Your case No." not in page
        assert client.post(f"{where}/say", data={"move": "withdraw"}).status_code == 404
    client.post(f"/rate/{token}", data={"grade": "1"})
    again = client.post(where, data=TYPED | {"contact": "13612349999"}, headers=ENGLISH)
    assert again.status_code == 422
    assert "only on the phone" in again.text
    (case,) = all_cases()
    assert (case.state, case.contact) == (CaseState.RECEIVED, PHONE)
    client.set_cookie("tapped", hers.value, path="/rate/")
    assert client.post(f"{where}/say", data={"move": "withdraw"}).status_code == 303
    assert all_cases()[0].state == CaseState.CLOSED


def test_one_form_sent_many_times_at_once_is_one_case(app: Flask, village: Region) -> None:
    token = a_bad_rating(village)

    def tap() -> None:
        with app.app_context():
            open_case(token, a_draft(), "en")
            db.session.remove()

    threads = [Thread(target=tap) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(all_cases()) == 1


def test_five_published_bad_ratings_are_one_case(app: Flask, village: Region) -> None:  # F9, trust 4.2
    provider = builders.a_provider(village)
    published(provider, (1, 1, 0, 4, 5), region=village, on=date(2026, 2, 23))
    with builders.at("2026-03-01"):
        assert open_cases() == 0
    batch = published(provider, (1, 2, 0, 4, 5), region=village, on=date(2026, 3, 2))
    published(provider, (0, 0, 3, 4, 5), region=village, on=date(2026, 3, 9))
    assert open_cases() == 1
    assert open_cases() == 0
    (case,) = all_cases()
    assert case.batch_id == batch.id
    assert case.opened_on == date(2026, 3, 2)  # the day of the release, whenever the job runs
    assert case.due_on == date(2026, 3, 5)
    assert (case.state, case.contact, case.token_hash) == (CaseState.VERIFYING, "", None)


def test_that_there_is_no_case_does_not_tell_that_nobody_was_dissatisfied(app: Flask, village: Region) -> None:  # F9
    happy, other = builders.a_provider(village), builders.a_provider(village, "乙社")
    published(happy, (0, 0, 0, 0, 12), region=village)
    published(other, (1, 3, 0, 0, 8), region=village)
    assert open_cases() == 0


def test_a_case_covers_every_place_and_service_of_its_batches(app: Flask) -> None:
    tree = builders.a_region_tree()
    provider = builders.a_provider(tree.county)
    published(provider, (2, 1, 0, 4, 5), region=tree.villages[0], category="0401")
    last = published(provider, (2, 0, 0, 4, 5), region=tree.villages[1], category="0402")
    assert open_cases() == 1
    (case,) = all_cases()
    common = common_path([tree.villages[0].path, tree.villages[1].path])
    place = db.session.get_one(Region, case.region_id)
    assert (place.path, case.category, case.batch_id) == (common, "04", last.id)


def test_a_single_bad_rating_is_in_a_case_after_a_year(
    client: InspectingClient, village: Region
) -> None:  # nothing waits for ever
    provider = builders.a_provider(village)
    published(provider, (0, 1, 0, 4, 7), region=village, on=date(2026, 3, 2))
    with builders.at("2027-03-01"):
        assert open_cases() == 0
    with builders.at("2027-03-02"):
        assert open_cases() == 1
        (case,) = all_cases()
        assert case.opened_on == date(2027, 3, 2)
        builders.signed_in(client, builders.a_committee(village))
        text = client.get(f"/{village.code}/bad-ratings/{case.id}/", headers=ENGLISH).text
    assert "fewer than five bad ratings among about 10" in text


def test_those_who_handle_a_case_read_no_exact_count(client: InspectingClient, village: Region) -> None:  # F9
    provider = builders.a_provider(village)
    published(provider, (3, 1, 0, 4, 5), region=village, on=date(2026, 3, 2))
    published(provider, (3, 1, 0, 4, 6), region=village, on=date(2026, 3, 9))
    open_cases()
    (case,) = all_cases()
    builders.signed_in(client, builders.a_committee(village))
    text = client.get(f"/{village.code}/bad-ratings/{case.id}/", headers=ENGLISH).text
    assert "at least 5 bad ratings among about 25" in text
    assert "among 27" not in text


def test_nothing_finer_than_a_batch_of_ten_becomes_a_case(app: Flask, village: Region) -> None:  # F9
    published(builders.a_provider(village), (9, 0, 0, 0, 0), region=village)
    assert open_cases() == 0


def test_the_case_of_a_batch_says_no_more_than_the_batch(app: Flask, village: Region) -> None:  # F9
    case = a_batch_case(village, on=date(2026, 3, 2))
    days = {
        value for column in BadRatingCase.__table__.columns if isinstance(value := getattr(case, column.name), date)
    }
    assert min(days) == date(2026, 3, 2)
    assert (case.words, case.contact, case.way) == ("", "", "")


def test_a_stranger_sees_no_words_and_no_contact(client: InspectingClient, village: Region) -> None:  # 2.6
    case, month = a_named_case(village), f"{clock.today().year}年{clock.today().month}月"
    above = db.session.get_one(Region, village.parent_id)
    assert month not in client.get(f"/{above.code}/bad-ratings/").text, "nobody is told that she has just asked"
    upheld(case)
    for address in (f"/{above.code}/bad-ratings/", f"/{above.code}/bad-ratings/cases.csv"):
        text = client.get(address).text
        assert PHONE not in text
        assert HER_WORDS not in text
        assert village.name not in text
    page = client.get(f"/{above.code}/bad-ratings/").text
    assert month in page
    assert clock.today().isoformat() not in page
    assert f"{month}{clock.today().day}日" not in page
    assert month not in client.get(f"/{village.code}/bad-ratings/").text


def test_a_rating_tapped_at_the_counter_is_not_betrayed(client: InspectingClient, village: Region) -> None:
    """The page for a case would say whether the grade was bad."""
    texts = []
    for grade in (1, 5):
        token = a_bad_rating(village, grade=grade)
        _by_staff()
        main = client.get(f"/rate/{token}/repair").text.partition("<main")[2].partition("</main>")[0]
        texts.append(main.replace(token, ""))
    assert texts[0] == texts[1]


@action
def _by_staff() -> None:
    for rating in db.session.scalars(db.select(Rating)):
        rating.by_staff = True
