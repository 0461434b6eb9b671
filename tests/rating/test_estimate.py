from collections.abc import Sequence

import numpy as np
import pytest

from evaluations.rating import bradley_terry
from evaluations.rating.empirical_bayes import estimate_prior, posterior
from evaluations.rating.estimate import ALL, ESTABLISHED, Estimate, estimate
from evaluations.rating.tallies import Floats, Pairs, Tallies, TallyRow, fold
from tests.rating.known import FOOD, many

WELL_SEEN = many(FOOD, 10)


def _estimated(rows: Sequence[TallyRow]) -> tuple[Pairs, Estimate]:
    pairs = fold(Tallies.from_rows(rows))
    return pairs, estimate(pairs, established_votes=100, few_votes=50)


def _about_mean(covariance: Floats) -> Floats:
    n = len(covariance)
    return bradley_terry.anchored(covariance, np.full(n, 1 / n))


def test_a_settled_group_gets_the_likelihood_and_its_sandwich() -> None:
    pairs, estimated = _estimated(WELL_SEEN)

    theta = bradley_terry.fit(pairs)
    sandwich = bradley_terry.sandwich_covariance(pairs, theta)

    assert not estimated.provisional.any()
    assert estimated.prior is None
    assert estimated.strengths == pytest.approx(theta, abs=1e-12)
    assert estimated.covariance == pytest.approx(_about_mean(sandwich), abs=1e-12)


def test_a_group_without_a_core_gets_the_posterior() -> None:
    rows = [("x", "y", "a", 60), ("y", "z", "a", 60), ("x", "z", "a", 60)]

    pairs, estimated = _estimated(rows)
    prior, _ = estimate_prior(pairs, pairs.votes >= 50)
    theta, covariance = posterior(pairs, prior)

    assert estimated.provisional.all()
    assert estimated.prior == prior
    assert estimated.anchor == ALL
    assert estimated.strengths == pytest.approx(theta, abs=1e-9)
    assert estimated.covariance == pytest.approx(covariance, rel=1e-6)


def test_only_the_few_seen_are_drawn_to_the_mean() -> None:
    new = [("Soup", "Tacos", "a", 6), ("Soup", "Pizza", "b", 2)]

    pairs, estimated = _estimated([*many(FOOD, 100), *new])
    likeliest = bradley_terry.fit(pairs)
    likeliest = likeliest - np.delete(likeliest, 3).mean()

    assert estimated.provisional.tolist() == [False, False, False, True, False, False]
    moved = estimated.strengths - likeliest
    assert np.delete(moved, 3) == pytest.approx(0, abs=0.01)
    assert moved[3] < -0.1


def test_the_few_seen_get_the_width_of_the_posterior() -> None:
    rows = [*many(FOOD, 1000), ("Soup", "Tacos", "a", 6), ("Soup", "Pizza", "b", 2)]

    pairs, estimated = _estimated(rows)
    assert estimated.prior is not None
    theta = estimated.strengths
    p = bradley_terry.expected_score(pairs, theta)
    own = (pairs.i == 3) | (pairs.j == 3)
    seen = (pairs.battles * p * (1 - p))[own].sum()

    supposed = estimated.prior.dispersion / (seen + estimated.prior.precision)
    assert estimated.covariance[3, 3] == pytest.approx(supposed, rel=0.02)


def test_the_settled_keep_their_sandwich_beside_the_few_seen() -> None:
    _, alone = _estimated(many(FOOD, 100))
    _, estimated = _estimated([*many(FOOD, 100), ("Soup", "Tacos", "a", 5)])

    beside = np.delete(np.diag(estimated.covariance), 3)
    assert beside == pytest.approx(np.diag(alone.covariance), rel=0.02)


def test_the_covariance_has_no_negative_direction() -> None:
    rows = [*WELL_SEEN, ("Soup", "Tacos", "a", 3), ("Bread", "Soup", "tie", 2)]

    _, estimated = _estimated(rows)

    assert np.linalg.eigvalsh(estimated.covariance).min() > -1e-12


def test_the_anchor_are_the_established() -> None:
    rows = [*WELL_SEEN, ("Soup", "Tacos", "a", 30), ("Soup", "Tacos", "b", 30)]

    _, estimated = _estimated(rows)

    assert estimated.anchor == ESTABLISHED
    assert not estimated.provisional.any()
    assert np.delete(estimated.strengths, 3).mean() == pytest.approx(0, abs=1e-12)
    assert abs(estimated.strengths.mean()) > 0.01


def test_two_established_alone_are_no_anchor() -> None:
    rows: list[TallyRow] = [
        (first, second, outcome, count)
        for first, second, count in [("x", "y", 25), ("x", "z", 30), ("y", "z", 30)]
        for outcome in ("a", "b")
    ]
    pairs = fold(Tallies.from_rows(rows))

    two = estimate(pairs, established_votes=115, few_votes=50)
    three = estimate(pairs, established_votes=110, few_votes=50)

    assert pairs.votes.tolist() == [110, 110, 120]
    assert (two.anchor, three.anchor) == (ALL, ESTABLISHED)
