"""The same form again, strangers' drafts, paper, and the photos that come with them: nothing is lost, nothing piles up."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from portal.needs.actions import claim_draft, forget_drafts, report_need
from portal.needs.models import Need, NeedPhoto
from portal.notifications.messages import words_of
from portal.notifications.models import Notice
from portal.regions.models import Region
from portal.rules import Refused
from portal.rules.needs import Behalf, NeedDraft, NeedState
from portal.store import db
from portal.store.clock import now
from portal.store.outbox import OutboxMessage
from tests import builders
from tests.client import InspectingClient
from tests.counting import count

KEY = "k" * 32
NOBODY = builders.actor(None)


def report(client: InspectingClient, village: Region, words: str = "电梯坏了三天", **fields: Any) -> Any:
    return client.post(f"/{village.code}/needs/report", data={"words": words, "key": KEY, **fields})


def files(app: Flask) -> list[Path]:
    return list((app.config["SETTINGS"].data_dir / "photos").glob("*/*.webp"))


def a_photo() -> tuple[io.BytesIO, str]:
    file = io.BytesIO()
    Image.new("RGB", (64, 48), "green").save(file, "JPEG")
    file.seek(0)
    return file, "a.jpg"


def test_other_words_in_a_form_that_was_sent_are_another_need(client: InspectingClient, village: Region) -> None:
    builders.signed_in(client, builders.a_resident(village))
    first, again, other = (report(client, village, words) for words in ("电梯坏了", "电梯坏了", "路灯也坏了"))
    assert first.headers["Location"] == again.headers["Location"] != other.headers["Location"]
    assert db.session.scalars(select(Need.story).order_by(Need.id)).all() == ["电梯坏了", "路灯也坏了"]


def test_the_same_words_of_another_person_at_the_same_screen_are_her_own_need(
    client: InspectingClient, village: Region
) -> None:
    people = [builders.a_resident(village), builders.a_resident(village)]
    for person in people:
        builders.signed_in(client, person)
        report(client, village)
    assert db.session.scalars(select(Need.author_id).order_by(Need.id)).all() == [person.id for person in people]


def test_the_same_words_in_another_community_are_another_need(client: InspectingClient, village: Region) -> None:
    builders.signed_in(client, builders.a_resident(village))
    report(client, village)
    report(client, builders.a_region_tree().villages[1])
    assert count(Need) == 2


def test_a_draft_that_is_sent_again_after_signing_in_is_sent(client: InspectingClient, village: Region) -> None:
    report(client, village)
    person = builders.a_resident(village)
    builders.signed_in(client, person)
    report(client, village)
    need = db.session.scalars(select(Need)).one()
    assert (need.author_id, need.state) == (person.id, NeedState.SUBMITTED)


def test_photos_of_a_refused_or_repeated_need_do_not_stay(
    app: Flask, client: InspectingClient, village: Region
) -> None:
    builders.signed_in(client, builders.a_resident(village))
    before = len(files(app))
    assert report(client, village, "请打13800138000", photos=[a_photo()]).status_code == 422
    assert report(client, village, photos=[a_photo(), (io.BytesIO(b"none"), "b.jpg")]).status_code == 422
    assert len(files(app)) == before
    for _ in range(2):
        assert report(client, village, photos=[a_photo()]).status_code == 303
    assert count(NeedPhoto) == 1
    assert len(files(app)) == before + 2, "one photo in two sizes"


def test_drafts_that_nobody_signed_in_for_are_forgotten_with_their_photos(
    app: Flask, client: InspectingClient, village: Region
) -> None:
    kept = builders.a_need(village).id
    before = len(files(app))
    report(client, village, photos=[a_photo()])
    assert forget_drafts() == 0
    assert len(files(app)) == before + 2
    with builders.at(now() + timedelta(hours=25)):
        assert forget_drafts() == 1
    assert db.session.scalars(select(Need.id)).all() == [kept]
    assert count(NeedPhoto) == 0
    assert len(files(app)) == before


def test_an_address_leaves_so_many_drafts_an_hour(app: Flask, client: InspectingClient, village: Region) -> None:
    builders.with_numbers(village, drafts_per_address=2)
    statuses = [report(client, village, key=f"{n:032}").status_code for n in range(3)]
    assert statuses == [303, 303, 422]
    assert count(Need) == 2
    elsewhere = client.post(
        f"/{village.code}/needs/report",
        data={"words": "电梯坏了", "key": "e" * 32},
        environ_base={"REMOTE_ADDR": "203.0.113.9"},
    )
    assert elsewhere.status_code == 303
    builders.signed_in(client, builders.a_resident(village))
    assert report(client, village).status_code == 303, "who has signed in has a limit of her own"


def test_a_draft_that_is_one_too_many_stays_a_draft(village: Region) -> None:
    builders.with_numbers(village, most_open_needs=1)
    person = builders.a_resident(village)
    builders.a_need(village, author=person)
    draft = report_need(NOBODY, village, NeedDraft("路灯坏了"), KEY)
    with pytest.raises(Refused, match="open needs here"):
        claim_draft(builders.actor(person), village, KEY)
    db.session.refresh(draft)
    assert (draft.state, draft.author_id) == (NeedState.DRAFT, None)


def test_needs_from_paper_are_nobodys_and_not_limited(client: InspectingClient, village: Region) -> None:  # A25
    builders.with_numbers(village, most_open_needs=1)
    clerk = builders.a_committee(village)
    builders.signed_in(client, clerk)
    answers = [report(client, village, f"第{n}张纸", behalf="paper", key=f"{n:032}") for n in (1, 2, 2)]
    assert [answer.status_code for answer in answers] == [303] * 3
    assert [(need.author_id, need.state) for need in db.session.scalars(select(Need))] == [(None, "submitted")] * 2
    assert "第2张纸" in client.get(answers[2].headers["Location"]).text
    builders.stepped(db.session.scalars(select(Need)).first(), NeedState.ACCEPTED, village)
    assert count(Notice) == 0


def test_only_the_committee_enters_paper(village: Region) -> None:
    person = builders.a_resident(village)
    need = report_need(builders.actor(person), village, NeedDraft("电梯坏了", behalf=Behalf.PAPER), KEY)
    assert need.author_id == person.id


def test_a_message_about_a_private_need_says_its_number_and_not_its_title(village: Region) -> None:  # A7, A14
    need = builders.a_need(village, "孩子放学没人接", about_child=True)
    message = db.session.scalars(select(OutboxMessage)).one()
    assert message.values == {"number": need.id}
    assert f"{need.id}" in words_of(message.template, message.values)
    assert "孩子" not in words_of(message.template, message.values)
