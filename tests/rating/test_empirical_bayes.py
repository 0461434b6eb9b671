import json

import numpy as np
import pytest

from evaluations.rating.empirical_bayes import (
    estimate_prior,
    posterior,
    towards_common_mean,
    towards_mean,
)
from evaluations.rating.table import in_elo
from evaluations.rating.tallies import Tallies, fold
from tests.rating.known import (
    DESIGN,
    FOOD,
    FOOD_DISPERSION,
    FOOD_EMPIRICAL_BAYES,
    real_votes,
)


def test_the_shrunk_ratings_of_food_come_out() -> None:
    tallies = Tallies.from_rows(FOOD)
    pairs = fold(tallies)

    prior, _ = estimate_prior(pairs, pairs.votes >= 50)
    theta, _ = posterior(pairs, prior)

    assert prior.variance == 1.0
    assert prior.dispersion == pytest.approx(FOOD_DISPERSION, rel=1e-7)
    expected = [FOOD_EMPIRICAL_BAYES[str(name)] for name in tallies.names]
    assert in_elo(theta) == pytest.approx(expected, abs=1e-6)


def test_the_prior_of_the_real_votes_comes_out() -> None:
    path = DESIGN / "golden" / "golden_llmfao.json"
    if not path.exists():
        pytest.skip(f"no golden figures in {DESIGN}: set ARENA_DESIGN_DIR")
    golden = json.loads(path.read_text())
    tallies = real_votes()
    pairs = fold(tallies)

    prior, _ = estimate_prior(pairs, pairs.votes >= 50)
    theta, _ = posterior(pairs, prior)

    assert prior.dispersion == pytest.approx(golden["phi"], rel=1e-7)
    assert prior.variance == pytest.approx(golden["prior_var"], rel=1e-7)
    shrunk = {row[0]: row[5] for row in golden["rows"]}
    expected = [shrunk[str(name)] for name in tallies.names]
    assert in_elo(theta) == pytest.approx(expected, abs=1e-5)


def test_the_pull_to_a_mean_sees_only_the_distance_from_it() -> None:
    drawn = np.array([True, False, False])
    matrix = towards_mean(drawn, ~drawn, precision=3.0)

    theta = np.array([2.0, 1.0, -1.0])

    assert theta @ matrix @ theta == pytest.approx(3.0 * 2.0**2)
    assert matrix.sum(axis=1) == pytest.approx(0)


def test_the_pull_to_the_common_mean_is_the_spread() -> None:
    theta = np.array([2.0, 1.0, -3.0, 8.0])

    pull = theta @ towards_common_mean(4, 0.5) @ theta

    assert pull == pytest.approx(0.5 * 4 * theta.var())


def test_the_posterior_is_narrower_than_the_prior() -> None:
    pairs = fold(Tallies.from_rows(FOOD))
    prior, _ = estimate_prior(pairs, pairs.votes >= 50)

    _, covariance = posterior(pairs, prior)

    assert (np.diag(covariance) < prior.variance).all()
    assert (np.diag(covariance) > 0).all()
