"""A message is sent at least once, signed, in its reader's language, and then forgotten."""

import email
import email.policy
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.actions import save_preferences
from portal.notifications.actions import mark_read
from portal.notifications.messages import MESSAGES
from portal.notifications.models import Notice
from portal.notifications.queries import notices_of
from portal.notifications.senders import deliver
from portal.rules.needs import NeedState
from portal.store import action, db, outbox
from portal.store.clock import now
from portal.store.outbox import OutboxMessage, failed, lease, sent, waiting
from tests import builders
from tests.notifications.servers import a_gateway, a_mail_server

PHONE = "13800138000"
put = action(outbox.put)


def a_code(**given: Any) -> None:
    put("sms", PHONE, "sign_in_code", "en", **({"code": "123456", "minutes": 5} | given))


@pytest.fixture
def settings(app: Flask) -> Iterator[Callable[..., None]]:
    """Change settings of the site for this test."""
    kept = app.config["SETTINGS"]

    def change(**given: Any) -> None:
        app.config["SETTINGS"] = replace(kept, **given)

    yield change
    app.config["SETTINGS"] = kept


def messages() -> list[OutboxMessage]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


def test_a_message_of_a_deed_that_was_undone_never_goes_out(app: Flask) -> None:
    @action
    def undone() -> None:
        outbox.put("sms", PHONE, "sign_in_code", "en", code="1", minutes=5)
        raise RuntimeError("undone")

    with pytest.raises(RuntimeError):
        undone()
    assert waiting() == 0


def test_what_was_sent_is_forgotten(app: Flask) -> None:
    a_code()
    assert deliver() == 1
    [message] = messages()
    assert (message.to, message.values, message.due_at) == ("", {}, None)
    assert message.sent_at is not None
    assert deliver() == 0


def test_a_leased_message_is_nobody_elses(app: Flask) -> None:
    a_code()
    assert len(lease()) == 1
    assert lease() == []


def test_a_message_whose_sender_was_killed_is_sent_again_and_not_lost(app: Flask) -> None:
    a_code()
    lease()  # and then the process is killed
    with builders.at(now() + timedelta(minutes=3)):
        assert deliver() == 1


def test_two_senders_never_take_the_same_message(app: Flask, elsewhere: Callable[..., Any]) -> None:
    for _ in range(40):
        a_code()
    db.session.remove()
    taken: list[int] = []

    def take() -> None:
        taken.extend(message.id for message in lease(20))

    threads = [threading.Thread(target=elsewhere, args=(take,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken))
    taken.extend(message.id for message in lease(40))
    assert len(set(taken)) == 40


def test_a_code_that_has_expired_is_not_sent(app: Flask) -> None:
    put("sms", PHONE, "sign_in_code", "en", lives=timedelta(minutes=5), code="123456", minutes=5)
    with builders.at(now() + timedelta(minutes=6)):
        assert deliver() == 0
    [message] = messages()
    assert (message.to, message.due_at, message.sent_at) == ("", None, None)


def test_what_fails_is_tried_again_later_and_in_the_end_given_up(app: Flask) -> None:
    a_code()
    moment = now()
    pauses = []
    for _ in range(20):
        with builders.at(moment):
            for message in lease():
                failed(message)
        [message] = messages()
        if message.due_at is None:
            break
        pauses.append((message.due_at - moment).total_seconds())
        moment = message.due_at
    assert pauses == sorted(pauses)
    assert len(pauses) == 7
    assert message.to == ""
    assert message.sent_at is None


def test_the_gateway_gets_a_signed_message_once_with_an_id(app: Flask, settings: Callable[..., None]) -> None:
    with a_gateway() as gateway:
        settings(
            sms_sender="gateway", sms_gateway_url=f"http://127.0.0.1:{gateway.port}/send", sms_gateway_key="secret"
        )
        a_code()
        assert deliver() == 1
    [request] = gateway.seen
    told = json.loads(request["body"])
    assert told["phone"] == PHONE
    assert "123456" in told["text"]
    assert told["id"] == str(messages()[0].id)
    signed = request["headers"]["X-Timestamp"].encode() + b"." + request["body"]
    assert request["headers"]["X-Signature"] == hmac.new(b"secret", signed, hashlib.sha256).hexdigest()


def test_a_gateway_that_refuses_is_asked_again_with_the_same_id(app: Flask, settings: Callable[..., None]) -> None:
    with a_gateway() as gateway:
        settings(sms_sender="gateway", sms_gateway_url=f"http://127.0.0.1:{gateway.port}/", sms_gateway_key="k")
        gateway.status = 500
        a_code()
        assert deliver() == 0
        assert waiting() == 1
        gateway.status = 200
        with builders.at(now() + timedelta(minutes=5)):
            assert deliver() == 1
    assert len({json.loads(request["body"])["id"] for request in gateway.seen}) == 1


def test_a_gateway_that_is_away_loses_nothing(app: Flask, settings: Callable[..., None]) -> None:
    with a_gateway() as gateway:
        port = gateway.port
    settings(sms_sender="gateway", sms_gateway_url=f"http://127.0.0.1:{port}/", sms_gateway_key="k")
    a_code()
    assert deliver() == 0
    assert waiting() == 1


def test_mail_goes_to_its_reader_with_a_subject(app: Flask, settings: Callable[..., None]) -> None:
    with a_mail_server() as server:
        settings(smtp_host="127.0.0.1", smtp_port=server.port, smtp_from="portal@example.cn")
        put("mail", "staff@example.cn", "need_answered", "en", title="电梯坏了")
        assert deliver() == 1
    [mail] = server.seen
    parsed = email.message_from_bytes(mail["data"], policy=email.policy.default)
    assert "staff@example.cn" in mail["to"]
    assert parsed["Subject"]
    assert "电梯坏了" in parsed.get_content()


def test_the_console_shows_the_end_of_a_number_only(
    app: Flask, settings: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    settings(sms_sender="console")
    a_code()
    deliver()
    said = capsys.readouterr().err
    assert "…8000" in said
    assert PHONE not in said


def test_a_link_in_a_message_leads_to_this_site(app: Flask, settings: Callable[..., None]) -> None:
    with a_gateway() as gateway:
        settings(
            sms_sender="gateway",
            sms_gateway_url=f"http://127.0.0.1:{gateway.port}/",
            sms_gateway_key="k",
            base_url="https://portal.example.cn",
        )
        put("sms", PHONE, "rate_service", "en", provider="晨光", link="/rate/x", no_more="/rate/no-more/y")
        deliver()
    text = json.loads(gateway.seen[0]["body"])["text"]
    assert "https://portal.example.cn/rate/x" in text
    assert "https://portal.example.cn/rate/no-more/y" in text


def test_the_author_is_told_on_her_page_and_by_sms_if_she_wants(app: Flask) -> None:  # B3
    village = builders.a_region_tree().villages[0]
    author, quiet = builders.a_resident(village), builders.a_resident(village)
    save_preferences(builders.actor(quiet), "", False)
    db.session.expire_all()
    for person in (author, quiet):
        builders.a_need(village, author=person, state=NeedState.ANSWERED)
        notices = notices_of(builders.actor(person))
        assert [notice.template for notice in notices] == ["need_answered", "need_accepted"]
    assert [message.to for message in messages()] == [author.phone] * 2
    mark_read(builders.actor(author))
    db.session.expire_all()
    assert all(notice.read_at for notice in db.session.scalars(select(Notice).where(Notice.person_id == author.id)))


def test_no_message_tells_more_than_its_own_reader_knows() -> None:
    for name, words in MESSAGES.items():
        assert "%(phone)s" not in words, name
        assert "%(story)s" not in words, name
        assert len(words) < 140, f"{name}: shorter, it is read on an old phone"


def test_marking_as_sent_is_for_what_was_leased(app: Flask) -> None:
    a_code()
    [message] = lease()
    sent(message)
    assert waiting() == 0


def test_a_message_that_cannot_be_said_does_not_stop_the_others(
    app: Flask, settings: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    settings(sms_sender="console")
    put("sms", PHONE, "a_template_of_tomorrow", "en", phone=PHONE)
    put("sms", PHONE, "sign_in_code", "en")  # without its code
    a_code()
    assert deliver() == 1
    assert waiting() == 2
    assert PHONE not in caplog.text
    assert "KeyError" in caplog.text


def test_no_more_are_leased_than_can_be_sent_in_time(app: Flask) -> None:
    for _ in range(12):
        a_code()
    assert [len(lease()), len(lease())] == [10, 2]


# Messages that are withdrawn while they wait, or while they are being sent


def test_a_message_withdrawn_while_it_is_leased_is_not_sent_and_breaks_no_sender(
    app: Flask, settings: Callable[..., None], monkeypatch: pytest.MonkeyPatch, elsewhere: Callable[..., Any]
) -> None:
    sent_tags: list[str] = []
    withdrawn: list[str] = []

    def gateway(message_id: str, phone: str, words: str) -> None:
        sent_tags.append(next(tag for tag in "abc" if f"code-{tag}" in words))
        if not withdrawn:  # the one that is on its way just now, and one that was leased with it
            withdrawn.extend([sent_tags[0], next(tag for tag in "abc" if tag != sent_tags[0])])
            for tag in withdrawn:
                elsewhere(action(outbox.withdraw), tag)

    settings(sms_sender="gateway")
    monkeypatch.setattr("portal.notifications.senders.send_to_gateway", gateway)
    for tag in "abc":
        a_code(tag=tag, code=f"code-{tag}")
    assert deliver() == 2
    assert set(sent_tags) == set("abc") - {withdrawn[1]}
    [left] = messages()
    assert left.sent_at is not None


def test_noting_what_became_of_a_withdrawn_message_changes_nothing(app: Flask) -> None:
    a_code(tag="a")
    [leased] = lease()
    action(outbox.withdraw)("a")
    assert not outbox.stands(leased)
    sent(leased)
    failed(leased)
    leased.attempts = outbox.MOST_ATTEMPTS
    failed(leased)
    assert messages() == []


def test_a_withdrawal_beside_a_lease_loses_no_other_message(app: Flask, elsewhere: Callable[..., Any]) -> None:
    for number in range(30):
        a_code(tag=str(number % 2))
    db.session.remove()
    taken: list[int] = []
    broken: list[BaseException] = []

    def send() -> None:
        try:
            while leased := lease(4):
                for message in leased:
                    if outbox.stands(message):
                        sent(message)
                        taken.append(message.id)
        except BaseException as error:
            broken.append(error)

    threads = [threading.Thread(target=elsewhere, args=(send,)) for _ in range(3)]
    threads.append(threading.Thread(target=elsewhere, args=(action(outbox.withdraw), "0")))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken == []
    assert len(taken) == len(set(taken))
    odd = [message.id for message in messages() if message.id % 2 == 0]
    assert set(odd) <= set(taken)
    assert waiting() == 0


def test_what_waits_can_be_withdrawn_by_something_that_it_says(app: Flask) -> None:
    put("sms", PHONE, "rate_service", "en", provider="晨光", link="/rate/x", no_more="/rate/no-more/a_b%")
    put("sms", PHONE, "rate_service", "en", provider="晨光", link="/rate/x", no_more="/rate/no-more/aXbc")
    action(outbox.withdraw_with)("a_b%")
    assert [message.values["no_more"] for message in messages()] == ["/rate/no-more/aXbc"]
