"""A provider sees what everyone sees and answers once; what waits or is hidden is not for it."""

import secrets
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.comments.looking import look_at_releases
from portal.comments.models import GroupAnswer, ReasonBatch, ReleaseLook
from portal.comments.own import own_of, reasons_of
from portal.notifications.models import Notice
from portal.policies.queries import rules_for
from portal.providers.models import Provider, RatingBatch
from portal.providers.standings import standing_of
from portal.ratings.models import Rating
from portal.rules.scoring import provider_score
from portal.store import action, clock, db
from tests import builders
from tests.client import InspectingClient
from tests.comments.making import HIDE, a_comment, a_group, decided, hidden
from tests.counting import statements
from tests.providers.making import published

ENGLISH = {"Accept-Language": "en"}
GOOD, BAD = (1, 2, 6, 25, 60), (30, 20, 10, 5, 5)


def own(tree: builders.Tree, provider: Provider) -> str:
    return f"/{tree.villages[0].code}/providers/{provider.id}/own/"


def told(provider: Provider) -> list[str]:
    staff = builders.staff_of(provider)
    return list(db.session.scalars(select(Notice.template).where(Notice.person_id == staff.id)))


def looked(provider: Provider) -> list[tuple[int, bool]]:
    rows = db.session.execute(
        select(ReleaseLook.mark, ReleaseLook.told).where(ReleaseLook.provider_id == provider.id).order_by("release_id")
    )
    return [(row[0], row[1]) for row in rows]


@action
def ticked(batch: RatingBatch, *reasons: str) -> None:
    """Ratings of a published batch, each with one of these reasons."""
    for reason in reasons:
        db.session.add(
            Rating(
                key=secrets.token_hex(32),
                provider_id=batch.provider_id,
                region_id=batch.region_id,
                category="0401",
                grade=2,
                reasons=[reason],
                rated_on=batch.released_on,
                settled=True,
                batch_id=batch.id,
            )
        )


def test_a_provider_sees_the_figures_of_everyone_and_no_others(  # 11
    client: InspectingClient, provider: Provider, tree: builders.Tree
) -> None:
    published(provider, GOOD)
    builders.signed_in(client, builders.staff_of(provider))
    said = client.get(own(tree, provider), headers=ENGLISH).text
    standing = standing_of(provider, rules_for(tree.villages[0]))
    assert own_of(provider, rules_for(tree.villages[0])).standing == standing
    assert standing.score
    assert f"{standing.score.mean:.0f}" in said
    assert "The next mark is" in said


def test_what_would_raise_the_score_is_true(provider: Provider, tree: builders.Tree) -> None:  # 11
    published(provider, GOOD)
    numbers = rules_for(tree.villages[0])
    said = own_of(provider, numbers)
    assert said.mark
    assert said.further
    assert said.further % 5 == 0
    mix = (0.03, 0.05, 0.12, 0.32, 0.48)
    then = provider_score((*GOOD[:4], GOOD[4] + said.further), mix, weight=numbers.prior_weight)
    before = provider_score((*GOOD[:4], GOOD[4] + said.further - 5), mix, weight=numbers.prior_weight)
    assert before.low < said.mark <= then.low


def test_with_too_few_ratings_nothing_is_said(
    client: InspectingClient, provider: Provider, tree: builders.Tree
) -> None:
    published(provider, (1, 1, 1, 1, 1))
    builders.signed_in(client, builders.staff_of(provider))
    said = client.get(own(tree, provider), headers=ENGLISH).text
    assert "Not enough answers yet" in said
    assert "The next mark is" not in said


def test_a_provider_sees_neither_waiting_nor_hidden_words_nor_how_many(  # 11, trust 4.6
    client: InspectingClient, provider: Provider, tree: builders.Tree
) -> None:
    village = tree.villages[0]
    builders.signed_in(client, builders.staff_of(provider))
    before = client.get(own(tree, provider)).text
    waits = a_comment(provider, village, "还在等待的话。")
    hidden(a_comment(provider, village, "被隐藏的话。"))
    for number in range(4):
        a_comment(provider, village, f"第{number}条。", due_at=clock.now() - timedelta(days=1), state="cleared")
    after = client.get(own(tree, provider)).text
    assert without_tokens(before) == without_tokens(after)
    for address in ("/words/", f"/words/{waits.key}"):
        for answer in (client.get(f"/{village.code}{address}"), client.post(f"/{village.code}{address}")):
            assert answer.status_code in (403, 405)
    assert client.post(f"/{village.code}/words/{waits.key}", data={"verdict": "hide"}).status_code == 403


def without_tokens(page: str) -> list[str]:
    return [line for line in page.splitlines() if "csrf_token" not in line and "nonce" not in line]


def test_another_provider_and_an_official_do_not_open_it(
    client: InspectingClient, provider: Provider, tree: builders.Tree
) -> None:
    other = builders.a_provider(tree.county, "别家社工站")
    for person in (builders.staff_of(other), builders.an_official(tree.county), builders.a_committee(tree.villages[0])):
        builders.signed_in(client, person)
        assert client.get(own(tree, provider)).status_code == 403


def test_a_group_is_answered_once_in_public(  # 11
    client: InspectingClient, provider: Provider, tree: builders.Tree
) -> None:
    village = tree.villages[0]
    a_group(provider, village)
    builders.signed_in(client, builders.staff_of(provider))
    address = own(tree, provider) + clock.today().isoformat()
    assert "cannot be changed" in client.get(address, headers=ENGLISH).text
    assert client.post(address, data={"words": "请打13800138000"}).status_code == 422
    for _ in range(2):
        assert client.post(address, data={"words": "谢谢大家，已加派人手。"}).status_code == 303
    assert client.post(address, data={"words": "改口。"}).status_code == 422
    assert [one.words for one in db.session.scalars(select(GroupAnswer))] == ["谢谢大家，已加派人手。"]
    builders.signed_in(client, None)
    said = client.get(f"/{village.code}/providers/{provider.id}/words/").text
    assert "谢谢大家，已加派人手。" in said
    assert "第三条" in said


def test_a_day_without_words_is_not_answered(client: InspectingClient, provider: Provider, tree: builders.Tree) -> None:
    builders.signed_in(client, builders.staff_of(provider))
    for day in ("2026-01-01", "tomorrow"):
        assert client.get(own(tree, provider) + day).status_code == 404


def test_reasons_are_shown_once_five_named_them(provider: Provider) -> None:  # 11, F9
    ticked(published(provider, BAD, on=clock.today() - timedelta(days=20)), *["late"] * 3, *["rude"] * 6)
    look_at_releases()
    assert reasons_of(provider.id) == [("rude", 6)]
    ticked(published(provider, BAD), *["late"] * 2, "careless")
    assert look_at_releases() == 1
    assert look_at_releases() == 0
    assert reasons_of(provider.id) == [("rude", 6), ("late", 5)]
    waiting = db.session.scalars(select(ReasonBatch).where(ReasonBatch.published_on.is_(None))).all()
    assert [(one.reason, one.ratings) for one in waiting] == [("careless", 1)]


def test_a_release_that_falls_below_a_mark_is_told_once(provider: Provider) -> None:  # 11
    builders.staff_of(provider)
    published(provider, GOOD, on=clock.today() - timedelta(days=30))
    look_at_releases()
    assert told(provider) == []
    published(provider, BAD)
    for _ in range(2):
        look_at_releases()
    assert told(provider) == ["ratings_worse"]
    (first, _), (second, news) = looked(provider)
    assert first > second
    assert news


def test_a_release_as_good_as_before_is_not_told(provider: Provider) -> None:
    builders.staff_of(provider)
    for days in (30, 0):
        published(provider, GOOD, on=clock.today() - timedelta(days=days))
    look_at_releases()
    assert told(provider) == []


@pytest.mark.parametrize("many", [1, 10])
def test_pages_of_words_ask_few_statements(
    client: InspectingClient, provider: Provider, tree: builders.Tree, at: Any, many: int
) -> None:
    published(provider, GOOD)
    for number in range(many):
        with at(clock.now() + timedelta(days=number)):
            a_group(provider, tree.villages[0])
    public = f"/{tree.villages[0].code}/providers/{provider.id}/words/"
    builders.signed_in(client, builders.staff_of(provider))
    for address, most in ((public, 7), (own(tree, provider), 13)):  # two of them are remembered between requests
        client.get(address)
        with statements() as said:
            client.get(address, inspect=False)
        assert len(said) <= most, said


def test_words_are_paged_by_their_groups(
    client: InspectingClient, provider: Provider, tree: builders.Tree, at: Any
) -> None:
    for number in range(6):
        with at(clock.now() + timedelta(days=number)):
            a_group(provider, tree.villages[0], *(f"第{number}批第{one}条" for one in range(5)))
    address, seen = f"/{tree.villages[0].code}/providers/{provider.id}/words/", []
    first = client.get(address).text
    after = first.partition('rel="next" href="?after=')[2].partition('"')[0]
    for said in (first, client.get(f"{address}?after={after}").text):
        seen += [number for number in range(6) if f"第{number}批第4条" in said]
    assert sorted(seen) == list(range(6))
    assert seen[:4] == [2, 3, 4, 5]


def test_numbers_of_a_place_are_of_full_months_and_never_small(  # 10
    client: InspectingClient, provider: Provider, tree: builders.Tree, at: Any
) -> None:
    village = tree.villages[0]
    with at("2026-10-20"):
        comments = [a_comment(provider, village, f"第{number}条。") for number in range(7)]
        for comment in comments[:6]:
            hidden(comment)
        decided(comments[6], builders.a_committee(village), HIDE)
        said = client.get(f"/{village.code}/words/numbers", headers=ENGLISH).text
        assert '<td class="num">6</td>' not in said
    with at("2026-11-02"):
        said = client.get(f"/{village.code}/words/numbers", headers=ENGLISH).text
        assert said.count('<td class="num">6</td>') == 1
        assert said.count("fewer than 5") == 7


def test_the_office_sees_how_each_decides_in_shares_only(
    client: InspectingClient, provider: Provider, tree: builders.Tree, at: Any
) -> None:
    village = tree.villages[0]
    with at("2026-10-20"):
        for number in range(10):
            hidden(a_comment(provider, village, f"第{number}条。"))
    with at("2026-11-02"):
        builders.signed_in(client, builders.an_official(tree.county))
        assert "100 %" in client.get(f"/{village.code}/words/", headers=ENGLISH).text
        builders.signed_in(client, builders.a_committee(village))
        assert "100 %" not in client.get(f"/{village.code}/words/", headers=ENGLISH).text
