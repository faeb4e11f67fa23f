"""Check what the database says of votes against what was signed: whoever changed a row, it comes out."""

import runpy
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import func, select

from portal.rules import opencount
from portal.rules.merkle import Tree
from portal.settings import ROOT
from portal.store import db
from portal.voting import log
from portal.voting.keys import public_key
from portal.voting.models import Ballot, LedgerEntry, LogLeaf, Round, TreeHead
from portal.voting.sealing import open_data


def frozen_rounds() -> list[Round]:
    """The rounds that have a log, the oldest first."""
    logged = select(LogLeaf.round_id).where(LogLeaf.number == 0)
    return list(db.session.scalars(select(Round).where(Round.id.in_(logged)).order_by(Round.id)))


def fault_of(round: Round) -> str:
    """The first thing that is wrong with a round; empty if all fits.

    Of a sealed one, its open data is counted again by the program that strangers use.
    """
    return _fault_of_log(round) or (_fault_of_ballots(round) if round.sealed_at is None else _fault_of_result(round))


def _fault_of_log(round: Round) -> str:
    leaves = select(LogLeaf.number, LogLeaf.text).where(LogLeaf.round_id == round.id).order_by(LogLeaf.number)
    heads = {head.size: head for head in log.heads_of(round)}
    tree, before = Tree(), None
    for number, text in db.session.execute(leaves).all():
        if number != tree.size:
            return f"entry {tree.size} is missing"
        tree.append(text)
        head = heads.pop(tree.size, None)
        if head is None:
            continue
        if (head.root, head.peaks) != (tree.root(), tree.peaks):
            return f"the head over {head.size} entries does not fit them"
        if not _signed(round, head):
            return f"the signature of the head over {head.size} entries is wrong"
        if before and head.at <= before.at:
            return f"the head over {head.size} entries is older than the one before"
        before = head
    if heads or before is None or before.size != tree.size:
        return "the newest head does not cover the whole list"
    return ""


def _signed(round: Round, head: TreeHead) -> bool:
    text = opencount.head_text(round.uid, head.size, head.root, log.stamp(head.at))
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key())).verify(
            bytes.fromhex(head.signature), text.encode()
        )
    except (InvalidSignature, ValueError):
        return False
    return True


def _fault_of_ballots(round: Round) -> str:
    """What is wrong with the ballots of an open round, as far as the log holds them."""
    mine = select(Ballot).where(Ballot.round_id == round.id)
    leaves = dict(enumerate(log.leaves_of(round)))
    for ballot in db.session.scalars(mine.where(Ballot.logged, ~Ballot.void)):
        made = {one.commitment(round.uid) for one in log.records_of(round, ballot)}
        listed = {one for one, number in ballot.leaves.items() if leaves.get(number) == opencount.record_text(one)}
        if made != listed:
            return "a ballot is not what the list says of it"
    cast = db.session.scalar(select(func.count()).select_from(mine.where(~Ballot.void).subquery()))
    voted = select(func.count()).where(LedgerEntry.round_id == round.id, LedgerEntry.voted)
    return "" if cast == db.session.scalar(voted) else "there are not as many ballots as people marked as having voted"


def _fault_of_result(round: Round) -> str:
    if round.outcome is None:
        return ""
    program = runpy.run_path(str(ROOT / "static" / "verify" / "verify.py"))
    failures: Any = (program["Wrong"], program["Malformed"])
    try:
        program["check"](open_data(round))
    except failures as fault:
        return str(fault)
    return ""
