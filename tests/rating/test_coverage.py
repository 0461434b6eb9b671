"""Do the intervals and rank ranges hold the truth as often as they say?"""

from dataclasses import dataclass, field

import numpy as np
import pytest

from evaluations.rating import bradley_terry
from evaluations.rating.clusters import design_effects, inflate
from evaluations.rating.estimate import Estimate, estimate
from evaluations.rating.ranks import rank_ranges
from evaluations.rating.tallies import OUTCOMES, Floats, Pairs, Tallies, fold
from tests.rating.crowds import SPREAD, drawn, fitted_to, pareto_crowd

REPLICATIONS = 200
# The same few at each run of the tests, all of them with the long ones.
HOW_OFTEN = pytest.mark.parametrize(
    "replications", [80, pytest.param(REPLICATIONS, marks=pytest.mark.slow)]
)
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


def _simulate(
    *,
    settled: int,
    votes: int,
    newcomers: tuple[int, ...],
    replications: int = REPLICATIONS,
) -> Held:
    held = Held()
    for seed in range(replications):
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


@HOW_OFTEN
def test_intervals_hold_the_truth_beside_newcomers(replications: int) -> None:
    held = _simulate(
        settled=36, votes=40_000, newcomers=NEWCOMERS, replications=replications
    )

    assert 0.93 <= np.mean(held.settled) <= 0.97
    assert 0.91 <= np.mean(held.provisional) <= 0.97
    assert np.mean(held.ranks) >= 0.95


@HOW_OFTEN
def test_intervals_hold_the_truth_while_the_arena_is_young(replications: int) -> None:
    held = _simulate(settled=6, votes=60, newcomers=(), replications=replications)

    assert held.settled == []
    assert np.mean(held.provisional) >= 0.95
    assert np.mean(held.ranks) >= 0.95


@HOW_OFTEN
def test_intervals_hold_the_truth_when_the_first_ones_are_settled(
    replications: int,
) -> None:
    held = _simulate(settled=30, votes=650, newcomers=(), replications=replications)

    assert 0 < len(held.settled) < len(held.provisional) / 3
    assert 0.92 <= np.mean(held.settled + held.provisional) <= 0.98
    assert np.mean(held.ranks) >= 0.95


@pytest.mark.slow
@pytest.mark.parametrize(("settled", "votes"), [(30, 20_000), (130, 100_000)])
def test_rank_ranges_of_a_grown_arena_hold_together(settled: int, votes: int) -> None:
    held = _simulate(settled=settled, votes=votes, newcomers=())

    print(settled, np.mean(held.settled), np.mean(held.ranks))
    assert 0.93 <= np.mean(held.settled) <= 0.97
    assert np.mean(held.ranks) >= 0.95


def _of_the_public(strengths: Floats, taste: float) -> Floats:
    """What a crowd without end would be rated: score over all tastes, then fit."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    i, j = np.triu_indices(len(strengths), 1)
    leads = (strengths[i] - strengths[j])[:, None] + np.sqrt(2) * taste * nodes
    score = (weights / weights.sum() / (1 + np.exp(-leads))).sum(axis=1)
    endless = Pairs(len(strengths), i, j, score, 0 * score, 1 - score)
    return bradley_terry.fit(endless)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("taste", "least", "most"),
    [(0.0, 0.93, 0.97), (0.3, 0.90, 0.97), (0.6, 0.90, 0.97)],
)
def test_widened_intervals_hold_the_truth_whatever_the_taste(
    taste: float, least: float, most: float
) -> None:
    """Volunteers like some models better, and a few of them cast most votes."""
    plain, widened = [], []
    for seed in range(REPLICATIONS):
        random = np.random.default_rng(seed)
        strengths = random.normal(0, SPREAD, 30)
        who = pareto_crowd(random, votes=20_000, volunteers=1500)
        votes = drawn(random, strengths, who, taste=taste)
        estimated, fit = fitted_to(votes)
        effects = design_effects(votes, fit).among(votes.names)
        wider = inflate(estimated.covariance, effects, fit.anchors)
        off = np.abs(estimated.strengths - _of_the_public(strengths, taste))
        plain += (off <= 1.959964 * np.sqrt(np.diag(estimated.covariance))).tolist()
        widened += (off <= 1.959964 * np.sqrt(np.diag(wider))).tolist()

    print(taste, np.mean(plain), np.mean(widened))
    assert least <= np.mean(widened) <= most


GROWN, GROWN_VOTES = 130, 1_800_000
FEW = (20, 30, 60, 90, 150, 300)


@pytest.mark.slow
def test_intervals_of_six_newcomers_hold_in_a_table_of_many_votes() -> None:
    """Drawn as counts of each pair: no fewer votes are meant, only less work."""
    first, second = np.triu_indices(GROWN, 1)
    inside: dict[int, list[bool]] = {votes: [] for votes in (*FEW, GROWN_VOTES)}
    for seed in range(3 * REPLICATIONS):
        random = np.random.default_rng(seed)
        strengths = random.normal(0, SPREAD, GROWN + len(FEW))
        battles = random.multinomial(GROWN_VOTES, np.full(len(first), 1 / len(first)))
        new = np.repeat(np.arange(GROWN, GROWN + len(FEW)), FEW)
        opponents = random.integers(0, GROWN, len(new))
        met, times = np.unique(opponents * 1000 + new, return_counts=True)
        i, j = np.append(first, met // 1000), np.append(second, met % 1000)
        pairs = _judged_pairs(random, strengths, i, j, np.append(battles, times))
        estimated = estimate(pairs, established_votes=1000, few_votes=50)
        off = estimated.strengths - (strengths - strengths[:GROWN].mean())
        error = 1.959964 * np.sqrt(np.diag(estimated.covariance))
        held = (np.abs(off) <= error).tolist()
        inside[GROWN_VOTES] += held[:GROWN]
        for votes, one in zip(FEW, held[GROWN:], strict=True):
            inside[votes].append(one)

    print({votes: np.mean(held) for votes, held in inside.items()})
    few = [one for votes in (20, 30) for one in inside[votes]]
    some = [one for votes in (60, 90) for one in inside[votes]]
    more = [one for votes in (150, 300) for one in inside[votes]]
    for held in (few, some, more, inside[GROWN_VOTES]):
        assert 0.93 <= np.mean(held) <= 0.97


def _judged_pairs(
    random: np.random.Generator,
    strengths: Floats,
    i: "np.ndarray[tuple[int], np.dtype[np.int64]]",
    j: "np.ndarray[tuple[int], np.dtype[np.int64]]",
    battles: "np.ndarray[tuple[int], np.dtype[np.int64]]",
) -> Pairs:
    """Draw the outcomes of all battles of each pair at once, i < j in any order."""
    score = 1 / (1 + np.exp(strengths[j] - strengths[i]))
    ties = 1.4 * score * (1 - score)
    chances = np.stack([score - ties / 2, ties, 1 - score - ties / 2], axis=1)
    wins, tied, losses = random.multinomial(battles, chances).T.astype(float)
    order = np.lexsort((j, i))
    columns = (column[order] for column in (wins, tied, losses))
    return Pairs(len(strengths), i[order], j[order], *columns)
