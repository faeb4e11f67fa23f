"""Cases of bad ratings, made by the deeds of those who rate and those who handle them."""

from datetime import timedelta
from typing import Any

from portal.cases.handling import contact_rater, find
from portal.cases.models import BadRatingCase
from portal.cases.moving import case_hash
from portal.cases.opening import open_case, open_cases
from portal.contracts.models import Contract
from portal.projects.models import Project
from portal.providers.models import Provider
from portal.ratings.answering import rate_service
from portal.regions.models import Region
from portal.rules.cases import CaseState, Finding
from portal.rules.parties import Party, PartyRole
from portal.rules.redress import CaseDraft, Way
from portal.store import clock, db
from tests import builders
from tests.contracts.making import a_signed_contract
from tests.providers.making import published

PHONE = "13612340000"
HER_WORDS = "她说下次给我红包才来。"


def a_bad_rating(region: Region, provider: Provider | None = None, grade: int = 1) -> str:
    """The link of a service of `provider` that somebody rated."""
    token = str(builders.a_service(provider or builders.a_provider(region), region).ticket)
    rate_service(token, grade)
    return token


def a_draft(**changes: Any) -> CaseDraft:
    return CaseDraft(
        **{"way": Way.PHONE.value, "contact": PHONE, "words": HER_WORDS, "agrees": True, "to_provider": False} | changes
    )


def a_named_case(region: Region, provider: Provider | None = None, **changes: Any) -> BadRatingCase:
    """The case of somebody who left a way to reach her; `changes`: of the CaseDraft. Its link stands at `token`."""
    token = a_bad_rating(region, provider)
    open_case(token, a_draft(**changes), "zh-Hans")
    case = db.session.scalars(db.select(BadRatingCase).where(BadRatingCase.token_hash == case_hash(token))).one()
    case.token = token  # type: ignore[attr-defined]
    return case


def a_batch_case(region: Region, provider: Provider | None = None, **given: Any) -> BadRatingCase:
    """The case of a published batch with five bad ratings among fourteen; `given` as `published` takes."""
    batch = published(provider or builders.a_provider(region), (3, 2, 0, 4, 5), region=region, **given)
    open_cases()
    return db.session.scalars(db.select(BadRatingCase).where(BadRatingCase.batch_id == batch.id)).one()


def upheld(case: BadRatingCase, *, complex: bool = False) -> BadRatingCase:
    """`case` after the committee of its place found that the rating is right."""
    committee = builders.actor(builders.a_committee(db.session.get_one(Region, case.region_id)))
    if case.state == CaseState.RECEIVED:
        contact_rater(committee, case, reached=True, words="已电话联系。")
    find(committee, case, Finding.UPHELD, "当天没有上门，记录属实。", complex=complex)
    return case


def a_contract_with_assistant(project: Project, provider: Provider, region: Region, fee_fen: int = 100_000) -> Contract:
    """A signed contract in which the committee of `region` is the assisting unit, paid if there is a fee."""
    assisting = Party(PartyRole.ASSISTING, region.name, region_id=region.id, duties="协助入户。", fee_fen=fee_fen)
    return a_signed_contract(project, provider, assisting=assisting)


def fresh(case: BadRatingCase) -> BadRatingCase:
    """`case` as it stands in the database now."""
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(BadRatingCase, case.id)


def days_later(days: int) -> Any:
    """The site's clock stands so many days later."""
    return builders.at(clock.now() + timedelta(days=days))
