"""The public list, its file, the three rates, and what the pages cost."""

import csv
import io
from datetime import date
from typing import Any

from flask import Flask

from portal.cases import answering, handling
from portal.cases.rates import rates_of
from portal.cases.rising import raise_cases
from portal.providers.models import Provider
from portal.regions.models import Region
from portal.rules.case_rates import Rate
from portal.rules.cases import Finding, Move
from portal.store import action, db
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
        rates = rates_of(village).whole
        assert rates.response == Rate(5, 5)  # the three others are not due yet
        assert rates.solved == Rate(3, 3, shown=False)
        assert rates.satisfied == Rate(3, 4, shown=False)
    with builders.at("2026-03-20"):
        raise_cases()
        here = rates_of(village)
        rates, ((told, own),) = here.whole, here.providers
        assert rates.response == Rate(5, 8)
        assert rates.solved == Rate(3, 5)  # the one she sent back is due, too, and so is the one that is checked
        assert rates.satisfied == Rate(3, 5)  # who says nothing is not satisfied
        assert (told.id, own.response) == (provider.id, Rate(5, 8))
        assert rates_of(builders.a_region_tree().county).whole.response == Rate(5, 8)
        assert rates_of(builders.a_region_tree().villages[1]).whole.response == Rate(0, 0, shown=False)


def test_a_batch_counts_for_the_response_when_it_is_verified(app: Flask, village: Region) -> None:
    with builders.at("2026-03-04"):
        upheld(a_batch_case(village, on=date(2026, 3, 2)))
        a_batch_case(village, on=date(2026, 2, 2))
        assert rates_of(village).whole.response == Rate(1, 2, shown=False)


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


def test_providers_and_places_are_called_as_the_reader_calls_them(client: InspectingClient, village: Region) -> None:
    case = a_batch_case(village)

    @action
    def translate() -> None:
        db.session.get_one(Provider, case.provider_id).translations = {"en": {"name": "Warm Hands"}}
        db.session.get_one(Region, village.id).translations = {"en": {"name": "Locust Tree"}}

    translate()
    page = client.get(f"/{village.code}/bad-ratings/", headers=ENGLISH).text
    assert "Warm Hands" in page
    assert "<span>Locust Tree</span>" in page


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


def test_the_desk_shows_closed_cases_only_if_it_is_asked_for_them(client: InspectingClient, village: Region) -> None:
    going, closed = a_named_case(village), a_named_case(village)
    answering.say_whether_it_is_right(closed, Move.WITHDRAW)
    builders.signed_in(client, builders.a_committee(village))

    def shown(query: str) -> list[bool]:
        text = client.get(f"/{village.code}/bad-ratings/desk{query}", headers=ENGLISH).text
        return [f"No. {case.id}:" in text for case in (going, closed)]

    assert shown("") == shown("?state=open") == shown("?state=received") == [True, False]
    assert shown("?state=") == [True, True]
    assert shown("?state=closed") == [False, True]


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


def test_each_body_has_its_own_rates_and_who_let_a_case_wait_bears_it(
    client: InspectingClient, village: Region
) -> None:
    """2.4: the response counts where it was due first, the rest where the case stands or was closed."""
    provider, tree = builders.a_provider(village), builders.a_region_tree()
    with builders.at("2026-03-02"):
        for case in [a_named_case(village, provider) for _ in range(5)]:
            answered(upheld(case), Move.CONFIRM)
        late = [a_named_case(village, provider) for _ in range(5)]
    with builders.at("2026-03-05"):
        raise_cases()
        township = builders.actor(builders.an_official(tree.township))
        for case in late:
            handling.contact_rater(township, case, reached=True, words="已电话联系。")
            handling.find(township, case, Finding.UPHELD, "当天没有上门，记录属实。")
            answered(case, Move.CONFIRM)
        found = {office.id: rates for office, rates in rates_of(tree.county).bodies}
        assert found[village.id].response == Rate(5, 10), "the township answered the other five, and too late"
        assert found[village.id].solved == found[tree.township.id].solved == Rate(5, 5)
        assert found[tree.township.id].response == Rate(0, 0, shown=False)
        builders.signed_in(client, builders.an_official(tree.county))
        for page in ("", "desk"):
            text = client.get(f"/{tree.county.code}/bad-ratings/{page}", headers=ENGLISH).text
            links = [
                text.index(f'href="/{place.code}/bad-ratings/">{place.name}') for place in (tree.township, village)
            ]
            assert links == sorted(links), "the higher office comes first"
            assert "5 of 10" in text


def test_a_body_with_few_cases_is_not_shown_nor_to_be_reckoned(app: Flask, village: Region) -> None:  # F9
    tree = builders.a_region_tree()
    provider = builders.a_provider(tree.township)
    with builders.at("2026-03-02"):
        for place in (village,) * 6 + (tree.villages[1],) * 3:
            answered(upheld(a_named_case(place, provider)), Move.CONFIRM)
        here = rates_of(tree.township)
    assert here.whole.response == Rate(9, 9)
    assert here.bodies == [], "the six would tell of the three"


def test_nobody_learns_that_somebody_has_just_asked(client: InspectingClient, village: Region) -> None:  # 2.6
    provider = builders.a_provider(village)
    with builders.at("2026-03-02"):
        a_named_case(village, provider)
    with builders.at("2026-03-04"):
        text = client.get(f"/{village.code}/bad-ratings/", headers=ENGLISH).text
    assert provider.name not in text
    assert "overdue and goes up" not in text
