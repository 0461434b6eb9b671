"""An arena in memory: known strengths, votes by chance, the real rules and ratings."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

import numpy as np
from scipy.special import expit

from evaluations.matchmaking.guarantee import Guarantee
from evaluations.matchmaking.pairs import Chances, draw_due_first
from evaluations.matchmaking.rules import (
    UNRATED_ERROR,
    Rule,
    Standing,
    chances,
    pairs_of,
)
from evaluations.rating import graph
from evaluations.rating.estimate import estimate
from evaluations.rating.tallies import Floats, Integers, Pairs

# Strengths of contestants, logits, and how often equals tie.
SPREAD, TIES = 0.7, 0.35
NEW_VOTES = 0.05
UNIFORM_SHARE, SHARE = 0.1, 0.3


@dataclass
class Arena:
    """Contestants of known strength, the votes on their pairs, and the draws so far."""

    truth: Floats
    random: np.random.Generator
    # Wins, ties and losses of each pair i < j, as seen from i.
    votes: Floats = field(init=False)
    drawn: list[tuple[int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.votes = np.zeros((3, self.n * (self.n - 1) // 2))

    @classmethod
    def made(cls, n: int, seed: int) -> "Arena":
        random = np.random.default_rng(seed)
        return cls(random.normal(0, SPREAD, n), random)

    @property
    def n(self) -> int:
        return len(self.truth)

    @property
    def total(self) -> int:
        return int(self.votes.sum())

    def judge(self, battles: Integers) -> None:
        """Vote on (m,) battles of the pairs: expected scores are Bradley-Terry's."""
        i, j = pairs_of(self.n)
        score = expit(self.truth[i] - self.truth[j])
        ties = 4 * TIES * score * (1 - score)
        wins = self.random.binomial(battles, score - ties / 2)
        tied = self.random.binomial(battles - wins, ties / (1 - score + ties / 2))
        self.votes += [wins, tied, battles - wins - tied]

    def judge_each(self, drawn: list[tuple[int, int]]) -> None:
        i, j = np.sort(np.array(drawn), axis=1).T
        place = i * self.n - i * (i + 1) // 2 + j - i - 1
        self.judge(np.bincount(place, minlength=self.votes.shape[1]))
        self.drawn += drawn

    def standing(self) -> Standing:
        """As the table shows it: those apart from the largest group are unrated."""
        i, j = pairs_of(self.n)
        seen = self.votes.any(axis=0)
        pairs = Pairs(self.n, i[seen], j[seen], *self.votes[:, seen])
        members = max(graph.components(pairs), key=len)
        table = estimate(pairs.among(members), established_votes=100, few_votes=50)
        strength, error = np.zeros(self.n), np.full(self.n, UNRATED_ERROR)
        strength[members] = table.strengths
        error[members] = np.sqrt(np.diag(table.covariance))
        return Standing(strength, error, np.ones(self.n, dtype=np.int64))

    def order(self, standing: Standing) -> float:
        """Kendall's tau between the table and the truth."""
        i, j = pairs_of(self.n)
        agree = (standing.strength[i] - standing.strength[j]) * (
            self.truth[i] - self.truth[j]
        )
        return float(np.sign(agree).mean())


def unrated(n: int) -> Standing:
    return Standing(np.zeros(n), np.full(n, UNRATED_ERROR), np.ones(n, dtype=np.int64))


@dataclass
class Course:
    """How an arena goes on: after so many votes the table was so good."""

    votes: list[int] = field(default_factory=list)
    tau: list[float] = field(default_factory=list)


def step_of(arena: Arena) -> int:
    """Votes until the next table: 5 % more."""
    return max(arena.n, int(NEW_VOTES * arena.total))


def drawn_uniformly(arena: Arena, budget: int) -> Course:
    course = Course()
    pairs = arena.votes.shape[1]
    while arena.total < budget:
        even = np.full(pairs, 1 / pairs)
        arena.judge(arena.random.multinomial(step_of(arena), even))
        course.votes.append(arena.total)
        course.tau.append(arena.order(arena.standing()))
    return course


def drawn_by(
    arena: Arena,
    rule: Rule,
    budget: int,
    *,
    seed: int,
    until: Callable[[Standing], bool] = lambda standing: False,
    standing: Standing | None = None,
    step: int | None = None,
) -> Course:
    """Let the arena draw as it does in earnest, one pair after the other."""
    course, random = Course(), Random(seed)
    ones = np.ones(arena.n, dtype=np.int64)
    guarantee = Guarantee(share=SHARE, family=ones, able=ones > 0)
    standing = standing or unrated(arena.n)
    end = arena.total + budget
    while arena.total < end and not until(standing):
        weights = chances(standing, rule, uniform_share=UNIFORM_SHARE)
        ready = Chances.of_pairs(arena.n, weights)
        drawn = []
        for _ in range(step or step_of(arena)):
            pair = draw_due_first(ready, guarantee, random)
            assert pair is not None
            drawn.append((pair.i, pair.j))
        arena.judge_each(drawn)
        standing = arena.standing()
        course.votes.append(arena.total)
        course.tau.append(arena.order(standing))
    return course
