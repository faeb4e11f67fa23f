"""A county in which everything has happened, so that every page has something to show."""

import io
from dataclasses import dataclass
from datetime import timedelta

from PIL import Image, ImageDraw

from portal.accounts.actions import ask_residency, begin_session, welcome
from portal.accounts.models import Person
from portal.accounts.views import demo_signer
from portal.commands.server import do_chores
from portal.helpers.actions import begin_help
from portal.helpers.queries import code_of
from portal.needs.actions import move, report_need
from portal.needs.models import Need, NeedPhoto
from portal.papers.slips import vote_by_slip
from portal.projects.actions import draft_project
from portal.ratings.answering import explain_rating, rate_service
from portal.ratings.inviting import no_more_mark
from portal.regions.models import Region
from portal.rolls.keeping import add_entry
from portal.rolls.models import RollEntry, RollObjection
from portal.rolls.objecting import decide_objection, object_to_roll
from portal.rules.elections import BallotKind
from portal.rules.needs import NeedDraft, NeedState
from portal.rules.permissions import Actor
from portal.rules.projects import DesignDraft, ProjectDraft
from portal.rules.rolls import EntryDraft, ObjectionKind
from portal.store import action, clock, db
from portal.store.files import Photo, keep_photo
from portal.voting.actions import cast_vote
from portal.voting.models import Round
from tests import builders
from tests.flags.making import a_hold
from tests.journeys.chain_pages import pages_of_the_chain
from tests.journeys.voted import TOWNSHIP, a_counted_decision, a_counted_round, a_slip, on_roll, some_papers


@dataclass(frozen=True)
class Pages:
    """Addresses by the one who opens them, and those people."""

    people: dict[str, Person | None]
    addresses: dict[str, list[str]]
    """By name of the person; together with those of the chain they cover every page of the site."""
    chain: dict[str, list[str]]
    """The same of the purchase chain."""


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
    numbers = on_roll(village, 30)
    entry, objection = _a_roll(village, she, committee)
    votes = _votes(tree, she, committee, db.session.get_one(Round, polls[1]), numbers)
    chain = pages_of_the_chain(tree, provider, she)
    do_chores()
    design = db.session.scalars(db.select(Round.project_id).where(Round.id == polls[1])).one()
    photo = db.session.scalars(db.select(NeedPhoto.name)).first()
    odd = a_hold(builders.a_provider(village, "石榴家政")).id
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
        *votes.public,
        f"{here}/providers/",
        f"{here}/providers/{provider.id}/",
        f"{here}/providers/{provider.id}/figures?by=place",
        f"{here}/providers/{provider.id}/held/",
        f"{here}/roll/",
        f"/rate/{fresh}",
        f"/rate/{fresh}?at=counter",
        f"/rate/{rated}",
        "/rate/",
        "/rate/thanks",
        f"/rate/no-more/{no_more_mark('13900139000')}",
        f"/rate/no-more/{no_more_mark('13900139000')}?done=1",
        "/sign-in",
        "/sign-in/staff",
        f"/enter/{demo_signer().dumps([she.id, '/'])}",
        "/nothing-here",
    ]
    own = [
        f"{here}/",
        *votes.own,
        f"{here}/votes/{polls[2]}/",
        "/mine/",
        "/preferences",
        f"{here}/roll/mine",
        f"{here}/roll/objection",
        f"{here}/needs/{needs[NeedState.RETURNED].id}/",
        f"{here}/needs/{needs[NeedState.RETURNED].id}/revise",
        f"{here}/moderation/",
    ]
    office = [
        f"{here}/moderation/",
        f"{here}/residents/",
        f"{here}/roll/entries",
        f"{here}/roll/add",
        f"{here}/roll/import",
        f"{here}/roll/entries/{entry}/remove",
        f"{here}/roll/objections/",
        f"{here}/roll/objections/{objection}/",
        f"{here}/projects/draft",
        f"{here}/projects/{waiting.id}/",
        f"{here}/projects/{waiting.id}/revise",
        f"{here}/votes/announce/{waiting.id}?like=meeting",
        f"{here}/votes/announce?project={waiting.id}",
        f"{here}/votes/{polls[2]}/withdraw",
        *votes.office,
        f"{here}/services/record",
        f"{here}/services/list",
        f"{here}/providers/register",
        f"{here}/flags/",
        f"{here}/flags/{odd}/",
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
        "expert": builders.an_official(tree.province),
    }
    for person in filter(None, people.values()):
        db.session.refresh(person)
    assert photo
    return Pages(
        people,
        {
            "stranger": public,
            "resident": own,
            "committee": office,
            "official": [f"{over}/summary/", f"{over}/"],
            "provider": [
                "/mine/",
                f"{here}/services/record",
                f"{here}/services/list",
                f"{here}/providers/{provider.id}/keys",
                f"{here}/providers/{provider.id}/",
            ],
            "expert": ["/mine/"],
        },
        chain,
    )


_LONG = "楼道灯坏了三个多月，老人晚上上楼看不见路，去年冬天已经有两位摔倒过，盼着早点修好。"


def _a_roll(village: Region, she: Person, committee: Person) -> tuple[int, int]:
    """Someone on the roll who waits for a second word, and objections; gives the last entry and objection."""
    entry = add_entry(builders.actor(committee), village, EntryDraft("李强", "13811112222", "3-2-501"))
    for number, kind in enumerate((ObjectionKind.MISSING, ObjectionKind.WRONG)):
        object_to_roll(builders.actor(she), village, kind, "三号楼二单元的李强", f"{number:032}")
    first, last = db.session.scalars(db.select(RollObjection).order_by(RollObjection.id)).all()
    decide_objection(builders.actor(committee), village, first, upheld=True, answer="已查实，随后补上。")
    return entry.id, last.id


@dataclass(frozen=True)
class Votes:
    """Addresses of pages about votes, by the one who opens them."""

    public: list[str]
    own: list[str]
    office: list[str]


def _votes(tree: builders.Tree, she: Person, committee: Person, poll: Round, numbers: list[int]) -> Votes:
    """A vote that is open, with slips, papers and help; one of each kind of ballot; one that is counted."""
    village, me = tree.villages[0], builders.actor(she)
    here = f"/{village.code}/votes/{poll.id}"
    slip = a_slip(village, poll, numbers[0])
    vote_by_slip(slip, 2, 1, 0)
    fresh, once, differs = some_papers(village, poll, numbers[1:4])
    for turn, option in enumerate((1, 3)):
        cast_vote(me, poll, option, 1, turn)
    helping = begin_help(me, poll, village, numbers[4], consents=True, known_by=_household(numbers[4]))
    begin_help(builders.actor(committee), poll, village, numbers[5], consents=True)
    code = code_of(poll, helping)
    kinds = [_a_ballot(village, me, kind, most) for kind, most in KINDS.items()]
    round, decision = a_counted_round(), a_counted_decision(tree.villages[1])
    counted = f"/{TOWNSHIP[0][0]}/votes/{round.id}"
    decided = f"/{tree.villages[1].code}/votes/{decision.id}"
    return Votes(
        [
            f"{here}/result",
            f"{here}/log",
            f"{here}/notice",
            f"{here}/helpers",
            f"{here}/papers/numbers",
            *(f"{counted}/{page}" for page in ("result", "card", "log", "callback")),
            f"{decided}/record",
            f"/static/verify/index.html?from={counted}/open-count.json",
            "/b/",
            "/b/0000000000000000",
            f"/b/{slip}/",
            f"/b/{slip}/receipt",
            "/back/",
            f"/back/{code}",
        ],
        [
            *kinds,
            f"{here}/",
            f"{here}/receipt",
            f"{here}/digits",
            f"{here}/help",
            f"{here}/help/mine",
            f"{here}/help/{helping.id}/",
        ],
        [
            f"{here}/",
            f"{here}/slips",
            f"{here}/papers",
            f"{here}/papers/hand-in",
            f"{here}/papers/hand-in/{numbers[6]}",
            *(f"{here}/papers/{serial}" for serial in (fresh, once, differs, "00000000")),
            f"{here}/help",
            f"{here}/help/roll",
            f"{here}/help/roll/{numbers[6]}",
            f"{here}/helpers",
        ],
    )


KINDS = {
    BallotKind.CHOOSE_K: 2,
    BallotKind.CHOOSE_1: None,
    BallotKind.KNAPSACK: None,
    BallotKind.CUMULATIVE: 10,
    BallotKind.ORDINAL: 3,
}
"""Ballots but approval, with their limits."""


def _household(number: int) -> str:
    return db.session.get_one(RollEntry, number).household


def _a_ballot(village: Region, me: Actor, kind: BallotKind, most: int | None) -> str:
    """The address of an open vote with this ballot, on which one option is marked."""
    poll = builders.an_open_round(builders.a_project(village), ballot=kind, most=most)
    cast_vote(me, poll, 2, 1)
    return f"/{village.code}/votes/{poll.id}/"


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
