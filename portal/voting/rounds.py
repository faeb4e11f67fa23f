"""A round's life by the clock: announced, frozen when it opens."""

import logging
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import delete, func, insert, literal, select

from portal import audit
from portal.policies.queries import rules_for
from portal.projects.lifecycle import FIXED, move_all
from portal.projects.models import Project
from portal.regions.models import Region
from portal.regions.queries import within
from portal.rolls.actions import enrol_residents
from portal.rolls.models import RollEntry
from portal.rolls.queries import OPENINGS, members_of
from portal.rules import N_, Refusal, enforce, opencount, rounds
from portal.rules.counting import Method
from portal.rules.lifecycle import can_be_voted_on
from portal.rules.opencount import Manifest, Option
from portal.rules.permissions import Actor, Deed
from portal.rules.projects import ProjectState
from portal.rules.rounds import RoundDraft
from portal.store import Base, action, db, locked
from portal.store.clock import now
from portal.voting import log
from portal.voting.keys import public_key
from portal.voting.models import LedgerEntry, LedgerMember, Round, RoundOption
from portal.voting.queries import options_of

OPENED = N_("This vote has opened; nothing of it can be changed any more.")


@action
def announce_round(actor: Actor, region: Region, draft: RoundDraft) -> Round:
    """Announce a vote in `region`; its projects stay as they are from now on, and all that decides is public."""
    enforce(rounds.refusals(draft, at=now(), numbers=rules_for(region)))
    _claim_projects(region, {one.project_id for one in draft.options if one.project_id})
    round = put_round(draft, region.id, actor.id, now())
    move_projects(actor, round, ProjectState.CONSULTED)
    audit.record(actor, Deed.RUN_ROUND, round, seed_hash=round.seed_hash, options=len(draft.options))
    return round


def _claim_projects(region: Region, numbers: set[int]) -> None:
    """See to it that the projects lie in `region` and that no other vote on them is under way, or begins meanwhile."""
    here = select(Region.id).where(within(region))
    mine = select(Project).where(Project.id.in_(numbers), Project.region_id.in_(here)).order_by(Project.id)
    found = db.session.scalars(mine.with_for_update().execution_options(populate_existing=True)).all()
    if len(found) < len(numbers):
        enforce([Refusal(N_("One of these projects is not from here."), "options")])
    enforce(
        Refusal(N_("“%(title)s” has gone on already; residents no longer vote on it."), "options", {"title": one.title})
        for one in found
        if not can_be_voted_on(ProjectState(one.state))
    )
    waiting = select(RoundOption.project_id).join(Round, Round.id == RoundOption.round_id)
    under_way = set(
        db.session.scalars(waiting.where(Round.sealed_at.is_(None), RoundOption.project_id.in_(numbers)).distinct())
    )
    enforce(
        Refusal(
            N_("A vote on “%(title)s” is under way. Withdraw it, or wait for its result."),
            "options",
            {"title": one.title},
        )
        for one in found
        if one.id in under_way
    )


def put_round(draft: RoundDraft, region_id: int, announced_by_id: int | None, moment: datetime) -> Round:
    """Write a vote down as `draft` says, announced at `moment`; inside a deed that has looked at it."""
    assert draft.opens_at is not None
    assert draft.closes_at is not None
    seed, beside = secrets.token_hex(32), draft.shown_beside
    method = rounds.in_time(draft.method, draft.budget_fen).as_json()
    round = Round(
        uid=secrets.token_hex(16),
        region_id=region_id,
        project_id=draft.project_id,
        question=draft.question.strip(),
        translations=draft.translations,
        budget_fen=draft.budget_fen,
        ballot=draft.ballot.value,
        most=draft.most,
        method=method,
        beside=rounds.in_time(beside, draft.budget_fen).as_json() if beside else None,
        conflicts=[sorted(group) for group in draft.conflicts],
        basis=draft.basis.value,
        body=draft.body.value,
        quorum=str(draft.quorum) if draft.quorum else None,
        majority=str(draft.majority) if draft.majority else None,
        legal_basis=draft.legal_basis.strip(),
        publish=draft.publish or opencount.publish_form(draft.ballot, draft.most, method, len(draft.options)),
        announced_at=moment,
        announced_by_id=announced_by_id,
        opens_at=draft.opens_at,
        closes_at=draft.closes_at,
        seed=seed,
        seed_hash=opencount.seed_hash(seed),
        salt=secrets.token_hex(32),
    )
    db.session.add(round)
    db.session.flush()
    for number, option in enumerate(draft.options, 1):
        db.session.add(
            RoundOption(
                round_id=round.id,
                number=number,
                project_id=option.project_id,
                design_id=option.design_id,
                title=option.title,
                story=option.story,
                translations=option.translations,
                cost_fen=option.cost_fen,
            )
        )
    return round


@action
def withdraw_round(actor: Actor, round: Round, reason: str) -> None:
    """Take back a vote that has not opened; what is wrong in it is announced anew."""
    if db.session.scalar(select(Round.id).where(Round.id == round.id).with_for_update()) is None:
        enforce([Refusal(N_("This vote is withdrawn already."))])
    locked(round)
    if round.frozen_at or round.opens_at <= now():
        enforce([Refusal(OPENED)])
    if not reason.strip():
        enforce([Refusal(N_("Please say why; it is kept for good."), "reason")])
    audit.record(actor, Deed.RUN_ROUND, round, withdrawn=reason.strip(), question=round.question)
    _take_back(actor, round, reason)
    for table in reversed(Base.metadata.sorted_tables):
        if "round_id" in table.c:
            db.session.execute(delete(table).where(table.c.round_id == round.id))
    db.session.delete(round)


def move_projects(actor: Actor, round: Round, state: ProjectState, words: str = "") -> None:
    """Take the projects of a round to `state`, inside a deed."""
    of_round = select(RoundOption.project_id).where(RoundOption.round_id == round.id).distinct()
    move_all(actor, [number for number in db.session.scalars(of_round) if number], state, words)


def _take_back(actor: Actor, round: Round, reason: str) -> None:
    """Projects of a withdrawn round are drafts again; those that were voted on before stay so."""
    of_round = select(RoundOption.project_id).where(RoundOption.round_id == round.id).distinct()
    sealed = select(RoundOption.project_id).join(Round, Round.id == RoundOption.round_id)
    again = of_round.where(RoundOption.project_id.in_(sealed.where(Round.sealed_at.is_not(None))))
    voted = {number for number in db.session.scalars(again) if number}
    numbers = {number for number in db.session.scalars(of_round) if number}
    move_all(actor, numbers - voted, ProjectState.DRAFTED, reason)
    move_all(actor, voted, ProjectState.VOTED, reason)


def open_due_rounds() -> int:
    """Freeze every round whose time has come; gives how many this call froze."""
    due = select(Round).where(Round.opens_at <= now(), Round.frozen_at.is_(None)).order_by(Round.id)
    return one_by_one(freeze_round, db.session.scalars(due).all())


def one_by_one(deed: Callable[[Round], int], rounds: Sequence[Round]) -> int:
    """Do a deed for each round and add up what it gives; one that fails is tried again and keeps no other waiting."""
    done = 0
    for round in rounds:
        try:
            done += deed(round)
        except Exception:
            logging.getLogger(__name__).exception("%s failed for vote %s", deed.__name__, round.id)
            db.session.rollback()
    return done


@action
def freeze_round(round: Round, at: datetime | None = None) -> bool:
    """Fix the roll of a round and write the first leaf of its log, once, whoever comes first."""
    locked(round)
    if round.frozen_at is not None:
        return False
    region = db.session.get_one(Region, round.region_id)
    enrol_residents(region)
    members = members_of(region, round.basis).subquery()
    copied = select(literal(round.id), *members.c).order_by(members.c.entry_id)
    columns = [column.name for column in LedgerMember.__table__.columns]
    db.session.execute(insert(LedgerMember).from_select(columns, copied))
    voters = db.session.execute(
        select(LedgerMember.number, func.min(RollEntry.region_id).label("region_id"))
        .join(RollEntry, RollEntry.id == LedgerMember.entry_id)
        .where(LedgerMember.round_id == round.id)
        .group_by(LedgerMember.number)
        .order_by(LedgerMember.number)
    )
    lines = []
    for voter in voters:
        salt = secrets.token_hex(16)
        line = opencount.roll_line(salt, voter.number)
        lines.append({"number": voter.number, "region_id": voter.region_id, "salt": salt, "line": line})
    if lines:
        db.session.execute(insert(LedgerEntry), [one | {"round_id": round.id} for one in lines])
    manifest = manifest_of(round, region, [one["line"] for one in lines]).text()
    round.frozen_at, round.eligible = at or now(), len(lines)
    log.append(round, [manifest])
    return True


def manifest_of(round: Round, region: Region, lines: Sequence[str]) -> Manifest:
    """All that decides, as open data."""
    return Manifest(
        round=round.uid,
        region=region.code,
        question=_in_three(round.question, round.translations, "question"),
        options=[
            Option(str(one.number), _in_three(one.title, one.translations, "title"), one.cost_fen)
            for one in options_of(round)
        ],
        budget=round.budget_fen,
        ballot={"kind": round.ballot, "most": round.most},
        method=Method.from_json(round.method).as_json(),
        beside=Method.from_json(round.beside).as_json() if round.beside else None,
        conflicts=[[str(number) for number in group] for group in round.conflicts],
        seed_hash=round.seed_hash,
        basis=round.basis,
        body=round.body,
        quorum=round.quorum,
        majority=round.majority,
        opens_at=log.stamp(round.opens_at),
        closes_at=log.stamp(round.closes_at),
        eligible=len(lines),
        roll_root=opencount.roll_root(lines),
        publish=round.publish,
        fewest=rules_for(region).fewest_published_ballots,
        key=public_key(),
    )


def _in_three(words: str, translations: dict[str, dict[str, str]] | None, field: str) -> dict[str, str]:
    others = {tag: said[field] for tag, said in (translations or {}).items() if field in said}
    return {"zh-Hans": words} | others


def next_opening(region: Region, after: datetime) -> datetime | None:
    """When the first vote in which residents of `region` may take part opens after a moment, as far as announced."""
    above = [int(number) for number in region.path.split(".") if number]
    opens = select(func.min(Round.opens_at)).where(Round.region_id.in_(above), Round.opens_at > after)
    return db.session.scalar(opens)


def is_voted_on(project: Project) -> bool:
    """Whether a vote on a project is announced, is under way, or was sealed; a withdrawn one leaves nothing."""
    option = select(RoundOption.round_id).where(RoundOption.project_id == project.id).limit(1)
    return db.session.scalar(option) is not None


OPENINGS.append(next_opening)
FIXED.append(is_voted_on)
