"""verify.py, taken alone, counts real elections as the portal's own rules do."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from portal.rules.counting import Method, count
from portal.rules.elections import BallotKind, Election, scores, text_of
from portal.rules.pabulib import election_of, read
from tests.rules.elections_made import PABULIB

FILES = [one["file"] for one in json.loads(Path(PABULIB, "manifest.json").read_text("utf-8")) if one["voters"] <= 6000]
SMALL = 30_000
"""Different ballots times projects: so much Equal Shares is quick in plain fractions."""
METHODS = (
    {"rule": "greedy"},
    {"rule": "greedy-no-skip"},
    {"rule": "greedy-custom"},
    {"rule": "greedy-threshold", "threshold": 30},
)

Theirs = Callable[[Method], list[str]]


def counted_alone(verify: Any, election: Election) -> Theirs:
    """What verify.py finds, given the election in the words of the format; ties as listed."""
    keys = {one.id: str(number) for number, one in enumerate(election.projects, 1)}
    ids = {key: name for name, key in keys.items()}
    cumulative = election.kind is BallotKind.CUMULATIVE
    ballots: Counter[str] = Counter()
    for choices, times in election.ballots.items():
        named = (
            tuple((keys[key], given) for key, given in choices) if cumulative else tuple(keys[key] for key in choices)
        )  # type: ignore[misc, index]
        ballots[text_of(election.kind, named)] += times  # type: ignore[arg-type]
    manifest = {
        "options": [{"key": keys[one.id], "cost": one.cost} for one in election.projects],
        "budget": election.budget,
        "ballot": {"kind": str(election.kind)},
        "conflicts": [],
    }
    found = {keys[name]: score for name, score in scores(election).items()}
    lots = {key: place for place, key in enumerate(ids)}
    return lambda method: [ids[key] for key in verify.count(manifest, method.as_json(), found, ballots, lots)[0]]


@pytest.mark.parametrize("name", FILES)
def test_a_real_election_has_the_same_winners_in_the_same_order(name: str, verify: Any) -> None:  # A26
    election = election_of(read(Path(PABULIB, name).read_text("utf-8-sig"))).election
    alone = counted_alone(verify, election)
    methods = [Method.from_json(said) for said in METHODS]
    if len(election.ballots) * len(election.projects) <= SMALL:
        methods.append(Method.from_json({"rule": "equalshares"}))
        methods.append(
            Method.from_json(
                {"rule": "equalshares", "completion": "add1u", "increment": max(1, election.budget // 2000)}
            )
        )
    for method in methods:
        assert alone(method) == list(count(election, method).winners), method
