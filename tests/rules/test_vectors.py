"""The figures agree with the vectors of the domain, where these lie beside the project."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from portal.rules.scoring import effective_n, linear_score, provider_score, trend, wilson
from portal.rules.weighing import Stratum, aged, post_stratified, worst_case
from tests.beside import with_real

VECTORS = Path(__file__).parents[3] / "shared/data/ratings_vectors.json"


def _wilson(good: int, n: int, sure: float) -> list[float]:
    found = wilson(good, n, confidence=sure)
    return [found.low, found.high]


def _posterior(counts: list[int], mix: Any, m: float, sure: float) -> list[float]:
    score = provider_score(counts, tuple(mix), weight=m, confidence=sure)
    return [score.mean, score.sd, score.low, score.high]


def _decay(grades: list[list[int]], half_life: int) -> list[float]:
    ones = [(age, tuple(int(grade == one) for one in range(1, 6))) for grade, age in grades]
    found = aged(ones, half_life)  # type: ignore[arg-type]
    assert found is not None
    return [found.mean, found.effective]


def _trend(before: list[int], recent: list[int]) -> list[float]:
    found = trend(before, recent)
    return [found.difference, found.z, found.p]


COMPUTED: dict[str, Callable[..., list[float]]] = {
    "mean_score": lambda *counts: [linear_score(counts)],
    "wilson": _wilson,
    "wilson_scipy": _wilson,
    "posterior": _posterior,
    "n_fpc": lambda n, population: [effective_n(n, population)],
    "decay_mean": _decay,
    "poststrat": lambda *strata: list(post_stratified([Stratum(*one) for one in strata])),
    "nonresponse": lambda share, n, asked: [(found := worst_case(share, n / asked)).low, found.high],
    "trend": _trend,
}


@with_real(VECTORS)
@pytest.mark.parametrize("name", COMPUTED)
def test_the_vectors_of_the_domain_hold(name: str) -> None:  # ratings F1-F5, F8
    cases = json.loads(VECTORS.read_text())[name]
    said = [case for case in cases if not (name == "decay_mean" and isinstance(case["input"][0], int))]
    assert len(said) >= 2, "of three of five of F4 only the number of ratings is written down, not their grades"
    for case in said:
        assert COMPUTED[name](*case["input"]) == pytest.approx(case["output"], abs=1e-9), case
