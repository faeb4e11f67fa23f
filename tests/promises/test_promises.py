"""What is declared done is asked of those who asked for it, once, and counted without them."""

import re
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.notifications.models import Notice
from portal.promises import queries
from portal.promises.asking import answer_promise, ask_of_projects, count_promises, declare_done
from portal.promises.models import Promise, PromiseAnswer, PromiseAsk
from portal.regions.models import Region
from portal.rules import Refused
from portal.rules.promises import Rate
from portal.store import action, clock, db
from tests import builders
from tests.client import InspectingClient
from tests.contracts.making import a_serving_contract
from tests.counting import count, statements
from tests.projects.making import an_improvement
from tests.promises.making import WORDS, a_promise, an_answered_need

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def village(app: Flask) -> Region:
    return builders.a_region_tree().villages[0]


def declared(village: Region, supporters: int) -> tuple[Promise, list[Any]]:
    need, people = an_answered_need(village, supporters)
    return declare_done(builders.actor(builders.a_committee(village)), need, village, WORDS), people


def counted(promise: Promise) -> Promise:
    with builders.at(clock.now() + timedelta(days=15)):
        count_promises()
    db.session.refresh(promise)
    return promise


def test_everyone_who_asked_is_asked_once(village: Region) -> None:  # A70, A27
    promise, people = declared(village, 3)
    assert promise.asked == 4, "the author and three supporters"
    told = select(Notice.person_id).where(Notice.template == "promise_asked")
    assert {person.id for person in people} < set(db.session.scalars(told))
    answer_promise(people[0], promise, "yes")
    with pytest.raises(Refused, match="answered already"):
        answer_promise(people[0], promise, "no")
    assert count(PromiseAnswer) == 1


def test_a_stranger_is_not_asked(village: Region) -> None:
    promise, _ = declared(village, 1)
    with pytest.raises(Refused, match="Only those who asked"):
        answer_promise(builders.actor(builders.a_resident(village)), promise, "yes")
    with pytest.raises(Refused, match="Only those who asked"):
        answer_promise(builders.actor(builders.a_committee(village)), promise, "yes")


@pytest.mark.parametrize(
    ("answers", "verdict"),
    [("yyyyn", "kept"), ("yynnn", "not_kept"), ("yyppn", "partly"), ("yyyy", "unknown"), ("", "unknown")],
)
def test_what_most_say_holds_and_silence_says_nothing(village: Region, answers: str, verdict: str) -> None:  # F5
    promise, people = declared(village, 6)
    for person, answer in zip(people, answers, strict=False):
        answer_promise(person, promise, {"y": "yes", "n": "no", "p": "partly"}[answer])
    assert counted(promise).verdict == verdict
    assert count(PromiseAsk) == count(PromiseAnswer) == 0, "who was asked is forgotten"


def test_after_the_days_nobody_answers_any_more(village: Region) -> None:
    promise, people = declared(village, 1)
    with builders.at(clock.now() + timedelta(days=15)), pytest.raises(Refused, match="are over"):
        answer_promise(people[0], promise, "yes")


def test_no_answer_stands_with_a_person_and_none_is_counted_before_the_end(village: Region) -> None:
    promise, people = declared(village, 2)
    answer_promise(people[0], promise, "no")
    assert (promise.yes, promise.partly, promise.no, promise.verdict) == (0, 0, 0, "")
    assert {column.name for column in PromiseAnswer.__table__.columns} == {"key", "promise_id", "answer"}


def test_what_is_not_so_can_be_declared_done_anew_and_what_is_so_cannot(village: Region) -> None:
    promise, people = declared(village, 5)
    need = db.session.get_one(builders.Need, promise.subject_id)
    committee = builders.actor(builders.a_committee(village))
    with pytest.raises(Refused, match="being asked already"):
        declare_done(committee, need, village, WORDS)
    for person in people:
        answer_promise(person, promise, "no")
    assert counted(promise).verdict == "not_kept"
    assert declare_done(committee, need, village, WORDS).round == 2


def test_a_need_without_an_answer_or_not_on_the_list_is_not_declared_done(village: Region) -> None:
    committee = builders.actor(builders.a_committee(village))
    with pytest.raises(Refused, match="answer the need first"):
        declare_done(committee, builders.a_need(village), village, WORDS)
    need, _ = an_answered_need(village)
    with pytest.raises(Refused, match="few words"):
        declare_done(committee, need, village, "")
    with pytest.raises(Refused, match="phone numbers"):
        declare_done(committee, need, village, "请打 13800138000 问小王")


def test_an_accepted_project_and_a_finished_improvement_are_asked_about_once(app: Flask) -> None:  # A40, A70
    contract = a_serving_contract()
    project = db.session.get_one(builders.Project, contract.project_id)
    one = an_improvement(project)
    assert ask_of_projects() == 0
    _finish(project, one)
    assert ask_of_projects() == 2
    assert ask_of_projects() == 0
    assert set(db.session.scalars(select(Promise.subject))) == {"project", "improvement"}


@action
def _finish(project: Any, one: Any) -> None:
    project.state, one.done_at, one.result = "accepted", clock.now(), "换好了。"


def test_one_answer_however_often_it_is_sent_at_once(village: Region, elsewhere: Callable[..., Any]) -> None:
    promise, people = declared(village, 1)
    ready = threading.Barrier(12)
    done: list[str] = []

    def answers() -> None:
        ready.wait()
        try:
            elsewhere(lambda: answer_promise(people[0], db.session.get_one(Promise, promise.id), "yes"))
            done.append("taken")
        except Refused:
            done.append("refused")

    threads = [threading.Thread(target=answers) for _ in range(12)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    db.session.rollback()
    assert sorted(done) == ["refused"] * 11 + ["taken"]
    assert count(PromiseAnswer) == 1


def test_the_rate_counts_what_was_judged_and_says_what_was_not(village: Region) -> None:  # A70
    for answers in (["yes"] * 5, ["no"] * 5, ["yes"]):
        promise, people = declared(village, 5)
        for person, answer in zip(people, answers, strict=False):
            answer_promise(person, promise, answer)
        counted(promise)
    assert queries.rate_in(village) == Rate(1, 2, 1)
    county = db.session.get_one(Region, village.parent_id)
    assert queries.rate_in(county) == Rate(1, 2, 1)


# The pages


def test_a_committee_declares_and_a_supporter_answers_on_the_page(client: InspectingClient, village: Region) -> None:
    need, people = an_answered_need(village, 1)
    builders.signed_in(client, builders.a_committee(village))
    at = f"/{village.code}/promises/declare/{need.id}"
    assert f'href="{at}"' in client.get(f"/{village.code}/needs/{need.id}/").text
    assert client.post(at, data={"words": ""}).status_code == 422
    there = client.post(at, data={"words": WORDS}).headers["Location"]
    person = db.session.get_one(builders.Person, people[0].id)
    builders.signed_in(client, person)
    assert "Is it so?" in client.get(there, headers=ENGLISH).text
    assert client.post(f"{there}answer", data={"answer": "maybe"}).status_code == 422
    assert client.post(f"{there}answer", data={"answer": "yes"}).status_code == 303
    assert "You have answered" in client.get(there, headers=ENGLISH).text


def test_small_numbers_are_not_shown(client: InspectingClient, village: Region) -> None:  # trust 4.1
    promise, people = declared(village, 5)
    for person in people:
        answer_promise(person, promise, "yes")
    counted(promise)
    text = client.get(f"/{village.code}/promises/{promise.id}/", headers=ENGLISH).text
    assert "Kept" in text
    assert "numbers are not shown" in text


def test_answers_are_told_as_ratings_are(client: InspectingClient, village: Region) -> None:  # trust 4.3, 4.5
    said = []
    for answers in (["yes"] * 11, ["yes"] * 9 + ["no"], ["yes"] * 7 + ["no"] * 5):
        promise, people = declared(village, len(answers))
        for person, answer in zip(people, answers, strict=True):
            answer_promise(person, promise, answer)
        counted(promise)
        text = client.get(f"/{village.code}/promises/{promise.id}/", headers=ENGLISH).text
        said.append(re.findall(r'<dd class="num">([^<]*)</dd>', text))
    assert said == [["about 10", "at least 60 %"], ["about 10", "at least 60 %"], ["about 10", "58 %"]]


def test_the_list_asks_few_statements_however_long_it_is(client: InspectingClient, village: Region) -> None:
    a_promise(village)
    for _ in range(2):
        client.get(f"/{village.code}/promises/")
    with statements() as few:
        client.get(f"/{village.code}/promises/")
    for _ in range(12):
        a_promise(village)
    with statements() as many:
        client.get(f"/{village.code}/promises/")
    assert len(many) <= len(few) <= 6
    assert client.get(f"/{village.code}/promises/promises.csv").text.count("\n") == 14
