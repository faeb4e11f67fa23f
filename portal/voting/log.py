"""The public log of a round: it grows by mixed batches, and each head is signed."""

import json
import secrets
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from functools import lru_cache
from itertools import islice
from typing import Any

from sqlalchemy import Result, Row, insert, select, update

from portal.rules import merkle, opencount
from portal.rules.merkle import Tree
from portal.rules.opencount import Head, Record
from portal.store import Base, db
from portal.store.clock import CHINA, now
from portal.voting.keys import signed
from portal.voting.models import Ballot, LogLeaf, Round, RoundOption, TreeHead

AT_ONCE = 10_000
_chance = secrets.SystemRandom()


def stamp(moment: object) -> str:
    """A moment as open data writes it."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def leaves_of(round: Round, size: int | None = None) -> Sequence[str]:
    """The log as it is published, or its first `size` leaves."""
    leaves = select(LogLeaf.text).where(LogLeaf.round_id == round.id).order_by(LogLeaf.number)
    return db.session.scalars(leaves.limit(size)).all()


def fewest_of(round: Round) -> int:
    """With fewer ballots only sums are published, as the manifest has said since the vote opened."""
    (manifest,) = leaves_of(round, 1)
    return int(json.loads(manifest)["fewest"])


def newest_head(round: Round) -> TreeHead | None:
    """The head that covers the whole log; None before the round is frozen."""
    of_round = select(TreeHead).where(TreeHead.round_id == round.id)
    return db.session.scalar(of_round.order_by(TreeHead.size.desc()).limit(1))


def heads_of(round: Round) -> Sequence[TreeHead]:
    """The signed heads, the oldest first."""
    return db.session.scalars(select(TreeHead).where(TreeHead.round_id == round.id).order_by(TreeHead.size)).all()


def daily_heads(round: Round) -> list[TreeHead]:
    """The last head of each day in China: what the notice board got, and so few that everyone can check them all."""
    return list({one.at.astimezone(CHINA).date(): one for one in heads_of(round)}.values())


def published(heads: Iterable[TreeHead]) -> list[Head]:
    """Heads as open data writes them."""
    return [Head(one.size, one.root, stamp(one.at), one.signature) for one in heads]


def head_text(round: Round, head: TreeHead) -> str:
    """A head as it is printed: the lines that were signed, then the signature."""
    return opencount.printed(opencount.head_text(round.uid, head.size, head.root, stamp(head.at)), head.signature)


def records_of(round: Round, ballot: Ballot | Row[Any]) -> list[Record]:
    """What will be published of a ballot."""
    return _records(round, ballot.code, ballot.choices, ballot.secret)


def _records(round: Round, code: str, choices: str, secret: str) -> list[Record]:
    return opencount.records_of(round.publish, round.uid, code, choices, secret, _keys(round.id, round.uid))


@lru_cache(maxsize=256)
def _keys(round_id: int, round_uid: str) -> tuple[str, ...]:
    """The keys of a round's options, which never change."""
    numbers = select(RoundOption.number).where(RoundOption.round_id == round_id).order_by(RoundOption.number)
    return tuple(str(number) for number in db.session.scalars(numbers))


def log_ballots(round: Round, waiting: Iterable[Row[Any]]) -> None:
    """Write what was cast, changed or taken back into the log, in no order that tells anything; inside a deed.

    `waiting`: handle, code, choices, secret, void and leaves of each ballot. A shuffled batch tells nothing about
    which new leaf took the place of which old one.
    """
    head = newest_head(round)
    kept: dict[str, dict[str, int]] = {}
    batch = _mixed(round, waiting, kept)
    for number, (_, handle, commitment) in enumerate(batch, head.size if head else 0):
        if handle:
            kept[handle][commitment] = number
    append(round, [text for text, _, _ in batch])
    rows = [{"round_id": round.id, "handle": one, "leaves": leaves, "logged": True} for one, leaves in kept.items()]
    for some in chunks(rows):
        db.session.execute(update(Ballot), some)


def close(round: Round, waiting: Iterable[Row[Any]], ballots: int, voted: int, form: str) -> None:
    """Write the last batch, however small, and the closing leaf, under one head.

    With it comes every ballot that was acknowledged and changed before it was logged: each receipt that was ever given
    leads into the log. Earlier, their number would tell how many had second thoughts.
    """
    head = newest_head(round)
    start = head.size if head else 0
    batch = [text for text, _, _ in _mixed(round, waiting, {})]
    passed = {opencount.record_text(one) for one in _passed(round)}
    batch += passed
    _chance.shuffle(batch)
    gone = [opencount.superseded_text(number) for number, text in enumerate(batch, start) if text in passed]
    _chance.shuffle(gone)
    append(round, [*batch, *gone, opencount.closed_text(ballots, voted, round.seed, form)])


def _passed(round: Round) -> Iterator[str]:
    """The commitments that were acknowledged but do not stand any more, and that the log has not seen."""
    rows: Result[Any] = db.session.execute(
        select(Ballot.code, Ballot.choices, Ballot.secret, Ballot.void, Ballot.leaves, Ballot.trail)
        .where(Ballot.round_id == round.id)
        .execution_options(yield_per=AT_ONCE)
    )
    for ballot in rows:
        if ballot.trail:
            stands = set() if ballot.void else {one.commitment(round.uid) for one in records_of(round, ballot)}
            passed = {one.commitment(round.uid) for state in ballot.trail for one in _records(round, *state)}
            yield from passed - stands - ballot.leaves.keys()


def _mixed(round: Round, waiting: Iterable[Row[Any]], kept: dict[str, dict[str, int]]) -> list[tuple[str, str, str]]:
    """New leaves with the handle and commitment of their ballot, if any; `kept` gets what goes on counting."""
    batch: list[tuple[str, str, str]] = []
    for ballot in waiting:
        live = set() if ballot.void else {one.commitment(round.uid) for one in records_of(round, ballot)}
        kept[ballot.handle] = {one: number for one, number in ballot.leaves.items() if one in live}
        batch += [(opencount.superseded_text(ballot.leaves[one]), "", "") for one in ballot.leaves.keys() - live]
        batch += [(opencount.record_text(one), ballot.handle, one) for one in live - ballot.leaves.keys()]
    _chance.shuffle(batch)
    return batch


def append(round: Round, texts: Sequence[str]) -> None:
    """Add leaves and a signed head; inside a deed that holds the round."""
    if not texts:
        return
    last, moment = newest_head(round), now().replace(microsecond=0)
    tree = Tree(last.size, last.peaks) if last else Tree()
    put(LogLeaf, [{"round_id": round.id, "number": number, "text": one} for number, one in enumerate(texts, tree.size)])
    for text in texts:
        tree.append(text)
    if last and moment <= last.at:  # the clock went back, or twice in one second
        moment = last.at + timedelta(seconds=1)
    root = tree.root()
    signature = signed(opencount.head_text(round.uid, tree.size, root, stamp(moment)))
    head = TreeHead(round_id=round.id, size=tree.size, root=root, at=moment, signature=signature, peaks=tree.peaks)
    db.session.add(head)
    db.session.flush()


def proof_of_growth(round: Round, size: int, larger: int) -> list[str]:
    """What shows that the log with `larger` leaves only adds to that with `size`. IndexError: it was never so."""
    leaves = leaves_of(round, larger)
    if len(leaves) < larger:
        raise IndexError(larger)
    return merkle.consistency_proof(leaves, size)


def put(model: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    """Write many rows as they are, in their order, without what the mapper would do for each."""
    table = model.metadata.tables[model.__tablename__]
    for some in chunks(rows):
        db.session.execute(insert(table), some)


def chunks(rows: Iterable[Any]) -> Iterator[list[Any]]:
    """`rows` in portions that a statement takes at once."""
    coming = iter(rows)
    while some := list(islice(coming, AT_ONCE)):
        yield some
