import numpy as np
import pytest
from scipy.special import stdtrit

from evaluations.rating import bradley_terry
from evaluations.rating.questions import (
    ELO_PER_LOGIT,
    QuestionFit,
    TooLittle,
    clustered_covariance,
    compare,
    counted_by_question,
    fit_questions,
    holm,
    in_elo,
    independent_covariance,
    refitted,
)
from evaluations.rating.tallies import Floats
from evaluations.rating.votes import Votes
from tests.rating.questions import asked, true_ratings

MODELS, EFFECT = 6, 0.6


def errors(fit: QuestionFit, covariance: Floats) -> Floats:
    weights = np.full(fit.pairs.n, 1 / fit.pairs.n)
    variance = np.diag(bradley_terry.anchored(covariance, weights))
    return ELO_PER_LOGIT * np.sqrt(variance)


def covered(replications: int, *, questions: int, votes_each: int) -> tuple:
    """Share of truths inside: clustered by question, and with votes alone."""
    random, truth = np.random.default_rng(5), true_ratings(MODELS, EFFECT)
    inside = []
    for _ in range(replications):
        fit = fit_questions(
            asked(
                random,
                n=MODELS,
                questions=questions,
                votes_each=votes_each,
                effect=EFFECT,
            )
        )
        off = np.abs(in_elo(fit.strengths) - truth)
        wide = stdtrit(questions - 1, 0.975) * errors(fit, clustered_covariance(fit))
        narrow = 1.96 * errors(fit, independent_covariance(fit))
        inside.append([off < wide, off < narrow])
    clustered, alone = np.mean(inside, axis=(0, 2))
    return float(clustered), float(alone)


def test_intervals_by_question_hold_the_truth_and_those_by_vote_do_not():
    clustered, alone = covered(40, questions=12, votes_each=60)

    assert 0.91 <= clustered <= 0.99
    assert alone < 0.88


@pytest.mark.slow
@pytest.mark.parametrize(("questions", "votes_each"), [(8, 60), (20, 60), (80, 40)])
def test_intervals_by_question_cover_as_often_as_they_say(questions, votes_each):
    clustered, alone = covered(200, questions=questions, votes_each=votes_each)

    assert 0.93 <= clustered <= 0.97
    assert alone < 0.9


def test_the_jackknife_over_questions_gives_nearly_the_same_errors():
    votes = asked(
        np.random.default_rng(0), n=MODELS, questions=15, votes_each=80, effect=EFFECT
    )
    fit = fit_questions(votes)

    counts = counted_by_question(fit).toarray()
    without = refitted(fit, counts.sum(axis=0) - counts)
    spread = ((without - without.mean(axis=0)) ** 2).sum(axis=0) * 14 / 15

    jackknifed = ELO_PER_LOGIT * np.sqrt(spread)
    assert errors(fit, clustered_covariance(fit)) == pytest.approx(jackknifed, rel=0.1)


def test_all_counts_give_the_fit_back():
    votes = asked(
        np.random.default_rng(1), n=MODELS, questions=9, votes_each=50, effect=EFFECT
    )
    fit = fit_questions(votes)

    counts = counted_by_question(fit).toarray()

    assert counts.sum(axis=1).tolist() == [50] * 9
    again = refitted(fit, counts.sum(axis=0, keepdims=True))[0]
    assert again == pytest.approx(fit.strengths, abs=1e-6)


def samples(raised: float) -> tuple[Votes, Votes]:
    random, sizes = np.random.default_rng(2), {"n": MODELS, "effect": EFFECT}
    return (
        asked(random, questions=40, votes_each=60, raised=raised, **sizes),
        asked(random, questions=900, votes_each=4, first_question=100, **sizes),
    )


def test_a_model_that_is_better_on_the_set_is_found():
    found = compare(*samples(raised=1.5), resamples=5)

    best = found.names.index("m05")
    assert found.difference.differs[best]
    assert found.difference.low[best] > 0
    assert found.difference.p[best] == found.difference.p.min()
    assert found.difference.value == pytest.approx(
        found.fixed.rating - found.pool.rating
    )


def test_alike_samples_differ_by_chance_alone():
    found = compare(*samples(raised=0.0), resamples=60)

    assert not any(found.difference.differs)
    assert list(found.pool.rating) == sorted(found.pool.rating, reverse=True)
    assert found.fixed.bootstrap == pytest.approx(found.fixed.error, rel=0.35)
    assert (found.fixed.error > 1.3 * found.fixed.plain).all()
    assert (found.fixed.questions, found.pool.questions) == (40, 900)


def with_newcomer(votes: Votes) -> Votes:
    """Three votes more, on a model that has no other."""
    outcome, number = np.array([0, 3, 0]), np.arange(3)
    return Votes.from_columns(
        [*votes.names, "new"],
        np.append(votes.first, [0, 0, 0]),
        np.append(votes.second, [MODELS] * 3),
        np.append(votes.outcome, outcome),
        *(
            np.append(column, number)
            for column in (votes.volunteer, votes.day, votes.prompt)
        ),
    )


def test_models_with_few_votes_are_left_out():
    fixed, pool = map(with_newcomer, samples(raised=0.0))

    assert "new" not in compare(fixed, pool, resamples=5).names
    assert "new" in compare(fixed, pool, least_votes=3, resamples=5).names


def test_one_question_is_too_little():
    votes = asked(
        np.random.default_rng(3), n=MODELS, questions=1, votes_each=99, effect=0
    )

    with pytest.raises(TooLittle):
        fit_questions(votes)


def test_holm_stops_at_the_first_that_stands():
    assert holm(np.array([0.04, 0.001, 0.02])) == (True, True, True)
    assert holm(np.array([0.04, 0.001, 0.03])) == (False, True, False)
    assert holm(np.array([0.2, 0.03])) == (False, False)
