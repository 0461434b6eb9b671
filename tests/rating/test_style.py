from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array, hstack
from scipy.special import expit

from evaluations.rating import graph
from evaluations.rating.bradley_terry import NotConverged, anchored
from evaluations.rating.effects import points
from evaluations.rating.estimate import Estimate, estimate
from evaluations.rating.style import EVERY, RIDGE, StyleEstimate, style_estimate
from evaluations.rating.style_likelihood import incidence
from evaluations.rating.style_tallies import UNIT, StyleTallies, products
from evaluations.rating.table import ELO_PER_LOGIT
from evaluations.rating.tallies import A_WINS, B_WINS, Floats, fold
from tests.rating.known import FOOD, many
from tests.rating.style_votes import SWAY, StyledVotes, styled_votes

NO_FORM, NO_PRODUCTS = (0,) * 4, (0,) * 10
NOTHING = ~EVERY


def _plain(tallies: StyleTallies) -> Estimate:
    return estimate(fold(tallies.plain), established_votes=100, few_votes=50)


def _styled(tallies: StyleTallies) -> StyleEstimate:
    return style_estimate(tallies, _plain(tallies))


def _formless(tallies: StyleTallies) -> StyleTallies:
    nothing = np.zeros_like(tallies.sums), np.zeros_like(tallies.products)
    return replace(tallies, sums=nothing[0], products=nothing[1])


def _exact(votes: StyledVotes) -> tuple[Floats, Floats]:
    """Fit every vote by itself: (n + 5,) point about mean 0 and its sandwich."""
    n, m = votes.n, len(votes.first)
    y = np.array([1, 0.5, 0.5, 0])[votes.outcome]
    x = np.column_stack([votes.differences / UNIT, np.ones(m)])
    z = hstack([incidence(votes.first, votes.second, n), csr_array(x)]).tocsr()
    ridge = np.diag(np.repeat([0, RIDGE], [n, 5]))
    pin = ridge.copy()
    pin[:n, :n] += 1 / n
    point = np.zeros(n + 5)
    for _ in range(12):
        p = expit(z @ point)
        curvature = (z.T @ (z * (p * (1 - p))[:, None])).toarray() + pin
        point = point + np.linalg.solve(curvature, z.T @ (y - p) - ridge @ point)
    bread = np.linalg.inv(curvature)
    meat = (z.T @ (z * ((y - p) ** 2)[:, None])).toarray() + ridge
    return point, bread @ meat @ bread


def _compared(votes: StyledVotes) -> tuple[float, float, float]:
    """Largest errors: of strengths in Elo, of coefficients in logits, of widths."""
    found = _styled(votes.tallied())
    point, covariance = _exact(votes)
    n, weights = votes.n, found.estimate.anchors / found.estimate.anchors.sum()
    strengths = point[:n] - weights @ point[:n]
    variance = np.diag(anchored(covariance[:n, :n], weights))
    widths = np.append(variance, np.diag(covariance)[n:])
    own = np.append(np.diag(found.estimate.covariance), found.errors**2)
    return (
        ELO_PER_LOGIT * float(np.abs(found.estimate.strengths - strengths).max()),
        float(np.abs(found.coefficients - point[n:]).max()),
        float(np.abs(np.sqrt(own / widths) - 1).max()),
    )


@pytest.mark.parametrize("seed", range(3))
def test_moments_say_nearly_all_that_the_votes_say(seed: int) -> None:
    votes = styled_votes(contestants=30, votes=50_000, seed=seed)

    strength, coefficient, width = _compared(votes)

    assert strength < 0.15
    assert coefficient < 0.002
    assert width < 0.02


def test_moments_bear_strong_preferences() -> None:
    strong = np.array([1, 0.3, -0.5, 0.3, 0.9])
    votes = styled_votes(contestants=30, votes=50_000, seed=1, sway=strong)

    strength, coefficient, width = _compared(votes)

    assert strength < 1.5
    assert coefficient < 0.02
    assert width < 0.05


@pytest.mark.slow
def test_moments_say_nearly_all_of_a_large_table() -> None:
    votes = styled_votes(contestants=130, votes=1_800_000, seed=1)

    strength, coefficient, width = _compared(votes)

    print(strength, coefficient, width)
    assert strength < 0.05
    assert coefficient < 0.001
    assert width < 0.01


def test_known_sway_and_strengths_are_found() -> None:
    votes = styled_votes(contestants=20, votes=100_000, seed=3)

    found = _styled(votes.tallied())

    truth = votes.strengths - votes.strengths.mean()
    errors = np.sqrt(np.diag(found.estimate.covariance))
    assert (np.abs(found.coefficients - SWAY) < 3.3 * found.errors).all()
    assert (np.abs(found.estimate.strengths - truth) < 3.3 * errors).all()
    assert found.coefficients[0] > 10 * found.errors[0]


def test_form_held_equal_takes_the_wordy_down() -> None:
    much = np.array([0.8, 0, 0, 0, 0])
    votes = styled_votes(contestants=20, votes=100_000, seed=4, sway=much)
    tallies = votes.tallied()

    plain, found = _plain(tallies), _styled(tallies)

    truth = votes.strengths - votes.strengths.mean()
    assert np.abs(plain.strengths - truth).max() > 0.15
    assert np.abs(found.estimate.strengths - truth).max() < 0.06


def test_without_form_and_place_it_is_the_plain_estimate() -> None:
    tallies = styled_votes(contestants=20, votes=5_000, seed=5).tallied()
    plain = _plain(tallies)

    found = style_estimate(tallies, plain, controlled=NOTHING)

    assert not plain.provisional.any()
    assert found.estimate.strengths == pytest.approx(plain.strengths, abs=1e-8)
    assert found.estimate.covariance == pytest.approx(plain.covariance, abs=1e-10)
    assert found.coefficients == pytest.approx(0, abs=1e-12)


def test_provisional_contestants_keep_their_prior() -> None:
    rows = [
        (*row, NO_FORM, NO_PRODUCTS)
        for row in [*many(FOOD, 10), ("Soup", "Tacos", "a", 5)]
    ]
    tallies = StyleTallies.from_rows(rows)
    plain = _plain(tallies)

    found = style_estimate(tallies, plain, controlled=NOTHING)

    assert plain.provisional.sum() == 1
    assert found.estimate.strengths == pytest.approx(plain.strengths, abs=1e-8)
    assert found.estimate.covariance == pytest.approx(plain.covariance, abs=1e-10)


def test_an_undefeated_newcomer_does_not_run_away() -> None:
    form = (800, 0, 0, 0)
    votes = styled_votes(contestants=10, votes=5_000, seed=6).tallied()
    newcomer = [(10, 0, "a", 1, form, products(form))] * 5
    tallies = StyleTallies.from_rows([*votes.rows(), *newcomer])

    found = _styled(tallies).estimate

    assert found.provisional.tolist() == [False] * 10 + [True]
    assert 0 < found.strengths[10] - found.strengths[0] < 4
    assert np.linalg.eigvalsh(found.covariance).min() > -1e-12


def test_a_young_group_is_estimated_too() -> None:
    form = (500, -100, 0, 0)
    rows = [
        ("x", "y", "a", 1, form, products(form)),
        ("y", "z", "tie", 1, form, products(form)),
    ]

    found = _styled(StyleTallies.from_rows(rows))

    assert found.estimate.provisional.all()
    assert np.isfinite(found.estimate.covariance).all()
    assert (found.errors > 0.5).all()


def test_groups_are_estimated_apart() -> None:
    one = styled_votes(contestants=8, votes=3_000, seed=7).tallied()
    moved = [(first + 8, second + 8, *rest) for first, second, *rest in one.rows()]
    both = StyleTallies.from_rows([*one.rows(), *moved])  # type: ignore[list-item]

    groups = graph.components(fold(both.plain))
    found = [_styled(both.among(group)) for group in groups]

    alone = _styled(one)
    assert len(groups) == 2
    for each in found:
        assert each.estimate.strengths == pytest.approx(alone.estimate.strengths)
        assert each.coefficients == pytest.approx(alone.coefficients)


def test_swapping_the_sides_turns_the_place_alone() -> None:
    votes = styled_votes(contestants=12, votes=6_000, seed=8)
    outcome = np.array([B_WINS, 1, 2, A_WINS])[votes.outcome]
    swapped = replace(
        votes,
        first=votes.second,
        second=votes.first,
        outcome=outcome,
        differences=-votes.differences,
    )

    found, other = _styled(votes.tallied()), _styled(swapped.tallied())

    turned = found.coefficients * [1, 1, 1, 1, -1]
    assert other.coefficients == pytest.approx(turned, abs=1e-9)
    assert other.errors == pytest.approx(found.errors, rel=1e-9)
    strengths = found.estimate.strengths
    assert other.estimate.strengths == pytest.approx(strengths, abs=1e-9)


def test_names_and_their_order_change_nothing() -> None:
    votes = styled_votes(contestants=12, votes=6_000, seed=9).tallied()
    names = np.random.default_rng(0).permutation(12)
    renamed = [
        (int(names[row[0]]), int(names[row[1]]), *row[2:]) for row in votes.rows()
    ]

    found = _styled(votes)
    other = _styled(StyleTallies.from_rows(renamed[::-1]))  # type: ignore[arg-type]

    strengths = found.estimate.strengths
    assert other.estimate.strengths[names] == pytest.approx(strengths, abs=1e-9)
    assert other.coefficients == pytest.approx(found.coefficients, abs=1e-9)


def test_a_form_that_never_differs_is_unknown_and_does_no_harm() -> None:
    votes = styled_votes(contestants=12, votes=6_000, seed=10)
    without = replace(votes, differences=votes.differences * [1, 1, 0, 1])

    found = _styled(without.tallied())

    assert found.coefficients[2] == pytest.approx(0, abs=1e-12)
    assert found.errors[2] == pytest.approx(RIDGE**-0.5)
    assert (np.delete(found.errors, 2) < 0.1).all()


def test_more_votes_of_the_same_kind_do_not_move_the_coefficients() -> None:
    tallies = styled_votes(contestants=12, votes=6_000, seed=11).tallied()
    times = 1000
    grown = replace(
        tallies,
        count=tallies.count * times,
        sums=tallies.sums * times,
        products=tallies.products * times,
    )

    few, found = _styled(tallies), _styled(grown)

    assert found.coefficients == pytest.approx(few.coefficients, rel=0.01, abs=1e-3)
    assert found.errors == pytest.approx(few.errors / times**0.5, rel=0.01)


def test_place_alone_can_be_held_equal() -> None:
    votes = styled_votes(contestants=12, votes=20_000, seed=12)
    tallies = votes.tallied()
    place = np.arange(5) == 4

    found = style_estimate(tallies, _plain(tallies), controlled=place)
    formless = _styled(_formless(tallies))

    assert found.coefficients[:4] == pytest.approx(0, abs=1e-12)
    assert found.coefficients == pytest.approx(formless.coefficients, abs=1e-9)


def test_votes_without_a_maximum_are_refused() -> None:
    pairs = [("x", "y"), ("y", "z"), ("x", "z")]
    tallies = StyleTallies.from_rows(
        (first, second, "a", 60, NO_FORM, NO_PRODUCTS) for first, second in pairs
    )
    unbounded = replace(_plain(tallies), prior=None)

    with pytest.raises(NotConverged):
        style_estimate(tallies, unbounded)


def test_a_coefficient_is_told_in_elo_points() -> None:
    assert points(0.25) == pytest.approx(43.4294, abs=1e-4)
    assert points(0.25, difference=1 / 3) == pytest.approx(43.4294 / 3, abs=1e-4)


@pytest.mark.slow
def test_intervals_of_the_coefficients_hold_the_truth() -> None:
    inside = []
    for seed in range(200):
        votes = styled_votes(contestants=30, votes=20_000, seed=1000 + seed)
        found = _styled(votes.tallied())
        inside.append(np.abs(found.coefficients - SWAY) <= 1.959964 * found.errors)

    print(np.mean(inside), np.mean(inside, axis=0))
    assert 0.93 <= np.mean(inside) <= 0.97
