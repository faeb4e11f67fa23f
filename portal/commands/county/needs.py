"""What residents said, what came of it, and who stands behind it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert

from portal.commands.county import content
from portal.commands.county.county import County
from portal.commands.county.people import COMMITTEE
from portal.needs.models import Need, NeedPhoto, NeedStep, NeedSupport, need_search
from portal.notifications.models import Notice
from portal.policies.queries import national_rules, working_days_after
from portal.regions.models import Region
from portal.rules.needs import LISTED, NeedDraft, NeedState, is_private
from portal.rules.permissions import Deed
from portal.store import db

PHOTOS = {"stairs": "stairs", "benches": "bench"}
TOLD = {
    NeedState.ACCEPTED: "need_accepted",
    NeedState.MATCHED: "need_matched",
    NeedState.ANSWERED: "need_answered",
}
DECIDED = {
    NeedState.ACCEPTED: "accept",
    NeedState.RETURNED: "return",
    NeedState.REJECTED: "refuse",
    NeedState.MERGED: "merge",
}


def put_needs(county: County) -> None:
    """What was said, decided and answered, and who stands behind it."""
    said = content.needs()
    rows = [_row(county, need) for need in said]
    for need, row, number in zip(said, rows, county.put(Need, rows), strict=True):
        county.needs[need["name"]] = row | {"id": number, "home": need["home"]}
    supports: list[dict[str, Any]] = []
    for need in said:
        _put_thread(county, need, county.needs[need["name"]])
        supports += _supports(county, need, county.needs[need["name"]])
    county.steps.sort(key=lambda step: step.at)
    county.notices.sort(key=lambda notice: notice.at)
    db.session.add_all([*county.steps, *county.notices])
    db.session.execute(insert(NeedSupport), supports)
    for name, picture in PHOTOS.items():
        photo = county.pictures[picture]
        size = {"width": photo.width, "height": photo.height}
        db.session.add(NeedPhoto(name=photo.name, need_id=county.needs[name]["id"], **size))


def _row(county: County, need: dict[str, Any]) -> dict[str, Any]:
    state = NeedState(need["step"][-1]["state"] if need.get("step") else "submitted")
    category, said_at = need.get("category", ""), county.ago(need["days"])
    draft = NeedDraft(need["words"][0], category, about_child=need.get("about_child", False))
    private = is_private(draft, national_rules().sensitive_categories)
    texts = content.title_and_story(need["words"]) | {"place": need.get("place", [])}
    return {
        "key": f"county-{need['name']}",
        "region_id": county.places[need["home"]].id,
        "author_id": county.mei if need.get("by") else county.chance.choice(county.residents[need["home"]]),
        **content.in_three(**texts),
        "category": category,
        "group_code": category[:2],
        "behalf": need.get("behalf", "self"),
        "about_child": draft.about_child,
        "private": private,
        "state": state.value,
        "listed": state in LISTED and not private,
        "reported_at": said_at,
        "due_at": working_days_after(said_at, 5) if state is NeedState.SUBMITTED else None,
    }


def _put_thread(county: County, need: dict[str, Any], row: dict[str, Any]) -> None:
    """The steps of a need, what its author was told, and what the log and the search know of it."""
    region, committee = county.places[need["home"]], county.staff[COMMITTEE[need["home"]]]
    at, number = row["reported_at"], row["id"]
    county.steps.append(NeedStep(need_id=number, at=at, state=NeedState.SUBMITTED.value))
    county.note(at, row["author_id"], Deed.REPORT_NEED, ("need", number))
    for step in need.get("step", []):
        state, at = NeedState(step["state"]), max(county.ago(step["days"]), at + timedelta(hours=1))
        words = content.in_three(words=step.get("words", []))
        came = NeedStep(need_id=number, at=at, state=state.value, reason=step.get("reason", ""), **words)
        came.office_id = region.id
        county.steps.append(came)
        _log_step(county, at, committee, number, state, step)
        _tell(county, row, region, state, at)
    translated = row["translations"].values()
    texts = [row["title"], row["story"], row["place"], *(text for words in translated for text in words.values())]
    need_search.put(number, " ".join(texts))


def _log_step(
    county: County, at: datetime, committee: int, need_id: int, state: NeedState, step: dict[str, Any]
) -> None:
    if state in DECIDED:
        into = county.needs[step["into"]]["id"] if "into" in step else None
        detail = {"decision": DECIDED[state], "reason": step.get("reason", ""), "into": into}
        county.note(at, committee, Deed.DECIDE_NEED, ("need", need_id), **detail)
        if into:
            db.session.get_one(Need, need_id).merged_into_id = into
    elif state is NeedState.ANSWERED:
        county.note(at, committee, Deed.ANSWER_NEED, ("need", need_id))


def _tell(county: County, row: dict[str, Any], region: Region, state: NeedState, at: datetime) -> None:
    if row["author_id"] == county.mei and state in TOLD:
        told = Notice(person_id=county.mei, at=at, template=TOLD[state], values={"title": row["title"]})
        told.link = f"/{region.code}/needs/{row['id']}/"
        told.read_at = at + timedelta(hours=3) if at < county.moment - timedelta(days=14) else None
        county.notices.append(told)


def _supports(county: County, need: dict[str, Any], row: dict[str, Any]) -> Iterable[dict[str, Any]]:
    """Who needs it too: neighbours, and the authors of needs that were merged into this one."""
    merged = [
        county.needs[other["name"]]
        for other in content.needs()
        if any(step.get("into") == need["name"] for step in other.get("step", []))
    ]
    came = {other["author_id"]: other["id"] for other in merged if other["author_id"] != row["author_id"]}
    others = [p for p in county.residents[need["home"]] if p not in came and p != row["author_id"]]
    count = max(0, need.get("supporters", 0) - len(came))
    people = county.chance.sample(others, count) if row["listed"] else []
    begins = row["reported_at"] + timedelta(days=4)
    for person_id in [*came, *people]:
        at = begins + (county.moment - begins) * county.chance.random() ** 2
        yield {"need_id": row["id"], "person_id": person_id, "at": at, "via_id": came.get(person_id)}
