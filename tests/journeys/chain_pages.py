"""The purchase chain in a county in which everything has happened, and the addresses of all its pages."""

from datetime import timedelta

from portal.accounts.models import Person
from portal.contracts.models import Contract
from portal.disclosure.actions import disclose
from portal.projects.queries import needs_of
from portal.providers.models import Provider
from portal.purchases.opening import open_bids
from portal.purchases.panel import appoint_judge
from portal.purchases.queries import case_of
from portal.rules.disclosure import Item
from portal.rules.exits import ExitDraft
from portal.rules.projects import ProjectState
from portal.stars.awarding import award_stars
from portal.store import clock
from portal.supervision.leaving import begin_exit, cover_recipients, list_recipients
from portal.supervision.queries import find_watched
from tests import builders
from tests.cases import making as cases
from tests.comments import making as comments
from tests.contracts import making as contracts
from tests.evaluations import making as evaluations
from tests.funds.making import a_ledger
from tests.journeys.chained import a_check, a_closed_call, a_task, noticed, served
from tests.matching.making import an_offer
from tests.needs.making import a_case, a_group
from tests.policies import making as policies
from tests.projects.making import a_project_in, an_improvement, an_objection
from tests.promises import making as promises
from tests.purchases.making import a_challenge, a_purchase, an_award
from tests.resources import making as resources
from tests.stars import making as stars

Addresses = dict[str, list[str]]


def pages_of_the_chain(tree: builders.Tree, provider: Provider, she: Person) -> Addresses:
    """Let a purchase go every way in 长桥, and give the addresses of its pages by the one who opens them.

    The expert is the official of the province; she is a judge, too.
    """
    parts = [_projects(tree, provider), _purchases(tree, provider), _contracts(tree, provider), _means(tree, provider)]
    parts.append(_evaluations(tree))
    parts.append(_cases(tree, provider))
    parts.append(_stars(tree, provider))
    parts.append(_words(tree, provider))
    parts.append(_promises(tree, she))
    found: Addresses = {}
    for part in [*parts, _rules(tree)]:
        for who, addresses in part.items():
            found.setdefault(who, []).extend(addresses)
    return found


def _projects(tree: builders.Tree, provider: Provider) -> Addresses:
    village = tree.villages[0]
    here = f"/{village.code}"
    group, need, case = a_group(village), builders.a_need(village), a_case(village)
    looking, improved = a_project_in(village, ProjectState.APPROVED), a_project_in(village, ProjectState.IMPROVING)
    drafted, ended, objected = builders.a_project(village), noticed(village), noticed(village)
    objection, better = an_objection(objected), an_improvement(improved)
    an_offer(looking, provider)
    life = f"{here}/projects"
    return {
        "stranger": [
            f"{here}/open/",
            f"{here}/needs/coverage",
            f"{here}/needs/groups/",
            f"{here}/needs/groups/{group.id}/",
            f"{here}/needs/sheet",
            f"{here}/cases/",
            f"{here}/matching/",
            f"{here}/matching/project/{looking.id}",
            f"{here}/matching/need/{need.id}",
            f"{here}/matching/group/{group.id}",
            f"{life}/sheet",
            f"{life}/improving",
            f"{life}/{improved.id}/",
            f"{here}/burden/",
        ],
        "resident": [f"{life}/{objected.id}/object"],
        "committee": [
            f"{here}/needs/groups/new?need={need.id}",
            f"{here}/cases/new/{need.id}",
            f"{life}/together",
            f"{life}/{objected.id}/",
            f"{life}/{drafted.id}/notice",
            f"{life}/{objected.id}/objections/{objection.id}",
            f"{life}/{improved.id}/go-on",
            f"{life}/{improved.id}/taking-part",
            f"{life}/{improved.id}/improve",
            f"{life}/{improved.id}/improve/{better.id}",
            f"{here}/burden/{a_task(village, tree.county)}/refuse",
        ],
        "official": [
            f"{here}/cases/{case.id}/",
            f"{life}/{ended.id}/approve",
            f"{here}/burden/push",
            f"{here}/burden/matters",
            f"{here}/burden/{a_task(village, tree.county)}/withdraw",
        ],
        "provider": [
            f"{here}/matching/mine",
            f"{here}/matching/skills",
            f"{here}/matching/project/{looking.id}/offer",
        ],
    }


def _purchases(tree: builders.Tree, provider: Provider) -> Addresses:
    village, over = tree.villages[0], f"/{tree.county.code}"
    here = f"/{village.code}"
    official, expert = builders.actor(builders.an_official(tree.county)), builders.an_official(tree.province)
    prepared, open_ = (a_purchase(builders.a_project(village), published=one) for one in (False, True))
    (opened, bids), (won, best) = a_closed_call(builders.a_project(village)), an_award(builders.a_project(village))
    appoint_judge(official, opened, str(expert.login), "评委丁", "清和市评审专家库")
    open_bids(official, opened)
    own, _ = an_award(builders.a_project(village), provider=provider)
    challenge, case = a_challenge(won, best), case_of(own.id)
    assert case
    for item in (Item.PURCHASER, Item.RESULT):
        disclose(official, case, item, "", 0)
    runs = f"{over}/purchases"
    return {
        "stranger": [
            f"{runs}/",
            f"{runs}/{open_.id}/",
            f"{runs}/{own.id}/",
            f"{over}/disclosure/",
            f"{over}/disclosure/changes",
            f"{over}/disclosure/{own.id}/",
            f"{over}/disclosure/{own.id}/result/",
            f"{here}/thread/{needs_of(case.project)[0].id}",
            f"{here}/thread/project/{own.project_id}",
        ],
        "official": [
            f"{runs}/",
            f"{runs}/prepare/{a_project_in(village, ProjectState.APPROVED).id}",
            f"{runs}/{prepared.id}/run",
            f"{runs}/{prepared.id}/revise",
            f"{runs}/{prepared.id}/publish",
            f"{runs}/{prepared.id}/judges",
            f"{runs}/{prepared.id}/end",
            f"{runs}/{opened.id}/run",
            f"{runs}/{opened.id}/bids/{bids[0].id}/refuse",
            f"{runs}/{won.id}/run",
            f"{runs}/{won.id}/award",
            f"{runs}/{won.id}/challenges/{challenge.id}/",
            f"{over}/disclosure/{own.id}/method/publish",
        ],
        "provider": [f"{here}/purchases/{open_.id}/bid", f"{here}/purchases/{own.id}/challenge"],
        "expert": [f"{runs}/{opened.id}/judge", f"{runs}/{opened.id}/judge/recuse"],
    }


def _contracts(tree: builders.Tree, provider: Provider) -> Addresses:
    village, over = tree.villages[0], f"/{tree.county.code}"
    award = contracts.an_award(project=builders.a_project(village))
    draft, running = contracts.a_contract(builders.a_project(village)), served(village, provider)
    leaving = served(village)
    check = a_check(village, running)
    _exit(tree, leaving)
    target, runs, watch = contracts.target_of(running), f"{over}/contracts", f"{over}/supervision"
    steps = ("accept", "change", "end", "file", "pay/1", "publish", "replacement", "start", "terminate")
    return {
        "stranger": [
            f"{runs}/",
            f"{runs}/{running.id}/",
            f"{runs}/{running.id}/print",
            f"/{village.code}/contracts/project/{running.project_id}",
            f"{watch}/",
            f"{watch}/{running.id}/",
            f"{watch}/{leaving.id}/exit/",
        ],
        "committee": [f"/{village.code}/supervision/{running.id}/check"],
        "official": [
            f"{runs}/draft/{award.purchase.id}",
            f"{runs}/{draft.id}/",
            *(
                f"{runs}/{draft.id}/{part}"
                for part in ("revise", "clauses", "money", "instalments", "bands", "targets", "sign")
            ),
            *(f"{runs}/{running.id}/{step}" for step in steps),
            f"{watch}/{running.id}/exit/begin",
            *(f"{watch}/{leaving.id}/exit/{step}" for step in ("recipients", "cover", "step")),
        ],
        "provider": ["/targets/", f"/targets/{target.id}", "/checks/", f"/checks/{check.id}"],
    }


def _evaluations(tree: builders.Tree) -> Addresses:
    """One that is decided, one that is published and one that is planned; the committee of 长桥 is the third party of one."""
    over, expert = f"/{tree.county.code}/evaluations", builders.a_committee(tree.villages[0]).login
    result = evaluations.an_evaluation(third=50)
    going = evaluations.a_plan(account=expert)
    planned = evaluations.a_plan(is_published=False)
    contract = f"{over}/contract/{result.contract_id}"
    return {
        "stranger": [f"{over}/", f"{over}/{result.plan_id}/", f"{over}/{going.id}/", f"{contract}/", f"{contract}/2/"],
        "committee": ["/evaluating/", f"{over}/{going.id}/score"],
        "official": [
            f"{over}/contract/{planned.contract_id}/plan",
            f"{over}/{planned.id}/",
            f"{over}/{planned.id}/revise",
            f"{over}/{going.id}/withdraw",
            f"{over}/{going.id}/purchaser",
            f"{over}/{result.plan_id}/improve/1",
        ],
    }


def _cases(tree: builders.Tree, provider: Provider) -> Addresses:
    """A case of each kind: received, to be repaired, and of a published batch."""
    village = tree.villages[0]
    new, repairing, batch = (
        cases.a_named_case(village, provider, to_provider=True),
        cases.upheld(cases.a_named_case(village, provider, to_provider=True)),
        cases.a_batch_case(village, provider),
    )
    here = f"/{village.code}/bad-ratings"
    return {
        "stranger": [f"{here}/", f"/rate/{new.token}/repair", f"/rate/{cases.a_bad_rating(village, provider)}/repair"],
        "committee": [f"{here}/desk", f"{here}/{new.id}/", f"{here}/{batch.id}/"],
        "provider": ["/repairs/", f"/repairs/{repairing.id}"],
    }


def _stars(tree: builders.Tree, provider: Provider) -> Addresses:
    """Stars of a quarter, an event with an appeal, and one that was made good."""
    stars.rated(provider, ((clock.today() - timedelta(days=120)).isoformat(), stars.SO_SO))
    award_stars()
    repair = stars.a_repair(provider, tree.county, builders.actor(builders.an_official(tree.county)))
    event = stars.an_event(provider, tree.county)
    own, over = f"/{tree.villages[0].code}/providers/{provider.id}", f"/{tree.county.code}/providers"
    return {
        "stranger": [f"{own}/stars/", f"{own}/credit/"],
        "official": [
            f"{over}/{provider.id}/credit/record",
            f"{over}/{provider.id}/credit/pleas/{repair.id}",
            f"{over}/credit/pleas/",
            f"{over}/credit/import",
            f"{over}/stars/try",
        ],
        "provider": [f"{own}/credit/{event.id}/appeal", f"{own}/credit/{event.id}/repair"],
    }


def _words(tree: builders.Tree, provider: Provider) -> Addresses:
    """Words that wait, that were appealed about, and that are public; the official of the province judges."""
    village, token = tree.villages[0], "the-writer-of-some-words"
    here = f"/{village.code}"
    other, group = builders.a_provider(tree.county, "柳溪县向阳养老服务站"), comments.a_group(provider, village)
    waits = comments.a_comment(other, village)
    appeal = comments.an_appeal(other, village, token, judge=builders.an_official(tree.province))
    own = f"{here}/providers/{provider.id}/own/"
    return {
        "stranger": [f"{here}/providers/{provider.id}/words/", f"{here}/words/numbers", f"/rate/{token}/words"],
        "committee": [f"{here}/words/", f"{here}/words/{waits.key}"],
        "official": [f"/{tree.county.code}/words/"],
        "expert": [f"{here}/words/appeals/{appeal.id}"],
        "provider": [own, f"{own}{group[0].published_on}"],
    }


def _promises(tree: builders.Tree, she: Person) -> Addresses:
    """A need that may be declared done, and one that was: `she` is asked whether it is so."""
    village = tree.villages[0]
    here = f"/{village.code}/promises"
    need, _ = promises.an_answered_need(village)
    promise = promises.a_promise(village, she)
    return {
        "stranger": [f"{here}/", f"{here}/{promise.id}/"],
        "resident": [f"{here}/{promise.id}/"],
        "committee": [f"{here}/declare/{need.id}", f"{here}/{promise.id}/"],
    }


def _means(tree: builders.Tree, provider: Provider) -> Addresses:
    """Money, resources and staff."""
    village, township = tree.villages[0], tree.township
    here = f"/{village.code}"
    money, things = a_ledger(village, provider), resources.everything(village)
    funds, rooms, nests = f"{here}/funds", f"{here}/resources", f"{here}/resources/incubators"
    room = f"{rooms}/{things['resource']}"
    return {
        "stranger": [
            f"{funds}/",
            f"{funds}/{money['fund']}/",
            f"{funds}/allocations/{money['allocation']}/",
            f"{funds}/calls/{money['call']}/",
            f"{funds}/grants/",
            f"{funds}/report",
            f"{funds}/shares",
            f"{rooms}/",
            f"{room}/",
            f"{room}/calendar",
            f"{room}/agreements/{things['agreement']}/",
            f"{nests}/",
            f"{nests}/{things['incubator']}/",
            f"{rooms}/use",
            f"/{township.code}/staffing/",
        ],
        "committee": [
            f"{rooms}/offer?kind=premises",
            f"{rooms}/offers",
            f"{room}/book",
            f"{room}/revise",
            f"{room}/withdraw",
            f"{room}/agree",
            f"{room}/agreements/{things['agreement']}/hours",
            f"{room}/agreements/{things['agreement']}/end",
        ],
        "official": [
            f"{funds}/open",
            *(f"{funds}/{money['fund']}/{step}" for step in ("enter", "allocate", "call")),
            f"{funds}/{money['fund']}/entries/{money['fund_entry']}/correct",
            *(f"{funds}/allocations/{money['allocation']}/{step}" for step in ("give", "plan", "resize")),
            f"{funds}/lines/{money['line']}/resize",
            f"{funds}/calls/{money['call']}/vote",
            f"{funds}/calls/{money['call']}/requests/{money['wish']}/decide",
            f"{funds}/shares/social/reason",
            f"/{township.code}/resources/incubators/set-up",
            f"{nests}/{things['incubator']}/enter",
            f"{nests}/{things['incubator']}/organisations/{things['organisation']}/graduate",
            f"/{township.code}/staffing/count",
            f"/{township.code}/staffing/table",
        ],
        "provider": [f"{funds}/calls/{money['call']}/ask"],
    }


def _rules(tree: builders.Tree) -> Addresses:
    village, year = tree.villages[0], clock.today().year
    here, items, said = f"/{village.code}/policies", f"/{village.code}/catalogue", policies.a_milestone(tree.county)
    document, reply, rules = (
        policies.a_document(village),
        policies.a_reply(village),
        policies.a_rule_set(village, undo_days=9),
    )
    item, pilot = policies.an_item(village), policies.a_pilot(village)
    policies.reached(said, village)
    return {
        "stranger": [
            f"{here}/",
            f"{here}/calendar/{year}/",
            f"{here}/documents/",
            f"{here}/documents/{document.id}/",
            f"{here}/milestones/",
            f"{here}/milestones/{said.id}/",
            f"{here}/pilots/",
            f"{here}/replies/",
            f"{here}/replies/{reply.id}/",
            f"{here}/rules/",
            f"{here}/rules/{rules.id}/",
            f"{items}/",
            f"{items}/history",
        ],
        "official": [
            f"{here}/documents/publish",
            f"{here}/replies/publish",
            f"{here}/milestones/{said.id}/mark",
            f"{here}/milestones/{said.id}/take-back",
            f"/{tree.county.code}/policies/milestones/set",
            f"{here}/pilots/begin",
            f"{here}/pilots/{pilot.id}/end",
            f"{here}/rules/put",
            f"{items}/add",
            f"{items}/{item.id}/end",
        ],
        "expert": [f"/{tree.province.code}/policies/calendar/{year}/change"],
    }


def _exit(tree: builders.Tree, contract: Contract) -> None:
    """The provider of `contract` leaves; one of three recipients has nobody yet."""
    watched = find_watched(contract.id, {"region": tree.county})
    assert watched
    official, last_day = builders.actor(builders.an_official(tree.county)), clock.today() + timedelta(days=5)
    case = begin_exit(official, watched, ExitDraft("cannot_deliver", "承接方停业。", last_day, "社区先派志愿者上门。"))
    list_recipients(official, case, 3)
    other = builders.a_provider(tree.county, "暖阳服务中心")
    cover_recipients(official, case, 1, 2, other, last_day + timedelta(days=1))
