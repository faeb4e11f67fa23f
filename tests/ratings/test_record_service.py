"""A service came to its end; who it was for is asked once, and is kept nowhere."""

import html
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from portal.notifications.senders import deliver
from portal.providers.models import Provider
from portal.ratings.models import Rating, ServiceRecord, Ticket
from portal.ratings.queries import ticket_hash
from portal.ratings.recording import record_service
from portal.rules import Refused
from portal.rules.ratings import Channel, Outcome
from portal.rules.services import BY_MESSAGE, CHANNELS, OUTCOMES, code_typed
from portal.store import action, clock, db
from tests import builders
from tests.conftest import clean
from tests.contracts.making import terminated
from tests.counting import count
from tests.ratings.making import PHONE, messages, on_a_contract

ENGLISH = {"Accept-Language": "en"}


def recorded(provider: Any, place: Any, **given: Any) -> str:
    """As the committee records it."""
    return _recorded_by(builders.a_committee(place), provider, place, **given)


def recorded_by_itself(provider: Any, place: Any, **given: Any) -> str:
    return _recorded_by(builders.staff_of(provider), provider, place, **given)


def _recorded_by(person: Any, provider: Any, place: Any, **given: Any) -> str:
    values = {"category": "0401", "served_on": clock.today(), "phone": PHONE} | given
    return record_service(builders.actor(person), provider, place, **values)


def where_it_stands(words: str) -> list[str]:
    """The tables in which `words` stand anywhere."""
    found = []
    for table in db.metadata.sorted_tables:
        rows = db.session.execute(select(table)).all()
        if any(words in str(value) for row in rows for value in row):
            found.append(table.name)
    return found


def the_service() -> ServiceRecord:
    return db.session.scalars(select(ServiceRecord)).one()


def test_the_recipient_gets_a_private_link(provider: Any, place: Any) -> None:  # A11, A27
    token = recorded(provider, place, phone="+86 139-0013-9000")
    message = messages(template="rate_service")[0]
    assert (message.kind, message.to) == ("sms", PHONE)
    assert (message.values["provider"], message.values["link"]) == (provider.name, f"/rate/{token}")
    assert where_it_stands(token) == ["outbox_message"]


def test_the_phone_number_stands_in_no_table_but_the_outbox_and_after_delivery_in_none(
    provider: Any, place: Any
) -> None:
    recorded(provider, place)
    assert where_it_stands(PHONE) == ["outbox_message"]
    assert deliver() == 1
    with builders.at(clock.now() + timedelta(days=3, minutes=1)):
        assert deliver() == 1
    db.session.rollback()
    db.session.expire_all()
    assert where_it_stands(PHONE) == []


def test_the_message_speaks_the_recipients_language(provider: Any, place: Any) -> None:
    reader = builders.a_resident(place, phone=PHONE)

    @action
    def prefers_english() -> None:
        db.session.get_one(Provider, provider.id).translations = {"en": {"name": "Morning Light"}}
        reader.language = "en"

    prefers_english()
    recorded(provider, place)
    message = messages(template="rate_service")[0]
    assert (message.language, message.values["provider"]) == ("en", "Morning Light")


def test_the_same_form_twice_is_one_service_and_one_invitation(provider: Any, place: Any) -> None:
    assert recorded(provider, place, key="a" * 32)
    assert recorded(provider, place, key="a" * 32) == ""
    assert (count(ServiceRecord), count(Ticket), len(messages(template="rate_service"))) == (1, 1, 1)


def test_one_form_sent_12_times_at_once_is_one_service_and_one_invitation(
    provider: Any, place: Any, elsewhere: Callable[..., Any]
) -> None:
    committee = builders.actor(builders.a_committee(place))
    db.session.remove()
    said: list[object] = []
    ready = threading.Barrier(12)

    def send() -> None:
        ready.wait()
        try:
            here = db.session.merge(provider, load=False), db.session.merge(place, load=False)
            said.append(record_service(committee, *here, "0401", clock.today(), PHONE, "a" * 32))
        except BaseException as error:
            said.append(error)

    senders = [threading.Thread(target=elsewhere, args=(send,)) for _ in range(12)]
    for one in senders:
        one.start()
    for one in senders:
        one.join()
    assert sorted(map(str, said))[:11] == [""] * 11
    assert (count(ServiceRecord), count(Ticket)) == (1, 1)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_end_of_a_service_asks_its_recipient(
    provider: Any, place: Any, outcome: str
) -> None:  # ratings, all ends
    recorded(provider, place, outcome=outcome)
    assert (the_service().outcome, count(Ticket), len(messages(template="rate_service"))) == (outcome, 1, 1)


def test_there_are_the_five_ends_and_the_five_ways_of_the_issue() -> None:
    assert (
        list(OUTCOMES)
        == [one.value for one in Outcome]
        == ["delivered", "refused", "not_served", "no_show", "ended_early"]
    )
    assert list(CHANNELS) == [one.value for one in Channel] == ["sms", "slip", "counter", "visit", "phone"]


@pytest.mark.parametrize("channel", ["slip", "counter", "visit"])
def test_who_is_asked_on_paper_needs_no_telephone_and_gets_no_message(provider: Any, place: Any, channel: str) -> None:
    token = recorded(provider, place, channel=channel, phone="")
    assert code_typed(token.lower()) == token
    ticket = db.session.get_one(Ticket, ticket_hash(token))
    assert (ticket.channel, ticket.rater) == (channel, "")
    assert where_it_stands(token) == []
    recorded(provider, place, channel=channel)
    assert messages() == []
    assert where_it_stands(PHONE) == []


def test_an_answer_by_telephone_is_entered_marked_and_hers_to_change(provider: Any, place: Any) -> None:
    token = recorded(provider, place, channel="phone", grade=2)
    rating = db.session.scalars(select(Rating)).one()
    assert (rating.grade, rating.by_staff, rating.channel) == (2, True, "phone")
    [message] = messages()
    assert (message.template, message.values["link"]) == ("rated_by_phone", f"/rate/{token}")


def test_a_providers_own_people_enter_no_answer(client: Any, provider: Any, place: Any) -> None:  # trust 5
    on_a_contract(provider, place)
    with pytest.raises(Refused, match="by the committee only"):
        recorded_by_itself(provider, place, channel="phone", grade=5)
    builders.signed_in(client, builders.staff_of(provider))
    page = client.get(f"/{place.code}/services/record").text
    assert re.findall('name="channel" value="([a-z]+)"', page) == ["sms", "slip", "counter", "visit"]
    assert 'name="grade"' not in page
    assert (count(ServiceRecord), count(Rating)) == (0, 0)


def test_another_providers_people_cannot_record(provider: Any, place: Any) -> None:
    stranger = builders.staff_of(builders.a_provider(place, "别家"))
    with pytest.raises(Refused, match="own people"):
        record_service(builders.actor(stranger), provider, place, "0401", clock.today(), PHONE)


def test_the_committee_can_record_what_stands_on_no_contract(provider: Any, place: Any) -> None:
    assert recorded(provider, place)
    assert the_service().contract_id is None


def test_a_provider_makes_no_invitation_for_what_stands_on_no_contract_of_its_own(provider: Any, place: Any) -> None:
    with pytest.raises(Refused, match="No contract"):
        recorded_by_itself(provider, place)
    on_a_contract(builders.a_provider(place, "别家"), place)
    with pytest.raises(Refused, match="No contract"):
        recorded_by_itself(provider, place)
    assert (count(ServiceRecord), count(Ticket), messages(template="rate_service")) == (0, 0, [])


def test_a_service_finds_its_contract_and_outside_of_it_a_provider_records_none(provider: Any, place: Any) -> None:
    contract = on_a_contract(provider, place)
    recorded_by_itself(provider, place)
    assert the_service().contract_id == contract.id
    outside: list[dict[str, Any]] = [
        {"category": "0901"},
        {"served_on": contract.starts_on - timedelta(days=1)},
        {"place": builders.a_region_tree().villages[1]},
    ]
    for given in outside:
        with pytest.raises(Refused, match="No contract"):
            recorded_by_itself(provider, **({"place": place} | given))
    with builders.at(clock.now() - timedelta(days=2)):
        terminated(contract)
    with pytest.raises(Refused, match="No contract"):
        recorded_by_itself(provider, place)
    assert recorded_by_itself(provider, place, served_on=clock.today() - timedelta(days=2))


def test_one_who_works_for_the_provider_and_for_the_committee_needs_a_contract_all_the_same(
    provider: Any, place: Any
) -> None:
    from portal.accounts.actions import grant
    from portal.rules.permissions import Role

    both = builders.staff_of(provider)
    grant(both, Role.COMMITTEE, place)
    with pytest.raises(Refused, match="No contract"):
        record_service(builders.actor(both), provider, place, "0401", clock.today(), PHONE)


def test_a_service_of_tomorrow_or_elsewhere_is_refused(provider: Any, place: Any) -> None:
    with pytest.raises(Refused, match="still to come"):
        recorded(provider, place, served_on=clock.today() + timedelta(days=1))
    other = builders.a_region_tree().villages[1]
    with pytest.raises(Refused, match="not registered"):
        recorded(provider, other)
    assert messages() == []


@pytest.mark.parametrize("channel", ["sms", "phone", "slip"])
def test_a_provider_cannot_ask_itself(provider: Any, place: Any, channel: str) -> None:  # trust 5
    staff = builders.staff_of(provider)

    @action
    def has_a_phone() -> None:
        staff.phone = PHONE

    has_a_phone()
    on_a_contract(provider, place)
    grade = 5 if channel == "phone" else None
    for record in (recorded, recorded_by_itself)[: 1 if channel == "phone" else 2]:
        with pytest.raises(Refused, match="nobody rates herself"):
            record(provider, place, channel=channel, grade=grade, phone="139 0013 9000")
    assert count(Ticket) == 0


class Ends(RuleBasedStateMachine):
    """Services come to every end, by every channel, forms are sent again, recipients rate: one invitation each."""

    app: Flask

    def __init__(self) -> None:
        super().__init__()
        self.context = self.app.app_context()
        self.context.push()
        clean(self.app)
        self.place = builders.a_region_tree().villages[0]
        self.provider = builders.a_provider(self.place)
        self.tokens: dict[str, str] = {}

    def teardown(self) -> None:
        db.session.remove()
        self.context.pop()

    @rule(
        key=st.sampled_from(["a" * 16, "b" * 16, "c" * 16, "d" * 16]),
        outcome=st.sampled_from([*OUTCOMES, "nonsense"]),
        channel=st.sampled_from(list(CHANNELS)),
        phone=st.sampled_from([PHONE, "13900139001", ""]),
    )
    def end(self, key: str, outcome: str, channel: str, phone: str) -> None:
        grade = 3 if channel == Channel.PHONE else None
        good = outcome in OUTCOMES and (phone or channel not in BY_MESSAGE)
        try:
            token = recorded(
                self.provider, self.place, key=key, outcome=outcome, channel=channel, phone=phone, grade=grade
            )
        except Refused:
            assert not good
            return
        assert good
        assert bool(token) is (key not in self.tokens)
        if token:
            self.tokens[key] = token

    @invariant()
    def one_invitation_each(self) -> None:
        db.session.rollback()
        services = set(db.session.scalars(select(ServiceRecord.id)))
        tickets = db.session.execute(select(Ticket.hash, Ticket.service_id)).all()
        assert len(services) == len(tickets) == len(self.tokens)
        assert {one.service_id for one in tickets} == services
        assert {one.hash for one in tickets} == {ticket_hash(token) for token in self.tokens.values()}


def test_in_every_order_of_events_each_service_has_exactly_one_invitation(site: Flask) -> None:  # ratings, all ends
    machine = type("EndsHere", (Ends,), {"app": site})
    few = settings(max_examples=8, stateful_step_count=8, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(machine, settings=few)


# The page


@contextmanager
def _open(client: Any) -> Iterator[tuple[Any, Any, dict[str, str]]]:
    place = builders.a_region_tree().villages[0]
    provider = builders.a_provider(place)
    builders.signed_in(client, builders.a_committee(place))
    typed = {
        "key": "k" * 32,
        "provider": str(provider.id),
        "category": "0401",
        "served_on": clock.today().isoformat(),
        "outcome": "delivered",
        "channel": "sms",
        "phone": PHONE,
    }
    yield place, provider, typed


def test_the_form_records_and_says_that_the_link_went_out(client: Any) -> None:
    with _open(client) as (place, provider, typed):
        assert client.get(f"/{place.code}/services/record?provider={provider.id}", headers=ENGLISH).status_code == 200
        answer = client.post(f"/{place.code}/services/record", data=typed, headers=ENGLISH)
        assert answer.status_code == 303
        page = client.get(answer.location, headers=ENGLISH)
    assert "The private link is on its way" in page.text
    assert PHONE not in page.text
    assert "/rate/" not in page.text
    assert len(messages(template="rate_service")) == 1


def test_the_next_form_asks_for_the_same_service_in_the_same_way(client: Any) -> None:
    with _open(client) as (place, _, typed):
        answer = client.post(f"/{place.code}/services/record", data=typed | {"category": "0202", "channel": "slip"})
        again = html.unescape(re.findall(r'href="([^"]*/services/record[?][^"]*)"', answer.text)[-1])
        page = client.get(again).text
    assert '<option value="0202" selected>' in page
    assert re.search(r'value="slip" checked', page)


def test_a_provider_finds_the_places_and_the_service_of_its_contracts(client: Any) -> None:
    county, other = builders.a_region_tree().county, builders.a_region_tree().villages[1]
    provider = builders.a_provider(county)
    on_a_contract(provider, other, "0202")
    builders.signed_in(client, builders.staff_of(provider))
    there = f"/{other.code}/services/record"
    assert f'href="{there}"' in client.get(f"/{county.code}/services/record").text
    page = client.get(there).text
    assert f'href="{there}"' not in page
    assert '<option value="0202" selected>' in page


def test_a_form_that_is_sent_again_says_that_it_was_recorded_before(client: Any) -> None:
    with _open(client) as (place, _, typed):
        for said in ("on its way", "recorded before"):
            answer = client.post(f"/{place.code}/services/record", data=typed, headers=ENGLISH)
            assert answer.status_code == 303
            assert said in client.get(answer.headers["Location"], headers=ENGLISH).text
    assert len(messages(template="rate_service")) == 1


def test_a_fault_is_shown_beside_its_field_and_what_was_typed_stays(client: Any) -> None:
    with _open(client) as (place, _, typed):
        for field, odd in (("served_on", "2026-02-30"), ("phone", "12"), ("provider", "99999999999"), ("channel", "x")):
            answer = client.post(f"/{place.code}/services/record", data=typed | {field: odd})
            assert answer.status_code == 422
            assert f'id="{field}-error"' in answer.text
            assert field == "phone" or PHONE in answer.text
        assert (
            'id="grade-error"' in client.post(f"/{place.code}/services/record", data=typed | {"channel": "phone"}).text
        )


def test_a_slip_is_shown_once_with_its_code_and_is_kept_nowhere(client: Any) -> None:
    with _open(client) as (place, provider, typed):
        typed |= {"channel": "slip", "phone": ""}
        answer = client.post(f"/{place.code}/services/record", data=typed, headers=ENGLISH)
        assert answer.status_code == 200
        assert (answer.headers["Cache-Control"], answer.headers["Referrer-Policy"]) == ("no-store", "no-referrer")
        [token] = [
            code_typed(words)
            for words in _between(answer.text, '<p class="code">', "</p>")
            if db.session.get(Ticket, ticket_hash(code_typed(words)))
        ]
        assert 'lang="zh-Hans"' in answer.text
        assert provider.name in answer.text
        assert "at=counter" not in answer.text
        again = client.post(f"/{place.code}/services/record", data=typed, headers=ENGLISH)
        assert again.status_code == 303
        assert token not in client.get(again.location, headers=ENGLISH).text
    typed_in = client.get("/rate/", query_string={"code": f"{token[:4]} {token[4:8].lower()}-{token[8:]}"})
    assert (typed_in.status_code, typed_in.location) == (303, f"/rate/{token}")


def test_at_the_counter_there_is_a_square_to_scan_and_a_link_that_shows_no_final_value(client: Any) -> None:
    with _open(client) as (place, _, typed):
        answer = client.post(f"/{place.code}/services/record", data=typed | {"channel": "counter", "phone": ""})
    [there] = _between(answer.text, '<a class="button primary" href="', '"')
    assert there.startswith("/rate/")
    assert there.endswith("?at=counter")
    assert 'class="qr"' in answer.text
    assert client.get(there).status_code == 200


def _between(text: str, before: str, after: str) -> list[str]:
    return [part.split(after)[0] for part in text.split(before)[1:]]


def test_a_telephone_answer_is_entered_on_the_form(client: Any) -> None:
    with _open(client) as (place, _, typed):
        answer = client.post(
            f"/{place.code}/services/record", data=typed | {"channel": "phone", "grade": "1"}, headers=ENGLISH
        )
        assert answer.status_code == 303
        assert "Her answer is entered" in client.get(answer.location, headers=ENGLISH).text
    assert db.session.scalars(select(Rating.by_staff)).one() is True


def test_a_resident_records_nothing(client: Any) -> None:
    place = builders.a_region_tree().villages[0]
    builders.signed_in(client, builders.a_resident(place))
    for page in ("record", "list", "list.csv"):
        assert client.get(f"/{place.code}/services/{page}").status_code == 403
