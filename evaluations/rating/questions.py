"""Ratings whose chance is the choice of questions, not only that of votes.

Votes on one question lean together: a model may be good at just this one. A set of few
questions therefore says less than its votes make believe, however many they are. Here
the votes of each question are one piece, a cluster (K.-Y. Liang and S. L. Zeger,
"Longitudinal data analysis using generalized linear models", 1986):

    K (P + G) K,  K = (H + P)^-1,  G = (Q - 1) / Q sum of u u',  u = (1 - H_q K)^-1 U_q,

with Q questions, U_q the score and H_q the information of question q. The factor before
U_q gives back what a question pulled the fit towards itself: with it the covariance is
that of the jackknife over questions, and holds with few of them too (A. C. Cameron and
D. L. Miller, "A Practitioner's Guide to Cluster-Robust Inference", 2015, CR3). Bounds
take Student's t with Q - 1 degrees of freedom. Simulated in
tests/rating/test_questions.py.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy.sparse import csr_array
from scipy.special import stdtr, stdtrit

from evaluations.rating import bradley_terry, graph
from evaluations.rating.clusters import residuals, scores
from evaluations.rating.empirical_bayes import towards_common_mean
from evaluations.rating.table import ELO_PER_LOGIT, LEVEL, in_elo
from evaluations.rating.tallies import Floats, Integers, Pairs
from evaluations.rating.votes import Votes

# Models with fewer votes, in either sample, are not compared.
LEAST_VOTES: Final = 20
LEAST_MODELS: Final = 2
# Strengths are drawn to their mean as if they were spread by 2 logits (350 points): it
# hardly moves one, and keeps it finite where all votes left are unanimous.
PRECISION: Final = 1 / 2.0**2
# With more questions none pulls the fit far towards itself.
MANY_QUESTIONS: Final = 300
TOLERANCE: Final = 1e-6
RESAMPLES: Final = 100
SEED: Final = 0


class TooLittle(ValueError):
    """Fewer than two questions, or than two models that votes connect."""


@dataclass(frozen=True, slots=True)
class QuestionFit:
    """One group of n contestants that votes connect, fitted.

    question: (v,) numbers from 0; strengths: (n,) logits about their mean; inverse:
    (H + P)^-1, (n, n), logit^2
    """

    votes: Votes
    question: Integers
    pairs: Pairs
    strengths: Floats
    inverse: Floats

    @property
    def questions(self) -> int:
        return int(self.question.max(initial=-1)) + 1

    @property
    def prior(self) -> Floats:
        return towards_common_mean(self.pairs.n, PRECISION)


@dataclass(frozen=True, slots=True)
class Sample:
    """The same n models rated by one sample of votes, in Elo points about 1000.

    error, plain, bootstrap: (n,) standard errors, with questions as clusters, with
    votes taken as independent, and by resampling questions; degrees: of Student's t
    """

    rating: Floats
    error: Floats
    plain: Floats
    bootstrap: Floats
    degrees: float
    questions: int
    votes: int

    def bounds(self) -> tuple[Floats, Floats]:
        """(n,) lower and upper ends of the 95 % intervals."""
        reach = stdtrit(self.degrees, (1 + LEVEL) / 2) * self.error
        return self.rating - reach, self.rating + reach


@dataclass(frozen=True, slots=True)
class Difference:
    """(n,) ratings of the fixed set less those of the pool, in Elo points.

    p: of no difference; differs: p below 5 % after Holm's correction for n models
    """

    value: Floats
    low: Floats
    high: Floats
    p: Floats
    differs: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The models that both samples rate, best of the pool first."""

    names: tuple[str | int, ...]
    fixed: Sample
    pool: Sample
    difference: Difference


def fit_questions(votes: Votes) -> QuestionFit:
    """Fit the largest group of contestants that votes connect; raises TooLittle."""
    groups = graph.components(votes.pairs())
    among = votes.among(groups[0]) if groups else votes
    known, question = np.unique(among.prompt, return_inverse=True)
    if len(known) < 2 or len(among.names) < LEAST_MODELS:
        raise TooLittle
    pairs = among.pairs()
    prior = towards_common_mean(pairs.n, PRECISION)
    strengths = bradley_terry.fit(pairs, prior=prior, tolerance=TOLERANCE)
    inverse = bradley_terry.posterior_covariance(pairs, strengths, prior=prior)
    return QuestionFit(among, question, pairs, strengths, inverse)


def clustered_covariance(fit: QuestionFit) -> Floats:
    """Covariance of the strengths with questions as clusters, (n, n), logit^2."""
    each = scores(fit.votes, fit.strengths, fit.question)
    number = fit.questions
    if number > MANY_QUESTIONS:
        meat = (each.T @ each).toarray() * number / (number - 1)
    else:
        pulled = _given_back(fit, each)
        meat = pulled.T @ pulled * (number - 1) / number
    covariance: Floats = fit.inverse @ (fit.prior + meat) @ fit.inverse
    return covariance


def _given_back(fit: QuestionFit, each: csr_array) -> Floats:
    """(questions, n) scores as if the question had not been fitted."""
    n, votes = fit.pairs.n, fit.votes
    expected = votes.score - residuals(votes, fit.strengths)
    weight = expected * (1 - expected)
    order = np.argsort(fit.question, kind="stable")
    parts = np.split(order, np.cumsum(np.bincount(fit.question))[:-1])
    given_back: Floats = each.toarray()
    for number, rows in enumerate(parts):
        own = np.zeros((n, n))
        first, second = votes.first[rows], votes.second[rows]
        np.add.at(own, (first, second), -weight[rows])
        own = own + own.T
        np.fill_diagonal(own, -own.sum(axis=1))
        given_back[number] = np.linalg.solve(
            np.eye(n) - own @ fit.inverse, given_back[number]
        )
    return given_back


def independent_covariance(fit: QuestionFit) -> Floats:
    """The same with votes taken as independent, (n, n): too narrow, for contrast."""
    squares = bradley_terry.score_variance(fit.pairs, fit.strengths)
    pairs = fit.pairs
    meat = bradley_terry.laplacian(pairs.n, pairs.i, pairs.j, squares)
    covariance: Floats = fit.inverse @ (fit.prior + meat) @ fit.inverse
    return covariance


def counted_by_question(fit: QuestionFit) -> csr_array:
    """Wins, ties and losses of each pair on each question; (questions, 3 m), sparse."""
    pairs, votes = fit.pairs, fit.votes
    lower = np.minimum(votes.first, votes.second)
    cells = lower * pairs.n + np.maximum(votes.first, votes.second)
    place = np.searchsorted(pairs.i * pairs.n + pairs.j, cells)
    score = np.where(votes.first == lower, votes.score, 1 - votes.score)
    kind = np.round(2 - 2 * score).astype(np.int64)
    columns = kind * len(pairs.i) + place
    shape = (fit.questions, 3 * len(pairs.i))
    return csr_array((np.ones(len(columns)), (fit.question, columns)), shape=shape)


def refitted(fit: QuestionFit, counts: Floats) -> Floats:
    """Strengths of resampled counts (r, 3 m), about their mean; (r, n) logits."""
    pairs, prior = fit.pairs, fit.prior
    made = []
    for row in counts:
        drawn = Pairs(pairs.n, pairs.i, pairs.j, *np.split(row, 3))
        made.append(
            bradley_terry.fit(
                drawn, prior=prior, start=fit.strengths, tolerance=TOLERANCE
            )
        )
    return np.array(made).reshape(-1, pairs.n)


def resampled_questions(
    fit: QuestionFit, random: np.random.Generator, *, questions: int, resamples: int
) -> Floats:
    """Counts (resamples, 3 m) of so many questions drawn with replacement."""
    share = np.full(fit.questions, 1 / fit.questions)
    drawn = random.multinomial(questions, share, resamples).astype(np.float64)
    counts: Floats = (counted_by_question(fit).T @ drawn.T).T
    return counts


def compare(
    fixed: Votes,
    pool: Votes,
    *,
    least_votes: int = LEAST_VOTES,
    resamples: int = RESAMPLES,
) -> Comparison:
    """Compare the ratings of a fixed set with those of the open pool.

    The two share no question, so their errors are independent as far as questions go;
    that some volunteers voted in both is left aside. Ratings are about the mean of the
    models compared. Raises TooLittle where fewer than two have least_votes in both.
    """
    one, other = fit_questions(fixed), fit_questions(pool)
    names = [
        name
        for name in one.votes.names
        if name in _voted(one, least_votes) and name in _voted(other, least_votes)
    ]
    if len(names) < LEAST_MODELS:
        raise TooLittle
    sample, of_pool = (_sample(fit, names, resamples) for fit in (one, other))
    order = np.argsort(-of_pool.rating, kind="stable")
    sample, of_pool = _ordered(sample, order), _ordered(of_pool, order)
    chosen = tuple(names[place] for place in order.tolist())
    return Comparison(chosen, sample, of_pool, difference(sample, of_pool))


def _voted(fit: QuestionFit, least: int) -> set[str | int]:
    enough = fit.pairs.votes >= least
    return {name for name, is_so in zip(fit.votes.names, enough, strict=True) if is_so}


def _sample(fit: QuestionFit, names: list[str | int], resamples: int) -> Sample:
    places = np.searchsorted(np.array(fit.votes.names), np.array(names))
    weights = np.zeros(fit.pairs.n)
    weights[places] = 1 / len(places)

    def errors(covariance: Floats) -> Floats:
        variance = np.diag(bradley_terry.anchored(covariance, weights))[places]
        root: Floats = ELO_PER_LOGIT * np.sqrt(variance.clip(min=0))
        return root

    random = np.random.default_rng(SEED)
    drawn = refitted(
        fit,
        resampled_questions(fit, random, questions=fit.questions, resamples=resamples),
    )
    spread = (drawn - (drawn @ weights)[:, None])[:, places].std(axis=0)
    return Sample(
        rating=in_elo(fit.strengths - weights @ fit.strengths)[places],
        error=errors(clustered_covariance(fit)),
        plain=errors(independent_covariance(fit)),
        bootstrap=ELO_PER_LOGIT * spread,
        degrees=fit.questions - 1.0,
        questions=fit.questions,
        votes=len(fit.votes),
    )


def _ordered(sample: Sample, order: Integers) -> Sample:
    return replace(
        sample,
        rating=sample.rating[order],
        error=sample.error[order],
        plain=sample.plain[order],
        bootstrap=sample.bootstrap[order],
    )


def difference(fixed: Sample, pool: Sample) -> Difference:
    """Difference of two independent samples of the same models.

    Degrees of freedom after B. L. Welch, "The generalization of 'Student's' problem
    when several different population variances are involved" (1947).
    """
    value = fixed.rating - pool.rating
    parts = fixed.error**2, pool.error**2
    variance = parts[0] + parts[1]
    degrees = variance**2 / (
        parts[0] ** 2 / fixed.degrees + parts[1] ** 2 / pool.degrees
    )
    error = np.sqrt(variance)
    reach = stdtrit(degrees, (1 + LEVEL) / 2) * error
    p = 2 * stdtr(degrees, -np.abs(value) / error)
    return Difference(value, value - reach, value + reach, p, holm(p))


def holm(p: Floats, *, level: float = LEVEL) -> tuple[bool, ...]:
    """Which of (n,) hypotheses fall, all errors together at most 1 - level.

    S. Holm, "A simple sequentially rejective multiple test procedure" (1979).
    """
    falls = [False] * len(p)
    for step, place in enumerate(np.argsort(p, kind="stable").tolist()):
        if p[place] > (1 - level) / (len(p) - step):
            break
        falls[place] = True
    return tuple(falls)
