"""What offices do beside projects: documents, numbers, pilots, milestones, staff, and what they ask of committees."""

from typing import Any

from portal.burden.actions import list_matter, move_task, push_task
from portal.burden.models import AssistedMatter, CommitteeTask
from portal.commands.county import content
from portal.commands.county.people import COMMITTEE, COUNTY, OFFICIAL
from portal.commands.county.telling import Chapter, Teller, one_of, said
from portal.policies.items import add_item
from portal.policies.milestones import mark_reached, set_milestone
from portal.policies.pilots import begin_pilot
from portal.policies.publishing import publish_document, publish_reply
from portal.policies.rule_sets import RuleSetDraft, put_rule_set
from portal.rules.burden import TaskDraft, TaskState
from portal.rules.catalogue import ItemDraft
from portal.rules.permissions import Deed
from portal.rules.policies import DocumentDraft, MilestoneDraft, PilotDraft, ReplyDraft
from portal.rules.staffing import CountDraft
from portal.staffing.actions import note_staff
from portal.store.clock import today


def policies(teller: Teller) -> Chapter:
    """The county's document, the two numbers that it sets, and an item of its own."""
    told, county = content.story(), teller.places[COUNTY]
    given = told["document"]
    yield given["days"]
    official, year = teller.actor(OFFICIAL), today().year
    draft = DocumentDraft(
        given["title"][0],
        tuple(given["issuers"].split("、")),
        given["number"].format(year=year),
        today(),
        given["text"].strip(),
    )
    document = publish_document(official, county, draft, teller.key())
    said(document, given, "title")
    rules = told["rules"]
    yield rules["days"]
    put_rule_set(
        official,
        county,
        RuleSetDraft(teller.day(rules["from"]), rules["numbers"], document=document.id),
        teller.key(),
    )
    item = told["item"]
    yield item["days"]
    hans, hant, english = item["title"]
    own = ItemDraft(
        item["code"], hans, hant, english, "direct_service", True, "county/township", item["official_code"], today()
    )
    add_item(official, county, own, teller.key())
    teller.made["document"] = document


def pilot(teller: Teller) -> Chapter:
    given = content.story()["pilot"]
    yield given["days"]
    draft = PilotDraft(given["feature"], today(), None, given["words"])
    begin_pilot(teller.actor(OFFICIAL), teller.places[given["home"]], draft, teller.key())


def milestone(teller: Teller) -> Chapter:
    """What every community is to reach, and which have."""
    given = content.story()["milestone"]
    yield given["days"]
    official, words = teller.actor(OFFICIAL), given["words"]
    draft = MilestoneDraft(given["title"][0], words[0], given["level"], teller.day(given["due"]))
    document = teller.made.get("document")
    one = set_milestone(official, teller.places[COUNTY], draft, document.id if document else None, teller.key())
    said(one, given, "title", "words")
    for mark in sorted(given["mark"], key=lambda mark: -mark["days"]):
        yield mark["days"]
        mark_reached(official, one, teller.places[mark["home"]], today(), mark["evidence"])


def reply(teller: Teller) -> Chapter:
    given = content.story()["reply"]
    yield given["days"]
    told = {name: given[name] for name in ("number", "session", "proposer", "issuer")}
    draft = ReplyDraft(
        **told,
        title=given["title"][0],
        text=given["text"].strip(),
        received_on=teller.day(given["received"]),
        answered_on=today(),
    )
    said(publish_reply(teller.actor(OFFICIAL), teller.places[COUNTY], draft, teller.key()), given, "title")


def staffing(teller: Teller) -> Chapter:
    """How many people places employ for the work."""
    for given in sorted(content.story()["count"], key=lambda one: -one["days"]):
        yield given["days"]
        draft = CountDraft(given["served"], given["staff"], given.get("reason", ""))
        note_staff(teller.actor(OFFICIAL), teller.places[given["home"]], draft, teller.key())


def burden(teller: Teller) -> Chapter:
    """The list of matters in which committees help, and what they were asked."""
    yield 150
    official, county = teller.actor(OFFICIAL), teller.places[COUNTY]
    for matter in content.story()["matter"]:
        key = teller.key()
        list_matter(official, county, matter["title"], teller.made["document"].number, key)
        teller.made[f"matter {matter['name']}"] = one_of(AssistedMatter, key=key)


def tasks(teller: Teller) -> list[Chapter]:
    return [_task(teller, given) for given in content.story()["task"]]


def _task(teller: Teller, given: dict[str, Any]) -> Chapter:
    yield given["days"]
    home, key = teller.places[given["home"]], teller.key()
    matter = teller.made[f"matter {given['matter']}"] if "matter" in given else None
    draft = TaskDraft(
        title=given["title"],
        story=given.get("story", ""),
        matter_id=matter.id if matter else None,
        due_on=teller.day(given["due"]),
        minutes=given["hours"] * 60,
        budget_fen=given.get("budget", 0) * 100,
        helpers=given.get("helpers", 0),
    )
    push_task(teller.actor(OFFICIAL), home, teller.places[COUNTY], draft, key)
    if "becomes" in given:
        yield given["decided"]
        committee = teller.actor(COMMITTEE[given["home"]])
        task, to = one_of(CommitteeTask, key=key), TaskState(given["becomes"])
        move_task(committee, Deed.REFUSE_TASK, task, to, given.get("reason", ""))
