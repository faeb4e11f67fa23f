"""The public list, its file, the three rates, and what the pages cost."""

import csv
import io
from datetime import date
from typing import Any

from flask import Flask

from portal.cases import answering, handling, queries
from portal.cases.rising import raise_cases
from portal.providers.models import Provider
from portal.regions.models import Region
from portal.rules.cases import Move, Rate
from portal.store import db
from tests import builders
from tests.cases.making import PHONE, a_batch_case, a_named_case, upheld
from tests.client import InspectingClient
from tests.counting import statements

ENGLISH = {"Accept-Language": "en"}


def answered(case: Any, says: Move | None = None) -> None:
    provider = db.session.get_one(Provider, case.provider_id)
    answering.answer_case(builders.actor(builders.staff_of(provider)), case, "已补上门一次。")
    if says:
        answering.say_whether_it_is_right(case, says)


def test_the_three_rates_count_what_they_say(app: Flask, village: Region) -> None:  # 2.4 (接诉即办)
    provider = builders.a_provider(village)
    committee = builders.actor(builders.a_committee(village))
    with builders.at("2026-03-02"):
        cases = [a_named_case(village, provider) for _ in range(8)]
        for case, says in zip(cases[:5], [Move.CONFIRM, Move.CONFIRM, Move.CONFIRM, Move.REJECT, None], strict=True):
            answered(upheld(case), says)
        handling.contact_rater(committee, cases[5], reached=False, words="没有接。")
        rates, _ = queries.rates_of(village)
        assert rates.response == Rate(5, 5)  # the three others are not due yet
        assert rates.solved == Rate(3, 3, shown=False)
        assert rates.satisfied == Rate(3, 4, shown=False)
    with builders.at("2026-03-20"):
        raise_cases()
        rates, ((name, number, own),) = queries.rates_of(village)
        assert rates.response == Rate(5, 8)
        assert rates.solved == Rate(3, 5)  # the one she sent back is due, too, and so is the one that is checked
        assert rates.satisfied == Rate(3, 5)  # who says nothing is not satisfied
        assert (name, number, own.response) == (provider.name, provider.id, Rate(5, 8))
        assert queries.rates_of(builders.a_region_tree().county)[0].response == Rate(5, 8)
        assert queries.rates_of(builders.a_region_tree().villages[1])[0].response == Rate(0, 0, shown=False)


def test_a_batch_counts_for_the_response_when_it_is_verified(app: Flask, village: Region) -> None:
    with builders.at("2026-03-04"):
        upheld(a_batch_case(village, on=date(2026, 3, 2)))
        a_batch_case(village, on=date(2026, 2, 2))
        assert queries.rates_of(village)[0].response == Rate(1, 2, shown=False)


def test_too_few_are_said_to_be_too_few(client: InspectingClient, village: Region) -> None:  # F9
    upheld(a_named_case(village))
    text = client.get(f"/{village.code}/bad-ratings/", headers=ENGLISH).text
    assert "not enough yet" in text
    assert "1 of 1" not in text


def test_the_file_has_the_public_list_and_no_more(client: InspectingClient, village: Region) -> None:
    case = upheld(a_named_case(village))
    a_batch_case(village)
    above = db.session.get_one(Region, village.parent_id)
    answer = client.get(f"/{above.code}/bad-ratings/cases.csv")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert len(rows) == 2
    (own,) = [row for row in rows if row["number"] == str(case.id)]
    assert (own["state"], own["found"], own["named"]) == ("repairing", "当天没有上门，记录属实。", "1")
    assert own["month"].strip() == case.opened_on.strftime("%Y-%m")
    assert PHONE not in answer.text
    only = client.get(f"/{above.code}/bad-ratings/cases.csv?state=closed").data.decode("utf-8-sig")
    assert len(only.splitlines()) == 1


def test_what_is_due_first_stands_first(client: InspectingClient, village: Region) -> None:
    with builders.at("2026-03-02"):
        later, sooner = upheld(a_named_case(village)), a_named_case(village)
        builders.signed_in(client, builders.a_committee(village))
        text = client.get(f"/{village.code}/bad-ratings/desk", headers=ENGLISH).text
    assert text.index(f"No. {sooner.id}:") < text.index(f"No. {later.id}:")
    with builders.at("2026-03-05"):
        text = client.get(f"/{village.code}/bad-ratings/desk?late=yes", headers=ENGLISH).text
    assert f"No. {sooner.id}:" in text
    assert "overdue since" in text
    assert f"No. {later.id}:" not in text


def test_the_pages_cost_the_same_for_one_case_and_for_many(client: InspectingClient, village: Region) -> None:
    provider = builders.a_provider(village)
    case = a_named_case(village, provider)
    people = {
        f"/{village.code}/bad-ratings/": None,
        f"/{village.code}/bad-ratings/desk": builders.a_committee(village),
        f"/{village.code}/bad-ratings/{case.id}/": builders.a_committee(village),
        "/repairs/": builders.staff_of(provider),
        f"/repairs/{case.id}": builders.staff_of(provider),
        f"/rate/{case.token}/repair": None,  # type: ignore[attr-defined]
    }

    def costs() -> dict[str, int]:
        found = {}
        for address, person in people.items():
            builders.signed_in(client, person)
            client.get(address)
            with statements() as said:
                client.get(address, inspect=False)
            found[address] = len(said)
        return found

    few = costs()
    for _ in range(12):
        a_named_case(village, provider)
    assert costs() == few
    assert all(count <= 6 for count in few.values()), few
