"""A third check of a published file, from the portal's own rules: write it again from what it says, and compare."""

import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from portal.rules import merkle, opencount
from portal.rules.counting import Method, count
from portal.rules.elections import BallotKind, Election, Project, ballot_refusals, choices_of, scores


def check(text: str) -> None:
    """Any exception: the file does not fit."""
    data = json.loads(text)
    leaves = data["leaves"]
    manifest, closed = _manifest(leaves[0]), json.loads(leaves[-1])
    assert manifest.text() == leaves[0]
    assert closed.pop("kind") == "closed"
    assert opencount.closed_text(**closed) == leaves[-1]
    assert closed["publish"] in (manifest.publish, opencount.AGGREGATE)
    assert opencount.seed_hash(closed["seed"]) == manifest.seed_hash
    _check_heads(data["heads"], manifest, leaves)
    live = _live(leaves)
    roll = {line: bool(voted) for line, voted in data["roll"]}
    assert opencount.roll_root(roll) == manifest.roll_root
    assert manifest.eligible == len(data["roll"])
    assert sum(roll.values()) == closed["voted"] == closed["ballots"]
    records = [opencount.Record(*record) for record in data.get("records", [])]
    counted = opencount.Counted(data["counts"], **data["result"])
    if closed["publish"] == opencount.AGGREGATE:
        needed = manifest.ballot["kind"] == "ordinal" or manifest.method["rule"] == "equalshares"
        assert manifest.publish == opencount.AGGREGATE or needed or closed["ballots"] < manifest.fewest
        _check_sums(counted, manifest, closed["ballots"], len(live))
    else:
        assert sorted(record.commitment(manifest.round) for record in records) == sorted(live)
        assert len({record.tag for record in records}) == len(records)
        _recount(counted, records, manifest, closed)
    heads = [opencount.Head(**head) for head in data["heads"]]
    assert opencount.bundle(leaves, heads, records, roll, counted) == text


def _manifest(leaf: str) -> opencount.Manifest:
    said = json.loads(leaf)
    assert (said.pop("kind"), said.pop("format")) == ("manifest", opencount.FORMAT)
    said["options"] = [opencount.Option(**option) for option in said["options"]]
    assert said["opens_at"] < said["closes_at"]
    assert Method.from_json(said["method"]).as_json() == said["method"]
    return opencount.Manifest(**said)


def _check_heads(heads: list[dict[str, Any]], manifest: opencount.Manifest, leaves: list[str]) -> None:
    key, before = Ed25519PublicKey.from_public_bytes(bytes.fromhex(manifest.key)), (0, "")
    for head in heads:
        signed = opencount.head_text(manifest.round, head["size"], head["root"], head["at"])
        key.verify(bytes.fromhex(head["signature"]), signed.encode())
        assert merkle.root(leaves[: head["size"]]) == head["root"]
        assert before < (head["size"], head["at"])
        assert before[1] <= head["at"]
        before = (head["size"], head["at"])
    assert before[0] == len(leaves)
    assert before[1] >= manifest.closes_at


def _live(leaves: list[str]) -> list[str]:
    live: dict[int, str] = {}
    for index, leaf in enumerate(leaves[1:-1], 1):
        said = json.loads(leaf)
        if said["kind"] == "record":
            live[index] = said["commitment"]
            assert opencount.record_text(said["commitment"]) == leaf
        else:
            del live[said["leaf"]]
            assert opencount.superseded_text(said["leaf"]) == leaf
    return list(live.values())


def _recount(
    counted: opencount.Counted, records: list[opencount.Record], manifest: opencount.Manifest, closed: dict[str, Any]
) -> None:
    """From whole ballots; mark by mark as if each were a ballot, which the greedy family cannot tell apart."""
    kind = BallotKind(manifest.ballot["kind"])
    ballots: dict[Any, int] = {}
    keys, costs = [option.key for option in manifest.options], {option.key: option.cost for option in manifest.options}
    whole, given = closed["publish"] == opencount.BALLOTS, dict.fromkeys(keys, 0)
    for record in records:
        said = record.choices
        if not whole:
            key, points = said.split(":")
            given[key] += 1
            assert said == f"{key}:{int(points)}"
            assert kind is BallotKind.CUMULATIVE or points in ("0", "1")
            said = "" if points == "0" else said if kind is BallotKind.CUMULATIVE else key
        choices = choices_of(kind, said)
        limits = {"keys": keys, "most": manifest.ballot["most"], "costs": costs, "budget": manifest.budget}
        assert not list(ballot_refusals(kind, choices, **limits))
        ballots[choices] = ballots.get(choices, 0) + 1
    assert {closed["ballots"]} == ({len(records)} if whole else set(given.values()))
    lots = {key: int(opencount.lot(closed["seed"], key), 16) for key in keys}
    projects = tuple(Project(option.key, option.cost) for option in manifest.options)
    conflicts = tuple(frozenset(conflict) for conflict in manifest.conflicts)
    election = Election(kind, manifest.budget, projects, ballots, conflicts, lots)
    outcome = count(election, Method.from_json(manifest.method))
    assert dict(counted.counts) == scores(election)
    assert list(counted.winners) == list(outcome.winners)
    assert [list(tie) for tie in counted.ties] == [list(tie) for tie in outcome.ties]
    assert counted.total == outcome.total


def _check_sums(counted: opencount.Counted, manifest: opencount.Manifest, ballots: int, live: int) -> None:
    assert live == ballots * (len(manifest.options) if manifest.publish == opencount.MARKS else 1)
    costs = {option.key: option.cost for option in manifest.options}
    assert counted.total == sum(costs[key] for key in counted.winners)
