"""From needs to a contract: a project with its vote, its public notice, its purchase, and the signature."""

from dataclasses import replace
from typing import Any

from portal.commands.county import content
from portal.commands.county.people import COMMITTEE, COUNTY, OFFICIAL
from portal.commands.county.serving import in_service
from portal.commands.county.telling import Chapter, Teller, one_of, said
from portal.commands.county.tender import purchased
from portal.contracts.completing import fix_bands, say_instalments, say_money, set_targets, write_clauses
from portal.contracts.drafting import draft_contract
from portal.contracts.models import Contract
from portal.contracts.queries import Award
from portal.contracts.signing import file_contract, publish_contract, sign_contract
from portal.matching.actions import offer_service, say_skill
from portal.needs.grouping import gather_needs
from portal.projects.actions import draft_project
from portal.projects.improving import Further, actions_of
from portal.projects.models import Project, ProjectObjection
from portal.projects.noticing import answer_objection, approve, notice_of, object_to_project, put_on_notice
from portal.projects.queries import designs_of
from portal.projects.stages import take_on
from portal.rules import payment
from portal.rules.bundles import Bundle, Partner, PartnerKind
from portal.rules.catalogue import Exclusion
from portal.rules.contracts import ContractDraft
from portal.rules.groups import GroupDraft
from portal.rules.instalments import Part
from portal.rules.parties import Party, PartyRole
from portal.rules.permissions import Actor
from portal.rules.projects import DesignDraft, ProjectDraft
from portal.rules.targets import TargetDraft
from portal.store.clock import today
from portal.voting.announcing import designs_draft
from portal.voting.rounds import announce_round

BUYER = "清溪县民政局"
NONE_OF_IT = {exclusion.value: False for exclusion in Exclusion}
"""Nothing of what may not be bought as a service."""


def chains(teller: Teller) -> list[Chapter]:
    return [_chain(teller, given) for given in content.story()["chain"]]


def skills(teller: Teller) -> Chapter:
    """What providers say of themselves."""
    yield 416
    for name, said_of in content.story()["skills"].items():
        provider = teller.providers[name]
        for category, people in said_of.items():
            say_skill(teller.staff_of(name), provider, teller.places["hepan"], category, people)


def _chain(teller: Teller, given: dict[str, Any]) -> Chapter:
    project = yield from _drafted(teller, given)
    if "announce" in given["when"]:
        yield from _voted_on(teller, given, project)
    yield from approved(teller, given, given["when"], project)
    yield from _offered(teller, given, project)
    award = yield from purchased(teller, given, project)
    contract = yield from _contracted(teller, given, award)
    yield from in_service(teller, given, contract, award)


def _drafted(teller: Teller, given: dict[str, Any]) -> Any:
    """The project, drafted by the committee for needs that it has gathered before, if the story says so."""
    committee, home = teller.actor(COMMITTEE[given["home"]]), teller.places[given["home"]]
    numbers = tuple(teller.needs[name] for name in given["needs"])
    if group := given.get("group"):
        yield group["days"]
        draft = GroupDraft(group["title"][0], numbers, group["category"])
        said(gather_needs(committee, home, draft, teller.key()), group, "title")
    yield given["when"]["draft"]
    taken = _further(teller, given)
    project = draft_project(committee, home, _project(teller, given, numbers), teller.key(), taken)
    said(project, given, "title", "story")
    for design, words in zip(designs_of(project), given["design"], strict=True):
        said(design, words, "title", "story")
    teller.projects[given["name"]] = project
    if taken:
        yield given["when"]["draft"] - 2
        take_on(committee, taken.project, home, "closed", "改进事项由下一个项目接着办，本项目结束。")
    return project


def _project(teller: Teller, given: dict[str, Any], needs: tuple[int, ...]) -> ProjectDraft:
    designs = tuple(
        DesignDraft(one["title"][0], one["cost"] * 100, one["story"][0], number=number)
        for number, one in enumerate(given["design"], 1)
    )
    partners = [Partner(PartnerKind.COMMUNITY, content.story()["assisting"]["name"][given["home"]])]
    if "volunteers" in given.get("resources", ()):
        partners.append(Partner(PartnerKind.VOLUNTEER, teller.made["resource volunteers"].title))
    bundle = Bundle(
        items=tuple(given.get("items", ())),
        partners=tuple(partners),
        resources=tuple(teller.made[f"resource {name}"].id for name in given.get("resources", ())),
    )
    return ProjectDraft(
        title=given["title"][0],
        category=given["category"],
        budget_fen=given["budget"] * 100,
        needs=needs,
        designs=designs,
        story=given["story"][0],
        bundle=bundle,
    )


def _further(teller: Teller, given: dict[str, Any]) -> Further | None:
    """The earlier project that this one takes further, with what it is to improve."""
    earlier = teller.projects.get(given.get("follows", ""))
    return Further(earlier, actions_of(earlier)[0]) if earlier else None


def _voted_on(teller: Teller, given: dict[str, Any], project: Project) -> Chapter:
    when, home = given["when"], given["home"]
    yield when["announce"]
    draft = designs_draft(project, teller.working_day(when["opens"]), teller.working_day(when["closes"]))
    round_ = announce_round(teller.actor(COMMITTEE[home]), teller.places[home], draft)
    yield when["sealed"]
    people, liked = teller.residents[home][: given["voters"]], [one["liked"] for one in given["design"]]
    teller.cast(round_, dict.fromkeys(people, liked))


def approved(teller: Teller, given: dict[str, Any], when: dict[str, int], project: Project) -> Chapter:
    """The public notice with what was said against the project, and the county's approval."""
    committee, official, home = teller.actor(COMMITTEE[given["home"]]), teller.actor(OFFICIAL), project.region_id
    region = next(one for one in teller.places.values() if one.id == home)
    yield when["notice"]
    put_on_notice(committee, project, region, given.get("unvoted", ""))
    if objection := given.get("objection"):
        yield when["object"]
        neighbour = Actor(teller.residents[given["home"]][-1])
        object_to_project(neighbour, project, objection["words"], teller.key())
        yield when["answer"]
        found = one_of(ProjectObjection, project_id=project.id)
        answer_objection(committee, region, project, found, upheld=False, answer=objection["answer"])
    yield when["approve"]
    shown = notice_of(project)
    assert shown is not None
    approve(official, project, region, NONE_OF_IT, "公示期满，逐条核对不属于禁止购买的事项，同意立项。")


def _offered(teller: Teller, given: dict[str, Any], project: Project) -> Chapter:
    """Providers that would do it."""
    for offer in given.get("offer", ()):
        yield offer["days"]
        provider = teller.providers[offer["by"]]
        facts = offer["words"], offer["people"], teller.day(given["when"]["start"])
        offer_service(teller.staff_of(offer["by"]), project, teller.places[given["home"]], provider.id, *facts)


def _contracted(teller: Teller, given: dict[str, Any], award: Award) -> Any:
    """The contract with all its clauses, signed, published and filed."""
    when, official, county = given["when"], teller.actor(OFFICIAL), teller.places[COUNTY]
    yield when["sign"] + 2
    starts_on, ends_on = teller.day(when["start"]), teller.day(when["end"])
    home = teller.places[given["home"]]
    assisting = content.story()["assisting"]
    draft = ContractDraft(
        title=given["contract"],
        purchaser=BUYER,
        price_fen=given["price"] * 100,
        starts_on=starts_on,
        ends_on=ends_on,
        purchaser_duties="按期付款，组织检查和验收，公开过程。",
        provider_duties="按约定服务，每月公布服务次数，接受检查。",
        assisting=Party(
            PartyRole.ASSISTING,
            assisting["name"][given["home"]],
            region_id=home.id,
            duties=assisting["duties"],
            fee_fen=200_000,
        ),
    )
    contract = draft_contract(official, county, award, draft, teller.key())
    clauses = {
        "content": given["story"][0],
        "capacity": award.bid.story,
        "place": f"{home.name}老人家中和社区活动室",
        **content.story()["clauses"],
    }
    write_clauses(official, contract, clauses)
    line = teller.made[f"line {given['line']}"]
    say_money(official, contract, [Part(contract.price_fen, line_id=line.id, number=1)])
    parts = in_parts(contract, "accept" in when)
    if "evaluation" in given:
        parts[-1] = replace(parts[-1], is_linked=True)
        fix_bands(official, contract, payment.DEFAULT)
    say_instalments(official, contract, parts)
    set_targets(official, contract, [_target(one, contract) for one in given["target"]])
    yield when["sign"]
    sign_contract(official, contract, clauses, today())
    publish_contract(official, contract)
    yield when["sign"] - 3
    file_contract(official, contract, today())
    teller.made[f"contract {given['name']}"] = contract
    return contract


def in_parts(contract: Contract, accepted: bool) -> list[Part]:
    """Four tenths soon after the beginning, three half way, and the rest at the end or after an acceptance."""
    term = contract.ends_on - contract.starts_on
    days = [contract.starts_on + term // 20, contract.starts_on + term // 2, contract.ends_on]
    if accepted:
        days[2] += term // 12
    amounts = [contract.price_fen * tenths // 10 for tenths in (4, 3)]
    amounts.append(contract.price_fen - sum(amounts))
    return [Part(fen, day, number=number) for number, (fen, day) in enumerate(zip(amounts, days, strict=True), 1)]


def _target(given: dict[str, Any], contract: Contract) -> TargetDraft:
    return TargetDraft(given["indicator"], given["unit"], 0, given["target"], contract.ends_on)
