"""The public pages of the log: what anybody reads, prints, takes along and checks."""

import csv
import io
import json
import re
from datetime import timedelta
from typing import Any

from portal.rules import merkle, opencount
from portal.store import clock, db
from portal.voting import log
from portal.voting.actions import cast_vote
from portal.voting.models import Round
from portal.voting.publishing import bundle_file
from portal.voting.rounds import freeze_round
from portal.voting.sealing import seal_closed_rounds
from tests import builders
from tests.client import InspectingClient
from tests.voting.test_life import VERIFIER


def address(village: Any, round_: Round, page: str) -> str:
    return f"/{village.code}/votes/{round_.id}/{page}"


def read(client: InspectingClient, address: str) -> str:
    return client.get(address, headers={"Accept-Language": "en"}).get_data(as_text=True)


def sealed(round_: Round) -> Round:
    with builders.at(round_.closes_at):
        assert seal_closed_rounds() == 1
    return round_


def test_anybody_reads_todays_number_and_how_many_voted_but_no_choice(  # A26
    voted: Round, village: Any, client: InspectingClient
) -> None:
    said = read(client, address(village, voted, "log"))
    head = log.newest_head(voted)
    assert head
    assert " ".join(head.root[at : at + 4] for at in range(0, 64, 4)) in said
    assert "<strong>22</strong><span>have voted" in said
    assert "open-count.json" not in said.replace("verify.py open-count.json", "")


def test_there_is_no_list_before_the_vote_has_opened(village: Any, client: InspectingClient) -> None:  # A26
    round_ = builders.an_open_round(builders.a_project(village))
    for page in ("log", "log.json", "notice", "consistency.json"):
        assert client.get(address(village, round_, page)).status_code == 404


def test_while_a_vote_is_open_its_data_are_commitments_only(  # A26
    voted: Round, village: Any, client: InspectingClient
) -> None:
    for page in ("open-count.json", "records.csv", "callback"):
        assert client.get(address(village, voted, page)).status_code == 404
    told = json.loads(client.get(address(village, voted, "log.json")).data)
    assert told.keys() == {"format", "leaves", "heads"}
    assert [json.loads(leaf).keys() for leaf in told["leaves"][1:]] == [{"kind", "commitment"}] * 12
    assert merkle.root(told["leaves"]) == told["heads"][-1]["root"]


def test_the_notice_carries_a_head_that_the_strangers_program_accepts_later(  # A26
    voted: Round, village: Any, client: InspectingClient, tmp_path: Any
) -> None:
    said = read(client, address(village, voted, "notice"))
    head = log.newest_head(voted)
    assert head
    text = log.head_text(voted, head)
    assert all(f"<code>{line}</code>" in said for line in text.split())
    assert '<svg class="qr"' in said
    sealed(voted)
    (tmp_path / "head.txt").write_text(text)
    (tmp_path / "open-count.json").write_bytes(client.get(address(village, voted, "open-count.json")).data)
    assert VERIFIER["main"]([str(tmp_path / "open-count.json"), "--head", str(tmp_path / "head.txt")]) == 0
    (tmp_path / "head.txt").write_text(text.replace(head.root, "0" * 64))
    assert VERIFIER["main"]([str(tmp_path / "open-count.json"), "--head", str(tmp_path / "head.txt")]) == 1


def test_a_sealed_vote_is_published_as_a_file_and_a_table(  # A26
    voted: Round, village: Any, client: InspectingClient
) -> None:
    sealed(voted)
    packed = client.get(address(village, voted, "open-count.json"), headers={"Accept-Encoding": "gzip"})
    plain = client.get(address(village, voted, "open-count.json"), headers={"Accept-Encoding": "identity"})
    assert packed.data == bundle_file(voted).read_bytes()
    records = json.loads(plain.data)["records"]
    assert len(records) == 22
    rows = list(csv.reader(io.StringIO(client.get(address(village, voted, "records.csv")).data.decode("utf-8-sig"))))
    assert [[cell.strip("\t") for cell in row] for row in rows[1:]] == records
    etag = plain.headers["ETag"]
    again = client.get(
        address(village, voted, "open-count.json"), headers={"If-None-Match": etag, "Accept-Encoding": "identity"}
    )
    assert again.status_code == 304
    said = read(client, address(village, voted, "log"))
    assert "/static/verify/index.html?from=" in said
    client.set_cookie("display", "elder")
    assert re.search(
        r'/static/verify/index\.html\?from=[^"&]+&amp;lang=en&amp;elder=1"',
        read(client, address(village, voted, "log")),
    )
    with client.get("/static/verify/index.html", inspect=False) as answer:
        assert answer.status_code == 200


def test_the_list_of_an_open_vote_promises_what_its_terms_promise(
    voted: Round, village: Any, client: InspectingClient
) -> None:  # A26
    said = read(client, address(village, voted, "log"))
    assert "Every ballot, without names: everyone can count again. If fewer than" in said
    assert "Only the sums" not in said


def test_who_kept_an_older_number_gets_the_proof_that_the_list_has_only_grown(  # A26
    voted: Round, village: Any, client: InspectingClient
) -> None:
    older = log.newest_head(voted)
    sealed(voted)
    newest = log.newest_head(voted)
    assert older
    assert newest
    told = client.get(address(village, voted, f"consistency.json?from={older.size}")).json
    assert told["to"] == newest.size
    assert merkle.extends(older.size, older.root, newest.size, newest.root, told["proof"])
    for wrong in ("from=0", f"from={newest.size + 1}", f"from=1&to={newest.size + 1}", "from=5&to=4", "from=x", ""):
        assert client.get(address(village, voted, f"consistency.json?{wrong}")).status_code == 404


def test_a_small_vote_is_published_as_sums_only_and_its_pages_say_so(  # A26
    village: Any, client: InspectingClient
) -> None:
    round_ = builders.an_open_round(builders.a_project(village), publish="ballots")
    people = [builders.a_resident(village) for _ in range(3)]
    for person in people:
        cast_vote(builders.actor(person), round_, 1, 1)
    assert "If fewer than 20 vote" in read(client, address(village, round_, "log"))
    sealed(round_)
    said = read(client, address(village, round_, "log"))
    assert "they cannot count the choices again" in said
    assert "records.csv" not in said
    told = client.get(address(village, round_, "open-count.json")).json
    assert "records" not in told
    assert told["counts"]["1"] == 3


def test_earlier_numbers_are_listed_one_a_day(village: Any, client: InspectingClient, at: Any) -> None:  # A26
    noon = clock.now().replace(hour=4)
    with at(noon):
        round_ = builders.an_open_round(builders.a_project(village))
        freeze_round(round_)
    for day in range(1, 4):
        for hour in range(2):
            with at(noon + timedelta(days=day, hours=hour)):
                db.session.rollback()
                _append(round_, f"{day} {hour}")
    heads = log.heads_of(round_)
    assert len(heads) == 7
    assert [one.size for one in log.daily_heads(round_)][-1] == 7
    assert len(log.daily_heads(round_)) == 4
    said = read(client, address(village, round_, "log"))
    assert said.count('<tr><th scope="row">') == 3
    assert opencount.printed(
        opencount.head_text(round_.uid, heads[-1].size, heads[-1].root, log.stamp(heads[-1].at)), heads[-1].signature
    ) == log.head_text(round_, heads[-1])


@builders.action
def _append(round_: Round, words: str) -> None:
    log.append(round_, [opencount.record_text(opencount.digest(words))])
