"""Recipients rate what they received. Nobody is kept with a rating, and no log leads to one."""

from collections.abc import Sequence

from portal.policies.queries import rules_for
from portal.ratings import queries
from portal.ratings.inviting import inviter_of
from portal.ratings.models import Rating
from portal.ratings.queries import Invitation, rating_key, words_tag
from portal.rules import N_, Refusal, Refused, enforce, ratings
from portal.store import action, db, outbox, put_once
from portal.store.clock import today


@action
def rate_service(token: str, grade: int, *, device: str = "", by_staff: bool = False) -> Rating:
    """Rate the service of a private link; a later tap takes the place of an earlier one while it may, without a trace.

    On another device it is given anew: reasons go with the grade, words stay but are shown to their writer only.
    One rating a service, however often and however simultaneously it is tapped. `device`: `queries.device_tag`;
    `by_staff`: entered by, or on the device of, those who asked. Source: A27, B34, trust 4.10.
    """
    asked = _invitation_of(token)
    enforce(ratings.grade_refusals(grade))
    enforce(_too_late(asked))
    kept = asked.rating or _put(asked, token, grade)
    if kept.device != device:
        kept.reasons = []
    if kept.grade != grade:
        kept.reasons = [reason for reason in kept.reasons if reason in ratings.reasons_for(grade)]
    kept.grade, kept.device, kept.by_staff = grade, device, by_staff
    return kept


@action
def explain_rating(
    token: str, reasons: Sequence[str], words: str, photo: str | None = None, cookie: str = ""
) -> Rating:
    """Say why, in ticked reasons, a few words and a photo; `photo`: its name, "" for none any more, None as it was.

    What was written on another device stays until something is written in its place. Source: B34, B35.
    """
    asked = _invitation_of(token)
    rating = asked.rating
    if rating is None:
        raise Refused([Refusal(N_("Please choose one of the five faces."), "grade")])
    enforce(_too_late(asked))
    enforce(ratings.words_refusals(rating.grade, reasons, words))
    rating.reasons = sorted(set(reasons))
    writer = words_tag(token, cookie)
    if words or photo or rating.writer in ("", writer):
        kept = rating.photo if rating.writer == writer else None
        rating.words, rating.photo = words, kept if photo is None else photo or None
        rating.writer = writer if words or rating.photo else ""
    return rating


def _put(asked: Invitation, token: str, grade: int) -> Rating:
    """The rating of this link: a new one, or the one that another tap put in meanwhile."""
    service = asked.service
    put = put_once(
        Rating,
        key=rating_key(token),
        provider_id=service.provider_id,
        contract_id=service.contract_id,
        region_id=service.region_id,
        category=service.category,
        outcome=service.outcome,
        channel=asked.ticket.channel,
        grade=grade,
        reasons=[],
        rated_on=today(),
        rater=queries.rater_tag(asked.ticket.rater),
        inviter=inviter_of(service),
        early=today() < service.served_on,
    )
    outbox.withdraw(asked.ticket.hash)
    return put or db.session.scalars(queries.rating_with(token).with_for_update()).one()


def _invitation_of(token: str) -> Invitation:
    """What the link leads to, its rating as it is now and nobody else's to change until this deed ends."""
    found = queries.invitation_of(token, for_update=True)
    if found is None:
        raise Refused([Refusal(N_("We know no such link. Please open it from the message once more."))])
    return found


def _too_late(asked: Invitation) -> list[Refusal]:
    rated_on = asked.rating.rated_on if asked.rating else None
    return list(ratings.too_late(today(), asked.ticket.until, rated_on, rules_for(asked.region), spent=asked.is_spent))
