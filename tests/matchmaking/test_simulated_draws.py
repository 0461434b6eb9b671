"""Do the draws find the order with fewer votes, and leave nobody out?

Each replication is an arena of its own, once drawn evenly and once as the arena draws.
The votes until the mean of Kendall's tau over the replications crosses 0.95 are
compared, with the interval of a bootstrap of replications.
"""

from dataclasses import dataclass

import numpy as np
import pytest

from evaluations.matchmaking.guarantee import WINDOW
from evaluations.matchmaking.rules import ELO_PER_LOGIT, Standing, newcomer
from evaluations.rating.tallies import Floats
from tests.matchmaking.crowd import (
    SHARE,
    Arena,
    Course,
    drawn_by,
    drawn_uniformly,
)

pytestmark = pytest.mark.slow

REPLICATIONS, RESAMPLES = 100, 1000
TRUE_ORDER, GOAL = 0.95, 0.85
NEWCOMER_GOAL, GOOD_ERROR = 1_800, 20 / ELO_PER_LOGIT


@dataclass(frozen=True)
class Curves:
    """Kendall's tau of every replication, (r, k), at (k,) numbers of votes."""

    votes: Floats
    tau: Floats

    def votes_needed(self, replications: "np.ndarray[tuple[int], np.dtype]") -> float:
        """Where the mean over these replications crosses the goal."""
        mean = self.tau[replications].mean(axis=0)
        above = np.flatnonzero(mean >= TRUE_ORDER)
        if not len(above):
            return np.inf
        around = slice(above[0] - 1, above[0] + 1)
        return float(np.interp(TRUE_ORDER, mean[around], self.votes[around]))


def curves(courses: list[Course], n: int, budget: int) -> Curves:
    votes = np.geomspace(20 * n, budget, 60)
    tau = [np.interp(votes, course.votes, course.tau) for course in courses]
    return Curves(votes, np.array(tau))


def fewest_in_a_window(arena: Arena) -> int:
    """The fewest appearances of anybody in any 500 draws in a row."""
    drawn = np.array(arena.drawn)
    seen = np.zeros((len(drawn) + 1, arena.n), dtype=np.int32)
    for side in drawn.T:
        seen[np.arange(1, len(seen)), side] += 1
    seen = seen.cumsum(axis=0)
    return int((seen[WINDOW:] - seen[:-WINDOW]).min())


@pytest.mark.parametrize(("n", "budget"), [(30, 18_000), (130, 80_000)])
def test_the_order_is_found_with_fewer_votes_than_by_even_draws(n, budget):
    even, drawn, fewest = [], [], []
    for seed in range(REPLICATIONS):
        even.append(drawn_uniformly(Arena.made(n, seed), budget))
        arena = Arena.made(n, seed)
        drawn.append(drawn_by(arena, newcomer, int(GOAL * budget), seed=seed))
        fewest.append(fewest_in_a_window(arena))

    ratio, low, high = compared(
        curves(drawn, n, int(GOAL * budget)), curves(even, n, budget)
    )

    print(f"{n} contestants: {ratio:.3f} of the votes, 95 % {low:.3f} to {high:.3f};")
    print(f"fewest appearances in {WINDOW} draws: {min(fewest)}")
    assert ratio <= GOAL
    assert min(fewest) >= SHARE * 2 * WINDOW / n


def compared(drawn: Curves, even: Curves) -> tuple[float, float, float]:
    """The ratio of the votes needed, and its 95 % interval."""
    everyone = np.arange(REPLICATIONS)
    ratio = drawn.votes_needed(everyone) / even.votes_needed(everyone)
    print(
        f"votes: {drawn.votes_needed(everyone):.0f}, {even.votes_needed(everyone):.0f}"
    )
    random = np.random.default_rng(0)
    ratios = []
    for _ in range(RESAMPLES):
        some = random.integers(0, REPLICATIONS, REPLICATIONS)
        ratios.append(drawn.votes_needed(some) / even.votes_needed(some))
    low, high = np.quantile(ratios, [0.025, 0.975], method="nearest")
    return ratio, float(low), float(high)


def test_a_newcomer_is_known_soon():
    votes = np.array([votes_until_known(seed) for seed in range(REPLICATIONS)])

    reach = 1.96 * votes.std(ddof=1) / REPLICATIONS**0.5
    print(f"a newcomer among 130 is known to 20 points after {votes.mean():.0f} votes")
    print(f"of the arena, ± {reach:.0f}; most {votes.max()}, least {votes.min()}")
    assert votes.mean() + reach <= NEWCOMER_GOAL


def votes_until_known(seed: int) -> int:
    """Votes of the whole arena until one who joins 129 with 60,000 votes is known."""
    old, arena = 60_000, Arena.made(130, seed)
    _, j = np.triu_indices(130, 1)
    among_old = (j < 129) / (j < 129).sum()
    arena.judge(arena.random.multinomial(old, among_old))

    def is_known(standing: Standing) -> bool:
        return bool(standing.error[129] <= GOOD_ERROR)

    drawn_by(
        arena,
        newcomer,
        10_000,
        seed=seed,
        until=is_known,
        standing=arena.standing(),
        step=50,
    )
    return arena.total - old
