"""A provider answers a group of published words once."""

from datetime import date

from sqlalchemy import select

from portal import audit
from portal.comments.models import GroupAnswer
from portal.comments.queries import group_on
from portal.providers.models import Provider
from portal.rules import N_, Refusal, comments, enforce
from portal.rules.permissions import Actor, Deed
from portal.store import action, db, put_once
from portal.store.clock import now


@action
def answer_words(actor: Actor, provider: Provider, published_on: date, words: str) -> None:
    """Say something to words that were published together on a day: once, in public, never changed.

    The same answer sent twice is once.
    """
    made = db.session.scalar(
        select(GroupAnswer).where(GroupAnswer.provider_id == provider.id, GroupAnswer.published_on == published_on)
    )
    if made is not None and made.words == words:
        return
    if not actor.works_for(provider.id):
        enforce([Refusal(N_("Only the provider's own people answer for it."))])
    if group_on(provider, published_on) is None:
        enforce([Refusal(N_("On this day no words were published."))])
    enforce(comments.answer_refusals(words, answered=made is not None))
    answer = put_once(
        GroupAnswer,
        provider_id=provider.id,
        published_on=published_on,
        words=words,
        actor_id=actor.id,
        at=now(),
    )
    if answer is None:
        enforce(comments.answer_refusals(words, answered=True))
    else:
        audit.record(actor, Deed.ANSWER_WORDS, answer)
