"""A provider records a service; who was served gets a private link, and is kept nowhere."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.notifications.senders import deliver
from portal.providers.models import Provider
from portal.ratings.actions import record_service
from portal.ratings.models import ServiceRecord
from portal.rules import Refused
from portal.store import action, clock, db
from portal.store.outbox import OutboxMessage
from tests import builders

PHONE = "13900139000"


@pytest.fixture
def place(app: Any) -> Any:
    return builders.a_region_tree().villages[0]


@pytest.fixture
def provider(place: Any) -> Any:
    return builders.a_provider(place)


def recorded(provider: Any, place: Any, **given: Any) -> str:
    values = {"category": "0401", "served_on": clock.today(), "phone": PHONE} | given
    return record_service(builders.actor(builders.staff_of(provider)), provider, place, **values)


def where_it_stands(words: str) -> list[str]:
    """The tables in which `words` stand anywhere."""
    found = []
    for table in db.metadata.sorted_tables:
        rows = db.session.execute(select(table)).all()
        if any(words in str(value) for row in rows for value in row):
            found.append(table.name)
    return found


def links() -> list[str]:
    return [message.values["link"] for message in db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))]


def test_the_recipient_gets_a_private_link(provider: Any, place: Any) -> None:  # A11, A27
    token = recorded(provider, place, phone="+86 139-0013-9000")
    message = db.session.scalars(select(OutboxMessage)).one()
    assert (message.kind, message.to, message.template) == ("sms", PHONE, "rate_service")
    assert message.values == {"provider": provider.name, "link": f"/rate/{token}"}
    assert where_it_stands(token) == ["outbox_message"]


def test_the_phone_number_stands_in_no_table_but_the_outbox_and_after_delivery_in_none(
    provider: Any, place: Any
) -> None:
    recorded(provider, place)
    assert where_it_stands(PHONE) == ["outbox_message"]
    assert deliver() == 1
    db.session.rollback()
    db.session.expire_all()
    assert where_it_stands(PHONE) == []


def test_the_message_speaks_the_recipients_language(provider: Any, place: Any) -> None:
    @action
    def translate() -> None:
        db.session.get_one(Provider, provider.id).translations = {"en": {"name": "Morning Light"}}

    translate()
    reader = builders.a_resident(place, phone=PHONE)

    @action
    def prefers_english() -> None:
        reader.language = "en"

    prefers_english()
    recorded(provider, place)
    message = db.session.scalars(select(OutboxMessage).where(OutboxMessage.template == "rate_service")).one()
    assert (message.language, message.values["provider"]) == ("en", "Morning Light")


def test_the_same_form_twice_is_one_service_and_one_message(provider: Any, place: Any) -> None:
    assert recorded(provider, place, key="a" * 32)
    assert recorded(provider, place, key="a" * 32) == ""
    assert db.session.scalar(select(func.count()).select_from(ServiceRecord)) == 1
    assert len(links()) == 1


def test_two_services_have_two_links(provider: Any, place: Any) -> None:
    assert recorded(provider, place) != recorded(provider, place)


def test_another_providers_people_cannot_record(provider: Any, place: Any) -> None:
    stranger = builders.staff_of(builders.a_provider(place, "别家"))
    with pytest.raises(Refused, match="own people"):
        record_service(builders.actor(stranger), provider, place, "0401", clock.today(), PHONE)


def test_the_committee_can_record(provider: Any, place: Any) -> None:
    committee = builders.actor(builders.a_committee(place))
    assert record_service(committee, provider, place, "0401", clock.today(), PHONE)


def test_a_service_of_tomorrow_or_elsewhere_is_refused(provider: Any, place: Any) -> None:
    with pytest.raises(Refused, match="still to come"):
        recorded(provider, place, served_on=clock.today() + timedelta(days=1))
    other = builders.a_region_tree().villages[1]
    with pytest.raises(Refused, match="not registered"):
        recorded(provider, other)
    assert links() == []


def test_a_provider_cannot_send_the_link_to_itself(provider: Any, place: Any) -> None:
    staff = builders.staff_of(provider)

    @action
    def has_a_phone() -> None:
        staff.phone = PHONE

    has_a_phone()
    with pytest.raises(Refused, match="nobody rates herself"):
        recorded(provider, place)


def test_the_form_records_and_says_that_the_link_went_out(client: Any) -> None:
    place = builders.a_region_tree().villages[0]
    provider = builders.a_provider(place)
    builders.signed_in(client, builders.staff_of(provider))
    page = client.get(f"/{place.code}/services/record?provider={provider.id}", headers={"Accept-Language": "en"})
    assert page.status_code == 200
    typed = {
        "key": "k" * 32,
        "provider": str(provider.id),
        "category": "0401",
        "served_on": clock.today().isoformat(),
        "phone": PHONE,
    }
    answer = client.post(f"/{place.code}/services/record", data=typed, headers={"Accept-Language": "en"})
    assert answer.status_code == 303
    page = client.get(answer.location, headers={"Accept-Language": "en"})
    assert "The private link is on its way" in page.text
    assert PHONE not in page.text
    assert "/rate/" not in page.text
    assert len(links()) == 1


def test_a_slip_is_shown_beside_its_field(client: Any) -> None:
    place = builders.a_region_tree().villages[0]
    provider = builders.a_provider(place)
    builders.signed_in(client, builders.staff_of(provider))
    typed = {
        "key": "k" * 32,
        "provider": str(provider.id),
        "category": "0401",
        "served_on": "2026-02-30",
        "phone": "12",
    }
    answer = client.post(f"/{place.code}/services/record", data=typed)
    assert answer.status_code == 422
    assert 'id="served_on-error"' in answer.text
    typed["served_on"] = clock.today().isoformat()
    assert 'id="phone-error"' in client.post(f"/{place.code}/services/record", data=typed).text
    typed["provider"] = "99999999999"
    assert 'id="provider-error"' in client.post(f"/{place.code}/services/record", data=typed).text


def test_a_resident_records_nothing(client: Any) -> None:
    place = builders.a_region_tree().villages[0]
    builders.signed_in(client, builders.a_resident(place))
    assert client.get(f"/{place.code}/services/record").status_code == 403


def test_a_form_that_is_sent_again_says_that_it_was_recorded_before(client: Any) -> None:
    place = builders.a_region_tree().villages[0]
    provider = builders.a_provider(place)
    builders.signed_in(client, builders.staff_of(provider))
    typed = {"key": "k" * 32, "provider": provider.id, "category": "0401", "served_on": clock.today(), "phone": PHONE}
    english = {"Accept-Language": "en"}
    for said in ("on its way", "recorded before"):
        answer = client.post(f"/{place.code}/services/record", data=typed, headers=english)
        assert answer.status_code == 303
        assert said in client.get(answer.headers["Location"], headers=english).text
    assert len(links()) == 1
