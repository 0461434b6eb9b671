"""How a ranking's uncertainty falls as questions, or only votes, are added.

Two ways to resample (B. Efron, "Bootstrap methods: another look at the jackknife",
1979): so many questions with all their votes, or as many votes from all questions. The
first shows what more questions would bring. The second is what one would believe if a
vote were a vote, on whatever question it was given.

The spread of the score from question to question, freed of that from vote to vote, says
how little votes alone can do: with U_q = sum of s over the n_q votes of a question,

    B = sum over q of (U_q U_q' - sum of s s') / sum of n_q (n_q - 1),

the moment estimator of a variance between groups (S. R. Searle, G. Casella and
C. E. McCulloch, "Variance Components", 1992, chapter 3). On k questions N -> infinity
votes leave the covariance K B K n^2 / k, with n the votes behind K.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from evaluations.rating import bradley_terry
from evaluations.rating.clusters import scores
from evaluations.rating.questions import (
    LEAST_VOTES,
    RESAMPLES,
    SEED,
    QuestionFit,
    TooLittle,
    fit_questions,
    refitted,
    resampled_questions,
)
from evaluations.rating.table import ELO_PER_LOGIT, REACH
from evaluations.rating.tallies import Floats
from evaluations.rating.votes import Votes

# More models make the curves slow and hardly smoother: those with most votes are taken.
MOST_MODELS: Final = 60
MOST_POINTS: Final = 12
# A point so near to the last one tells nothing.
NEARLY_ALL: Final = 0.9
LEAST_QUESTIONS: Final = 3
FEW_QUESTIONS: Final = 5


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle of some values, and what the middle half or 95 % of them lie in."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Point:
    """Uncertainty with so many questions and votes.

    half_width: of the models' 95 % intervals, in Elo points; median and middle half
    over models; tau: Kendall's, between two resampled rankings; mean and middle 95 %
    """

    questions: int
    votes: int
    half_width: Spread
    tau: Spread


@dataclass(frozen=True, slots=True)
class Curves:
    """by_questions: whole questions added; by_votes: votes from all of them.

    few: (votes, half-width) with FEW_QUESTIONS questions and ever more votes on them;
    few_floor, floor: what is left of it with votes without end on so few, and on all
    """

    models: int
    questions: int
    votes: int
    by_questions: tuple[Point, ...]
    by_votes: tuple[Point, ...]
    few: tuple[tuple[int, float], ...]
    few_floor: float
    floor: float


@dataclass(frozen=True, slots=True)
class Components:
    """Covariances (n, n), logit^2: of one vote's part, and of one question's part."""

    vote: Floats
    question: Floats

    def half_width(self, *, questions: int, votes: float = np.inf) -> float:
        """Median half-width over models, in Elo points."""
        covariance = self.vote / votes + self.question / questions
        return _median_half_width(np.diag(covariance))


def question_curves(
    votes: Votes, *, least_votes: int = LEAST_VOTES, resamples: int = RESAMPLES
) -> Curves:
    """Work out both curves; raises TooLittle with fewer than three questions."""
    fit = fit_questions(_well_seen(votes, least_votes))
    if fit.questions < LEAST_QUESTIONS:
        raise TooLittle
    number, cast = fit.questions, len(fit.votes)
    steps = [(k, max(round(cast * k / number), 1)) for k in sizes(number)]
    random = np.random.default_rng(SEED)

    def questions_of(k: int, _: int) -> Floats:
        return resampled_questions(fit, random, questions=k, resamples=resamples)

    def votes_of(_: int, drawn: int) -> Floats:
        return _resampled_votes(fit, random, drawn, resamples)

    known, few = components(fit), min(FEW_QUESTIONS, number)
    return Curves(
        models=fit.pairs.n,
        questions=number,
        votes=cast,
        by_questions=_curve(fit, steps, questions_of),
        by_votes=_curve(fit, steps, votes_of),
        few=tuple((n, known.half_width(questions=few, votes=n)) for _, n in steps),
        few_floor=known.half_width(questions=few),
        floor=known.half_width(questions=number),
    )


def sizes(questions: int) -> list[int]:
    """2, 3, 5, 8, 13 and so on up to all: a dozen numbers at most."""
    found = [2, 3]
    while found[-1] + found[-2] < NEARLY_ALL * questions:
        found.append(found[-1] + found[-2])
    every = len(found) // MOST_POINTS + 1
    return [*(size for size in found[::every] if size < questions), questions]


def components(fit: QuestionFit) -> Components:
    """Split the spread of the score into that of votes and that of questions."""
    n, cast = fit.pairs.n, len(fit.votes)
    each = scores(fit.votes, fit.strengths, fit.question)
    squares = bradley_terry.score_variance(fit.pairs, fit.strengths)
    within = bradley_terry.laplacian(n, fit.pairs.i, fit.pairs.j, squares)
    size = np.bincount(fit.question).astype(np.float64)
    twos = max(float((size * (size - 1)).sum()), 1.0)
    between = ((each.T @ each).toarray() - within) / twos
    # Chance may make it negative where questions do not matter.
    between = _positive(between)
    vote = _positive(within / cast - between)
    return Components(
        *(cast**2 * fit.inverse @ part @ fit.inverse for part in (vote, between))
    )


def _positive(matrix: Floats) -> Floats:
    values, vectors = np.linalg.eigh(matrix)
    kept: Floats = (vectors * values.clip(min=0)) @ vectors.T
    return kept


def _well_seen(votes: Votes, least: int) -> Votes:
    each = votes.pairs().votes
    most = np.argsort(-each, kind="stable")[:MOST_MODELS]
    return votes.among(np.sort(most[each[most] >= least]))


def _resampled_votes(
    fit: QuestionFit, random: np.random.Generator, votes: int, resamples: int
) -> Floats:
    pairs = fit.pairs
    counts = np.concatenate([pairs.wins, pairs.ties, pairs.losses])
    drawn: Floats = random.multinomial(votes, counts / counts.sum(), resamples).astype(
        np.float64
    )
    return drawn


def _curve(
    fit: QuestionFit,
    steps: Sequence[tuple[int, int]],
    draw: Callable[[int, int], Floats],
) -> tuple[Point, ...]:
    points = []
    for questions, votes in steps:
        strengths = refitted(fit, draw(questions, votes))
        points.append(
            Point(questions, votes, _half_widths(fit, strengths), _taus(strengths))
        )
    return tuple(points)


def _half_widths(fit: QuestionFit, strengths: Floats) -> Spread:
    """Of how far the (r, n) resampled strengths lie from those of all votes."""
    errors = np.sqrt(((strengths - fit.strengths) ** 2).mean(axis=0))
    low, middle, high = np.quantile(REACH * ELO_PER_LOGIT * errors, (0.25, 0.5, 0.75))
    return Spread(float(middle), float(low), float(high))


def _taus(strengths: Floats) -> Spread:
    """Kendall's tau-a between each two of (r, n) rankings."""
    i, j = np.triu_indices(strengths.shape[1], 1)
    signs = np.sign(strengths[:, i] - strengths[:, j])
    one, other = np.triu_indices(len(strengths), 1)
    taus = (signs @ signs.T / len(i))[one, other]
    low, high = np.quantile(taus, (0.025, 0.975))
    return Spread(float(taus.mean()), float(low), float(high))


def _median_half_width(variance: Floats) -> float:
    errors = np.sqrt(variance.clip(min=0))
    return float(REACH * ELO_PER_LOGIT * np.median(errors))
