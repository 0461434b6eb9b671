import numpy as np
import pytest

from evaluations.rating import bradley_terry
from evaluations.rating.bootstrap import resampled_strengths
from evaluations.rating.tallies import Floats, Pairs, Tallies, fold
from tests.rating.known import FOOD, many
from tests.rating.style_votes import styled_votes


def _pairs(contestants: int, votes: int) -> tuple[Pairs, Floats]:
    tallies = styled_votes(contestants=contestants, votes=votes, seed=1).tallied()
    pairs = fold(tallies.plain)
    return pairs, bradley_terry.fit(pairs)


def test_its_errors_are_those_of_the_sandwich() -> None:
    pairs, theta = _pairs(30, 20_000)

    strengths = resampled_strengths(pairs, theta, resamples=600)

    sandwich = bradley_terry.sandwich_covariance(pairs, theta)
    variance = np.diag(bradley_terry.anchored(sandwich, np.full(30, 1 / 30)))
    ratio = strengths.std(axis=0) / np.sqrt(variance)
    assert ratio.mean() == pytest.approx(1, abs=0.03)
    assert ratio == pytest.approx(1, abs=0.15)
    lead = (strengths.mean(axis=0) - theta) / np.sqrt(variance / 600)
    assert np.abs(lead).max() < 5


def test_a_resample_is_refitted_to_its_own_maximum() -> None:
    pairs, theta = _pairs(10, 3_000)

    strengths = resampled_strengths(pairs, theta, resamples=1)[0]

    assert 0.001 < np.abs(strengths - theta).max() < 0.5
    assert strengths.mean() == pytest.approx(0, abs=1e-12)


def test_the_same_seed_gives_the_same_resamples() -> None:
    pairs, theta = _pairs(10, 3_000)

    same = [resampled_strengths(pairs, theta, resamples=3) for _ in range(2)]
    other = resampled_strengths(pairs, theta, resamples=3, seed=1)

    assert (same[0] == same[1]).all()
    assert (same[0] != other).all()


def test_resamples_without_a_maximum_are_refused() -> None:
    rows = [*many(FOOD, 20), ("Soup", "Tacos", "a", 1), ("Soup", "Tacos", "b", 1)]
    pairs = fold(Tallies.from_rows(rows))

    with pytest.raises(bradley_terry.NotConverged):
        resampled_strengths(pairs, bradley_terry.fit(pairs))
