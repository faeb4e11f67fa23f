"""The receipt: hers alone, the same however often it is asked for, and proof to anybody who has the site's key."""

import runpy
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from portal.rules import opencount
from portal.store import db
from portal.voting.actions import cast_vote
from portal.voting.keys import public_key
from portal.voting.models import Ballot, LedgerEntry
from portal.voting.sealing import open_data
from tests import builders
from tests.client import InspectingClient

ENGLISH = {"Accept-Language": "en"}
VERIFIER = runpy.run_path("static/verify/verify.py")


def receipt(client: InspectingClient, village: Any, round_: Any) -> str:
    answer = client.get(f"/{village.code}/votes/{round_.id}/receipt.txt")
    assert answer.status_code == 200
    assert answer.content_type == "text/plain; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.text


def voter(village: Any, round_: Any, client: InspectingClient, option: int = 1) -> Any:
    person = builders.a_resident(village)
    cast_vote(builders.actor(person), round_, option, 1)
    builders.signed_in(client, person)
    return person


def test_the_sites_key_signed_it_and_no_other_text(village: Any, round_: Any, client: InspectingClient) -> None:
    voter(village, round_, client)
    *lines, signature = receipt(client, village, round_).splitlines()
    assert lines[:2] == ["open-count-receipt", round_.uid]
    assert len(lines[2]) == 16
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key()))
    key.verify(bytes.fromhex(signature), "\n".join(lines).encode())
    with pytest.raises(InvalidSignature):
        key.verify(bytes.fromhex(signature), "\n".join([*lines[:2], "0" * 16, *lines[3:]]).encode())


def test_it_says_nothing_of_the_choice_and_changes_with_it(village: Any, round_: Any, client: InspectingClient) -> None:
    person = voter(village, round_, client)
    first = receipt(client, village, round_)
    assert receipt(client, village, round_) == first
    cast_vote(builders.actor(person), round_, 2, 1)
    second = receipt(client, village, round_)
    assert second.splitlines()[:3] == first.splitlines()[:3]
    assert second.splitlines()[3:] != first.splitlines()[3:]
    page = client.get(f"/{village.code}/votes/{round_.id}/receipt", headers=ENGLISH)
    assert "方案" not in page.text
    assert page.headers["Cache-Control"] == "no-store"
    code = second.splitlines()[2]
    assert f"{code[:4]} {code[4:8]} {code[8:12]} {code[12:]}" in page.text
    assert second.strip() in page.text.replace("&#34;", '"')


def test_another_resident_never_sees_it(village: Any, round_: Any, client: InspectingClient) -> None:
    voter(village, round_, client)
    code = receipt(client, village, round_).splitlines()[2]
    for person in (builders.a_resident(village), builders.a_committee(village), None):
        builders.signed_in(client, person)
        answer = client.get(f"/{village.code}/votes/{round_.id}/receipt.txt")
        assert answer.status_code == (404 if person else 303)
        text = client.get(f"/{village.code}/votes/{round_.id}/receipt", headers=ENGLISH).text
        assert code[:4] not in text.replace(str(round_.id), "")


def test_the_last_four_digits_are_hers_to_choose(village: Any, round_: Any, client: InspectingClient) -> None:
    voter(village, round_, client)
    before = receipt(client, village, round_).splitlines()[2]
    address = f"/{village.code}/votes/{round_.id}/digits"
    for typed in ("", "12", "12345", "12a4", "１２３４"):
        answer = client.post(address, data={"digits": typed}, headers=ENGLISH)
        assert answer.status_code == 422, typed
        assert f'value="{typed}"' in answer.text
        assert "Please choose four digits." in answer.text
    for _ in range(2):
        answer = client.post(address, data={"digits": "1966"})
        assert answer.location == f"/{village.code}/votes/{round_.id}/receipt"
        assert receipt(client, village, round_).splitlines()[2] == before[:12] + "1966"


def test_digits_are_for_voters_while_the_vote_is_open(
    village: Any, round_: Any, client: InspectingClient, at: Any
) -> None:
    person = voter(village, round_, client)
    before = db.session.scalar(db.select(Ballot.code))
    address = f"/{village.code}/votes/{round_.id}/digits"
    with at(round_.closes_at):
        builders.signed_in(client, person)
        answer = client.post(address, data={"digits": "1966"}, headers=ENGLISH)
    assert "This vote has closed" in answer.text
    builders.signed_in(client, builders.a_resident(village))
    assert client.post(address, data={"digits": "1966"}, headers=ENGLISH).status_code == 200
    assert db.session.scalar(db.select(Ballot.code)) == before


def test_her_own_line_on_the_roll_is_found_in_the_open_data(
    village: Any, round_: Any, client: InspectingClient
) -> None:
    voter(village, round_, client)
    text = client.get(f"/{village.code}/votes/{round_.id}/receipt", headers=ENGLISH).text
    line = db.session.scalars(db.select(LedgerEntry).where(LedgerEntry.voted)).one()
    assert line.line == opencount.roll_line(line.salt, line.number)
    assert line.line in text
    assert line.salt in text
    builders.sealed(round_)
    assert f'["{line.line}",1]' in open_data(round_)
    text = client.get(f"/{village.code}/votes/{round_.id}/receipt", headers=ENGLISH).text
    assert line.line in text
    assert "You have voted. The vote is sealed" in text
    assert client.get(f"/{village.code}/votes/{round_.id}/receipt.txt").status_code == 404


@pytest.mark.parametrize("publish", ["ballots", "marks", "aggregate"])
def test_a_strangers_program_checks_it_against_what_is_published(  # trust 3.4, 3.8
    village: Any, client: InspectingClient, tmp_path: Any, publish: str
) -> None:
    round_ = builders.an_open_round(builders.a_project(village), publish=publish)
    people = [builders.a_resident(village) for _ in range(21)]
    for number, person in enumerate(people):
        cast_vote(builders.actor(person), round_, number % 3 + 1, 1)
    builders.signed_in(client, people[7])
    (tmp_path / "receipt.txt").write_text(receipt(client, village, round_))
    builders.sealed(round_)
    (tmp_path / "bundle.json").write_text(open_data(round_))
    check = VERIFIER["main"]
    assert check([str(tmp_path / "bundle.json"), "--receipt", str(tmp_path / "receipt.txt")]) == 0
    lines = (tmp_path / "receipt.txt").read_text().splitlines()
    (tmp_path / "forged.txt").write_text("\n".join([*lines[:2], "0" * 16, *lines[3:]]) + "\n")
    assert check([str(tmp_path / "bundle.json"), "--receipt", str(tmp_path / "forged.txt")]) != 0
