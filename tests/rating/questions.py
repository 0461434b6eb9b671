"""Votes of a made-up crowd to which models are better at some questions than others."""

import numpy as np
from scipy.special import expit

from evaluations.rating import bradley_terry
from evaluations.rating.questions import in_elo
from evaluations.rating.tallies import Floats, Pairs
from evaluations.rating.votes import Votes


def strengths(n: int) -> Floats:
    return np.linspace(-1, 1, n)


def asked(
    random: np.random.Generator,
    *,
    n: int,
    questions: int,
    votes_each: int,
    effect: float,
    first_question: int = 0,
    raised: float = 0.0,
) -> Votes:
    """Each question moves each model by its own normal effect, in logits.

    raised: by how much the best model is better still
    """
    theta = strengths(n)
    theta[-1] += raised
    moved = random.normal(0, effect, (questions, n))
    question = np.repeat(np.arange(questions), votes_each)
    first = random.integers(0, n, len(question))
    second = (first + random.integers(1, n, len(question))) % n
    lead = theta[first] - theta[second]
    lead = lead + moved[question, first] - moved[question, second]
    outcome = np.where(random.random(len(question)) < expit(lead), 0, 3)
    unknown = np.zeros(len(question), dtype=np.int64)
    names = [f"m{number:02}" for number in range(n)]
    numbers = question + first_question
    return Votes.from_columns(names, first, second, outcome, unknown, unknown, numbers)


def true_ratings(n: int, effect: float) -> Floats:
    """What votes on questions without end would come to, by quadrature."""
    theta, (i, j) = strengths(n), np.triu_indices(n, 1)
    nodes, weights = np.polynomial.hermite_e.hermegauss(41)
    lead = (theta[i] - theta[j])[:, None] + np.sqrt(2) * effect * nodes
    wins = (expit(lead) * weights).sum(axis=1) / weights.sum()
    pairs = Pairs(n, i, j, wins, 0 * wins, 1 - wins)
    return in_elo(bradley_terry.fit(pairs))
