"""Every route of the site, found in its map: each has its deed, its token, its roles, and breaks for nobody."""

from dataclasses import dataclass

import pytest
from flask import Flask
from werkzeug.routing import Rule

from portal.accounts.models import Person
from portal.helpers.actions import begin_help, end_help
from portal.papers.actions import print_papers
from portal.papers.slips import print_slips
from portal.ratings.inviting import no_more_mark
from portal.rolls.models import RollObjection
from portal.rolls.objecting import object_to_roll
from portal.rules.permissions import Deed
from portal.rules.rolls import ObjectionKind
from portal.store import db
from portal.voting.models import LedgerEntry
from portal.voting.rounds import freeze_round
from tests import builders
from tests.burden.making import a_matter, a_task
from tests.cases.making import a_named_case, upheld
from tests.client import InspectingClient
from tests.comments import making as comments
from tests.contracts.making import a_signed_contract, a_won_purchase, target_of
from tests.evaluations.making import a_linked_contract, an_evaluation
from tests.flags.making import a_hold
from tests.funds.making import a_ledger
from tests.matching.making import an_offer
from tests.needs.making import a_case, a_group
from tests.policies import making as policies
from tests.projects.making import an_improvement, an_objection
from tests.promises.making import a_promise
from tests.purchases.making import a_challenge, an_award
from tests.ratings.making import the_key
from tests.resources import making as resources
from tests.stars.making import a_repair
from tests.supervision.making import a_check, an_exit

ALL = {"anonymous", "resident", "elsewhere", "committee", "provider", "official"}
SIGNED_IN = ALL - {"anonymous"}
MAY: dict[Deed, set[str]] = {
    Deed.READ_PUBLIC: ALL,
    Deed.SIGN_IN: ALL,
    Deed.REPORT_NEED: ALL,
    Deed.RATE_SERVICE: ALL,
    Deed.SEE_OWN: SIGNED_IN,
    Deed.CHANGE_OWN: SIGNED_IN,
    Deed.REVISE_NEED: SIGNED_IN,
    Deed.SUPPORT_NEED: SIGNED_IN,
    Deed.CAST_VOTE: SIGNED_IN,
    Deed.CAST_BY_CODE: ALL,
    Deed.ENTER_PAPER: {"committee"},
    Deed.OBJECT_TO_ROLL: SIGNED_IN,
    Deed.HELP_VOTE: SIGNED_IN,
    Deed.SEE_ROLL: {"committee"},
    Deed.KEEP_ROLL: {"committee"},
    Deed.DECIDE_NEED: {"committee"},
    Deed.ANSWER_NEED: {"committee"},
    Deed.VOUCH_RESIDENT: {"committee"},
    Deed.DRAFT_PROJECT: {"committee"},
    Deed.RUN_ROUND: {"committee", "official"},
    Deed.REGISTER_PROVIDER: {"committee", "official"},
    Deed.RECORD_SERVICE: {"committee", "provider"},
    Deed.READ_SUMMARY: {"committee", "official"},
    Deed.OFFER_RESOURCE: SIGNED_IN,
    Deed.OBJECT_TO_PROJECT: SIGNED_IN,
    Deed.JUDGE_BIDS: SIGNED_IN,
    Deed.GROUP_NEEDS: {"committee"},
    Deed.REFUSE_TASK: {"committee"},
    Deed.KEEP_RESOURCE: {"committee", "official"},
    Deed.MOVE_PROJECT: {"committee", "official"},
    Deed.CHECK_DELIVERY: {"committee", "official"},
    Deed.BOOK_RESOURCE: {"committee", "provider"},
    **{
        key: {"provider"} for key in (Deed.OFFER_SERVICE, Deed.ASK_GRANT, Deed.BID, Deed.READ_TARGET, Deed.ANSWER_CHECK)
    },
    **{key: {"official"} for key in (Deed.KEEP_CATALOGUE, Deed.KEEP_POLICY, Deed.KEEP_STAFFING, Deed.PUSH_TASK)},
    **{key: {"official"} for key in (Deed.SEE_FUNDS, Deed.KEEP_FUNDS, Deed.RUN_PURCHASE, Deed.RUN_CONTRACT)},
    **{key: {"official"} for key in (Deed.RUN_EXIT, Deed.DISCLOSE, Deed.TAKE_CASE)},
    **{key: {"official"} for key in (Deed.PLAN_EVALUATION, Deed.KEEP_CREDIT)},
    **{key: {"provider"} for key in (Deed.ANSWER_CASE, Deed.ANSWER_WORDS, Deed.APPEAL_CREDIT)},
    **{key: {"committee", "official"} for key in (Deed.HANDLE_CASE, Deed.REVIEW_RATINGS, Deed.MODERATE_WORDS)},
    **dict.fromkeys((Deed.IMPORT_BY_KEY, Deed.OPEN_CASE, Deed.APPEAL_WORDS), ALL),
    **dict.fromkeys((Deed.EVALUATE, Deed.JUDGE_APPEAL, Deed.ANSWER_PROMISE), SIGNED_IN),
    Deed.DECLARE_DONE: {"committee", "official"},
}
"""Who may do what in a community, said once more and apart from `rules/permissions.py`: a slip there shows here.

`elsewhere` is the committee of the community next door.
"""
ODD = ("\x00", "\ud800", "%", "'", "9" * 30, "-1", "养老", "../..", "<b>", "{{7*7}}")


@dataclass(frozen=True)
class World:
    """One of everything that an address can name, and one of everyone."""

    words: dict[str, str | int]
    people: dict[str, Person | None]


@pytest.fixture
def world(app: Flask) -> World:
    tree = builders.a_region_tree()
    here, next_door, _ = tree.villages
    project = builders.a_project(here)
    provider = builders.a_provider(tree.county)
    poll, committee = builders.an_open_round(project), builders.actor(builders.a_committee(here))
    freeze_round(poll)
    number = db.session.scalars(db.select(LedgerEntry.number)).first() or 0
    object_to_roll(builders.actor(builders.a_resident(here)), here, ObjectionKind.MISSING, "李强", "k" * 32)
    assistance = begin_help(committee, poll, here, number, consents=True)
    purchase, bid = an_award(builders.a_project(here))
    contract = a_signed_contract(builders.a_project(here), provider, buyer=here)
    an_exit(contract)
    plea = a_repair(provider, here, builders.actor(builders.an_official(tree.county)))
    words: dict[str, str | int] = {
        "region": here.code,
        "plea": plea.id,
        "event": plea.event_id,
        "entry": number,
        "objection": db.session.scalars(db.select(RollObjection.id)).one(),
        "need": builders.a_need(here).id,
        "project": project.id,
        "concern": an_objection(project).id,
        "action": an_improvement(project).id,
        "promise": a_promise(here).id,
        "offer": an_offer(project, provider).id,
        "group": a_group(here).id,
        "poll": poll.id,
        "number": number,
        "slip": print_slips(committee, poll, here, number=number)[0].code,
        "assistance": assistance.id,
        "code": end_help(poll, assistance),
        "serial": print_papers(committee, poll, 1)[0],
        **resources.everything(here),
        "provider": provider.id,
        "purchase": purchase.id,
        "award": a_won_purchase(builders.a_project(here), provider, here).id,
        "contract": contract.id,
        "instalment": 1,
        "check": a_check(contract).id,
        "item": "method",
        "case": a_case(here).id,
        "bad_case": upheld(a_named_case(here, provider)).id,
        "hold": a_hold(builders.a_provider(here)).id,
        "matter": a_matter(here).id,
        "task": a_task(here).id,
        "target": target_of(contract).id,
        "evaluation": an_evaluation(a_linked_contract(buyer=here)).plan_id,
        "indicator": 1,
        "bid": bid.id,
        "challenge": a_challenge(purchase, bid).id,
        "own_item": policies.an_item(here).id,
        "document": policies.a_document(here).id,
        "reply": policies.a_reply(here).id,
        "rule_set": policies.a_rule_set(here, undo_days=9).id,
        "pilot": policies.a_pilot(here).id,
        "milestone": policies.a_milestone(tree.county).id,
        "year": 2026,
        **a_ledger(here, provider),
        "comment": comments.a_comment(builders.a_provider(here), here).key,
        "word_appeal": comments.an_appeal(builders.a_provider(here), here).id,
        "group_day": str(comments.a_group(provider, here)[0].published_on),
        "token": builders.a_service(provider, here).ticket,
        "mark": no_more_mark("13900139000"),
        "import_key": the_key(provider).id,
        "name": "0" * 32,
        "size": 320,
        "filename": "portal.css",
    }
    people = {
        "anonymous": None,
        "resident": builders.a_resident(here),
        "elsewhere": builders.a_committee(next_door),
        "committee": builders.a_committee(here),
        "provider": builders.staff_of(provider),
        "official": builders.an_official(tree.county),
    }
    return World(words, people)


def address(app: Flask, rule: Rule, world: World) -> str:
    missing = rule.arguments - world.words.keys()
    assert not missing, f"{rule}: say in tests/laws/test_routes.py what {missing} may be"
    with app.test_request_context():
        return app.url_for(rule.endpoint, **{name: world.words[name] for name in rule.arguments})


def routes(app: Flask) -> list[tuple[Rule, str]]:
    """Every rule with each of its methods that a browser would use."""
    return [(rule, method) for rule in app.url_map.iter_rules() for method in ("GET", "POST") if method in _of(rule)]


def _of(rule: Rule) -> frozenset[str]:
    return frozenset(rule.methods or ())


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
def test_no_route_is_without_a_deed(app: Flask) -> None:
    for endpoint, view in app.view_functions.items():
        said = getattr(view, "deed", None)
        assert endpoint == "static" or isinstance(said, Deed), (
            f"{endpoint} ({view.__module__}): write its route on a Guarded blueprint with deed=… (portal/web/door.py)"
        )


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
def test_nothing_but_get_and_post_is_answered(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        assert _of(rule) <= {"GET", "HEAD", "OPTIONS", "POST"}, f"{rule}: forms can only GET and POST"


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
def test_every_unsafe_route_refuses_a_missing_token(app: Flask, world: World) -> None:
    for rule, method in routes(app):
        if method != "POST" or app.view_functions[rule.endpoint].deed is Deed.IMPORT_BY_KEY:  # reads no cookie
            continue
        for name, person in world.people.items():
            client = builders.signed_in(app.test_client(), person)
            answer = client.post(address(app, rule, world), token=False, inspect=False)
            assert answer.status_code == 400, f"POST {rule} as {name}: no csrf.exempt (portal/web/safety.py)"


@pytest.mark.parametrize("who", sorted(ALL))
def test_each_route_answers_each_role_as_it_should(app: Flask, world: World, who: str) -> None:
    client = builders.signed_in(app.test_client(), world.people[who])
    inspect = app.config["SETTINGS"].database_url.startswith("sqlite")
    for rule, method in routes(app):
        if rule.endpoint in ("static", "accounts.sign_out"):
            continue
        deed = app.view_functions[rule.endpoint].deed
        assert deed in MAY, f"{deed}: say in tests/laws/test_routes.py who may do it"
        answer = client.open(address(app, rule, world), method=method, inspect=inspect)
        answer.close()
        expected = _expected(who, who in MAY[deed], "region" in rule.arguments, deed)
        there = answer.headers.get("Location", "")
        turned_away = (answer.status_code == 303 and there.startswith("/sign-in?")) or answer.status_code == 403
        said = f"{method} {rule} ({deed.value}) as {who}: {answer.status_code} {there}"
        if expected == "turned away":
            assert turned_away, f"{said}; expected to be turned away (portal/rules/permissions.py)"
        elif deed is Deed.IMPORT_BY_KEY:
            assert answer.status_code == 401, f"{said}; whoever asks, only a key opens this"
        elif expected == "let in":
            assert answer.status_code in (200, 303, 404, 409, 422), said
            assert who == "anonymous" or deed is Deed.SIGN_IN or not turned_away, (
                f"{said}; expected to be let in (portal/rules/permissions.py)"
            )


def _expected(who: str, allowed: bool, has_region: bool, deed: Deed) -> str:
    if not has_region and who == "elsewhere":
        allowed = "committee" in MAY[deed]  # without a place, a role anywhere counts
    return "let in" if allowed else "turned away"


def test_no_address_breaks_a_page(app: Flask, world: World) -> None:
    """What stands behind the question mark is anybody's."""
    client = builders.signed_in(app.test_client(), world.people["committee"])
    names = (
        "q",
        "in",
        "words",
        "state",
        "about",
        "sort",
        "household",
        "least",
        "after",
        "next",
        "code",
        "month",
        "page",
        "need",
        "into",
        "on",
    )
    for rule, method in routes(app):
        if method == "GET" and rule.endpoint != "static":
            for odd in ODD[:2] if app.config["SETTINGS"].database_url.startswith("sqlite") else ODD:
                asked = dict.fromkeys(names, odd.encode("utf-8", "surrogatepass"))
                answer = client.get(address(app, rule, world), query_string=asked)
                answer.close()
                assert answer.status_code < 500, f"GET {rule} with {odd!r}"


def test_no_form_breaks_a_deed(app: Flask, world: World) -> None:
    """What a tampered form sends is refused, and is no fault of ours."""
    for who in ("committee", "provider", "resident"):
        client = builders.signed_in(app.test_client(), world.people[who])
        for rule, method in routes(app):
            if method == "POST" and rule.endpoint not in ("accounts.sign_out", "display.switch"):
                for odd in ("\x00", "9" * 30, "养"):
                    answer = _post_odd(app, client, address(app, rule, world), odd)
                    assert answer in (200, 303, 400, 401, 403, 404, 409, 422), (
                        f"POST {rule} with {odd!r} as {who}: {answer}"
                    )


def _post_odd(app: Flask, client: InspectingClient, where: str, odd: str) -> int:
    names = {
        "words", "category", "place", "behalf", "key", "phone", "code", "login", "password", "name", "person", "region",
        "decision", "reason", "into", "supports", "design", "approve", "grade", "reasons", "opens_at", "closes_at",
        "title", "budget", "needs", "design1_title", "design1_cost", "provider", "served_on", "kind", "usc_code", "back",
        "option", "value", "seen", "digits", "serial", "count", "households", "number", "all", "void", "option_1",
        "amount", "closes_on", "founded_on", "year", "channel", "is_new", "household", "text", "upheld", "entry", "answer", "known_by", "consents",
        "granted", "lines", "way", "took_part", "asked", "state", "owner", "due_on", "result", "people_a_month", "start_on", "follows",
        "action", "outside_duty", "own_duty",
        "title_hant", "title_en", "nature", "implementing_level", "valid_from", "valid_to", "issuers", "issued_on",
        "document", "session", "proposer", "issuer", "received_on", "answered_on", "undo_days", "sensitive_categories",
        "feature", "from_on", "until_on", "level", "reached_on", "evidence", "first", "last", "works",
        "mode", "hours", "valuation", "starts", "ends", "day", "purpose", "body", "ended_on", "graduated_on", "entered_on",
        "opened_on", "premises", "ownership", "opens0", "closes0", "unit", "conditions", "idle_since",
        "starts_on", "ends_on", "part1_line", "part1_amount", "part1_due", "target1_target", "signed_on",
        "assisting_place", "in_kind", "line", "held_on", "passed", "read_on",
        "outcome", "purchaser", "purchaser_kind", "method", "ground", "scoring", "invited", "factor1_factor", "factor1_title",
        "factor1_points", "due", "bid", "price", "tie",
        "verdict", "names", "mask", "photo_cleared", "contact", "agrees", "to_provider", "move", "reached", "finding", "complex", "passes",
    }  # fmt: skip
    answer = client.post(where, data=dict.fromkeys(names, odd), inspect=False)
    answer.close()
    return answer.status_code


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
def test_opening_a_link_changes_nothing(app: Flask, world: World) -> None:
    """Mail and chat scanners open links (pitfall 30)."""
    from sqlalchemy import func, select

    def counts() -> dict[str, int]:
        tables = [table for table in db.metadata.sorted_tables if table.name != "heartbeat"]
        return {table.name: db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}

    clients = [builders.signed_in(app.test_client(), person) for person in world.people.values()]
    before = counts()
    for client in clients:
        for rule, method in routes(app):
            if method == "GET" and rule.endpoint != "static":
                client.get(address(app, rule, world), inspect=False).close()
    assert counts() == before


def test_an_unknown_thing_is_not_found(app: Flask, world: World) -> None:
    client = builders.signed_in(app.test_client(), world.people["committee"])
    for unknown in (987654, 9_999_999_999_999_999_999):
        for rule, method in routes(app):
            numbers = [name for name in rule.arguments if isinstance(world.words[name], int)]
            if numbers:
                there = World(world.words | dict.fromkeys(numbers, unknown), world.people)
                answer = client.open(address(app, rule, there), method=method, inspect=False)
                assert answer.status_code == 404, f"{method} {rule} with {unknown}: {answer.status_code}"
