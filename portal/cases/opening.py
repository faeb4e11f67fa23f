"""Bad ratings become cases: one for each rater who names herself, and one for several published batches.

Ratings without names are counted only as whole batches of at least ten raters. A case for each batch with bad ratings
would say of every batch whether it has any, which no figure says. So the batches of a provider wait until they hold
five bad ratings together, or for a year (`rules.gathering`); every bad rating is in a case in the end. The clock begins
on the day of the last release, which says nothing of the days on which anybody rated.
"""

from typing import Any

from sqlalchemy import and_, func, or_, select

from portal import audit
from portal.cases.levels import first_level, people_of
from portal.cases.models import BadRatingCase
from portal.cases.moving import case_hash, link_hash
from portal.cases.queries import WHOLE, batches_of, case_of, last_case_before
from portal.notifications.actions import tell_all
from portal.policies.queries import rules_for, working_calendar
from portal.providers.models import Provider, RatingBatch
from portal.ratings.queries import invitation_of
from portal.regions.models import Region
from portal.rules import N_, Refusal, Refused, cases, enforce, gathering, redress
from portal.rules.accounts import phone_number
from portal.rules.gathering import Gathered
from portal.rules.permissions import NOBODY, Deed
from portal.rules.redress import CaseDraft, Way
from portal.rules.releasing import Label, label_of
from portal.store import action, db, put_once
from portal.store.clock import today

MOST_AT_ONCE = 200
ELSEWHERE = N_("What you sent is shown only on the phone with which you sent it. Please open this link there.")


@action
def open_case(token: str, draft: CaseDraft, language: str, cookie: str = "") -> None:
    """She who rated badly wants it put right, and says how to reach her; twice it is once. Source: A27, 2.4.

    `cookie`: of the device with which she follows it.
    """
    if case_of(token, cookie):
        return
    asked = invitation_of(token, cookie)
    if asked is None:
        raise Refused([Refusal(N_("We know no such link. Please open it from the message once more."))])
    enforce(redress.opening_refusals(draft, asked.shown.grade if asked.shown else None))
    there = db.session.scalar(select(BadRatingCase.token_hash).where(BadRatingCase.link_hash == link_hash(token)))
    if there == case_hash(token, cookie):
        return
    if there is not None:
        raise Refused([Refusal(ELSEWHERE)])
    service = asked.service
    _open(
        asked.region,
        named=True,
        token_hash=case_hash(token, cookie),
        link_hash=link_hash(token),
        provider_id=service.provider_id,
        contract_id=service.contract_id,
        category=service.category,
        opened_on=today(),
        way=draft.way,
        contact=(phone_number(draft.contact) or "") if draft.way == Way.PHONE else draft.contact,
        words=draft.words,
        to_provider=draft.to_provider,
        language=language,
    )


def open_cases() -> int:
    """Open the cases of published batches that are in none, where they hold enough bad ratings; gives how many."""
    bad, oldest = func.sum(RatingBatch.n1 + RatingBatch.n2), func.min(RatingBatch.released_on)
    enough = or_(bad >= gathering.ENOUGH, and_(bad > 0, oldest <= today() - gathering.LONGEST))
    waiting = select(RatingBatch.provider_id).where(WHOLE, RatingBatch.id > last_case_before(None))
    ready = waiting.group_by(RatingBatch.provider_id).having(enough).order_by(oldest).limit(MOST_AT_ONCE)
    return sum(_open_of_batches(number) for number in db.session.scalars(ready).all())


@action
def _open_of_batches(provider_id: int) -> int:
    batches = batches_of(provider_id, last_case_before(None))
    found = [*gathering.gathered(batches, today())]
    return sum(_open_gathered(provider_id, one) for one in found)


def _open_gathered(provider_id: int, found: Gathered) -> bool:
    rows = db.session.execute(
        select(RatingBatch.contract_id, Region.path, RatingBatch.category)
        .join(Region, Region.id == RatingBatch.region_id)
        .where(RatingBatch.id.in_([one.id for one in found.batches]))
    )
    about = label_of([Label(*row) for row in rows])
    home = db.session.get_one(Provider, provider_id).region_id
    return _open(
        db.session.get_one(Region, int(about.path.split(".")[-2]) if about.path else home),
        named=False,
        batch_id=found.last,
        provider_id=provider_id,
        contract_id=about.contract_id,
        category=about.category,
        opened_on=found.closed_on,
    )


def _open(region: Region, *, named: bool, **kept: Any) -> bool:
    provider = db.session.get_one(Provider, kept["provider_id"])
    standing = cases.begun(named=named)
    level = first_level(region, provider.id)
    due = cases.due_on(standing, kept["opened_on"], rules_for(region), working_calendar())
    case = put_once(
        BadRatingCase,
        region_id=region.id,
        level_id=level.id,
        state=standing.state.value,
        due_on=due,
        rises_on=due,
        first_due_on=due,
        **kept,
    )
    if case is None:
        return False
    audit.record(NOBODY, Deed.OPEN_CASE, case)
    tell_all(people_of(level, provider.id), "bad_case_opened", address_of(case, region), title=provider.name)
    return True


def address_of(case: BadRatingCase, region: Region) -> str:
    """Where those who handle a case see it."""
    return f"/{region.code}/bad-ratings/{case.id}/"
