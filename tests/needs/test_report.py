"""A resident reports a need: one screen, one required field."""

import io
from datetime import timedelta

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select

from portal.accounts.models import Person
from portal.audit.models import AuditEntry
from portal.needs.models import Need, NeedPhoto, NeedStep
from portal.regions.models import Region
from portal.regions.queries import find_region
from portal.rules.needs import NeedState
from portal.store import db
from portal.store.clock import now
from tests import builders
from tests.client import InspectingClient

KEY = "k" * 32


@pytest.fixture
def resident(village: Region, client: InspectingClient) -> Person:
    person = builders.a_resident(village)
    builders.signed_in(client, person)
    return person


def report(client: InspectingClient, village: Region, words: str = "电梯坏了三天", **fields: object) -> object:
    return client.post(f"/{village.code}/needs/report", data={"words": words, "key": KEY, **fields})


def only_need() -> Need:
    return db.session.scalars(select(Need)).one()


def test_two_characters_are_a_need(
    client: InspectingClient, village: Region, resident: Person
) -> None:  # A25, A37, B10
    answer = report(client, village, "电梯")
    need = only_need()
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/{village.code}/needs/{need.id}/")
    assert (need.title, need.state, need.author_id) == ("电梯", NeedState.SUBMITTED, resident.id)
    shown = client.get(answer.headers["Location"])
    assert "电梯" in shown.text


def test_the_thread_says_what_was_done_and_what_comes_next(
    client: InspectingClient, village: Region, resident: Person
) -> None:  # A40, B3
    with builders.at("2026-11-20"):
        report(client, village)
        need = only_need()
        steps = db.session.scalars(select(NeedStep)).all()
        assert [step.state for step in steps] == ["submitted"]
        assert need.due_at.isoformat() == "2026-11-27T15:59:59+00:00"
        assert "11月27日" in client.get(f"/{village.code}/needs/{need.id}/").text


def test_sent_twice_it_is_one_need(client: InspectingClient, village: Region, resident: Person) -> None:  # A25
    builders.with_numbers(village, most_open_needs=1)
    first, second = report(client, village), report(client, village)
    assert first.status_code == second.status_code == 303
    assert first.headers["Location"] == second.headers["Location"]
    assert only_need().id


def test_everything_else_is_optional_and_kept(client: InspectingClient, village: Region, resident: Person) -> None:
    report(client, village, category="04", place="三号楼", behalf="neighbour")  # A6, A8
    need = only_need()
    assert (need.category, need.group_code, need.place, need.behalf) == ("04", "04", "三号楼", "neighbour")


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ("请打13800138000", "words"),
        ("身份证11010519491231002X", "words"),
        ("卡号6222 0212 3456 7890 128", "words"),
    ],
)
def test_a_number_is_refused_beside_the_words_and_all_that_was_typed_stays(
    client: InspectingClient, village: Region, resident: Person, words: str, field: str
) -> None:  # B31
    answer = report(client, village, words, place="三号楼的门口", behalf="neighbour", category="09")
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert words in answer.text
    assert 'value="三号楼的门口"' in answer.text
    assert 'value="neighbour" checked' in answer.text
    assert 'value="09" checked' in answer.text
    assert f'value="{KEY}"' in answer.text
    assert db.session.scalar(select(func.count()).select_from(Need)) == 0


@pytest.mark.parametrize(
    "fields", [{"about_child": "y"}, {"category": "05"}, {"category": "01"}, {"private": "y"}], ids=str
)
def test_a_private_need_is_read_by_its_author_and_the_committee_alone(
    app: Flask, client: InspectingClient, village: Region, resident: Person, fields: dict[str, str]
) -> None:  # A7, A14
    report(client, village, "孩子放学没人接", **fields)
    need = only_need()
    assert need.private
    builders.stepped(need, NeedState.ACCEPTED, village)
    there = f"/{village.code}/needs/{need.id}/"
    readers = {
        "author": (client, 200),
        "stranger": (app.test_client(), 404),
        "neighbour": (builders.signed_in(app.test_client(), builders.a_resident(village)), 404),
        "committee": (builders.signed_in(app.test_client(), builders.a_committee(village)), 200),
        "official": (builders.signed_in(app.test_client(), builders.an_official(village)), 404),
    }
    for name, (reader, status) in readers.items():
        assert reader.get(there).status_code == status, name
        if name != "committee":
            assert "孩子放学没人接" not in reader.get(f"/{village.code}/needs/").text, name
            assert "孩子放学没人接" not in reader.get(f"/{village.code}/needs/?words=放学").text, name


def test_the_author_may_publish_a_private_need_unless_it_is_about_a_child(
    app: Flask, client: InspectingClient, village: Region, resident: Person
) -> None:  # A7
    report(client, village, "家里需要有人陪聊", category="03")
    need = only_need()
    assert client.post(f"/{village.code}/needs/{need.id}/publish").status_code == 303
    builders.stepped(need, NeedState.ACCEPTED, village)
    assert app.test_client().get(f"/{village.code}/needs/{need.id}/").status_code == 200
    child = builders.a_need(village, "孩子放学没人接", author=resident, about_child=True, state=NeedState.SUBMITTED)
    assert client.post(f"/{village.code}/needs/{child.id}/publish").status_code == 409
    assert (
        builders.signed_in(app.test_client(), builders.a_resident(village))
        .post(f"/{village.code}/needs/{child.id}/publish")
        .status_code
        == 404
    )


def test_numbers_keep_a_private_need_from_being_published(
    client: InspectingClient, village: Region, resident: Person
) -> None:
    report(client, village, "请打13800138000", category="03")
    need = only_need()
    assert client.post(f"/{village.code}/needs/{need.id}/publish").status_code == 409
    assert only_need().private


def test_what_was_done_is_in_the_log_without_words(
    client: InspectingClient, village: Region, resident: Person
) -> None:  # B32
    report(client, village)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.deed == "need:report")).one()
    assert (entry.actor_id, entry.subject) == (resident.id, f"need:{only_need().id}")
    assert "电梯" not in str(entry.detail)


def a_photo(kind: str = "JPEG") -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (640, 480), "green").save(file, kind)
    file.seek(0)
    return file


def test_a_photo_is_kept_and_shown_to_those_who_may_read_the_need(
    app: Flask, client: InspectingClient, village: Region, resident: Person
) -> None:  # A27
    report(client, village, photos=[(a_photo(), "IMG_1.jpg"), (a_photo("HEIF"), "IMG_2.heic")])
    photos = db.session.scalars(select(NeedPhoto)).all()
    assert [(photo.width, photo.height) for photo in photos] == [(640, 480)] * 2
    there = f"/{village.code}/needs/photo/{photos[0].name}/320"
    answer = client.get(there)
    assert (answer.status_code, answer.mimetype) == (200, "image/webp")
    answer.close()
    assert app.test_client().get(there).status_code == 404, "the need is not public yet"
    assert client.get(there.replace("320", "640")).status_code == 404
    assert client.get(f"/{village.code}/needs/photo/{'0' * 32}/320").status_code == 404


def test_what_is_no_photo_is_said_beside_the_field_and_the_words_stay(
    client: InspectingClient, village: Region, resident: Person
) -> None:
    answer = report(client, village, photos=[(io.BytesIO(b"no photo"), "a.jpg")])
    assert answer.status_code == 422
    assert 'id="photos-error"' in answer.text
    assert "电梯坏了三天" in answer.text
    assert db.session.scalar(select(func.count()).select_from(Need)) == 0


def test_ten_photos_are_too_many(client: InspectingClient, village: Region, resident: Person) -> None:
    assert report(client, village, photos=[(a_photo(), f"{n}.jpg") for n in range(10)]).status_code == 422


def test_a_returned_need_is_said_anew(client: InspectingClient, village: Region, resident: Person) -> None:  # A24
    need = builders.a_need(village, "那个坏了", author=resident, state=NeedState.RETURNED)
    there = f"/{village.code}/needs/{need.id}/"
    assert "revise" in client.get(there).text
    assert "那个坏了" in client.get(there + "revise").text
    assert client.post(there + "revise", data={"words": "三号楼的电梯坏了"}).status_code == 303
    need = only_need()
    assert (need.title, need.state) == ("三号楼的电梯坏了", NeedState.SUBMITTED)
    assert client.get(there + "revise").status_code == 404


def test_only_its_author_says_a_need_anew(app: Flask, village: Region) -> None:
    need = builders.a_need(village, state=NeedState.RETURNED)
    other = builders.signed_in(app.test_client(), builders.a_resident(village))
    assert other.post(f"/{village.code}/needs/{need.id}/revise", data={"words": "别的话"}).status_code == 404


def test_a_committee_enters_what_was_told_on_paper(
    app: Flask, client: InspectingClient, village: Region
) -> None:  # A25
    builders.signed_in(client, builders.a_committee(village))
    assert 'value="paper"' in client.get(f"/{village.code}/needs/report").text
    report(client, village, behalf="paper")
    assert only_need().behalf == "paper"


@pytest.mark.parametrize("fields", [{"behalf": "nobody"}, {"category": "77"}, {"key": "short"}, {"key": ""}], ids=str)
def test_a_tampered_form_is_refused_and_breaks_nothing(
    client: InspectingClient, village: Region, resident: Person, fields: dict[str, str]
) -> None:
    assert report(client, village, **fields).status_code == 422
    assert db.session.scalar(select(func.count()).select_from(Need)) == 0


def test_a_need_stands_under_its_own_community_only(app: Flask, client: InspectingClient, village: Region) -> None:
    other = find_region("990121100002")
    need = builders.a_need(village)
    assert client.get(f"/{other.code}/needs/{need.id}/").status_code == 404
    assert client.get(f"/{village.code}/needs/{need.id + 99}/").status_code == 404


def test_a_deadline_passes_over_holidays(client: InspectingClient, village: Region, resident: Person) -> None:
    with builders.at("2026-09-29"):
        report(client, village)
    assert only_need().due_at.date().isoformat() == "2026-10-12"
    assert only_need().due_at - now() != timedelta(0)
