"""Votes in which things have happened: people on the roll with slips, papers half entered, a county that has chosen."""

from collections.abc import Sequence
from datetime import timedelta

from portal.accounts.models import Person
from portal.papers.actions import enter_paper, hand_in, print_papers
from portal.papers.slips import print_slips, vote_by_slip
from portal.projects.actions import draft_project
from portal.regions.models import Region
from portal.rolls.imports import import_roll
from portal.rolls.models import RollEntry
from portal.rules.decisions import LAWS, Body
from portal.rules.papers import Entry
from portal.rules.permissions import Role
from portal.rules.projects import DesignDraft, ProjectDraft
from portal.rules.rolls import read_roll
from portal.rules.rounds import OptionDraft, RoundDraft
from portal.store import clock, db
from portal.voting.models import Round
from portal.voting.queries import BESIDE
from portal.voting.rounds import announce_round
from tests import builders


def a_desk(village: Region) -> list[Person]:
    """Three people who work for the committee of a community. Twice they are the same."""
    return [builders._staff(f"desk{number}.{village.code}", Role.COMMITTEE, village) for number in range(3)]


def on_roll(village: Region, people: int) -> list[int]:
    """People without an account on the roll of a community; gives their numbers on it."""
    rows = "".join(f"王{number},,{number % 2 + 3}-{number}\n" for number in range(people))
    import_roll(builders.actor(builders.a_committee(village)), village, read_roll("姓名,电话,户号\n" + rows))
    mine = db.select(RollEntry.id).where(RollEntry.region_id == village.id, RollEntry.person_id.is_(None))
    return list(db.session.scalars(mine.order_by(RollEntry.id)))


def a_slip(village: Region, round: Round, number: int) -> str:
    """The code of a new slip for the voter with this number."""
    (slip,) = print_slips(builders.actor(builders.a_committee(village)), round, village, number=number)
    return slip.code


def all_vote(village: Region, round: Round, choices: Sequence[Sequence[int]]) -> None:
    """As many people as there are `choices` vote so by slip."""
    slips = print_slips(builders.actor(builders.a_committee(village)), round, village)
    for slip, options in zip(slips, choices, strict=False):
        for turn, option in enumerate(options):
            vote_by_slip(slip.code, option, 1, turn)


def some_papers(village: Region, round: Round, numbers: Sequence[int]) -> tuple[str, str, str]:
    """Papers of three voters: only handed in, read by one person, read differently by two."""
    first, second, third = (builders.actor(one) for one in a_desk(village))
    serials = print_papers(first, round, 3)
    for serial, number in zip(serials, numbers, strict=True):
        hand_in(first, round, number, serial)
    enter_paper(second, round, serials[1], Entry({1: 1}))
    enter_paper(second, round, serials[2], Entry({1: 1}))
    enter_paper(third, round, serials[2], Entry({2: 1}))
    return serials[0], serials[1], serials[2]


def a_counted_round() -> Round:
    """A counted vote on projects of a township of its own: its two communities want different things."""
    builders.import_places(TOWNSHIP)
    codes = [code for code, *_ in TOWNSHIP]
    township, here, there = db.session.scalars(db.select(Region).where(Region.code.in_(codes)).order_by(Region.code))
    for village in (here, there):
        on_roll(village, 40)
    options = tuple(_project(here, title, cost) for title, cost in zip(TITLES, COSTS, strict=True))
    moment = clock.now()
    draft = RoundDraft(
        question="今年先做哪几件事？",
        options=options,
        budget_fen=8_000_000,
        opens_at=moment - timedelta(hours=1),
        closes_at=moment + timedelta(days=7),
        beside=BESIDE,
    )
    round = announce_round(builders.actor(builders.an_official(township)), township, draft)
    all_vote(here, round, HERE)
    all_vote(there, round, THERE)
    return builders.sealed(round)


def _project(village: Region, title: str, cost: int) -> OptionDraft:
    designs = (DesignDraft("方案1", cost), DesignDraft("方案2", cost // 2))
    draft = ProjectDraft(title, "0901", cost, (builders.a_need(village).id,), designs)
    project = draft_project(builders.actor(builders.a_committee(village)), village, draft)
    return OptionDraft(project.id, None, title, None, cost)


TOWNSHIP = (
    ("990121102000", "township", "听松镇", "990121000000"),
    ("990121102001", "village", "松下社区居委会", "990121102000"),
    ("990121102002", "village", "泉边社区居委会", "990121102000"),
)
TITLES, COSTS = ("楼道照明改造", "老年食堂", "雨水管翻修"), (4_000_000, 4_000_000, 2_500_000)
HERE = (*((1, 2),) * 14, *((1,),) * 8, *((2,),) * 6, *((3,),) * 6)
THERE = (*((3,),) * 14, *((1,),) * 6, *((2,),) * 6)
"""With the money for two of the three, most votes choose 1 and 2, Equal Shares 1 and 3; no cell has fewer than 5."""


def a_counted_decision(village: Region) -> Round:
    """A counted decision of a residents' meeting, in which most people took part."""
    on_roll(village, 30)
    law = LAWS[Body.RESIDENTS_MEETING]
    round = builders.an_open_round(
        builders.a_project(village),
        body=Body.RESIDENTS_MEETING,
        legal_basis="《城市居民委员会组织法》第九条、第十条",
        quorum=law.quorum,
        majority=law.majority,
    )
    all_vote(village, round, ((1,), (1, 3), (2, 3), (1, 3)) * 6)
    return builders.sealed(round)
