"""Who contracts are given to, for the share of social organisations; and why a share is below what it should be."""

from portal import audit
from portal.funds.keys import sent_before
from portal.funds.models import ShareFact, ShareReason
from portal.regions.models import Region
from portal.rules import N_, Refusal, enforce, funds
from portal.rules.permissions import Actor, Deed
from portal.rules.shares import ShareKind
from portal.store import action, db, put_once, take_turn
from portal.store.clock import now


@action
def note_contract(subject: str, region_id: int, provider_kind: str, *, in_kind_fen: int = 0) -> None:
    """Count the money that is promised to `subject` ("contract:12") as given to a provider of `provider_kind`.

    Amount, fiscal year and whether it is new spending are those of its commitments; so a supplement or a release
    needs no further call. Called again, it says so anew. Source: A46.
    """
    said = {"region_id": region_id, "provider_kind": provider_kind, "in_kind_fen": in_kind_fen, "counted": True}
    if put_once(ShareFact, by="subject", subject=subject, at=now(), **said) is None:
        fact = db.session.get_one(ShareFact, subject, populate_existing=True)
        for name, value in said.items():
            setattr(fact, name, value)


@action
def void_contract(subject: str) -> None:
    """Count the contract no more: it was cancelled. Source: A46."""
    fact = db.session.get(ShareFact, subject, populate_existing=True)
    if fact is not None:
        fact.counted = False


@action
def explain_share(actor: Actor, region: Region, year: int, share: str, words: str, key: str) -> ShareReason:
    """Say, for everyone to read, why a share of a region and year is below what it should be. Source: A46, B25."""
    take_turn(f"shares of {region.id}")
    if said := sent_before(ShareReason, key, region_id=region.id, year=year, share=share, words=words):
        return said
    if share not in set(ShareKind) or year not in funds.YEARS:
        enforce([Refusal(N_("There is no such share."))])
    enforce(funds.public_words(words, "words", funds.LONGEST_WORDS))
    reason = ShareReason(key=key, region_id=region.id, year=year, share=share, words=words, actor_id=actor.id, at=now())
    db.session.add(reason)
    audit.record(actor, Deed.KEEP_FUNDS, reason, share=share, year=year)
    return reason
