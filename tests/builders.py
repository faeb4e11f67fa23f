"""Plain words for people, places and things, made by the same deeds that residents and committees do.

Call them inside an application's context. Tests and the demo use the same words.
"""

import csv
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flask.testing import FlaskClient

from portal.accounts import actions as accounts
from portal.accounts.models import Person
from portal.accounts.queries import actor_of
from portal.accounts.secrets import password_hash
from portal.commands.accounts import save_account
from portal.moderation.actions import decide_need
from portal.needs import actions as needs
from portal.needs.models import Need
from portal.policies.models import RuleSet
from portal.projects import actions as projects
from portal.projects.models import Project
from portal.projects.queries import designs_of
from portal.providers.actions import register_provider
from portal.providers.models import Provider
from portal.ratings.answering import rate_service
from portal.ratings.models import Rating, ServiceRecord, Ticket
from portal.ratings.queries import ticket_hash
from portal.ratings.recording import record_service
from portal.regions.imports import COLUMNS, import_regions
from portal.regions.models import Region
from portal.rolls.models import RollEntry
from portal.rules.decisions import Basis
from portal.rules.moderation import Decision, DecisionDraft
from portal.rules.needs import NeedDraft, NeedState
from portal.rules.permissions import Actor, Role
from portal.rules.projects import DesignDraft, ProjectDraft
from portal.rules.providers import ProviderDraft, check_sign
from portal.rules.rolls import EntrySource, EntryState
from portal.store import action, clock, db
from portal.store.memory import forget
from portal.voting.announcing import designs_draft
from portal.voting.models import Ballot, Round
from portal.voting.rounds import announce_round
from portal.voting.sealing import seal_round

PASSWORD = "a good long password"
_numbers = count(1)


@contextmanager
def at(moment: datetime | date | str) -> Iterator[datetime]:
    """The site's clock stands at `moment`: a time with a zone, or noon (UTC) of a day such as "2026-11-22"."""
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment) if "T" in moment else date.fromisoformat(moment)
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day, 12, tzinfo=UTC)
    assert moment.tzinfo, "a moment has a zone"
    then = moment
    kept = clock.datetime
    clock.datetime = SimpleNamespace(now=lambda zone: then.astimezone(zone))  # type: ignore[assignment, misc]
    try:
        yield then
    finally:
        clock.datetime = kept  # type: ignore[misc]


# Places


@dataclass(frozen=True)
class Tree:
    """A province and one line of places below it, down to three communities."""

    province: Region
    prefecture: Region
    county: Region
    township: Region
    villages: tuple[Region, ...]


PLACES = (
    ("990000000000", "province", "云泽省", ""),
    ("990100000000", "prefecture", "清和市", "990000000000"),
    ("990121000000", "county", "柳溪县", "990100000000"),
    ("990121100000", "township", "望湖镇", "990121000000"),
    ("990121100001", "village", "长桥社区居委会", "990121100000"),
    ("990121100002", "village", "梅园社区居委会", "990121100000"),
    ("990121100203", "village", "石榴村委会", "990121100000"),
)


def a_region_tree() -> Tree:
    """Invented places: 云泽省 › 清和市 › 柳溪县 › 望湖镇 › 长桥, 梅园, 石榴. Twice it is the same."""
    import_places(PLACES)
    codes = [code for code, *_ in PLACES]
    found = db.session.scalars(db.select(Region).where(Region.code.in_(codes)).order_by(Region.code))
    province, prefecture, county, township, *villages = found
    return Tree(province, prefecture, county, township, tuple(villages))


def import_places(places: Any) -> tuple[int, int]:
    """Load rows of (code, level, name, parent's code) as `portal import regions` would."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "places.csv")
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([COLUMNS, *places])
        return import_regions(path)


def with_numbers(region: Region, valid_from: date | None = None, **numbers: Any) -> None:
    """The rule set of `region` says so from `valid_from` (long ago) on, for example `most_open_needs=5`."""

    @action
    def write() -> None:
        db.session.add(
            RuleSet(region_id=region.id, valid_from=valid_from or date(2020, 1, 1), numbers=numbers, cites="")
        )

    write()
    forget()


# People


def a_resident(region: Region, *, verified: bool = True, name: str = "", phone: str = "") -> Person:
    """Someone who signs in by `phone` and lives in `region`; `verified`: its committee has vouched for her."""
    phone = phone or f"138{next(_numbers):08}"
    person = accounts.welcome(phone, "zh-Hans")
    if name:
        accounts.save_preferences(actor_of(person), name, True)
        db.session.refresh(person)
    accounts.ask_residency(actor_of(person), region)
    if verified:
        accounts.vouch(actor_of(a_committee(region)), region, person.id)
    return person


def a_committee(region: Region) -> Person:
    """The one who works for the committee of `region`, with PASSWORD. Twice it is the same."""
    return _staff(f"committee.{region.code}", Role.COMMITTEE, region)


def an_official(region: Region) -> Person:
    """The official for `region`, with PASSWORD. Twice it is the same."""
    return _staff(f"official.{region.code}", Role.OFFICIAL, region)


def _staff(login: str, role: Role, region: Region, provider_id: int | None = None) -> Person:
    person = db.session.scalar(db.select(Person).where(Person.login == login))
    if person is None:
        save_account(login, login, _hash_of_password())
        person = db.session.scalars(db.select(Person).where(Person.login == login)).one()
        accounts.grant(person, role, region, provider_id)
    return person


@cache
def _hash_of_password() -> str:
    return password_hash(PASSWORD)


def actor(person: Person | None) -> Actor:
    """`person` as the one who acts; nobody, if None."""
    return actor_of(person) if person else Actor()


def signed_in(client: FlaskClient, person: Person | None) -> FlaskClient:
    """`client` as the browser of `person` from now on; of a stranger, if None."""
    with client.session_transaction() as session:
        session.clear()
        if person is not None:
            session["_user_id"] = accounts.begin_session(person, "")
            session["_fresh"] = True
    return client


@action
def an_entry(region: Region, household: str = "", head_id: int | None = None) -> int:
    """Somebody without an account on the roll of `region`, telephone ending in 8000; gives her number."""
    entry = RollEntry(
        region_id=region.id,
        shown="王**",
        household=household,
        head_id=head_id,
        phone_end="8000",
        identity_hash=secrets.token_hex(32),
        state=EntryState.ACTIVE.value,
        source=EntrySource.IMPORT.value,
        added_at=clock.now(),
    )
    db.session.add(entry)
    db.session.flush()
    return entry.id


def cast_choices() -> list[str]:
    """What the ballots of open rounds say, in order."""
    db.session.rollback()
    return sorted(db.session.scalars(db.select(Ballot.choices).where(~Ballot.void)))


# Needs


def a_need(
    region: Region,
    words: str = "楼道灯坏了。晚上看不见，老人上楼很危险。",
    *,
    author: Person | None = None,
    state: NeedState | str = NeedState.ACCEPTED,
    key: str = "",
    **draft: Any,
) -> Need:
    """A need that a resident reported and that has come to `state`; `draft` may name category, place, private, …"""
    author = author or a_resident(region)
    need = needs.report_need(actor(author), region, NeedDraft(words, **draft), key or secrets.token_hex(16))
    for step in _WAYS[NeedState(state)]:
        stepped(need, step, region)
    return need


_WAYS: dict[NeedState, tuple[NeedState, ...]] = {
    NeedState.SUBMITTED: (),
    NeedState.RETURNED: (NeedState.RETURNED,),
    NeedState.REJECTED: (NeedState.REJECTED,),
    NeedState.ACCEPTED: (NeedState.ACCEPTED,),
    NeedState.MATCHED: (NeedState.ACCEPTED, NeedState.MATCHED),
    NeedState.IN_SERVICE: (NeedState.ACCEPTED, NeedState.MATCHED, NeedState.IN_SERVICE),
    NeedState.ANSWERED: (NeedState.ACCEPTED, NeedState.ANSWERED),
    NeedState.CLOSED: (NeedState.ACCEPTED, NeedState.ANSWERED, NeedState.CLOSED),
}


_DECISIONS = {
    NeedState.ACCEPTED: DecisionDraft(Decision.ACCEPT),
    NeedState.RETURNED: DecisionDraft(Decision.RETURN, "unclear", "请说明是哪一栋楼。"),
    NeedState.REJECTED: DecisionDraft(Decision.REFUSE, "not_here", "这件事请到隔壁社区说。"),
}


@action
def stepped(need: Need, state: NeedState, region: Region) -> Need:
    """`need` after its committee took it to `state`, the next one in its life."""
    committee = actor(a_committee(region))
    if state in _DECISIONS:
        decide_need(committee, need, region, _DECISIONS[state])
    elif state is NeedState.ANSWERED:
        needs.answer_need(committee, need, region, "灯已经换好了，谢谢您的提醒。")
    else:
        needs.move(need, state, office=region)
    return need


def supported(need: Need, *people: Person) -> Need:
    """`need` with these people behind it, counted."""
    for person in people:
        needs.support_need(actor(person), need, True)
    needs.count_supporters()
    return need


# Providers, projects and votes


def a_usc_code(number: int = 0) -> str:
    """A unified social credit code (GB 32100) of a social organisation, with its right check sign."""
    body = f"52990121MJ{number or next(_numbers):07}"
    return body + check_sign(body)


def a_provider(
    region: Region, name: str = "柳溪县晨光社会工作服务中心", kind: str = "social_organisation", story: str = ""
) -> Provider:
    """A registered body that serves `region` and all below it."""
    return register_provider(actor(a_committee(region)), region, ProviderDraft(name, kind, a_usc_code(), story))


def staff_of(provider: Provider) -> Person:
    """The one who works for `provider`, where it is at home. Twice it is the same."""
    region = db.session.get_one(Region, provider.region_id)
    return _staff(f"provider.{provider.usc_code}", Role.PROVIDER, region, provider.id)


def a_project(region: Region, designs: int = 3, *, needs: tuple[Need, ...] = (), budget: int = 5_000_000) -> Project:
    """A project that answers a need of `region` (or `needs`), with `designs` to choose from. Money in fen."""
    draft = ProjectDraft(
        title="楼道照明改造",
        story="换上声控灯，老人晚上出门看得见路。",
        category="0901",
        place="三号楼",
        budget_fen=budget,
        needs=tuple(need.id for need in needs or (a_need(region),)),
        designs=tuple(
            DesignDraft(f"方案{number}", budget * number // (designs + 1)) for number in range(1, designs + 1)
        ),
    )
    return projects.draft_project(actor(a_committee(region)), region, draft)


def an_open_round(project: Project, *, days: int = 7, **changes: Any) -> Round:
    """A vote on the designs of `project` that is open now and closes in `days`; its roll freezes with the first vote.

    `changes`: of the RoundDraft.
    """
    moment = clock.now()
    draft = designs_draft(project, moment - timedelta(hours=1), moment + timedelta(days=days))
    drafter = actor(db.session.get_one(Person, project.drafted_by_id))
    return announce_round(drafter, db.session.get_one(Region, project.region_id), replace(draft, **changes))


@action
def of_households(round: Round) -> None:
    """From now on `round` gives each household one vote; before it is frozen."""
    round.basis = Basis.HOUSEHOLDS.value


def sealed(round: Round) -> Round:
    """`round` after its closing."""
    with at(round.closes_at):
        assert seal_round(round)
    return round


def the_designs(project: Project) -> list[int]:
    """The numbers of a project's designs as they were listed."""
    return [design.id for design in designs_of(project)]


def a_service(
    provider: Provider,
    region: Region,
    *,
    served_on: date | None = None,
    category: str = "0401",
    phone: str | None = None,
    by: Actor | None = None,
    **given: Any,
) -> Any:
    """A service of `provider` in `region` that came to its end; gives the record, with the secret of its link as `ticket`.

    Recorded by the committee, if not `by` another; `given`: outcome, channel, grade. phone="" is a recipient without.
    """
    phone = f"137{next(_numbers):08}" if phone is None else phone
    by = by or actor(a_committee(region))
    ticket = record_service(by, provider, region, category, served_on or clock.today(), phone, **given)
    of_ticket = db.select(Ticket.service_id).where(Ticket.hash == ticket_hash(ticket))
    service = db.session.scalars(db.select(ServiceRecord).where(ServiceRecord.id.in_(of_ticket))).one()
    service.ticket = ticket  # type: ignore[attr-defined]
    return service


def rated(service: Any, grade: int) -> Rating:
    """The rating of a service by its recipient."""
    return rate_service(service.ticket, grade)
