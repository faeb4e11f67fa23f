"""Three implementations count the same, in whatever vote."""

import random
from collections.abc import Callable
from typing import Any

from tests.verify import making

CASES = 1000


def a_random_vote(number: int) -> making.Vote:
    """Small sums of money and few patterns, so that ties, exact fits and empty purses are common."""
    chance = random.Random(f"agreement {number}")
    kind, rule = chance.choice(making.KINDS), making.RULES[number % len(making.RULES)]
    method = {
        "completion": chance.choice(["none", "add1", "add1u"]),
        "stop_exhaustive": chance.random() < 0.5,
        "comparison": chance.random() < 0.5,
        "increment": chance.choice([1, 1, 3]),
    }
    more = {"threshold": chance.randrange(4)} if chance.random() < 0.3 else {}
    return making.a_vote(
        number,
        kind=kind,
        rule=rule,
        voters=chance.randrange(1, 12),
        options=chance.randrange(1, 8) if rule != "greedy-exclusive" else chance.randrange(2, 8),
        patterns=chance.randrange(1, 6),
        cheap=chance.random() < 0.8,
        **(method if rule == "equalshares" else {}),
        **more,
    )


def test_everyone_finds_the_same_winners_ties_and_sums_in_random_votes(  # A26
    in_python: Callable[..., Any], in_javascript: Callable[..., Any]
) -> None:
    votes = [a_random_vote(number) for number in range(CASES)]
    texts = [making.published(vote) for vote in votes]
    for number, (vote, text, script) in enumerate(zip(votes, texts, in_javascript(texts), strict=True)):
        about = (number, vote.manifest.ballot, vote.manifest.method)
        python = in_python(text)
        assert python["check"] == "fits", (*about, python["why"])
        assert script["check"] == "fits", (*about, script["why"])
    assert sum(bool(vote.counted and vote.counted.ties) for vote in votes) > CASES // 20
    assert sum(bool(vote.counted and len(vote.counted.winners) > 1) for vote in votes) > CASES // 4
