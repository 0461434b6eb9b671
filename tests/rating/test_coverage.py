"""Do the intervals and rank ranges hold the truth as often as they say?"""

from dataclasses import dataclass, field

import numpy as np
import pytest

from evaluations.rating.estimate import Estimate, estimate
from evaluations.rating.ranks import rank_ranges
from evaluations.rating.tallies import OUTCOMES, Floats, Tallies, fold

REPLICATIONS = 200
NEWCOMERS = (15, 15, 30, 30, 45, 45)


@dataclass
class Held:
    settled: list[bool] = field(default_factory=list)
    provisional: list[bool] = field(default_factory=list)
    ranks: list[bool] = field(default_factory=list)

    def add(self, estimated: Estimate, truth: Floats) -> None:
        error = 1.959964 * np.sqrt(np.diag(estimated.covariance))
        inside = np.abs(estimated.strengths - truth) <= error
        self.settled += inside[~estimated.provisional].tolist()
        self.provisional += inside[estimated.provisional].tolist()
        low, high = rank_ranges(estimated.strengths, estimated.covariance)
        rank = 1 + (truth[None, :] > truth[:, None]).sum(axis=1)
        self.ranks.append(bool(((low <= rank) & (rank <= high)).all()))


def _simulate(*, settled: int, votes: int, newcomers: tuple[int, ...]) -> Held:
    held = Held()
    for seed in range(REPLICATIONS):
        random = np.random.default_rng(seed)
        n = settled + len(newcomers)
        strengths = random.normal(0, 0.7, n)
        first = random.integers(0, settled, votes)
        second = (first + random.integers(1, settled, votes)) % settled
        seen = np.repeat(np.arange(settled, n), newcomers)
        first = np.append(first, seen)
        second = np.append(second, random.integers(0, settled, len(seen)))
        tallies = _judged(random, strengths, first, second)
        assert len(tallies.names) == n
        estimated = estimate(fold(tallies), established_votes=100, few_votes=50)
        anchors = np.arange(n) < settled if newcomers else np.ones(n, dtype=bool)
        held.add(estimated, strengths - strengths[anchors].mean())
    return held


def _judged(
    random: np.random.Generator,
    strengths: Floats,
    first: "np.ndarray[tuple[int], np.dtype[np.int64]]",
    second: "np.ndarray[tuple[int], np.dtype[np.int64]]",
) -> Tallies:
    """Draw outcomes whose expected score is Bradley-Terry's, most ties among equals."""
    score = 1 / (1 + np.exp(strengths[second] - strengths[first]))
    ties = 1.4 * score * (1 - score)
    chance = random.random(len(first))
    outcome = np.where(chance < score - ties / 2, 0, 3)
    outcome[np.abs(chance - score) < ties / 2] = 1
    n = len(strengths)
    cells, counts = np.unique((first * n + second) * 4 + outcome, return_counts=True)
    return Tallies.from_rows(
        (cell // 4 // n, cell // 4 % n, OUTCOMES[cell % 4], count)
        for cell, count in zip(cells.tolist(), counts.tolist(), strict=True)
    )


def test_intervals_hold_the_truth_beside_newcomers() -> None:
    held = _simulate(settled=36, votes=40_000, newcomers=NEWCOMERS)

    assert 0.93 <= np.mean(held.settled) <= 0.97
    assert 0.91 <= np.mean(held.provisional) <= 0.97
    assert np.mean(held.ranks) >= 0.95


def test_intervals_hold_the_truth_while_the_arena_is_young() -> None:
    held = _simulate(settled=6, votes=60, newcomers=())

    assert held.settled == []
    assert np.mean(held.provisional) >= 0.95
    assert np.mean(held.ranks) >= 0.95


@pytest.mark.slow
@pytest.mark.parametrize(("settled", "votes"), [(30, 20_000), (130, 100_000)])
def test_rank_ranges_of_a_grown_arena_hold_together(settled: int, votes: int) -> None:
    held = _simulate(settled=settled, votes=votes, newcomers=())

    print(settled, np.mean(held.settled), np.mean(held.ranks))
    assert 0.93 <= np.mean(held.settled) <= 0.97
    assert np.mean(held.ranks) >= 0.95
