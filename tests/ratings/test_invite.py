"""Recipients are asked at once and once more, unless they rated or want no messages; later nobody can tell who they were."""

import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.audit.models import AuditEntry
from portal.notifications.senders import deliver
from portal.ratings.answering import rate_service
from portal.ratings.inviting import ask_no_more, forget_salts, inviter_of, is_mark, no_more_mark
from portal.ratings.models import OptOut, RaterSalt, ServiceRecord, Ticket
from portal.ratings.queries import ticket_hash
from portal.rules import Refused
from portal.store import action, clock, db, outbox
from portal.store.outbox import OutboxMessage, lease
from tests import builders
from tests.ratings.making import PHONE, messages

ENGLISH = {"Accept-Language": "en"}


def rater_of(service: Any) -> str:
    return db.session.get_one(Ticket, ticket_hash(service.ticket)).rater


# The reminder


def test_who_has_not_rated_is_reminded_once_after_three_days(provider: Any, place: Any) -> None:  # 2.4
    service = builders.a_service(provider, place, phone=PHONE)
    first, reminder = messages()
    assert [first.template, reminder.template] == ["rate_service", "rate_reminder"]
    assert reminder.values == first.values
    assert (reminder.due_at - first.due_at).days == 3  # type: ignore[operator]
    assert deliver() == 1
    with builders.at(clock.now() + timedelta(days=3, minutes=1)):
        assert deliver() == 1
    with builders.at(clock.now() + timedelta(days=30)):
        assert deliver() == 0
    assert rate_service(service.ticket, 5)


def test_a_tap_withdraws_the_reminder_and_with_it_number_and_link(provider: Any, place: Any) -> None:
    service = builders.a_service(provider, place, phone=PHONE)
    other = builders.a_service(provider, place, phone="13900139001")
    deliver()
    rate_service(service.ticket, 2)
    [left] = messages()
    assert left.values["link"] == f"/rate/{other.ticket}"
    with builders.at(clock.now() + timedelta(days=4)):
        assert deliver() == 1


def test_a_place_may_remind_later_or_not_at_all(provider: Any, place: Any) -> None:
    builders.with_numbers(place, rating_reminder_days=0)
    builders.a_service(provider, place)
    assert [message.template for message in messages()] == ["rate_service"]


def test_what_cannot_be_delivered_for_three_days_is_forgotten(provider: Any, place: Any) -> None:
    builders.a_service(provider, place, phone=PHONE)
    with builders.at(clock.now() + timedelta(days=7)):
        assert deliver() == 0
    assert messages() == []
    assert not db.session.scalar(select(OutboxMessage.id).where(OutboxMessage.to == PHONE))


def test_a_tap_while_the_message_is_being_sent_breaks_no_sender(provider: Any, place: Any) -> None:
    """The gateway took it, she was quick, and the sender has still to note it."""
    service = builders.a_service(provider, place)
    [leased] = lease()
    rate_service(service.ticket, 4)
    assert not outbox.stands(leased)
    outbox.sent(leased)
    outbox.failed(leased)
    assert messages() == []


# No more of them


def test_one_tap_ends_all_messages_to_a_number_and_no_ticket(client: Any) -> None:
    place = builders.a_region_tree().villages[0]
    provider, other = builders.a_provider(place), builders.a_provider(place, "别家")
    for one in (provider, other):
        builders.a_service(one, place, phone=PHONE)
    builders.a_service(provider, place, phone="13900139001")
    link = messages()[0].values["no_more"]
    page = client.get(link, headers=ENGLISH)
    assert page.status_code == 200
    assert page.text.count(f'action="{link}"') == 1
    assert len(messages()) == 6
    answer = client.post(link)
    assert answer.status_code == 303
    assert "Done." in client.get(answer.location, headers=ENGLISH).text
    assert {message.to for message in messages()} == {"13900139001"}
    before = db.session.scalar(select(func.count()).select_from(Ticket)) or 0
    builders.a_service(other, place, phone=PHONE)
    builders.a_service(other, place, phone=PHONE, channel="phone", grade=3)
    assert {message.to for message in messages()} == {"13900139001"}
    assert db.session.scalar(select(func.count()).select_from(Ticket)) == before + 2


def test_opening_the_link_stores_nothing_and_stays_in_no_cache(client: Any) -> None:  # pitfall 30
    link = f"/rate/no-more/{no_more_mark(PHONE)}"
    answer = client.get(link)
    assert (answer.headers["Cache-Control"], answer.headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert db.session.scalar(select(func.count()).select_from(OptOut)) == 0
    assert client.post(link, token=False).status_code == 400


def test_a_link_that_we_never_made_ends_nothing(client: Any) -> None:
    mark = no_more_mark(PHONE)
    assert len(mark) == 22
    assert is_mark(mark)
    for odd in ("", "x", mark[:-1], mark[:-1] + ("A" if mark[-1] != "A" else "B"), "A" * 22, "\ud800" * 22, mark + "A"):
        assert not is_mark(odd)
        with pytest.raises(Refused):
            ask_no_more(odd)
    assert client.get("/rate/no-more/nonsense").status_code == 404
    assert client.post("/rate/no-more/nonsense").status_code == 404


def test_what_is_kept_of_it_is_no_number_and_twice_is_once(app: Any) -> None:
    ask_no_more(no_more_mark(PHONE))
    ask_no_more(no_more_mark(PHONE))
    [kept] = db.session.scalars(select(OptOut.hash)).all()
    assert PHONE not in kept
    assert no_more_mark("13900139001") != kept


# Who was served, and who asked


def test_the_same_person_is_one_rater_of_a_provider_in_a_quarter_and_not_beyond(provider: Any, place: Any) -> None:
    with builders.at("2026-11-22"):
        first, same = (builders.a_service(provider, place, phone=number) for number in (PHONE, "+86 139 0013 9000"))
        other = builders.a_service(provider, place, phone="13900139001")
        elsewhere = builders.a_service(builders.a_provider(place, "别家"), place, phone=PHONE)
    with builders.at("2027-01-03"):
        later = builders.a_service(provider, place, phone=PHONE)
        late = builders.a_service(provider, place, phone=PHONE, served_on=date(2026, 12, 31))
    assert rater_of(first) == rater_of(same) == rater_of(late)
    assert len({rater_of(one) for one in (first, other, elsewhere, later)}) == 4
    assert all(len(rater_of(one)) == 16 for one in (first, other))


def test_salts_of_quarters_long_past_are_forgotten(provider: Any, place: Any) -> None:
    with builders.at("2026-08-22"):
        builders.a_service(provider, place)
    with builders.at("2026-11-22"):
        builders.a_service(provider, place)
    for day, kept in (
        ("2026-12-29", ["2026Q3", "2026Q4"]),
        ("2026-12-30", ["2026Q4"]),
        ("2027-03-31", ["2026Q4"]),
        ("2027-04-01", []),
    ):
        with builders.at(day):
            forget_salts()
        assert sorted(db.session.scalars(select(RaterSalt.quarter))) == kept


def test_a_salt_that_many_need_at_once_is_one(provider: Any, place: Any, elsewhere: Callable[..., Any]) -> None:
    committee = builders.actor(builders.a_committee(place))
    ready, failed = threading.Barrier(8), list[BaseException]()

    def record() -> None:
        ready.wait()
        try:
            here = db.session.merge(provider, load=False), db.session.merge(place, load=False)
            builders.record_service(committee, *here, "0401", clock.today(), PHONE)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=elsewhere, args=(record,)) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    db.session.rollback()
    assert failed == []
    assert db.session.scalar(select(func.count(Ticket.rater.distinct()))) == 1
    assert db.session.scalar(select(func.count()).select_from(RaterSalt)) == 1


def test_who_asked_is_told_from_others_within_a_month_only(provider: Any, place: Any) -> None:
    with builders.at("2026-11-22"):
        mine, too = (builders.a_service(provider, place) for _ in range(2))
        county = builders.a_committee(builders.a_region_tree().county)
        other = builders.a_service(provider, place, by=builders.actor(county))
    with builders.at("2026-12-01"):
        later = builders.a_service(provider, place)
    assert inviter_of(mine) == inviter_of(too)
    assert len({inviter_of(one) for one in (mine, other, later)}) == 3
    assert len(inviter_of(mine)) == 16


def test_of_a_list_nobody_asked_in_person(provider: Any, place: Any) -> None:
    service = builders.a_service(provider, place)

    @action
    def imported() -> None:
        db.session.get_one(ServiceRecord, service.id).key = f"{provider.id}:A-1"

    imported()
    assert inviter_of(db.session.get_one(ServiceRecord, service.id)) == ""


def test_no_number_and_no_link_stands_in_the_audit(provider: Any, place: Any) -> None:
    service = builders.a_service(provider, place, phone=PHONE)
    told = " ".join(str(row) for row in db.session.execute(select(AuditEntry.subject, AuditEntry.detail)))
    assert PHONE not in told
    assert service.ticket not in told
