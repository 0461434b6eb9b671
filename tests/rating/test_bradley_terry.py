import json

import numpy as np
import pytest
from hypothesis import assume, given, settings

from evaluations.rating import bradley_terry
from evaluations.rating.empirical_bayes import towards_common_mean
from evaluations.rating.table import in_elo, rate, standard_errors
from evaluations.rating.tallies import Floats, Pairs, Tallies, TallyRow, fold
from tests.rating.known import (
    DESIGN,
    FOOD,
    FOOD_DISPERSION,
    FOOD_RATINGS,
    SIMPLE,
    SIMPLE_RATINGS,
    WIKIPEDIA,
    WIKIPEDIA_STRENGTHS,
    real_votes,
)
from tests.rating.votes import VOTES

PUBLISHED_DIGITS = 1e-6


def _rated(tallies: Tallies) -> dict[str, tuple[float, float]]:
    """Rate with nothing but the likelihood and the sandwich, the mean of all 1000."""
    pairs = fold(tallies)
    theta = bradley_terry.fit(pairs)
    covariance = bradley_terry.anchored(
        bradley_terry.sandwich_covariance(pairs, theta), np.full(pairs.n, 1 / pairs.n)
    )
    figures = zip(in_elo(theta), standard_errors(covariance), strict=True)
    names = [str(name) for name in tallies.names]
    return dict(zip(names, figures, strict=True))


@pytest.mark.parametrize(
    ("rows", "published"), [(SIMPLE, SIMPLE_RATINGS), (FOOD, FOOD_RATINGS)]
)
def test_published_ratings_and_errors_come_out(
    rows: list[TallyRow], published: dict[str, tuple[float, float]]
) -> None:
    rated = _rated(Tallies.from_rows(rows))

    for name, figures in published.items():
        assert rated[name] == pytest.approx(figures, abs=PUBLISHED_DIGITS, rel=0)


def test_the_four_players_of_wikipedia_come_out() -> None:
    tallies = Tallies.from_rows(WIKIPEDIA)

    strengths = np.exp(bradley_terry.fit(fold(tallies)))

    expected = [WIKIPEDIA_STRENGTHS[str(name)] for name in tallies.names]
    assert strengths == pytest.approx(expected, abs=5e-9, rel=0)


def test_all_golden_figures_of_the_real_votes_come_out() -> None:
    path = DESIGN / "golden" / "golden_llmfao.json"
    if not path.exists():
        pytest.skip(f"no golden figures in {DESIGN}: set ARENA_DESIGN_DIR")
    golden = json.loads(path.read_text())["rows"]
    tallies = real_votes()

    rated = _rated(tallies)
    [group] = rate(tallies).groups

    assert len(rated) == len(golden) == 59
    for name, rating, error, *_, votes in golden:
        assert rated[name] == pytest.approx(
            (rating, error), abs=PUBLISHED_DIGITS, rel=0
        )
        assert votes > 100
    assert [row.key for row in group.rows] == [row[0] for row in golden]
    for row, (_, rating, error, *_) in zip(group.rows, golden, strict=True):
        assert row.rating == pytest.approx(rating, abs=PUBLISHED_DIGITS, rel=0)
        assert row.se == pytest.approx(error, abs=PUBLISHED_DIGITS, rel=0)


def test_the_dispersion_of_food_comes_out() -> None:
    pairs = fold(Tallies.from_rows(FOOD))
    theta = bradley_terry.fit(pairs, prior=towards_common_mean(pairs.n, 0.5))

    assert bradley_terry.dispersion(pairs, theta) == pytest.approx(
        FOOD_DISPERSION, rel=1e-9
    )


def test_the_fit_is_the_top_of_the_likelihood() -> None:
    pairs = fold(Tallies.from_rows(FOOD))
    prior = towards_common_mean(pairs.n, 0.7)

    for precision in (None, prior):
        theta = bradley_terry.fit(pairs, prior=precision)
        assert _slope(pairs, theta, precision) == pytest.approx(0, abs=1e-7)
        assert theta.mean() == pytest.approx(0, abs=1e-12)


def test_the_information_is_the_curvature_of_the_likelihood() -> None:
    pairs = fold(Tallies.from_rows(FOOD))
    theta = np.array([0.4, -0.3, 0.1, 0.9, -1.1])

    h = 1e-4
    curvature = [
        (_slope(pairs, theta - h * unit, None) - _slope(pairs, theta + h * unit, None))
        / (2 * h)
        for unit in np.eye(pairs.n)
    ]

    information = bradley_terry.information(pairs, theta)
    assert information == pytest.approx(np.array(curvature), abs=1e-4)


def _slope(pairs: Pairs, theta: Floats, prior: Floats | None) -> Floats:
    h = 1e-5
    rise = [
        bradley_terry.log_posterior(pairs, theta + h * unit, prior)
        - bradley_terry.log_posterior(pairs, theta - h * unit, prior)
        for unit in np.eye(pairs.n)
    ]
    return np.array(rise) / (2 * h)


def test_a_far_start_reaches_the_same_strengths() -> None:
    pairs = fold(Tallies.from_rows(FOOD))
    far = np.array([30.0, -30.0, 12.0, -12.0, 0.0])

    assert bradley_terry.fit(pairs, start=far) == pytest.approx(
        bradley_terry.fit(pairs), abs=1e-10
    )


def test_an_undefeated_contestant_has_no_finite_strength_without_a_prior() -> None:
    pairs = fold(Tallies.from_rows([*FOOD, ("Soup", "Tacos", "a", 3)]))

    with pytest.raises(bradley_terry.NotConverged):
        bradley_terry.fit(pairs)
    theta = bradley_terry.fit(pairs, prior=towards_common_mean(pairs.n, 1.0))
    assert np.isfinite(theta).all()


def test_an_interval_stays_wide_however_large_the_table_grows() -> None:
    def error_of_newcomer(scale: int) -> float:
        big = [(a, b, o, n * scale) for a, b, o, n in FOOD]
        new = [("Soup", "Tacos", "a", 30), ("Soup", "Tacos", "b", 30)]
        return _rated(Tallies.from_rows([*big, *new]))["Soup"][1]

    assert error_of_newcomer(10**6) == pytest.approx(error_of_newcomer(10**4), rel=0.01)
    assert error_of_newcomer(10**6) > 30


def test_four_times_the_votes_halve_the_interval() -> None:
    once = _rated(Tallies.from_rows(FOOD))
    fourfold = _rated(Tallies.from_rows([(a, b, o, 4 * n) for a, b, o, n in FOOD]))

    for name, (rating, error) in once.items():
        assert fourfold[name] == pytest.approx((rating, error / 2), rel=1e-9)


def test_the_anchor_itself_does_not_vary() -> None:
    pairs = fold(Tallies.from_rows(FOOD))
    theta = bradley_terry.fit(pairs)
    weights = np.array([0.5, 0.0, 0.5, 0.0, 0.0])

    covariance = bradley_terry.anchored(
        bradley_terry.sandwich_covariance(pairs, theta), weights
    )

    assert weights @ covariance @ weights == pytest.approx(0, abs=1e-12)
    assert covariance[0, 0] == pytest.approx(covariance[2, 2])


def _strengths(rows: list[TallyRow]) -> dict[str, float]:
    pairs = fold(Tallies.from_rows(rows))
    theta = bradley_terry.fit(pairs, prior=towards_common_mean(pairs.n, 0.5))
    return dict(zip(Tallies.from_rows(rows).names, theta.tolist(), strict=True))


@settings(deadline=None)
@given(VOTES)
def test_one_more_win_never_lowers_a_strength(rows: list[TallyRow]) -> None:
    assume(rows)
    winner, loser = rows[0][:2]

    before, after = _strengths(rows), _strengths([*rows, (winner, loser, "a", 1)])

    assert after[winner] > before[winner]
    assert after[loser] < before[loser]


@settings(deadline=None)
@given(VOTES)
def test_symmetric_votes_give_equal_strengths(rows: list[TallyRow]) -> None:
    assume(rows)
    turned = {"a": "b", "b": "a", "tie": "tie", "both_bad": "both_bad"}
    mirrored = [(first, second, turned[o], n) for first, second, o, n in rows]

    for strength in _strengths([*rows, *mirrored]).values():
        assert strength == pytest.approx(0, abs=1e-9)
