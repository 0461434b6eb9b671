"""Crowds of volunteers with known strengths of the contestants, for simulations."""

import numpy as np

from evaluations.rating.estimate import Estimate, estimate
from evaluations.rating.refit import Fitted, fitted
from evaluations.rating.tallies import Floats, Integers
from evaluations.rating.votes import Votes

SPREAD = 0.7
DAYS = 30
PROMPTS = 50


def pareto_crowd(
    random: np.random.Generator, *, votes: int, volunteers: int
) -> Integers:
    """(v,) volunteers, few of whom cast most of the votes."""
    share = random.pareto(1.3, volunteers) + 0.2
    reached = np.cumsum(share) / share.sum()
    return np.searchsorted(reached, random.random(votes))


def drawn(
    random: np.random.Generator,
    strengths: Floats,
    volunteer: Integers,
    *,
    taste: float = 0.0,
    sharpness: Floats | None = None,
) -> Votes:
    """Draw pairs evenly and outcomes whose expected score is Bradley-Terry's.

    taste: standard deviation of each volunteer's own liking for each contestant,
    logits; sharpness: of each volunteer, 1 for all unless given.
    """
    n, votes = len(strengths), len(volunteer)
    first = random.integers(0, n, votes)
    second = (first + random.integers(1, n, votes)) % n
    lead = strengths[first] - strengths[second]
    if sharpness is not None:
        lead = lead * sharpness[volunteer]
    if taste:
        liking = random.normal(0, taste, (volunteer.max() + 1, n))
        lead = lead + liking[volunteer, first] - liking[volunteer, second]
    score = 1 / (1 + np.exp(-lead))
    ties = 1.4 * score * (1 - score)
    chance = random.random(votes)
    outcome = np.where(chance < score - ties / 2, 0, 3)
    outcome[np.abs(chance - score) < ties / 2] = 1
    days, prompts = random.integers(0, DAYS, votes), random.integers(0, PROMPTS, votes)
    keys = list(range(n))
    return Votes.from_columns(keys, first, second, outcome, volunteer, days, prompts)


def fitted_to(votes: Votes) -> tuple[Estimate, Fitted]:
    pairs = votes.pairs()
    estimated = estimate(pairs, established_votes=100, few_votes=50)
    return estimated, fitted(pairs, estimated)
