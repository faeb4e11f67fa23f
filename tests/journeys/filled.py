"""A county in which everything has happened, so that every page has something to show."""

import io
from dataclasses import dataclass
from datetime import timedelta

from PIL import Image, ImageDraw

from portal.accounts.actions import ask_residency, begin_session, welcome
from portal.accounts.models import Person
from portal.accounts.views import demo_signer
from portal.commands.server import do_chores
from portal.needs.actions import move, report_need
from portal.needs.models import Need, NeedPhoto
from portal.projects.actions import draft_project
from portal.projects.models import Project
from portal.ratings.actions import explain_rating, rate_service
from portal.regions.models import Region
from portal.rules.needs import NeedDraft, NeedState
from portal.rules.projects import DesignDraft, ProjectDraft
from portal.store import action, clock, db
from portal.store.files import Photo, keep_photo
from portal.voting.actions import cast_vote
from portal.voting.models import Round
from tests import builders


@dataclass(frozen=True)
class Pages:
    """Addresses by the one who opens them, and those people."""

    people: dict[str, Person | None]
    addresses: dict[str, list[str]]
    """By name of the person; together they cover every page of the site."""


def a_picture(colour: str = "#a4573f") -> Photo:
    """A drawing of a house."""
    image = Image.new("RGB", (800, 500), "#cfe0d6")
    pen = ImageDraw.Draw(image)
    pen.rectangle((160, 240, 640, 420), fill="#f2e6cf")
    pen.polygon(((120, 250), (400, 90), (680, 250)), fill=colour)
    pen.rectangle((360, 300, 440, 420), fill="#6b4a2b")
    file = io.BytesIO()
    image.save(file, "PNG")
    file.seek(0)
    return keep_photo(file)


def fill(tree: builders.Tree) -> Pages:
    """Let everything happen in 长桥 and give the addresses of all pages."""
    village, county = tree.villages[0], tree.county
    she = builders.a_resident(village, name="王桂芳")
    committee, official = builders.a_committee(village), builders.an_official(county)
    ask_residency(builders.actor(welcome("13612345678", "zh-Hans")), village)
    needs = {state: builders.a_need(village, f"{state}：{_LONG}", author=she, state=state) for state in builders._WAYS}
    builders.a_need(village, "想办一个老年食堂，中午有热饭", state=NeedState.SUBMITTED)
    pictured = report_need(
        builders.actor(builders.a_resident(village)),
        village,
        NeedDraft(_LONG, "0401", "三号楼二单元"),
        "picture-of-a-need",
        [a_picture()],
    )
    _accept(pictured, village)
    builders.supported(pictured, she, builders.a_resident(village))
    polls = [_a_round(village, days) for days in (-1, 7, 30)]
    provider = builders.a_provider(county)
    provider_staff = builders.staff_of(provider)
    for grade in (5, 5, 5, 5, 5, 4, 4, 4, 4, 4, 3, 3, 3, 3, 3, 2):
        rate_service(builders.a_service(provider, village).ticket, grade)
    fresh, rated = (builders.a_service(provider, village).ticket for _ in range(2))
    rate_service(rated, 2)
    explain_rating(rated, [], "来得晚了一点")
    begin_session(she, "iPhone")
    waiting = builders.a_project(village)
    do_chores()
    design = db.session.scalars(db.select(Round.project_id).where(Round.id == polls[1])).one()
    photo = db.session.scalars(db.select(NeedPhoto.name)).first()
    here, over = f"/{village.code}", f"/{county.code}"
    public = [
        "/find",
        "/find?q=社区",
        f"/find?in={tree.township.code}",
        f"{here}/",
        f"{over}/",
        f"{here}/needs/",
        f"{here}/needs/?words=食堂&state=accepted",
        f"{here}/needs/{pictured.id}/",
        f"{here}/needs/{needs[NeedState.ANSWERED].id}/",
        f"{here}/needs/report",
        f"{here}/projects/",
        f"{here}/projects/{design}/",
        f"{here}/votes/",
        f"{here}/votes/{polls[1]}/",
        f"{here}/votes/{polls[0]}/result",
        f"{here}/votes/{polls[1]}/result",
        f"{here}/providers/",
        f"{here}/providers/{provider.id}/",
        f"/rate/{fresh}",
        f"/rate/{rated}",
        "/rate/",
        "/sign-in",
        "/sign-in/staff",
        f"/enter/{demo_signer().dumps([she.id, '/'])}",
        "/nothing-here",
    ]
    own = [
        f"{here}/",
        f"{here}/votes/{polls[1]}/",
        f"{here}/votes/{polls[2]}/",
        "/mine/",
        "/preferences",
        f"{here}/needs/{needs[NeedState.RETURNED].id}/",
        f"{here}/needs/{needs[NeedState.RETURNED].id}/revise",
        f"{here}/moderation/",
    ]
    office = [
        f"{here}/moderation/",
        f"{here}/residents/",
        f"{here}/projects/draft",
        f"{here}/projects/{waiting.id}/",
        f"{here}/projects/{waiting.id}/revise",
        f"{here}/votes/announce/{waiting.id}",
        f"{here}/services/record",
        f"{here}/providers/register",
        f"{here}/summary/",
        f"{here}/needs/{needs[NeedState.ACCEPTED].id}/",
        f"{here}/needs/{needs[NeedState.ACCEPTED].id}/answer",
        f"{here}/needs/",
        "/mine/",
    ]
    people = {
        "stranger": None,
        "resident": she,
        "committee": committee,
        "official": official,
        "provider": provider_staff,
    }
    cast_vote(
        builders.actor(she), db.session.get_one(Round, polls[1]), builders.the_designs(_project(polls[1]))[0], True
    )
    assert photo
    return Pages(
        people,
        {
            "stranger": public,
            "resident": own,
            "committee": office,
            "official": [f"{over}/summary/", f"{over}/"],
            "provider": ["/mine/", f"{here}/services/record", f"{here}/providers/{provider.id}/"],
        },
    )


_LONG = "楼道灯坏了三个多月，老人晚上上楼看不见路，去年冬天已经有两位摔倒过，盼着早点修好。"


def _project(poll: int) -> Project:
    return db.session.get_one(Project, db.session.get_one(Round, poll).project_id)


@action
def _accept(need: Need, region: Region) -> None:
    move(need, NeedState.ACCEPTED, office=region)


def _a_round(village: Region, closes_in: int) -> int:
    """A vote with pictures; closed if it closed days ago, announced only if that is far away."""
    drafter = builders.actor(builders.a_committee(village))
    designs = tuple(
        DesignDraft(title, cost, story, a_picture(colour).name)
        for title, cost, story, colour in (
            ("声控灯，每层一盏", 1_200_000, "走过就亮，不用摸黑找开关。", "#a4573f"),
            ("长明灯加扶手", 2_900_000, "整夜亮着，楼梯两边装扶手。", "#2f6f8f"),
            ("换成节能灯管", 800_000, "最省钱，开关还在原来的地方。", "#6a7f2f"),
        )
    )
    need = builders.a_need(village)
    draft = ProjectDraft("楼道照明改造", "0901", 5_000_000, (need.id,), designs, _LONG, "三号楼")
    project = draft_project(drafter, village, draft)
    poll = builders.an_open_round(project, days=7)
    _set_times(poll.id, closes_in)
    return poll.id


@action
def _set_times(poll: int, closes_in: int) -> None:
    found = db.session.get_one(Round, poll)
    found.closes_at = clock.now() + timedelta(days=closes_in)
    found.opens_at = found.closes_at - timedelta(days=14)
