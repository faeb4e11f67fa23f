"""Something is declared done, and everyone who asked for it is asked, once, whether it is so."""

import secrets
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import delete, func, insert, select, union

from portal import audit
from portal.needs.models import Need, NeedSupport
from portal.notifications.actions import tell_all
from portal.policies.queries import rules_for
from portal.projects.models import ImprovementAction, Project, ProjectNeed
from portal.promises import queries
from portal.promises.models import Promise, PromiseAnswer, PromiseAsk
from portal.regions.models import Region
from portal.rules import enforce, promises
from portal.rules.needs import NeedState
from portal.rules.permissions import Actor, Deed
from portal.rules.projects import ProjectState
from portal.rules.promises import Answer, Subject, Verdict
from portal.store import action, db, locked, take_turn
from portal.store.clock import today

MOST_AT_ONCE = 100
SINCE_ACCEPTED = (ProjectState.ACCEPTED, ProjectState.EVALUATED, ProjectState.IMPROVING, ProjectState.CLOSED)


@action
def declare_done(actor: Actor, need: Need, region: Region, words: str) -> Promise:
    """Say in public that a need is met, and ask those behind it. Source: A70."""
    locked(need)
    last = queries.last_of(Subject.NEED, need.id)
    asked = last is not None and last.verdict != Verdict.NOT_KEPT
    enforce(promises.declare_refusals(NeedState(need.state), words, listed=need.listed, asked=asked))
    page = f"/{region.code}/needs/{need.id}/"
    promise = _ask(Subject.NEED, need.id, region, page, need.title, need.translations, words, (need.id,))
    audit.record(actor, Deed.DECLARE_DONE, promise)
    return promise


@action
def ask_of_projects() -> int:
    """Ask those behind a project that was accepted, and behind an improvement that is noted as done. Gives how many."""
    take_turn("promises")
    return len([*_accepted(), *_improved()])


def _accepted() -> Iterator[Promise]:
    rows = db.session.execute(
        select(Project, Region)
        .join(Region, Region.id == Project.region_id)
        .where(Project.state.in_(SINCE_ACCEPTED), ~_declared(Subject.PROJECT, Project.id))
        .order_by(Project.id)
        .limit(MOST_AT_ONCE)
    ).all()
    for project, region in rows:
        page = f"/{region.code}/projects/{project.id}/"
        needs = db.session.scalars(select(ProjectNeed.need_id).where(ProjectNeed.project_id == project.id)).all()
        yield _ask(Subject.PROJECT, project.id, region, page, project.title, project.translations, "", needs)


def _improved() -> Iterator[Promise]:
    rows = db.session.execute(
        select(ImprovementAction, Project, Region)
        .join(Project, Project.id == ImprovementAction.project_id)
        .join(Region, Region.id == Project.region_id)
        .where(ImprovementAction.done_at.is_not(None), ~_declared(Subject.IMPROVEMENT, ImprovementAction.id))
        .order_by(ImprovementAction.id)
        .limit(MOST_AT_ONCE)
    ).all()
    for improved, project, region in rows:
        page = f"/{region.code}/projects/{project.id}/"
        needs = db.session.scalars(select(ProjectNeed.need_id).where(ProjectNeed.project_id == project.id)).all()
        yield _ask(Subject.IMPROVEMENT, improved.id, region, page, improved.words, None, improved.result, needs)


def _declared(subject: Subject, number: Any) -> Any:
    return select(Promise.id).where(Promise.subject == subject.value, Promise.subject_id == number).exists()


def _ask(
    subject: Subject,
    number: int,
    region: Region,
    page: str,
    title: str,
    translations: dict[str, Any] | None,
    words: str,
    needs: Iterable[int],
) -> Promise:
    last = queries.last_of(subject, number)
    promise = Promise(
        subject=subject.value,
        subject_id=number,
        round=last.round + 1 if last else 1,
        region_id=region.id,
        page=page,
        title=title,
        translations=translations,
        words=words,
        declared_on=today(),
        closes_on=promises.last_day(today(), rules_for(region)),
    )
    people = _behind(needs)
    promise.asked = len(people)
    db.session.add(promise)
    db.session.flush()
    if people:
        db.session.execute(insert(PromiseAsk), [{"promise_id": promise.id, "person_id": one} for one in people])
        tell_all(people, "promise_asked", f"/{region.code}/promises/{promise.id}/", title=title)
    return promise


def _behind(needs: Iterable[int]) -> list[int]:
    """Authors and supporters of needs, each once."""
    numbers = list(needs)
    both = union(
        select(Need.author_id.label("who")).where(Need.id.in_(numbers), Need.author_id.is_not(None)),
        select(NeedSupport.person_id.label("who")).where(NeedSupport.need_id.in_(numbers)),
    ).subquery()
    return list(db.session.scalars(select(both.c.who).order_by(both.c.who)))


@action
def answer_promise(actor: Actor, promise: Promise, answer: str) -> None:
    """A supporter says whether it is so; her answer is kept without her. Source: A70, A27."""
    mine = {"promise_id": promise.id, "person_id": actor.id}
    ask = db.session.get(PromiseAsk, mine, with_for_update=True, populate_existing=True)
    answered = ask is not None and ask.answered
    enforce(promises.answer_refusals(answer, today(), promise.closes_on, asked=ask is not None, answered=answered))
    assert ask is not None
    ask.answered = True
    db.session.execute(insert(PromiseAnswer).values(key=secrets.token_hex(16), promise_id=promise.id, answer=answer))


@action
def count_promises() -> int:
    """Count the answers of what can be answered no longer, and forget who was asked. Gives how many were counted."""
    over = select(Promise).where(Promise.verdict == "", Promise.closes_on < today()).order_by(Promise.id)
    counted = db.session.scalars(over.limit(MOST_AT_ONCE).with_for_update(skip_locked=True)).all()
    for promise in counted:
        given = select(PromiseAnswer.answer, func.count()).where(PromiseAnswer.promise_id == promise.id)
        found = {row[0]: row[1] for row in db.session.execute(given.group_by(PromiseAnswer.answer))}
        yes, partly, no = (found.get(one.value, 0) for one in (Answer.YES, Answer.PARTLY, Answer.NO))
        least = rules_for(db.session.get_one(Region, promise.region_id)).cell_to_publish
        promise.verdict = promises.verdict(yes, partly, no, least).value
        promise.yes, promise.partly, promise.no = yes, partly, no
        db.session.execute(delete(PromiseAsk).where(PromiseAsk.promise_id == promise.id))
        db.session.execute(delete(PromiseAnswer).where(PromiseAnswer.promise_id == promise.id))
    return len(counted)
