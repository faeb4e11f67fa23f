"""What is done with needs, from the first word to the answer."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from portal import audit
from portal.accounts.actions import note_attempts
from portal.needs import queries
from portal.needs.models import Need, NeedPhoto, NeedStep, NeedSupport, need_search
from portal.notifications.actions import tell
from portal.policies.catalogue import catalogue_for, known_items
from portal.policies.queries import rules_for, working_days_after
from portal.regions.models import Region
from portal.rules import enforce, needs, wording
from portal.rules.needs import LISTED, Behalf, NeedDraft, NeedState
from portal.rules.numbers import Numbers
from portal.rules.permissions import Actor, Deed, may
from portal.store import action, db, locked, put_once, take_turn
from portal.store.clock import now
from portal.store.files import Photo, discard

DRAFTS_LIVE = timedelta(days=1)
"""How long a stranger's words wait for her to sign in."""
MOST_AT_ONCE = 500


@action
def report_need(
    actor: Actor, region: Region, draft: NeedDraft, key: str, photos: Sequence[Photo] = (), address: str = ""
) -> Need:
    """Put a need before the committee; a stranger's is kept as a draft until she has signed in.

    What the committee enters from paper is nobody's, and not limited. The same words with the same `key` again give
    the need that was reported with it; other words, as after Back, are another need.
    """
    if actor.id:
        take_turn(f"needs of {actor.id}")  # so that the limit holds
    author_id = None if _is_paper(actor, region, draft) else actor.id
    if said := db.session.scalar(select(Need).where(Need.key == key)):
        if _is_repeated(said, actor, region, draft, author_id):
            discard(photo.name for photo in photos)
            return (claim_draft(actor, region, key) if actor.id else None) or said
        key = secrets.token_hex(16)
    numbers = rules_for(region)
    if not actor.id:
        note_attempts({"draft-address": address}, {"draft-address": numbers.drafts_per_address})
    private = needs.is_private(draft, numbers.sensitive_categories)
    enforce(
        needs.refusals(
            draft,
            categories=catalogue_for(region),
            private=private,
            open_needs=queries.count_open_needs(region, author_id) if author_id else 0,
            limit=numbers.most_open_needs,
        )
    )
    need = put_once(
        Need,
        by="key",
        key=key,
        region_id=region.id,
        title=wording.title_of(draft.words),
        story=draft.words,
        category=draft.category,
        group_code=draft.category[:2],
        place=draft.place,
        behalf=draft.behalf.value,
        about_child=draft.about_child,
        private=private,
        reported_at=now(),
        **(_submitted(author_id, numbers) if actor.id else {}),
    )
    if need is None:  # someone else was quicker by a moment
        return report_need(actor, region, draft, key, photos, address)
    db.session.add_all(NeedPhoto(name=p.name, need_id=need.id, width=p.width, height=p.height) for p in photos)
    if actor.id:
        _note_submission(actor, need)
    return need


def _is_paper(actor: Actor, region: Region, draft: NeedDraft) -> bool:
    return draft.behalf is Behalf.PAPER and may(actor, Deed.DECIDE_NEED, region.path)


def _is_repeated(said: Need, actor: Actor, region: Region, draft: NeedDraft, author_id: int | None) -> bool:
    """Whether a form that was sent again says what it said before, and nobody else does."""
    ours = said.state == NeedState.DRAFT or (actor.id is not None and said.author_id == author_id)
    return ours and (said.region_id, said.story) == (region.id, draft.words)


def _submitted(author_id: int | None, numbers: Numbers) -> dict[str, Any]:
    """What a need is from when its author has sent it."""
    due = working_days_after(now(), numbers.answer_working_days)
    return {"author_id": author_id, "state": NeedState.SUBMITTED.value, "listed": False, "due_at": due}


def _note_submission(actor: Actor, need: Need) -> None:
    note_step(need)
    need_search.put(need.id, f"{need.title} {need.story} {need.place}")
    audit.record(actor, Deed.REPORT_NEED, need)


@action
def submit_need(actor: Actor, need: Need, region: Region) -> None:
    """Send a draft, or a returned need, to the committee as one's own."""
    if need.state != NeedState.DRAFT:
        locked(need)
    enforce(needs.moves(NeedState(need.state), NeedState.SUBMITTED))
    for name, value in _submitted(actor.id, rules_for(region)).items():
        setattr(need, name, value)
    db.session.flush()
    _note_submission(actor, need)


@action
def claim_draft(actor: Actor, region: Region, key: str) -> Need | None:
    """Make the draft that a stranger typed her own, now that she has signed in.

    It stays a draft if it is one too many.
    """
    take_turn(f"needs of {actor.id}")
    need = db.session.scalar(select(Need).where(Need.key == key, Need.region_id == region.id).with_for_update())
    if need is not None and need.state == NeedState.DRAFT:
        limit = rules_for(region).most_open_needs
        enforce(needs.too_many_open(queries.count_open_needs(region, actor.id), limit))
        submit_need(actor, need, region)
    return need


def forget_drafts() -> int:
    """Drop the drafts that nobody signed in for, and their photos; gives how many."""
    gone = 0
    while True:
        count, photos = _drop_drafts()
        discard(photos)
        gone += count
        if count < MOST_AT_ONCE:
            return gone


@action
def _drop_drafts() -> tuple[int, Sequence[str]]:
    old = (Need.state == NeedState.DRAFT) & (Need.reported_at < now() - DRAFTS_LIVE)
    ids = db.session.scalars(select(Need.id).where(old).limit(MOST_AT_ONCE).with_for_update(skip_locked=True)).all()
    photos = db.session.scalars(delete(NeedPhoto).where(NeedPhoto.need_id.in_(ids)).returning(NeedPhoto.name)).all()
    db.session.execute(delete(Need).where(Need.id.in_(ids)), execution_options={"synchronize_session": False})
    return len(ids), photos


@action
def revise_need(actor: Actor, need: Need, region: Region, words: str) -> None:
    """Say a returned need anew and send it again."""
    locked(need)
    draft = NeedDraft(words, need.category, need.place, Behalf(need.behalf), need.about_child, need.private)
    enforce(needs.refusals(draft, categories=known_items(region), private=need.private, open_needs=0, limit=1))
    need.title, need.story, need.translations = wording.title_of(words), words, None
    submit_need(actor, need, region)


@action
def publish_need(actor: Actor, need: Need) -> None:
    """The author consents, separately, to everyone reading a need that is private by default."""
    locked(need)
    enforce(needs.may_publish(NeedState(need.state), about_child=need.about_child, private=need.private))
    enforce(wording.personal_numbers(f"{need.title}\n{need.story}\n{need.place}", ""))
    need.private = False
    audit.record(actor, Deed.REVISE_NEED, need, consent="publish")


@action
def support_need(actor: Actor, need: Need, supports: bool) -> None:
    """Say "me too", or take it back; said twice it counts once."""
    own = need.author_id is not None and need.author_id == actor.id
    enforce(needs.may_support(NeedState(need.state), private=need.private, own=own))
    if supports:
        put_once(NeedSupport, need_id=need.id, person_id=actor.id, at=now())
    else:
        db.session.execute(delete(NeedSupport).where(NeedSupport.need_id == need.id, NeedSupport.person_id == actor.id))


def move(need: Need, state: NeedState, *, office: Region | None = None, reason: str = "", words: str = "") -> None:
    """Let `need` take a step, inside a deed, and write the step down for its thread."""
    need.state = state.value
    need.listed = state in LISTED and not need.private
    if state is not NeedState.SUBMITTED:
        need.due_at = None
    note_step(need, office=office, reason=reason, words=words)


def note_step(need: Need, *, office: Region | None = None, reason: str = "", words: str = "") -> None:
    """Write down, inside a deed, that `need` has come to its present state."""
    step = {"need_id": need.id, "at": now(), "state": need.state, "reason": reason, "words": words}
    db.session.execute(insert(NeedStep).values(**step, office_id=office.id if office else None))


def tell_author(need: Need, region: Region, template: str, **values: Any) -> None:
    """Tell the author, inside a deed, that her need took a step.

    A private one is called by its number alone: others may see her phone.
    """
    if need.author_id:
        called = {"number": need.id} if need.private else {"title": need.title}
        tell(need.author_id, template, f"/{region.code}/needs/{need.id}/", **called, **values)


def carry_supporters(need: Need, into: Need) -> None:
    """Let the author and supporters of `need` support `into`, marked as come along, inside a deed."""
    people = select(NeedSupport.person_id).where(NeedSupport.need_id == need.id)
    for person_id in {*db.session.scalars(people), *([need.author_id] if need.author_id else [])} - {into.author_id}:
        put_once(NeedSupport, need_id=into.id, person_id=person_id, at=now(), via_id=need.id)


def return_supporters(need: Need, into: Need) -> None:
    """Undo `carry_supporters`, inside a deed."""
    db.session.execute(delete(NeedSupport).where(NeedSupport.need_id == into.id, NeedSupport.via_id == need.id))


@action
def count_supporters() -> None:
    """Bring the counts by which lists are sorted up to date; no deed writes to a shared counter."""
    counted = select(func.count()).select_from(NeedSupport).where(NeedSupport.need_id == Need.id).scalar_subquery()
    db.session.execute(
        update(Need).where(Need.listed, Need.supporters != counted).values(supporters=counted),
        execution_options={"synchronize_session": False},
    )


@action
def answer_need(actor: Actor, need: Need, region: Region, words: str) -> None:
    """Tell everyone what came of a need."""
    locked(need)
    enforce(needs.moves(NeedState(need.state), NeedState.ANSWERED))
    enforce(needs.answer_refusals(words, private=need.private))
    move(need, NeedState.ANSWERED, office=region, words=words)
    tell_author(need, region, "need_answered")
    audit.record(actor, Deed.ANSWER_NEED, need)


@action
def fill_search() -> None:
    """Bring needs into the full text where it holds none, as after a migration down and up again."""
    if need_search.is_empty():
        rows = select(Need.id, Need.title, Need.story, Need.place).where(Need.state != NeedState.DRAFT)
        need_search.put_all({row.id: f"{row.title} {row.story} {row.place}" for row in db.session.execute(rows)})
