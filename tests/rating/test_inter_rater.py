"""Agreement between several raters, against figures worked out by other means."""

import csv
from collections import Counter
from itertools import permutations

import numpy as np
import pytest

from evaluations.rating.inter_rater import FEWEST_UNITS, InterRater, inter_rater
from tests.real_data import folder

Units = list[Counter[str]]

# K. Krippendorff, "Computing Krippendorff's Alpha-Reliability", 2011, section C: four
# observers, twelve units, a point where one did not look.
OBSERVERS = ("123321412...", "1233224125.3", ".3332342251.", "1233244125 1.")


def units_of(*rows: str) -> Units:
    return [Counter(v for v in unit if v != ".") for unit in zip(*rows, strict=True)]


def by_definition(units: Units) -> float:
    """Alpha from every ordered pair of ratings of a unit, one by one."""
    coincidences: dict[tuple[str, str], float] = {}
    for unit in units:
        given = list(unit.elements())
        for pair in permutations(given, 2):
            weight = 1 / (len(given) - 1)
            coincidences[pair] = coincidences.get(pair, 0.0) + weight
    totals: dict[str, float] = {}
    for (one, _), weight in coincidences.items():
        totals[one] = totals.get(one, 0.0) + weight
    n = sum(totals.values())
    observed = sum(w for (one, other), w in coincidences.items() if one != other) / n
    chance = sum(totals[a] * totals[b] for a, b in permutations(totals, 2))
    return 1 - observed / (chance / (n * (n - 1)))


def raw_by_definition(units: Units) -> float:
    shares = []
    for unit in units:
        pairs = list(permutations(unit.elements(), 2))
        if pairs:
            shares.append(sum(one == other for one, other in pairs) / len(pairs))
    return sum(shares) / len(shares)


def measured(units: Units) -> InterRater | None:
    values = sorted({value for unit in units for value in unit})
    counts = np.array([[unit[value] for value in values] for unit in units])
    return inter_rater(counts, np.ones(len(units), dtype=np.int64))


def made_up(units: int, *, skill: float) -> Units:
    """Of a true value out of three, told by one to six raters with that chance."""
    random = np.random.default_rng(units)
    return [
        Counter(
            str(truth if random.random() < skill else random.integers(3))
            for _ in range(random.integers(1, 7))
        )
        for truth in random.integers(3, size=units)
    ]


def test_alpha_is_the_one_that_its_author_works_out() -> None:
    rows = [row.replace(" ", "") for row in OBSERVERS]

    found = measured(units_of(*rows))

    assert found is not None
    assert found.alpha == pytest.approx(0.743, abs=0.0005)
    assert (found.units, found.ratings) == (11, 40)


@pytest.mark.parametrize("skill", [0.0, 0.4, 0.9])
def test_alpha_and_the_raw_share_are_those_of_the_pairs(skill: float) -> None:
    units = made_up(200, skill=skill)

    found = measured(units)

    assert found is not None
    assert found.alpha == pytest.approx(by_definition(units), abs=1e-12)
    assert found.raw == pytest.approx(raw_by_definition(units), abs=1e-12)
    assert found.alpha_low is not None and found.alpha_high is not None
    assert found.alpha_low < found.alpha < found.alpha_high


def test_units_rated_alike_may_come_together() -> None:
    counts = np.array([[2, 0, 1], [0, 3, 0], [1, 0, 0], [2, 0, 1]])

    together = inter_rater(counts[:3], np.array([14, 6, 9]))
    apart = inter_rater(counts, np.array([5, 6, 9, 9]))

    assert together is not None and together == apart
    assert (together.units, together.ratings) == (20, 60)


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    truth = measured(made_up(60_000, skill=0.6))
    assert truth is not None and truth.alpha is not None
    random, held = np.random.default_rng(4), 0
    for _ in range(200):
        patterns = random.multinomial(3, [0.6 + 0.4 / 3, 0.4 / 3, 0.4 / 3], size=100)
        shifted = [np.roll(p, random.integers(3)) for p in patterns]
        found = inter_rater(np.array(shifted), np.ones(100, dtype=np.int64), draws=300)
        assert found is not None
        assert found.alpha_low is not None and found.alpha_high is not None
        # Two raters agree by skill in skill squared of the cases, else by chance.
        held += found.alpha_low <= 0.36 <= found.alpha_high

    assert truth.alpha == pytest.approx(0.36, abs=0.01)
    assert 180 <= held <= 199


def test_of_too_little_nothing_is_said() -> None:
    assert inter_rater(np.array([[1, 0], [0, 1]]), np.array([3, 4])) is None
    assert inter_rater(np.empty((0, 4), np.int64), np.empty(0, np.int64)) is None

    few = inter_rater(np.array([[2, 1]]), np.array([FEWEST_UNITS - 1]))
    one_value = inter_rater(np.array([[2, 0]]), np.array([50]))

    assert few is not None and few.alpha_low is few.raw_low is None
    assert one_value is not None
    assert (one_value.raw, one_value.alpha, one_value.alpha_low) == (1.0, None, None)
    assert one_value.raw_low is None


def test_where_many_draws_have_no_alpha_there_is_no_interval() -> None:
    """One unit of forty knows a second value: a third of the draws leave it out."""
    rare = inter_rater(np.array([[2, 0], [1, 1]]), np.array([39, 1]))
    known = inter_rater(np.array([[2, 0], [1, 1]]), np.array([35, 5]))

    assert rare is not None and known is not None
    assert rare.alpha is not None and rare.alpha_low is rare.alpha_high is None
    assert rare.raw_low is not None and rare.raw_low < rare.raw
    assert known.alpha_low is not None


def test_people_agree_on_real_pairs_as_an_independent_count_says() -> None:
    given: dict[str, Counter[str]] = {}
    path = folder("llmfao") / "crowd-comparisons.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            given.setdefault(row["id"], Counter())[row["winner"]] += 1
    units = list(given.values())

    found = measured(units)

    assert found is not None
    assert found.alpha == pytest.approx(by_definition(units), abs=1e-12)
    assert found.raw == pytest.approx(raw_by_definition(units), abs=1e-12)
    assert (found.units, found.ratings) == (2124, 8916)
