"""Votes to verify: a small maker of published files, of each kind of ballot, rule and form."""

import importlib.util
import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from itertools import product
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portal.rules import merkle, opencount
from portal.rules.counting import Method, count
from portal.rules.elections import BallotKind, Choices, Election, Project, choices_of, scores, text_of
from portal.settings import ROOT

VERIFIER = ROOT / "static" / "verify" / "verify.py"
RULES = ("greedy", "greedy-threshold", "greedy-no-skip", "greedy-exclusive", "greedy-custom", "equalshares")
KINDS = tuple(BallotKind)
ROUND = "0123456789abcdef" * 2
BATCH = 10


def verifier() -> Any:
    """static/verify/verify.py as a module."""
    spec = importlib.util.spec_from_file_location("verify", VERIFIER)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@dataclass(frozen=True)
class Ballot:
    """A ballot as its voter holds it."""

    code: str
    choices: str
    secret: str


@dataclass
class Vote:
    """A vote with everything that its site and its voters know."""

    manifest: opencount.Manifest
    seed: str
    key: Ed25519PrivateKey
    ballots: list[Ballot]
    changed: dict[str, Ballot] = field(default_factory=dict)
    """By code: an earlier ballot with that code, which was replaced."""
    publish: str = ""
    """The form used at closing; empty: that of the manifest."""
    counted: opencount.Counted | None = None
    leaves: list[str] = field(default_factory=list)
    heads: list[opencount.Head] = field(default_factory=list)
    records: list[opencount.Record] = field(default_factory=list)
    roll: dict[str, bool] = field(default_factory=dict)

    def records_of(self, ballot: Ballot) -> list[opencount.Record]:
        form = self.manifest.publish
        keys = [option.key for option in self.manifest.options]
        return opencount.records_of(form, self.manifest.round, ballot.code, ballot.choices, ballot.secret, keys)

    def commitments_of(self, ballot: Ballot) -> list[str]:
        return [record.commitment(self.manifest.round) for record in self.records_of(ballot)]

    def signed(self, text: str) -> str:
        return self.key.sign(text.encode()).hex()

    def receipt(self, ballot: Ballot) -> str:
        """The receipt of a ballot, as printed."""
        text = opencount.receipt_text(self.manifest.round, ballot.code, self.commitments_of(ballot))
        return opencount.printed(text, self.signed(text))

    def head_printed(self, head: opencount.Head) -> str:
        text = opencount.head_text(self.manifest.round, head.size, head.root, head.at)
        return opencount.printed(text, head.signature)

    def add_head(self, at: str) -> None:
        root = merkle.root(self.leaves)
        text = opencount.head_text(self.manifest.round, len(self.leaves), root, at)
        self.heads.append(opencount.Head(len(self.leaves), root, at, self.signed(text)))


def a_vote(
    seed: int = 1,
    *,
    kind: str = "approval",
    rule: str = "greedy",
    form: str = "ballots",
    voters: int = 24,
    options: int = 4,
    publish: str = "",
    patterns: int = 0,
    cheap: bool = False,
    **method: Any,
) -> Vote:
    """A seeded random vote that is closed and counted; `patterns`: so many different ballots at most (0: any).

    `cheap`: small sums of money, so that ties and exact fits are common.
    """
    chance = random.Random(f"{seed} {kind} {rule} {form}")
    budget = chance.choice([10, 20, 30] if cheap else [100_000, 250_000])
    listed = tuple(
        opencount.Option(
            str(n), {"zh-Hans": f"方案{n}", "zh-Hant": f"方案{n}", "en": f"Design {n}"}, _cost(chance, budget, cheap)
        )
        for n in range(1, options + 1)
    )
    most = {"choose-k": 3, "cumulative": 5, "ordinal": chance.choice([3, None])}.get(kind)
    drawn = f"{chance.getrandbits(256):064x}"
    numbers = range(1, voters + chance.randrange(1, 8))
    roll = {opencount.roll_line(f"{chance.getrandbits(128):032x}", number): number <= voters for number in numbers}
    key = Ed25519PrivateKey.from_private_bytes(chance.randbytes(32))
    conflicts = (("1", "2"),) if rule == "greedy-exclusive" else ()
    settled = {
        "rule": rule,
        "threshold": chance.randrange(2, 5) if rule == "greedy-threshold" else 0,
        "completion": "none",
        "stop_exhaustive": False,
        "comparison": False,
        "increment": 1 if cheap else 100,
    } | method
    manifest = opencount.Manifest(
        round=ROUND,
        region="990101001001",
        question={"zh-Hans": "先修哪里？", "zh-Hant": "先修哪裡？", "en": "What first?"},
        options=listed,
        budget=budget,
        ballot={"kind": str(kind), "most": most},
        method=settled,
        beside=None,
        conflicts=conflicts,
        seed_hash=opencount.seed_hash(drawn),
        basis="persons",
        body="opinion",
        quorum=None,
        majority=">1/2",
        opens_at="2026-11-01T00:00:00Z",
        closes_at="2026-11-22T08:00:00Z",
        eligible=len(roll),
        roll_root=opencount.roll_root(roll),
        publish=form,
        fewest=20,
        key=key.public_key().public_bytes_raw().hex(),
    )
    texts = [_choices(chance, manifest) for _ in range(patterns or voters)]
    codes = chance.sample(range(10**16), voters)
    cast = [Ballot(f"{code:016}", chance.choice(texts), f"{chance.getrandbits(256):064x}") for code in codes]
    vote = Vote(manifest, drawn, key, cast, publish=publish, roll=roll)
    for ballot in chance.sample(cast, min(2, voters)):
        earlier = replace(ballot, choices=_choices(chance, manifest), secret=f"{chance.getrandbits(256):064x}")
        vote.changed[ballot.code] = earlier
    _log(vote, chance)
    vote.counted = _counted(vote)
    return vote


def signed_anew(vote: Vote) -> None:
    """Head after head over the log as it is now, as only the site's own key can sign them."""
    heads, leaves = vote.heads, vote.leaves
    vote.heads = []
    for head in heads[:-1]:
        vote.leaves = leaves[: head.size]
        vote.add_head(head.at)
    vote.leaves = leaves
    vote.add_head(heads[-1].at)


def published(vote: Vote) -> str:
    """The file that the site publishes."""
    assert vote.counted
    return opencount.bundle(vote.leaves, vote.heads, vote.records, vote.roll, vote.counted)


def _cost(chance: random.Random, budget: int, cheap: bool) -> int:
    return chance.randrange(1, budget // 2) if cheap else chance.randrange(budget // 10, budget, 1000)


def _choices(chance: random.Random, manifest: opencount.Manifest) -> str:
    kind, most = BallotKind(manifest.ballot["kind"]), manifest.ballot["most"]
    keys = [option.key for option in manifest.options]
    chance.shuffle(keys)
    if kind is BallotKind.CUMULATIVE:
        points = Counter(chance.choice(keys) for _ in range(chance.randrange(most + 1)))
        return text_of(kind, tuple(points.items()))
    longest = {"choose-1": 1}.get(kind, most or len(keys))
    chosen = keys[: chance.randrange(min(longest, len(keys)) + 1)]
    if kind is BallotKind.KNAPSACK:
        costs = {option.key: option.cost for option in manifest.options}
        while sum(costs[key] for key in chosen) > manifest.budget:
            chosen.pop()
    return text_of(kind, tuple(chosen))


def _log(vote: Vote, chance: random.Random) -> None:
    """The log as the site would have written it: shuffled batches of ten ballots, and what superseded earlier ones."""
    vote.leaves.append(vote.manifest.text())
    vote.add_head("2026-11-01T00:00:00Z")
    waiting = [*vote.changed.values(), *vote.ballots]
    for day, start in enumerate(range(0, len(waiting), BATCH), 1):
        batch = [commitment for ballot in waiting[start : start + BATCH] for commitment in vote.commitments_of(ballot)]
        chance.shuffle(batch)
        vote.leaves += map(opencount.record_text, batch)
        if len(vote.heads) < 20:
            vote.add_head(f"2026-11-02T{day // 60 % 24:02}:{day % 60:02}:00Z")
    places = {json.loads(text).get("commitment"): place for place, text in enumerate(vote.leaves)}
    gone = [places[commitment] for ballot in vote.changed.values() for commitment in vote.commitments_of(ballot)]
    chance.shuffle(gone)
    vote.leaves += map(opencount.superseded_text, gone)
    number, form = len(vote.ballots), vote.publish or vote.manifest.publish
    vote.leaves.append(opencount.closed_text(number, number, vote.seed, form))
    vote.add_head("2026-11-22T08:00:00Z")
    vote.records = [record for ballot in vote.ballots for record in vote.records_of(ballot)]


def _counted(vote: Vote) -> opencount.Counted:
    election = an_election(vote)
    outcome = count(election, Method.from_json(vote.manifest.method))
    return opencount.Counted(scores(election), outcome.winners, outcome.total, outcome.ties)


def an_election(vote: Vote) -> Election:
    """The vote as portal.rules counts it."""
    manifest = vote.manifest
    kind = BallotKind(manifest.ballot["kind"])
    lots = {option.key: int(opencount.lot(vote.seed, option.key), 16) for option in manifest.options}
    patterns: Counter[Choices] = Counter(choices_of(kind, ballot.choices) for ballot in vote.ballots)
    return Election(
        kind,
        manifest.budget,
        tuple(Project(option.key, option.cost) for option in manifest.options),
        patterns,
        tuple(frozenset(one) for one in manifest.conflicts),
        lots,
    )


def every_vote(turn: int = 1) -> Iterator[Vote]:
    """Each kind of ballot by each rule, in each form that fits."""
    for kind, rule, form in product(KINDS, RULES, ("ballots", "marks", "aggregate")):
        whole = kind is BallotKind.ORDINAL or rule == "equalshares"
        if form != "marks" or not whole:
            yield a_vote(turn, kind=kind, rule=rule, form=form)


def head_json(head: opencount.Head) -> str:
    """A head as the published file has it."""
    return json.dumps(asdict(head))


def without(vote: Vote, lost: Ballot) -> Vote:
    """The vote as a site publishes it that has lost a ballot, and makes everything else fit with its own key."""
    kept = replace(vote, ballots=[ballot for ballot in vote.ballots if ballot != lost], leaves=[], heads=[])
    gone = next(line for line, voted in vote.roll.items() if voted)
    kept.roll = vote.roll | {gone: False}
    _log(kept, random.Random(7))
    kept.counted = _counted(kept)
    return kept


def clashing_receipt(vote: Vote) -> str:
    """A receipt for a ballot that is somebody else's."""
    text = opencount.receipt_text(ROUND, vote.ballots[0].code, vote.commitments_of(vote.ballots[1]))
    return opencount.printed(text, vote.signed(text))
