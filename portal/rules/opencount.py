"""Open Count: what is published of a vote, so that anybody can count it again (docs/open-count.md)."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from portal.rules import merkle
from portal.rules.elections import BallotKind

FORMAT = "open-count/1"
BALLOTS, MARKS, AGGREGATE = "ballots", "marks", "aggregate"
FEW_MARKS = 3
"""So many marks on one ballot, or options in all, make no pattern that gives its voter away."""
FEWEST_BALLOTS = 20


def publish_form(kind: BallotKind, most: int | None, method: Mapping[str, Any], options: int) -> str:
    """How ballots of a `kind` are published: whole, where they must be or have few marks, else mark by mark.

    `most` as in the manifest's `ballot`, `method` as in the manifest; `options`: how many there are.
    Source: domain/trust 3, modes.
    """
    if _needs_whole_ballots(kind, method):
        return BALLOTS
    limits = {BallotKind.CHOOSE_1: 1, BallotKind.CHOOSE_K: min(most or options, options), BallotKind.CUMULATIVE: most}
    marks = limits.get(kind, options)
    return BALLOTS if marks is not None and marks <= FEW_MARKS else MARKS


def form_at_closing(
    form: str,
    kind: BallotKind,
    method: Mapping[str, Any],
    patterns: Mapping[str, int],
    fewest: int = FEWEST_BALLOTS,
) -> str:
    """The form that is used: `form`, or only the sums where single voters could be found out.

    `patterns`: how many ballots there are of each choices text. Source: domain/trust 3, modes.
    """
    telling = _needs_whole_ballots(kind, method) and 1 in patterns.values()
    return AGGREGATE if telling or sum(patterns.values()) < fewest else form


def _needs_whole_ballots(kind: BallotKind, method: Mapping[str, Any]) -> bool:
    return kind == BallotKind.ORDINAL or method["rule"] == "equalshares"


@dataclass(frozen=True, order=True)
class Record:
    """What is published of a ballot, or of one mark of it, once voting is over."""

    tag: str
    choices: str
    nonce: str

    def commitment(self, round_uid: str) -> str:
        """What the log says of it meanwhile: 64 hex digits that tell nothing without the nonce."""
        return digest("open-count-record", round_uid, self.tag, self.choices, self.nonce)


def records_of(
    form: str, round_uid: str, code: str, choices: str, secret: str, keys: Iterable[str] = ()
) -> list[Record]:
    """The records of a ballot with this `code` (16 digits), `choices` (elections.text_of) and `secret` (64 hex digits).

    In the form "marks": one for each of all option `keys`, marked or not, so that their number tells nothing.
    """
    if form != MARKS:
        return [_record(code, choices, secret)]
    marks = {key: points or "1" for key, _, points in (mark.partition(":") for mark in choices.split(",") if mark)}
    return sorted(_record(tag(round_uid, code, key), f"{key}:{marks.get(key, '0')}", secret) for key in keys)


def _record(name: str, choices: str, secret: str) -> Record:
    return Record(name, choices, digest("open-count-nonce", secret, name, choices))


def tag(round_uid: str, code: str, key: str) -> str:
    """What stands beside what a ballot gives option `key` in the form "marks"."""
    return digest("open-count-tag", round_uid, code, key)


def digest(*lines: str) -> str:
    """SHA-256 of `lines` with line ends between them, as 64 hex digits."""
    return sha256("\n".join(lines).encode()).hexdigest()


def roll_line(salt: str, number: int) -> str:
    """What open data says instead of the `number` on the roll; each entry has a `salt` (32 hex digits) of its own.

    Only who knows the salt finds the line: her who it is about.
    """
    return digest("open-count-roll", salt, str(number))


def roll_root(lines: Iterable[str]) -> str:
    """What the manifest says of the whole roll before voting opens."""
    return merkle.root(sorted(lines))


def seed_hash(seed: str) -> str:
    """What the manifest says of the `seed` (64 hex digits), which is published after closing."""
    return sha256(seed.encode()).hexdigest()


def lot(seed: str, key: str) -> str:
    """The lot of an option; of options that are equal in all that counts, that with the smaller one comes first."""
    return digest("open-count-lot", seed, key)


@dataclass(frozen=True)
class Option:
    """What can be chosen; `title` by language, `cost` in fen."""

    key: str
    title: Mapping[str, str]
    cost: int


@dataclass(frozen=True)
class Manifest:
    """All that decides, fixed before voting opens. Names and order are those of the format."""

    round: str
    region: str
    question: Mapping[str, str]
    options: Sequence[Option]
    budget: int
    ballot: Mapping[str, Any]
    method: Mapping[str, Any]
    beside: Mapping[str, Any] | None
    conflicts: Sequence[Sequence[str]]
    seed_hash: str
    basis: str
    body: str
    quorum: str | None
    majority: str | None
    opens_at: str
    closes_at: str
    eligible: int
    roll_root: str
    publish: str
    fewest: int
    key: str

    def text(self) -> str:
        """The first leaf of the log."""
        return _line({"kind": "manifest", "format": FORMAT} | asdict(self))


def record_text(commitment: str) -> str:
    """The leaf that says that a ballot, or a mark of one, was received."""
    return _line({"kind": "record", "commitment": commitment})


def superseded_text(leaf: int) -> str:
    """The leaf that says that the record at `leaf` counts no more: changed, withdrawn, or followed by paper."""
    return _line({"kind": "superseded", "leaf": leaf})


def closed_text(ballots: int, voted: int, seed: str, publish: str) -> str:
    """The last leaf of the log; `publish`: the form that was used (`form_at_closing`)."""
    return _line({"kind": "closed", "ballots": ballots, "voted": voted, "seed": seed, "publish": publish})


def head_text(round_uid: str, size: int, root: str, at: str) -> str:
    """What the site signs of its log: `size` leaves with this `root` at that moment ("2026-11-22T08:00:00Z")."""
    return "\n".join(("open-count-head", round_uid, str(size), root, at))


def receipt_text(round_uid: str, code: str, commitments: Iterable[str]) -> str:
    """What the site signs for a voter: that these commitments are, or will soon be, in the log."""
    return "\n".join(("open-count-receipt", round_uid, code, *sorted(commitments)))


def printed(text: str, signature: str) -> str:
    """A signed head or receipt as it is printed, mailed and given to the verifiers: its lines, then the signature."""
    return f"{text}\n{signature}\n"


@dataclass(frozen=True)
class Head:
    """A signed head; `signature`: 128 hex digits, Ed25519 over `head_text`."""

    size: int
    root: str
    at: str
    signature: str


@dataclass(frozen=True)
class Counted:
    """Votes or points by key, the winners in the order they won, their cost in fen, and ties that lots decided."""

    counts: Mapping[str, int]
    winners: Sequence[str]
    total: int
    ties: Sequence[Sequence[str]] = ()


def bundle(
    leaves: Sequence[str],
    heads: Iterable[Head],
    records: Iterable[Record],
    roll: Mapping[str, bool],
    counted: Counted,
) -> str:
    """The file that is published after closing; `roll`: by its lines, who voted.

    `records` are those that count; in the form "aggregate" they stay out of it.
    """
    form = json.loads(leaves[-1])["publish"]
    listed = [[one.tag, one.choices, one.nonce] for one in sorted(records)]
    return _line(
        {
            "format": FORMAT,
            "leaves": leaves,
            "heads": [asdict(head) for head in heads],
            **({} if form == AGGREGATE else {"records": listed}),
            "roll": [[line, int(voted)] for line, voted in sorted(roll.items())],
            "counts": dict(counted.counts),
            "result": {"winners": counted.winners, "total": counted.total, "ties": counted.ties},
        }
    )


def _line(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
