import numpy as np
import pytest

from evaluations.rating import bradley_terry
from evaluations.rating.clusters import (
    FEW_VOLUNTEERS,
    DesignEffects,
    clustered_meat,
    design_effects,
    inflate,
    residuals,
)
from evaluations.rating.table import standard_errors
from evaluations.rating.votes import Votes
from tests.rating.crowds import SPREAD, drawn, fitted_to, pareto_crowd
from tests.rating.known import real_single_votes


def _votes(*, volunteers: int, taste: float, votes: int = 6000, n: int = 8) -> Votes:
    random = np.random.default_rng(4)
    who = pareto_crowd(random, votes=votes, volunteers=volunteers)
    return drawn(random, random.normal(0, SPREAD, n), who, taste=taste)


def test_the_clustered_meat_adds_each_volunteers_scores_first() -> None:
    votes = _votes(volunteers=20, taste=0.5, votes=300)
    _, fit = fitted_to(votes)

    r = residuals(votes, fit.strengths)
    pushes = np.zeros((20, 8))
    np.add.at(pushes, (votes.volunteer, votes.first), r)
    np.add.at(pushes, (votes.volunteer, votes.second), -r)
    seen = len(np.unique(votes.volunteer))

    meat = clustered_meat(votes, fit.strengths)
    assert meat == pytest.approx(pushes.T @ pushes * seen / (seen - 1), abs=1e-9)


def test_one_vote_each_gives_the_plain_sandwich() -> None:
    votes = _votes(volunteers=20, taste=0, votes=2000)
    alone = Votes.from_columns(
        votes.names,
        votes.first,
        votes.second,
        votes.outcome,
        np.arange(2000),
        votes.day,
        votes.prompt,
    )
    _, fit = fitted_to(alone)

    squares = bradley_terry.score_variance(fit.pairs, fit.strengths)
    plain = bradley_terry.laplacian(8, fit.pairs.i, fit.pairs.j, squares)
    effects = design_effects(alone, fit)

    assert clustered_meat(alone, fit.strengths) * 1999 / 2000 == pytest.approx(plain)
    assert effects.pooled == pytest.approx(2000 / 1999)
    assert effects.of == pytest.approx(dict.fromkeys(range(8), 2000 / 1999))


def test_taste_widens_the_intervals_of_a_crowd_of_few_voices() -> None:
    effects = {}
    for taste in (0.0, 0.3, 0.9):
        votes = _votes(volunteers=300, taste=taste)
        effects[taste] = design_effects(votes, fitted_to(votes)[1])

    assert effects[0.0].pooled < 1.15
    assert effects[0.0].pooled < effects[0.3].pooled < effects[0.9].pooled
    assert effects[0.9].pooled > 2
    assert max(effects[0.9].of.values()) > min(effects[0.9].of.values())


def test_no_effect_is_below_one() -> None:
    votes = _votes(volunteers=100, taste=0)

    effects = design_effects(votes, fitted_to(votes)[1])

    assert min(effects.of.values()) >= 1
    assert effects.pooled >= 1


def test_who_was_judged_by_few_gets_the_pooled_effect() -> None:
    votes = _votes(volunteers=FEW_VOLUNTEERS - 1, taste=0.9)

    effects = design_effects(votes, fitted_to(votes)[1])

    assert effects.pooled > 1.5
    assert set(effects.of.values()) == {effects.pooled}


def test_the_unknown_get_the_pooled_effect() -> None:
    effects = DesignEffects({"a": 1.5}, 2.0)

    assert effects.among(("a", "b")).tolist() == [1.5, 2.0]


def test_equal_effects_multiply_the_covariance() -> None:
    votes = _votes(volunteers=300, taste=0)
    estimated, fit = fitted_to(votes)

    widened = inflate(estimated.covariance, np.full(8, 2.5), fit.anchors)

    assert widened == pytest.approx(estimated.covariance * 2.5, abs=1e-12)


def test_a_widened_covariance_stays_anchored() -> None:
    votes = _votes(volunteers=300, taste=0)
    estimated, fit = fitted_to(votes)

    widened = inflate(estimated.covariance, np.linspace(1, 3, 8), fit.anchors)

    assert widened @ fit.anchors == pytest.approx(0, abs=1e-12)
    assert np.linalg.eigvalsh(widened).min() > -1e-12
    growth = np.diag(widened) / np.diag(estimated.covariance)
    assert 1 < growth.min() < 1.5
    assert 2.5 < growth.max() < 3.2


def test_real_volunteers_widen_real_ratings() -> None:
    """The figures come from another program; 124 workers cast these votes."""
    votes = real_single_votes()
    estimated, fit = fitted_to(votes)

    inverse = fit.inverse()
    meat = clustered_meat(votes, fit.strengths)
    clustered = bradley_terry.anchored(inverse @ meat @ inverse, fit.anchors)

    errors, plain = standard_errors(clustered), standard_errors(estimated.covariance)
    best = votes.names.index("GPT 4")
    assert plain[best] == pytest.approx(27.858028, abs=1e-4)
    assert errors[best] == pytest.approx(35.3, abs=0.05)
    assert np.median(errors / plain) == pytest.approx(1.12, abs=0.005)
    assert (errors / plain).max() == pytest.approx(3.85, abs=0.005)
    effects = design_effects(votes, fit).among(votes.names)
    assert effects == pytest.approx((errors / plain).clip(min=1) ** 2)
