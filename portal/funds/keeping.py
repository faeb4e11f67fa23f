"""Open a fund and keep its account: what came in, what went out, and slips corrected by counter entries."""

from portal import audit
from portal.funds.balances import free_of_fund
from portal.funds.keys import sent_before
from portal.funds.models import Fund, FundEntry
from portal.policies.catalogue import catalogue
from portal.regions.models import Region
from portal.rules import N_, Refusal, enforce, funds
from portal.rules.funds import EntryDraft, FundDraft, Way
from portal.rules.permissions import Actor, Deed
from portal.store import action, db, locked, take_turn
from portal.store.clock import now


@action
def open_fund(actor: Actor, region: Region, draft: FundDraft, key: str) -> Fund:
    """Open an empty fund of a region for a fiscal year. Source: A18, A49, A57, A59."""
    take_turn(f"funds of {region.id}")
    if said := sent_before(Fund, key, region_id=region.id, name=draft.name):
        return said
    enforce(funds.fund_refusals(draft))
    assert draft.year is not None
    fund = Fund(
        key=key,
        region_id=region.id,
        year=draft.year,
        kind=draft.kind,
        name=draft.name,
        channel=draft.channel,
        opened_at=now(),
    )
    db.session.add(fund)
    audit.record(actor, Deed.KEEP_FUNDS, fund, kind=draft.kind, year=draft.year)
    return fund


@action
def enter_money(actor: Actor, fund: Fund, draft: EntryDraft, key: str) -> FundEntry:
    """Note money that came in, or that went out without a purchase; no more goes out than is free. Source: A59, A45."""
    locked(fund)
    amount = -(draft.amount_fen or 0) if draft.way == Way.DIRECT else draft.amount_fen
    if said := sent_before(FundEntry, key, fund_id=fund.id, amount_fen=amount, words=draft.words):
        return said
    enforce(funds.entry_refusals(draft, free_of_fund(fund)))
    if draft.category and draft.category not in catalogue():
        enforce([Refusal(N_("Please choose one of the subjects shown."), "category")])
    entry = FundEntry(
        key=key,
        fund_id=fund.id,
        amount_fen=amount,
        way=draft.way,
        category=draft.category,
        words=draft.words,
        actor_id=actor.id,
        at=now(),
    )
    return _entered(actor, entry)


@action
def correct_entry(actor: Actor, fund: Fund, slip: FundEntry, words: str, key: str) -> FundEntry:
    """Take an entry back by a counter entry that names it and says why. Source: A59."""
    locked(fund)
    if said := sent_before(FundEntry, key, corrects_id=slip.id):
        return said
    counter = db.session.scalar(db.select(FundEntry.id).where(FundEntry.corrects_id == slip.id))
    enforce(
        funds.may_correct(
            slip.way,
            slip.amount_fen,
            corrected=counter is not None,
            is_counter=slip.corrects_id is not None,
            free_fen=free_of_fund(fund),
        )
    )
    enforce(funds.public_words(words, "words", funds.LONGEST_WORDS))
    entry = FundEntry(
        key=key,
        fund_id=fund.id,
        amount_fen=-slip.amount_fen,
        way=slip.way,
        category=slip.category,
        words=words,
        corrects_id=slip.id,
        actor_id=actor.id,
        at=now(),
    )
    return _entered(actor, entry)


def _entered(actor: Actor, entry: FundEntry) -> FundEntry:
    db.session.add(entry)
    audit.record(actor, Deed.KEEP_FUNDS, entry, amount=entry.amount_fen, way=entry.way)
    return entry
