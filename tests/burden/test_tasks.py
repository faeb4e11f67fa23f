"""What offices ask of a committee, what it says to it, and what its own work costs."""

from datetime import timedelta
from typing import Any

from portal.burden.models import AssistedMatter, CommitteeTask
from portal.burden.queries import loads_of
from portal.notifications.models import Notice
from portal.rules.needs import NeedState
from portal.store import clock, db
from tests import builders
from tests.client import InspectingClient
from tests.counting import statements

TYPED = {"title": "入户登记", "story": "登记独居老人。", "matter": "0", "minutes": "600", "budget": "0", "helpers": "0"}

ENGLISH = {"Accept-Language": "en"}


def pushed(client: InspectingClient, tree: Any, **typed: Any) -> Any:
    builders.signed_in(client, builders.an_official(tree.township))
    due = (clock.today() + timedelta(days=9)).isoformat()
    data = {**TYPED, "due_on": due, "key": "k" * 32, **typed}
    return client.post(f"/{tree.villages[0].code}/burden/push", data=data)


def the_task() -> CommitteeTask:
    db.session.rollback()
    return db.session.scalars(db.select(CommitteeTask)).one()


def test_a_committee_is_told_and_refuses_what_is_on_no_list(client: InspectingClient, tree: Any) -> None:  # A29
    village = tree.villages[0]
    committee = builders.a_committee(village)
    for _ in range(2):
        assert pushed(client, tree).status_code == 303
    assert the_task().state == "asked"
    assert [one.template for one in db.session.scalars(db.select(Notice).where(Notice.person_id == committee.id))] == [
        "task_asked"
    ]
    builders.signed_in(client, committee)
    address = f"/{village.code}/burden/{the_task().id}/refuse"
    assert client.post(address, data={"reason": ""}).status_code == 422
    assert client.post(address, data={"reason": "不在清单上，人手不够。"}).status_code == 303
    assert client.post(address, data={"reason": "再说一次。"}).status_code == 303 or the_task().reason
    assert the_task().state == "refused"
    builders.signed_in(client, None)
    said = client.get(f"/{tree.county.code}/burden/", headers=ENGLISH).text
    assert "不在清单上，人手不够。" in said
    assert "without money or people for it" in said


def test_what_is_on_the_list_is_taken_and_done(client: InspectingClient, tree: Any) -> None:  # A29, A48
    builders.signed_in(client, builders.an_official(tree.county))
    listed = {"title": "高龄津贴代办", "cites": "县民发〔2026〕3号", "key": "m" * 32}
    for _ in range(2):
        assert client.post(f"/{tree.county.code}/burden/matters", data=listed).status_code == 303
    matter = db.session.scalars(db.select(AssistedMatter)).one()
    assert pushed(client, tree, matter=str(matter.id), budget="500").status_code == 303
    assert the_task().state == "taken"
    builders.signed_in(client, builders.a_committee(tree.villages[0]))
    address = f"/{tree.villages[0].code}/burden/{the_task().id}"
    assert client.post(f"{address}/refuse", data={"reason": "不想做。"}).status_code == 422
    assert client.post(f"{address}/done").status_code == 303
    assert the_task().state == "done"


def test_a_task_is_typed_wrong_and_everything_typed_stays(client: InspectingClient, tree: Any) -> None:  # A29
    answer = pushed(client, tree, minutes="viele", due_on="2020-01-01")
    assert answer.status_code == 422
    assert "入户登记" in answer.text
    assert "viele" in answer.text
    assert "2020-01-01" in answer.text
    assert not db.session.scalars(db.select(CommitteeTask)).all()


def test_the_work_of_a_committee_is_told_in_minutes(tree: Any, at: Any) -> None:  # A17
    here = tree.villages[0]
    builders.with_numbers(here, most_open_needs=100)
    author = builders.a_resident(here)
    needs = [builders.a_need(here, author=author, state=NeedState.SUBMITTED) for _ in range(3)]
    moment = clock.now()
    for number, need in enumerate(needs):
        with at(moment + timedelta(seconds=100 * number)):
            builders.stepped(need, NeedState.ACCEPTED, here)
    with at(moment + timedelta(hours=1)):
        load = next(one for one in loads_of(tree.county, ()) if one.region.id == here.id)
        assert (load.seen_to, load.seconds, load.seconds_each) == (3, 260, 86)
    with at(moment + timedelta(days=31)):
        assert next(one for one in loads_of(tree.county, ()) if one.region.id == here.id).seen_to == 0


def test_the_page_asks_as_few_statements_for_many_tasks(client: InspectingClient, tree: Any) -> None:
    counts = []
    for number in range(4):
        pushed(client, tree, key=f"{number}" * 32)
        client.get(f"/{tree.county.code}/burden/")
        with statements() as said:
            client.get(f"/{tree.county.code}/burden/", inspect=False)
        counts.append(len(said))
    assert counts[0] == counts[-1] <= 8, counts


def test_only_the_office_that_asked_takes_a_task_back(client: InspectingClient, tree: Any) -> None:  # A29
    pushed(client, tree)
    address = f"/{tree.villages[0].code}/burden/{the_task().id}/withdraw"
    assert the_task().office_id == tree.township.id
    builders.signed_in(client, builders.an_official(tree.villages[0]))
    assert client.post(address, data={"reason": "不用了。"}).status_code == 403
    builders.signed_in(client, builders.an_official(tree.county))
    assert client.post(address, data={"reason": "不用了。"}).status_code == 303
    assert the_task().state == "withdrawn"
