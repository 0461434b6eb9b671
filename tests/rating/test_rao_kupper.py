import json

import numpy as np
import pytest
from scipy.optimize import approx_fprime

from evaluations.rating import rao_kupper
from evaluations.rating.bradley_terry import NotConverged
from evaluations.rating.empirical_bayes import towards_common_mean
from evaluations.rating.rao_kupper import chances
from evaluations.rating.table import in_elo
from evaluations.rating.tallies import Pairs, Tallies, TallyRow, fold
from tests.rating.known import DESIGN, FOOD, SIMPLE, many, real_votes

FOOD_STRENGTHS = {
    "Tacos": 1171.497987,
    "Sushi": 1012.899309,
    "Burger": 968.984503,
    "Pasta": 945.982457,
    "Pizza": 900.635745,
}
SIMPLE_STRENGTHS = {
    "4": 1232.498980,
    "3": 1253.366308,
    "2": 938.989207,
    "1": 942.062283,
    "0": 633.083223,
}
EPSILON = 1e-6


def _pairs(rows: list[TallyRow]) -> Pairs:
    return fold(Tallies.from_rows(rows))


@pytest.mark.parametrize(
    ("rows", "strengths", "ratio"),
    [(FOOD, FOOD_STRENGTHS, 1.169991), (SIMPLE, SIMPLE_STRENGTHS, 8.339384)],
)
def test_published_strengths_and_thresholds_come_out(
    rows: list[TallyRow], strengths: dict[str, float], ratio: float
) -> None:
    tallies = Tallies.from_rows(rows)

    fitted = rao_kupper.fit(fold(tallies))

    assert np.exp(fitted.threshold) == pytest.approx(ratio, rel=1e-5)
    found = dict(zip(tallies.names, in_elo(fitted.strengths), strict=True))
    assert found == pytest.approx(strengths, abs=2e-3)


def test_all_golden_figures_of_the_real_votes_come_out() -> None:
    path = DESIGN / "golden" / "golden_llmfao.json"
    if not path.exists():
        pytest.skip(f"no golden figures in {DESIGN}: set ARENA_DESIGN_DIR")
    golden = json.loads(path.read_text())
    tallies = real_votes()

    fitted = rao_kupper.fit(fold(tallies))

    found = dict(zip(tallies.names, in_elo(fitted.strengths), strict=True))
    assert found == pytest.approx({row[0]: row[4] for row in golden["rows"]}, abs=1e-4)
    assert fitted.threshold == pytest.approx(golden["raokupper_delta"], abs=1e-6)


def test_the_fit_is_the_top_of_the_likelihood() -> None:
    pairs = fold(real_votes())
    fitted = rao_kupper.fit(pairs)

    def log_likelihood(place: np.ndarray) -> float:
        lead = place[pairs.i] - place[pairs.j]
        all_chances = np.array([chances(d, place[-1]) for d in lead])
        votes = np.column_stack([pairs.wins, pairs.ties, pairs.losses])
        return float((votes * np.log(all_chances)).sum())

    top = np.append(fitted.strengths, fitted.threshold)
    slope = approx_fprime(top, log_likelihood, EPSILON)
    assert np.abs(slope).max() < 1e-2
    assert log_likelihood(top) > log_likelihood(top + 1e-3 * np.sin(np.arange(60)))


def test_the_chances_of_equals_are_even_and_ties_grow_with_the_threshold() -> None:
    even, coarse = chances(0, 0.5), chances(0, 1.5)

    assert even.win == even.loss
    assert sum(even) == pytest.approx(1)
    assert coarse.tie > even.tie
    assert chances(2, 0.5).win == pytest.approx(chances(-2, 0.5).loss)


def test_it_says_as_many_ties_as_there_were() -> None:
    pairs = fold(real_votes())
    fitted = rao_kupper.fit(pairs)

    leads = fitted.strengths[pairs.i] - fitted.strengths[pairs.j]
    told = sum(
        battles * chances(lead, fitted.threshold).tie
        for battles, lead in zip(pairs.battles, leads, strict=True)
    )

    assert told == pytest.approx(pairs.ties.sum(), rel=0.05)


@pytest.mark.parametrize("outcome", ["tie", "a"])
def test_a_few_supposed_votes_keep_the_threshold_finite(outcome: str) -> None:
    pairs = _pairs([("x", "y", outcome, 9), ("y", "x", outcome, 9)])

    fitted = rao_kupper.fit(pairs, equal_votes=1)

    expected = {"tie": 19, "a": 1}[outcome] / 21
    assert chances(0, fitted.threshold).tie == pytest.approx(expected, rel=1e-6)


def test_the_undefeated_need_a_prior() -> None:
    pairs = _pairs([*many(FOOD, 10), ("Soup", "Tacos", "a", 5)])

    with pytest.raises(NotConverged):
        rao_kupper.fit(pairs)
    drawn = rao_kupper.fit(pairs, prior=towards_common_mean(pairs.n, 0.5))
    assert np.isfinite(drawn.strengths).all()
