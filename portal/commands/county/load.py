"""Load the county, as if its people had used the portal for more than a year."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import delete, insert, select

from portal.accounts.models import Person, Residency, RoleGrant
from portal.audit.models import AuditEntry
from portal.commands.county import content
from portal.commands.county.believing import put_rest
from portal.commands.county.people import COLLEAGUE, COMMITTEE, OFFICIAL, RESIDENT, TOWNSHIP, staff_of
from portal.commands.county.pictures import PICTURES
from portal.commands.county.services import give_services
from portal.commands.county.story import begin as begin_story
from portal.commands.county.telling import Teller
from portal.commands.server import do_chores
from portal.needs.models import Need, NeedPhoto, NeedStep, NeedSupport, need_search
from portal.notifications.models import Notice
from portal.policies.queries import national_rules, working_days_after
from portal.projects.lifecycle import begin
from portal.projects.models import DesignOption, Project, ProjectNeed, project_search
from portal.projects.stages import people_behind
from portal.providers.models import Provider, ProviderArea
from portal.regions.models import Region
from portal.resources.models import Resource, resource_search
from portal.rolls.actions import enrol_residents
from portal.rolls.imports import import_roll
from portal.rolls.models import RollEntry
from portal.rules.ballots import Road
from portal.rules.decisions import LAWS, Body
from portal.rules.elections import BallotKind
from portal.rules.needs import LISTED, NeedDraft, NeedState, is_private
from portal.rules.permissions import Actor, Deed, Role
from portal.rules.projects import ProjectState
from portal.rules.rolls import read_roll
from portal.rules.rounds import OptionDraft, RoundDraft
from portal.store import Base, action, db
from portal.store.clock import CHINA, as_of, now
from portal.store.files import Photo, keep_photo
from portal.store.search import fold
from portal.voting.actions import replace as cast_whole
from portal.voting.announcing import designs_draft
from portal.voting.electors import elector_of
from portal.voting.models import Round
from portal.voting.queries import BESIDE
from portal.voting.rounds import freeze_round, move_projects, put_round
from portal.voting.sealing import seal_round

ASKING = ("孙建军", "刘彩霞", "马志远")
"""Who waits for the committee of the first community to vouch for them."""
OLDEST_DRAFT = 151
"""Days ago: what happened earlier is told before the projects of `county.toml`, so that numbers follow time."""
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


def load() -> None:
    """Fill an empty database with the county, and do at once the chores by which pages show it."""
    pictures = {name: keep_photo(drawing().file()) for name, drawing in PICTURES.items()}
    load_county(pictures)
    do_chores()


@action
def load_county(pictures: dict[str, Photo]) -> None:
    """All of the county, or nothing. History has its own times, so rows go in as they would have come to be."""
    county = County(now(), pictures)
    county.put_regions()
    county.put_people()
    county.put_needs()
    county.put_providers()
    county.put_roll()
    teller = county.teller()
    teller.tell(until=OLDEST_DRAFT)
    county.put_projects(teller)
    county.put_other_votes()
    teller.tell()
    put_rest(teller)
    county.put_search()
    county.put_log()


@dataclass
class County:
    """What is known of the county while it is being loaded; places and needs by their names in the files."""

    moment: datetime
    pictures: dict[str, Photo]
    chance: Random = field(default_factory=lambda: Random(20251001))  # noqa: S311 (the same county each time)
    places: dict[str, Region] = field(default_factory=dict)
    residents: dict[str, list[int]] = field(default_factory=dict)
    """Verified ones by place; the one who can be tried with one tap is not among them."""
    staff: dict[str, int] = field(default_factory=dict)
    providers: dict[str, Provider] = field(default_factory=dict)
    rated: list[dict[str, Any]] = field(default_factory=list)
    """What recipients will think of the services that they got."""
    mei: int = 0
    needs: dict[str, dict[str, Any]] = field(default_factory=dict)
    steps: list[NeedStep] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    log: list[dict[str, Any]] = field(default_factory=list)

    def put_regions(self) -> None:
        """The chain of places from the province down."""
        by_code: dict[str, Region] = {}
        for number, place in enumerate(content.county()["region"], 1):
            above = by_code.get(place["parent"])
            region = Region(
                id=number,
                code=place["code"],
                level=place["level"],
                folded=fold(place["title"][0]),
                parent_id=above.id if above else None,
                path=f"{above.path if above else ''}{number}.",
                **content.in_three(name=place["title"]),
            )
            by_code[region.code] = self.places[place.get("name") or region.code] = region
        db.session.add_all(self.places.values())
        db.session.flush()

    def put_people(self) -> None:
        """Residents without a number, staff, and some who wait to be vouched for."""
        invited = [*content.story()["judge"], content.story()["believing"]["evaluator"]]
        logins = {one["name"]: one["login"] for one in invited}
        names = [
            *COMMITTEE.values(),
            COLLEAGUE,
            OFFICIAL,
            RESIDENT,
            TOWNSHIP,
            *content.story()["staff"].values(),
            *logins,
        ]
        joined = self.ago(430)
        same = {"language": "zh-Hans", "created_at": joined}
        people = [same | {"name": name, "login": logins.get(name)} for name in names]
        self.staff = dict(zip(names, self.put(Person, people), strict=True))
        self.mei = self.staff.pop(RESIDENT)
        grants = [(name, Role.COMMITTEE, home) for home, name in (*COMMITTEE.items(), ("hepan", COLLEAGUE))]
        offices = [(OFFICIAL, Role.OFFICIAL, "990121000000"), (TOWNSHIP, Role.OFFICIAL, "990121001000")]
        for name, role, place in [*grants, *offices]:
            self.put_grant(self.staff[name], role, self.places[place])
        for place in content.county()["region"]:
            if "residents" in place:
                self.put_residents(place["name"], place["residents"])
        asking = [
            {"name": name, "phone": f"1000000{number:04}", "created_at": self.ago(2)}
            for number, name in enumerate(ASKING, 1)  # numbers that no telephone can have
        ]
        self.put_homes(self.put(Person, asking), "hepan", verified=False)

    def put_residents(self, home: str, count: int) -> None:
        roll = content.county()["roll"]
        names = [family + given for given in roll["given"] for family in roll["names"]]
        people = [
            {"name": names[number % len(names)], "created_at": self.ago(self.chance.randint(200, 420))}
            for number in range(count)
        ]
        ids = self.put(Person, people)
        self.residents[home] = ids
        self.put_homes([*ids, self.mei] if home == "hepan" else ids, home)

    def put_homes(self, people: Sequence[int], home: str, *, verified: bool = True) -> None:
        region, committee = self.places[home], self.staff[COMMITTEE[home]]
        rows = []
        for person_id in people:
            asked = self.ago(self.chance.randint(200, 400) if verified else 1)
            vouched = asked + timedelta(hours=self.chance.randint(2, 40))
            rows.append(
                {
                    "person_id": person_id,
                    "region_id": region.id,
                    "asked_at": asked,
                    "verified_at": vouched if verified else None,
                    "verified_by_id": committee if verified else None,
                }
            )
            if verified:
                self.note(vouched, committee, Deed.VOUCH_RESIDENT, region, person=person_id)
        db.session.execute(insert(Residency), rows)

    def put_grant(self, person_id: int, role: Role, region: Region, provider_id: int | None = None) -> None:
        db.session.add(RoleGrant(person_id=person_id, role=role.value, region_id=region.id, provider_id=provider_id))

    def put_needs(self) -> None:
        """What was said, decided and answered, and who stands behind it."""
        said = content.needs()
        rows = [self.need_row(need) for need in said]
        for need, row, number in zip(said, rows, self.put(Need, rows), strict=True):
            self.needs[need["name"]] = row | {"id": number, "home": need["home"]}
        supports: list[dict[str, Any]] = []
        for need in said:
            self.put_thread(need, self.needs[need["name"]])
            supports += self.supports(need, self.needs[need["name"]])
        self.steps.sort(key=lambda step: step.at)
        self.notices.sort(key=lambda notice: notice.at)
        db.session.add_all([*self.steps, *self.notices])
        db.session.execute(insert(NeedSupport), supports)
        for name, picture in PHOTOS.items():
            photo = self.pictures[picture]
            size = {"width": photo.width, "height": photo.height}
            db.session.add(NeedPhoto(name=photo.name, need_id=self.needs[name]["id"], **size))

    def need_row(self, need: dict[str, Any]) -> dict[str, Any]:
        state = NeedState(need["step"][-1]["state"] if need.get("step") else "submitted")
        category, said_at = need.get("category", ""), self.ago(need["days"])
        draft = NeedDraft(need["words"][0], category, about_child=need.get("about_child", False))
        private = is_private(draft, national_rules().sensitive_categories)
        texts = content.title_and_story(need["words"]) | {"place": need.get("place", [])}
        return {
            "key": f"county-{need['name']}",
            "region_id": self.places[need["home"]].id,
            "author_id": self.mei if need.get("by") else self.chance.choice(self.residents[need["home"]]),
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

    def put_thread(self, need: dict[str, Any], row: dict[str, Any]) -> None:
        """The steps of a need, what its author was told, and what the log and the search know of it."""
        region, committee = self.places[need["home"]], self.staff[COMMITTEE[need["home"]]]
        at, number = row["reported_at"], row["id"]
        self.steps.append(NeedStep(need_id=number, at=at, state=NeedState.SUBMITTED.value))
        self.note(at, row["author_id"], Deed.REPORT_NEED, ("need", number))
        for step in need.get("step", []):
            state, at = NeedState(step["state"]), max(self.ago(step["days"]), at + timedelta(hours=1))
            words = content.in_three(words=step.get("words", []))
            came = NeedStep(need_id=number, at=at, state=state.value, reason=step.get("reason", ""), **words)
            came.office_id = region.id
            self.steps.append(came)
            self.log_step(at, committee, number, state, step)
            self.tell(row, region, state, at)
        translated = row["translations"].values()
        texts = [row["title"], row["story"], row["place"], *(text for words in translated for text in words.values())]
        need_search.put(number, " ".join(texts))

    def log_step(self, at: datetime, committee: int, need_id: int, state: NeedState, step: dict[str, Any]) -> None:
        if state in DECIDED:
            into = self.needs[step["into"]]["id"] if "into" in step else None
            detail = {"decision": DECIDED[state], "reason": step.get("reason", ""), "into": into}
            self.note(at, committee, Deed.DECIDE_NEED, ("need", need_id), **detail)
            if into:
                db.session.get_one(Need, need_id).merged_into_id = into
        elif state is NeedState.ANSWERED:
            self.note(at, committee, Deed.ANSWER_NEED, ("need", need_id))

    def tell(self, row: dict[str, Any], region: Region, state: NeedState, at: datetime) -> None:
        if row["author_id"] == self.mei and state in TOLD:
            told = Notice(person_id=self.mei, at=at, template=TOLD[state], values={"title": row["title"]})
            told.link = f"/{region.code}/needs/{row['id']}/"
            told.read_at = at + timedelta(hours=3) if at < self.moment - timedelta(days=14) else None
            self.notices.append(told)

    def supports(self, need: dict[str, Any], row: dict[str, Any]) -> Iterable[dict[str, Any]]:
        """Who needs it too: neighbours, and the authors of needs that were merged into this one."""
        merged = [
            self.needs[other["name"]]
            for other in content.needs()
            if any(step.get("into") == need["name"] for step in other.get("step", []))
        ]
        came = {other["author_id"]: other["id"] for other in merged if other["author_id"] != row["author_id"]}
        others = [p for p in self.residents[need["home"]] if p not in came and p != row["author_id"]]
        count = max(0, need.get("supporters", 0) - len(came))
        people = self.chance.sample(others, count) if row["listed"] else []
        begins = row["reported_at"] + timedelta(days=4)
        for person_id in [*came, *people]:
            at = begins + (self.moment - begins) * self.chance.random() ** 2
            yield {"need_id": row["id"], "person_id": person_id, "at": at, "via_id": came.get(person_id)}

    def put_providers(self) -> None:
        """Who delivers services, its staff, and what it delivered."""
        for given in content.county()["provider"]:
            provider = Provider(
                region_id=self.places[given["home"]].id,
                kind=given["kind"],
                usc_code=given["usc_code"],
                registered_at=self.ago(min(given["registered"], 440)),
                **content.in_three(name=given["title"], story=given["story"]),
            )
            db.session.add(provider)
            db.session.flush()
            self.providers[given["name"]] = provider
            areas = [region for region in self.places.values() if region.code in given["areas"]]
            db.session.add_all(ProviderArea(provider_id=provider.id, region_id=area.id) for area in areas)
            staff = self.staff[COMMITTEE[given["home"]]]
            if name := staff_of(given["name"]):
                staff = self.staff[name]
                self.put_grant(staff, Role.PROVIDER, areas[0], provider.id)
            for more in [given, *(one for one in content.story()["services"] if one["by"] == given["name"])]:
                self.put_services(given | more, provider, staff)

    def put_services(self, given: dict[str, Any], provider: Provider, staff: int) -> None:
        """What a provider delivered until so many days ago, and how it was liked."""
        homes = {self.places[name].id: weight for name, weight in given["serves"].items()}
        until = self.moment - timedelta(days=given.get("until", 0))
        given_ones, rated = give_services(given, provider, homes, staff, until, self.chance)
        self.rated += rated
        for at, service_id in given_ones:
            self.note(at, staff, Deed.RECORD_SERVICE, ("service_record", service_id))

    def put_roll(self) -> None:
        """Residents where they live, and the list of the first committee: neighbours who have no account."""
        for home in self.residents:
            enrol_residents(self.places[home])
            hers = select(RollEntry).where(RollEntry.region_id == self.places[home].id).order_by(RollEntry.id)
            for number, entry in enumerate(db.session.scalars(hers)):
                block, flat = divmod(number, 24)
                entry.household = f"{block + 9}-{flat // 12 + 1}-{flat // 2 % 6 + 1}0{flat % 2 + 1}"
        families = content.county()["roll"]
        lines = [
            f"{family}{given},,{building}-{flat}"
            for building, family in enumerate(families["names"], 1)
            for flat, given in zip(families["flats"], families["given"], strict=True)
        ]
        import_roll(
            Actor(self.staff[COMMITTEE["hepan"]]),
            self.places["hepan"],
            read_roll("姓名,电话,户号\n" + "\n".join(lines)),
        )

    def put_projects(self, teller: Teller) -> None:
        """Projects with their designs, each with its vote."""
        for given in sorted(content.county()["project"], key=lambda project: -project["drafted"]):
            region, committee = self.places[given["home"]], self.staff[COMMITTEE[given["home"]]]
            drafted = self.ago(given["drafted"])
            project = Project(
                region_id=region.id,
                category=given["category"],
                budget_fen=given["budget"] * 100,
                state=ProjectState.DRAFTED.value,
                drafted_at=drafted,
                drafted_by_id=committee,
                **content.in_three(title=given["title"], story=given["story"], place=given["place"]),
            )
            db.session.add(project)
            db.session.flush()
            needs = [self.needs[name]["id"] for name in given["needs"]]
            db.session.add_all(ProjectNeed(project_id=project.id, need_id=need_id) for need_id in needs)
            teller.projects[given["name"]] = project
            with as_of(drafted):
                begin(Actor(committee), project, people_behind(needs))
            self.note(drafted, committee, Deed.DRAFT_PROJECT, project, needs=needs, budget_fen=project.budget_fen)
            self.put_vote(given, project, region, self.put_designs(given, project))

    def put_designs(self, given: dict[str, Any], project: Project) -> dict[int, float]:
        """The designs of a project; gives how much each is liked."""
        liked = {}
        for one in given["design"]:
            design = DesignOption(
                project_id=project.id,
                cost_fen=one["cost"] * 100,
                picture=self.pictures[one["picture"]].name,
                **content.in_three(title=one["title"], story=one["story"]),
            )
            db.session.add(design)
            db.session.flush()
            liked[design.id] = one["liked"]
        return liked

    def put_vote(self, given: dict[str, Any], project: Project, region: Region, liked: dict[int, float]) -> None:
        """The vote on the designs of a project; `liked` by design."""
        draft = designs_draft(project, self.ago(given["opens"]), self.ago(given["closes"]))
        round_ = self.put_round(draft, region, COMMITTEE[given["home"]], self.ago(given["opens"] + 1))
        shares = [liked[one.design_id] for one in draft.options if one.design_id]
        closed = given["closes"] > 0
        people = self.chance.sample(self.residents[given["home"]], given["voters"]) + [self.mei] * closed
        self.put_ballots(round_, dict.fromkeys(people, shares))

    def put_other_votes(self) -> None:
        """Votes that share out a budget among projects, or that a village decides by."""
        for given in content.county()["vote"]:
            region = self.places[given["home"]]
            options = [self.put_option(one, given["announced"]) for one in given["option"]]
            law = LAWS[Body(given.get("body", "opinion"))]
            said = content.in_three(question=given["question"], legal_basis=given.get("legal_basis", [""] * 3))
            draft = RoundDraft(
                **said,
                options=tuple(
                    OptionDraft(one.id, None, one.title, one.translations, one.budget_fen) for one in options
                ),
                budget_fen=given["budget"] * 100,
                opens_at=self.ago(given["opens"]),
                closes_at=self.ago(given["closes"]),
                ballot=BallotKind(given.get("ballot", "approval")),
                most=given.get("most"),
                beside=BESIDE,
                body=Body(given.get("body", "opinion")),
                quorum=law.quorum,
                majority=law.majority,
            )
            by = COMMITTEE.get(given["home"], OFFICIAL)
            round_ = self.put_round(draft, region, by, self.ago(given["announced"]))
            liked = {
                person: [one["liked"][home] for one in given["option"]]
                for home, voters in given.get("voters", {}).items()
                for person in self.chance.sample(self.residents[home], voters)
            }
            self.put_ballots(round_, liked)

    def put_option(self, given: dict[str, Any], announced: int) -> Project:
        project = Project(
            region_id=self.places[given["home"]].id,
            category=given["category"],
            budget_fen=given["cost"] * 100,
            state=ProjectState.DRAFTED.value,
            drafted_at=self.ago(announced + 6),
            drafted_by_id=self.staff[COMMITTEE[given["home"]]],
            **content.in_three(title=given["title"], story=given["story"]),
        )
        db.session.add(project)
        db.session.flush()
        with as_of(project.drafted_at):
            begin(Actor(project.drafted_by_id), project, 0)
        return project

    def put_round(self, draft: RoundDraft, region: Region, by: str, announced: datetime) -> Round:
        with as_of(announced):
            round_ = put_round(draft, region.id, self.staff[by], announced)
            move_projects(Actor(self.staff[by]), round_, ProjectState.CONSULTED)
        self.note(announced, self.staff[by], Deed.RUN_ROUND, round_, seed_hash=round_.seed_hash)
        return round_

    def put_ballots(self, round_: Round, liked: dict[int, list[float]]) -> None:
        """Freeze a round that has opened, cast what these people chose, and seal it where it has closed."""
        if round_.opens_at <= self.moment:
            with as_of(min(self.moment, round_.closes_at + timedelta(minutes=1))):
                self.cast(round_, liked)

    def cast(self, round_: Round, liked: dict[int, list[float]]) -> None:
        freeze_round(round_, at=round_.opens_at)
        for person_id, shares in liked.items():
            likes = {number: 1 for number, share in enumerate(shares, 1) if self.chance.random() < share}
            favourite = {max(range(1, len(shares) + 1), key=lambda number: shares[number - 1]): 1}
            elector = elector_of(round_, Actor(person_id))
            assert elector is not None
            cast = dict(list((likes or favourite).items())[: round_.most])
            cast_whole(round_, elector, Road.PHONE, cast, 0)
        seal_round(round_)

    def put_search(self) -> None:
        """Let projects and resources be found by their words in each language."""
        project_search.put_all(_words(db.session.scalars(select(Project)).all()))
        resource_search.put_all(_words(db.session.scalars(select(Resource)).all()))

    def teller(self) -> Teller:
        """Who tells what people and offices did with each other, by their real deeds."""
        needs = {name: row["id"] for name, row in self.needs.items()}
        teller = Teller(self.moment, self.places, self.staff, needs, self.residents, self.cast, self.providers)
        teller.rated, teller.chance = self.rated, self.chance
        begin_story(teller)
        return teller

    def note(self, at: datetime, actor_id: int, deed: Deed, subject: Base | tuple[str, int], **detail: Any) -> None:
        table, number = subject if isinstance(subject, tuple) else (subject.__tablename__, subject.id)  # type: ignore[attr-defined]
        entry = {"at": at, "actor_id": actor_id, "deed": deed.value, "subject": f"{table}:{number}", "detail": detail}
        self.log.append(entry)

    def put_log(self) -> None:
        """What was done, in the order in which it was done, whether it was noted here or by a deed."""
        told = select(AuditEntry.at, AuditEntry.actor_id, AuditEntry.deed, AuditEntry.subject, AuditEntry.detail)
        by_deeds = [dict(row) for row in db.session.execute(told).mappings()]
        db.session.execute(delete(AuditEntry))
        db.session.execute(insert(AuditEntry), sorted(self.log + by_deeds, key=lambda entry: entry["at"]))

    def put(self, model: type[Base], rows: list[dict[str, Any]]) -> list[int]:
        """Put rows in; gives their ids in the same order."""
        statement = insert(model).returning(model.id, sort_by_parameter_order=True)  # type: ignore[attr-defined]
        return list(db.session.scalars(statement, rows))

    def ago(self, days: int) -> datetime:
        """A moment in waking hours `days` ago in China, or to come if negative; never later today than now."""
        if days == 0:
            return self.moment - timedelta(minutes=self.chance.randint(15, 90))
        day = self.moment.astimezone(CHINA) - timedelta(days=days)
        return day.replace(hour=self.chance.randint(8, 20), minute=self.chance.randint(0, 59), second=0, microsecond=0)


def _words(rows: Sequence[Project] | Sequence[Resource]) -> dict[int, str]:
    """By number, what projects or resources say in each language."""
    return {
        row.id: " ".join(
            [row.title, row.story, *(text for one in (row.translations or {}).values() for text in one.values())]
        )
        for row in rows
    }
