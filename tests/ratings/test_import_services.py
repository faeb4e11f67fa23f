"""Services come as a list, by hand or by a key: checked line by line, each taken once. A11, issue 5.11."""

import json
import logging
import re
import threading
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select

from portal.accounts.models import RoleGrant
from portal.audit.models import AuditEntry
from portal.ratings import import_keys
from portal.ratings.importing import AT_ONCE, import_services
from portal.ratings.models import ImportKey, ServiceRecord, Ticket
from portal.rules import Refused
from portal.rules.ratings import Outcome
from portal.rules.service_lists import ServiceLine, draft_of
from portal.rules.services import ServiceDraft
from portal.store import action, clock, db
from tests import builders
from tests.counting import count, statements
from tests.ratings.making import PHONE, a_key, messages, on_a_contract, the_key

ENGLISH = {"Accept-Language": "en"}


def line(reference: str, contract: Any = "", **cells: str) -> ServiceLine:
    number = getattr(contract, "id", contract)
    values = {"day": clock.today().isoformat(), "phone": PHONE} | cells
    return ServiceLine(reference=reference, contract=str(number), **values)


def imported(provider: Any, *lines: ServiceLine, person: Any = None) -> Any:
    by = builders.actor(person or builders.staff_of(provider))
    return import_services(by, provider, dict(enumerate(lines, 2)), "zh-Hans")


def test_what_is_right_is_taken_and_what_is_wrong_is_said_by_line(provider: Any, place: Any) -> None:
    contract = on_a_contract(provider, place)
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    done = imported(
        provider,
        line("A-1", contract),
        line("A-2", service="0401", place=place.code, outcome="未上门"),
        line("A-3", contract, day=tomorrow),
        line("A-4", contract, phone="12"),
        line("A-5", service="0901", place=place.code),
        line("A-6", 987654),
        line("A-1", contract),
        line("", contract),
        line("A-9", service="0401", place="000000000000"),
        line("A-10", contract, channel="slip"),
    )
    assert (done.new, done.known) == (2, 0)
    assert {number: fault.beside for number, fault in done.faults.items()} == {
        4: "day",
        5: "phone",
        6: "service",
        7: "contract",
        8: "reference",
        9: "reference",
        10: "place",
        11: "channel",
    }
    services = db.session.scalars(select(ServiceRecord).order_by(ServiceRecord.key)).all()
    assert [(one.key, one.outcome, one.contract_id) for one in services] == [
        (f"{provider.id}:A-1", "delivered", contract.id),
        (f"{provider.id}:A-2", "no_show", contract.id),
    ]
    assert count(Ticket) == len(messages(template="rate_service")) == 2


def test_a_list_that_is_mended_and_sent_again_doubles_nothing(provider: Any, place: Any) -> None:
    contract = on_a_contract(provider, place)
    imported(provider, line("A-1", contract), line("A-2", contract, day="?"))
    done = imported(provider, line("A-1", contract), line("A-2", contract))
    assert (done.new, done.known, done.faults) == (1, 1, {})
    assert count(ServiceRecord) == count(Ticket) == 2


def test_a_reference_is_the_providers_own(provider: Any, place: Any) -> None:
    other = builders.a_provider(place, "别家")
    assert imported(provider, line("A-1", on_a_contract(provider, place))).new == 1
    assert imported(other, line("A-1", on_a_contract(other, place))).new == 1


def test_no_list_brings_what_stands_on_no_contract_whoever_sends_it(provider: Any, place: Any) -> None:
    committee = builders.a_committee(place)
    wanted = line("A-1", service="0401", place=place.code)
    other = on_a_contract(builders.a_provider(place, "别家"), place)
    for person in (committee, builders.staff_of(provider)):
        assert imported(provider, wanted, line("A-2", other), person=person).new == 0
    on_a_contract(provider, place)
    assert imported(provider, wanted, person=committee).new == 1


def test_nobody_else_loads_a_providers_list(provider: Any, place: Any) -> None:
    contract = on_a_contract(provider, place)
    next_door = builders.a_committee(builders.a_region_tree().villages[1])
    stranger = builders.staff_of(builders.a_provider(place, "别家"))
    for person in (next_door, stranger):
        done = imported(provider, line("A-1", contract), person=person)
        assert (done.new, [fault.beside for fault in done.faults.values()]) == (0, ["provider"])


def test_a_list_asks_none_of_the_providers_own_people(provider: Any, place: Any) -> None:  # trust 5
    staff = builders.staff_of(provider)

    @action
    def has_a_phone() -> None:
        staff.phone = PHONE

    has_a_phone()
    done = imported(provider, line("A-1", on_a_contract(provider, place), phone="+86 139 0013 9000"))
    assert (done.new, done.faults[2].beside) == (0, "phone")


def test_one_list_sent_6_times_at_once_is_taken_once(provider: Any, place: Any, elsewhere: Callable[..., Any]) -> None:
    contract = on_a_contract(provider, place)
    by = builders.actor(builders.staff_of(provider))
    lines = {number: line(f"A-{number}", contract) for number in range(2, 32)}
    ready, done, failed = threading.Barrier(6), list[int](), list[BaseException]()

    def send() -> None:
        ready.wait()
        try:
            done.append(import_services(by, db.session.merge(provider, load=False), lines, "zh-Hans").new)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=elsewhere, args=(send,)) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    db.session.rollback()
    assert failed == []
    assert sum(done) == count(ServiceRecord) == count(Ticket) == 30


def test_a_longer_list_asks_as_many_statements_for_a_hundred_lines_as_for_one(provider: Any, place: Any) -> None:
    contract, person = on_a_contract(provider, place), builders.staff_of(provider)
    lines = [line(f"A-{number}", contract, phone=f"1390014{number:04}") for number in range(AT_ONCE + 1)]
    with statements() as for_one:
        imported(provider, lines[0], person=person)
    with statements() as for_many:
        assert imported(provider, *lines[1:], person=person).new == AT_ONCE
    assert len(_but_messages(for_many)) <= len(_but_messages(for_one)) < 16


def _but_messages(said: list[str]) -> list[str]:
    return [statement for statement in said if "outbox_message" not in statement]


# The page


def _sent(client: Any, place: Any, provider: Any, data: bytes) -> Any:
    sent = {"provider": str(provider.id), "file": (BytesIO(data), "services.csv")}
    return client.post(f"/{place.code}/services/list", data=sent, headers=ENGLISH, content_type="multipart/form-data")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk"])
def test_a_file_is_loaded_and_its_faults_are_named_by_line(client: Any, encoding: str) -> None:
    place = builders.a_region_tree().villages[0]
    provider = builders.a_provider(place)
    contract, day = on_a_contract(provider, place), clock.today().isoformat()
    builders.signed_in(client, builders.staff_of(provider))
    text = f"编号,合同编号,日期,结果,手机号\nA-1,{contract.id},{day},未上门,{PHONE}\nA-2,{contract.id},{day},,139\n"
    answer = _sent(client, place, provider, text.encode(encoding))
    assert answer.status_code == 422
    assert "1 new; 0 were recorded before; 1 left out." in answer.text
    assert '<th scope="row" data-label="Line of the file">3</th>' in answer.text
    assert PHONE not in answer.text
    good = _sent(client, place, provider, text.replace(",139\n", ",13900139001\n").encode(encoding))
    assert (good.status_code, "1 new; 1 were recorded before; 0 left out." in good.text) == (200, True)


def test_a_file_that_is_no_list_is_refused_beside_its_field(client: Any) -> None:
    place = builders.a_region_tree().villages[0]
    provider = builders.a_provider(place)
    builders.signed_in(client, builders.a_committee(place))
    for data in (b"", b"a,b\n1,2\n", b"PK\x03\x04", b"\xff\xff\xff"):
        answer = _sent(client, place, provider, data)
        assert answer.status_code == 422
        assert 'id="file-error"' in answer.text


def test_the_empty_list_can_be_saved_and_is_read(client: Any) -> None:
    place = builders.a_region_tree().villages[0]
    builders.signed_in(client, builders.a_committee(place))
    for tag, word in (("en", "reference"), ("zh-CN", "编号")):
        answer = client.get(f"/{place.code}/services/list.csv", headers={"Accept-Language": tag})
        assert answer.mimetype == "text/csv"
        assert word in answer.data.decode("utf-8-sig")


@pytest.mark.parametrize("tag", ["zh-CN", "zh-TW", "en"])
def test_every_word_that_the_page_shows_for_an_end_can_be_typed(client: Any, tag: str) -> None:
    place = builders.a_region_tree().villages[0]
    builders.signed_in(client, builders.a_committee(place))
    shown = client.get(f"/{place.code}/services/list", headers={"Accept-Language": tag}).text
    table = shown[shown.index("delivered") :].partition("</table>")[0]
    words = [*Outcome, *([] if tag == "en" else re.findall(r"<td[^>]*>([^<]+)</td>", table))]
    assert len(words) == (5 if tag == "en" else 10)
    for word in words:
        assert isinstance(draft_of(ServiceLine(day="2026-11-20", outcome=word), "0401"), ServiceDraft), word


def test_a_committee_is_shown_the_contracts_of_its_own_place_only(client: Any) -> None:
    place, other = builders.a_region_tree().villages[:2]
    provider = builders.a_provider(place)
    here, there = (on_a_contract(provider, one) for one in (place, other))
    shown = {}
    for person in (builders.a_committee(place), builders.staff_of(provider)):
        builders.signed_in(client, person)
        text = client.get(f"/{place.code}/services/list", headers=ENGLISH).text
        shown[person.id] = [f'data-label="Number">{one.id}</th>' in text for one in (here, there)]
    assert list(shown.values()) == [[True, False], [True, True]]


# The key


def posted(client: Any, key: str, sent: Any, **headers: str) -> Any:
    body = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    said = {"Authorization": f"Bearer {key}", "Accept-Language": "en"} | headers
    return client.application.test_client().open(
        "/api/services", method="POST", token=False, input_stream=BytesIO(body), headers=said,
        content_type="application/json", content_length=len(body),
    )  # fmt: skip


def test_a_system_with_a_key_sends_services_once(client: Any, provider: Any, place: Any) -> None:
    contract, key = on_a_contract(provider, place), a_key(provider)
    sent = [
        {"reference": "A-1", "contract": contract.id, "day": clock.today().isoformat(), "phone": PHONE},
        {"reference": "A-2", "contract": contract.id, "day": clock.today().isoformat(), "phone": "x"},
        {"reference": "A-3", "contract": contract.id, "day": clock.today().isoformat(), "service": "9999"},
        {"reference": "A-4", "contract": contract.id, "day": "2099-01-01"},
    ]
    answer = posted(client, key, sent)
    assert answer.status_code == 422
    assert (answer.json["new"], answer.json["known"]) == (1, 0)
    assert [(one["line"], one["field"]) for one in answer.json["faults"]] == [(2, "phone"), (3, "service"), (4, "day")]
    assert PHONE not in answer.text
    again = posted(client, key, sent[:1])
    assert (again.status_code, again.json) == (200, {"new": 0, "known": 1, "faults": []})
    assert count(ServiceRecord) == count(Ticket) == 1


def test_what_is_no_list_is_refused(client: Any, provider: Any, place: Any) -> None:
    key = a_key(provider)
    for sent in (b"", b"{", b"{}", b"[]", b"[1]", json.dumps([{}] * 2001).encode()):
        assert posted(client, key, sent).status_code == 422


def test_without_its_key_nothing_is_taken_whatever_cookie_comes_with_it(client: Any, provider: Any, place: Any) -> None:
    contract = on_a_contract(provider, place)
    builders.signed_in(client, builders.staff_of(provider))
    sent = json.dumps([{"reference": "A-1", "contract": contract.id, "day": clock.today().isoformat(), "phone": PHONE}])
    answer = client.open("/api/services", method="POST", token=False, input_stream=BytesIO(sent.encode()),
                         content_type="application/json", content_length=len(sent))  # fmt: skip
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    for key in ("", "nonsense", "养", a_key(provider)[:-1]):
        assert posted(client, key.encode().decode("latin-1"), []).status_code == 401
    assert count(ServiceRecord) == 0


def test_a_key_ends_when_it_is_ended_or_its_maker_leaves(client: Any, provider: Any, place: Any) -> None:
    staff = builders.staff_of(provider)
    first = a_key(provider)
    kept = db.session.scalars(select(ImportKey)).one()
    assert posted(client, first, []).status_code == 422
    import_keys.revoke_key(builders.actor(staff), provider, kept)
    assert posted(client, first, []).status_code == 401
    second = a_key(provider)

    @action
    def leaves() -> None:
        db.session.execute(RoleGrant.__table__.delete().where(RoleGrant.person_id == staff.id))  # type: ignore[attr-defined]

    leaves()
    assert posted(client, second, []).status_code == 401


def test_a_key_stands_nowhere_and_is_shown_once(client: Any, provider: Any, place: Any) -> None:
    builders.signed_in(client, builders.staff_of(provider))
    there, typed = f"/{place.code}/providers/{provider.id}/keys", {"key": "k" * 32, "title": "护理系统"}
    answer = client.post(there, data=typed, headers=ENGLISH)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    secret = answer.text.split("<p><code>")[1].split("<")[0]
    assert posted(client, secret, []).status_code == 422
    kept = db.session.scalars(select(ImportKey)).one()
    assert secret not in str([getattr(kept, column.name) for column in ImportKey.__table__.columns])
    assert client.post(there, data=typed, headers=ENGLISH).status_code == 303
    assert count(ImportKey) == 1
    assert secret not in client.get(there, headers=ENGLISH).text
    assert 'id="title-error"' in client.post(there, data={"key": "l" * 32, "title": ""}).text
    ended = client.post(f"{there}/{kept.id}/end")
    assert ended.status_code == 303
    assert "ended on" in client.get(there, headers=ENGLISH).text


def test_only_the_providers_own_people_keep_its_keys(client: Any, provider: Any, place: Any) -> None:
    kept = the_key(provider)
    committee = builders.a_committee(place)
    with pytest.raises(Refused, match="own people"):
        import_keys.make_key(builders.actor(committee), provider, "系统")
    builders.signed_in(client, committee)
    there = f"/{place.code}/providers/{provider.id}/keys"
    assert client.get(there).status_code == 409
    assert client.post(f"{there}/{kept.id}/end").status_code == 409
    other = builders.a_provider(place, "别家")
    builders.signed_in(client, builders.staff_of(other))
    assert client.post(f"/{place.code}/providers/{other.id}/keys/{kept.id}/end").status_code == 404
    db.session.expire_all()
    assert db.session.get_one(ImportKey, kept.id).revoked_at is None


def test_a_provider_has_ten_keys_at_most(provider: Any, place: Any) -> None:
    for _ in range(import_keys.MOST_KEYS):
        a_key(provider)
    with pytest.raises(Refused, match="end one first"):
        a_key(provider)


def test_no_number_stands_in_logs_audit_or_answers(
    client: Any, provider: Any, place: Any, caplog: pytest.LogCaptureFixture
) -> None:
    contract, key = on_a_contract(provider, place), a_key(provider)
    with caplog.at_level(logging.DEBUG):
        answer = posted(client, key, [
            {"reference": "A-1", "contract": contract.id, "day": clock.today().isoformat(), "phone": PHONE},
            {"reference": "A-2", "contract": contract.id, "day": PHONE, "phone": PHONE},
            {"reference": "A-3", "contract": PHONE, "day": "2026-01-01", "phone": PHONE},
        ])  # fmt: skip
    told = " ".join(str(row) for row in db.session.execute(select(AuditEntry.deed, AuditEntry.detail)))
    assert "service:import-by-key" in told
    for words in (caplog.text, answer.text, told):
        assert PHONE not in words
        assert key not in words
    assert {message.to for message in messages(template="rate_service")} == {PHONE}
