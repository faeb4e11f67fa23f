"""What was declared done, and what came of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, select

from portal.contracts.models import Contract
from portal.promises.models import Promise, PromiseAsk
from portal.providers.models import Provider
from portal.regions.models import Region
from portal.regions.queries import within
from portal.rules.contracts import ContractState
from portal.rules.numbers import Numbers
from portal.rules.permissions import Actor
from portal.rules.promises import Rate, Subject, kept_rate
from portal.rules.publishing import Share, publishable, roughly, share_of
from portal.store import db
from portal.store.paging import Page, page_of

MOST_ROWS = 5000


def find_promise(number: int, found: dict[str, Any]) -> Promise | None:
    """A promise by its number in its region."""
    promise, region = db.session.get(Promise, number), found.get("region")
    return promise if promise and region and promise.region_id == region.id else None


def last_of(subject: Subject, number: int) -> Promise | None:
    """The last time that something was declared done."""
    of_it = select(Promise).where(Promise.subject == subject.value, Promise.subject_id == number)
    return db.session.scalar(of_it.order_by(Promise.round.desc()).limit(1))


def promises_of(need_ids: list[int], project_ids: list[int]) -> list[Row[Promise, Region]]:
    """What was declared done of some needs and projects, each with its region."""
    theirs = ((Promise.subject == Subject.NEED.value) & Promise.subject_id.in_(need_ids)) | (
        (Promise.subject == Subject.PROJECT.value) & Promise.subject_id.in_(project_ids)
    )
    found = select(Promise, Region).join(Region, Region.id == Promise.region_id).where(theirs)
    return list(db.session.execute(found.order_by(Promise.id)).all())


def promises_in(region: Region, after: str = "") -> Page[Any]:
    """What was declared done in a region and all below it, newest first."""
    return page_of(_listed(region), (Promise.id,), after)


def all_in(region: Region) -> Iterator[Row[Any]]:
    return iter(db.session.execute(_listed(region).order_by(Promise.id.desc()).limit(MOST_ROWS)))


def _listed(region: Region) -> Any:
    return (
        select(Promise.id, Promise, Region.code, Region.name, Region.translations)
        .join(Region, Region.id == Promise.region_id)
        .where(within(region))
    )


def rate_in(region: Region) -> Rate:
    """The kept-promise rate of a region and all below it, of all that was counted."""
    rows = db.session.execute(
        select(Promise.verdict, func.count())
        .join(Region, Region.id == Promise.region_id)
        .where(within(region), Promise.verdict != "")
        .group_by(Promise.verdict)
    )
    return kept_rate({row[0]: row[1] for row in rows})


def judged_of_providers(region: Region) -> Any:
    """Projects of a region that were declared done and are counted, each with its place and who delivered it last."""
    ran = (Contract.state != ContractState.DRAFT.value) & (Contract.starts_on <= Promise.declared_on)
    last = select(func.max(Contract.id)).where(Contract.project_id == Promise.subject_id, ran).correlate(Promise)
    return (
        select(Promise, Region, Provider)
        .join(Region, Region.id == Promise.region_id)
        .join(Contract, Contract.id == last.scalar_subquery())
        .join(Provider, Provider.id == Contract.provider_id)
        .where(within(region), Promise.subject == Subject.PROJECT.value, Promise.verdict != "")
    )


@dataclass(frozen=True)
class Said:
    """What is told of the answers to a promise, as of ratings: of about how many, and the share that said yes."""

    about: int
    yes: Share


def said_of(promise: Promise, numbers: Numbers) -> Said | None:
    """None while too few answered, or it is not counted. Source: trust 4.1, 4.3, 4.5."""
    answers = (promise.no, 0, promise.partly, 0, promise.yes)
    if not publishable(answers, least=numbers.ratings_to_publish):
        return None
    return Said(roughly(sum(answers)), share_of(answers, 5, numbers.cell_to_publish))


def ask_of(actor: Actor, promise: Promise) -> PromiseAsk | None:
    """That the one who looks is asked; None where she is not, or it is counted."""
    return db.session.get(PromiseAsk, {"promise_id": promise.id, "person_id": actor.id}) if actor.id else None
