"""The made-up crowd: what it is made of, and that it judges as it is meant to."""

from collections import Counter
from math import sqrt

import numpy as np
import pytest
from scipy.special import expit

from evaluations.simulation.crowd import (
    BOTH_BAD,
    STRENGTH_SD,
    TIES,
    VERDICTS,
    Crowd,
    Recipe,
    chances_at,
    expected_scores,
    truth,
)

VOTES = 20_000
# Five standard errors of a mean of so many scores, each within 0 and 1.
NEAR = 5 * 0.5 / sqrt(VOTES)
POINTS = {"a": 1.0, "tie": 0.5, "both_bad": 0.5, "b": 0.0}


def crowd_of(**changed: float) -> Crowd:
    recipe = {"contestants": 5, "volunteers": 50, "seed": 7} | changed
    return Crowd(Recipe(**recipe))  # type: ignore[arg-type]


def verdicts(crowd: Crowd, left: int, right: int) -> Counter[str]:
    """As shown, whichever of the two the battle calls x."""
    sides = ((left, right, True), (right, left, False))
    return Counter(
        crowd.verdict(volunteer=crowd.next_volunteer(), x=x, y=y, x_left=x_left)
        for _ in range(VOTES // 2)
        for x, y, x_left in sides
    )


def score(counted: Counter[str]) -> float:
    return sum(POINTS[verdict] * count for verdict, count in counted.items()) / VOTES


@pytest.mark.parametrize("difference", [-4.0, -0.5, 0.0, 1.0, 4.0])
def test_a_tie_being_half_a_win_the_expected_score_is_sigma(difference: float) -> None:
    chances = dict(zip(VERDICTS, chances_at(difference), strict=True))

    expected = sum(POINTS[verdict] * chance for verdict, chance in chances.items())

    assert expected == pytest.approx(float(expit(difference)), abs=1e-15)
    assert sum(chances.values()) == pytest.approx(1)
    assert min(chances.values()) > 0


def test_between_equals_a_third_are_ties_of_which_some_are_bad_on_both_sides() -> None:
    _, tie, both_bad, _ = chances_at(0.0)

    assert tie + both_bad == pytest.approx(TIES)
    assert both_bad / (tie + both_bad) == pytest.approx(BOTH_BAD)


def test_the_crowd_scores_as_the_strengths_say() -> None:
    crowd = crowd_of()
    best, worst = int(crowd.strengths.argmax()), int(crowd.strengths.argmin())

    counted = verdicts(crowd, best, worst)

    sigma = float(expit(crowd.strengths[best] - crowd.strengths[worst]))
    assert score(counted) == pytest.approx(sigma, abs=NEAR)
    ties = (counted["tie"] + counted["both_bad"]) / VOTES
    assert ties == pytest.approx(4 * TIES * sigma * (1 - sigma), abs=NEAR)


def test_a_seed_draws_the_same_crowd_and_the_same_verdicts() -> None:
    one, same, other = crowd_of(taste=0.5), crowd_of(taste=0.5), crowd_of(seed=8)

    judged = [
        [
            each.verdict(volunteer=each.next_volunteer(), x=0, y=1, x_left=True)
            for _ in range(200)
        ]
        for each in (one, same, other)
    ]

    assert np.array_equal(one.strengths, same.strengths)
    assert judged[0] == judged[1]
    assert not np.array_equal(one.strengths, other.strengths)
    assert judged[0] != judged[2]


def test_strengths_and_diligence_are_spread_as_they_are_said_to_be() -> None:
    crowd = crowd_of(contestants=4_000, volunteers=4_000)

    assert crowd.strengths.std() == pytest.approx(STRENGTH_SD, rel=0.05)
    busiest = np.sort(crowd.diligence)[::-1]
    # Of a Pareto tail of 1.3 the busiest tenth do more than half of the work, by
    # 0.1 ** (1 - 1 / 1.3) = 0.59 in the mean.
    assert 0.5 < busiest[:400].sum() < 0.9


def test_diligent_volunteers_come_more_often() -> None:
    crowd = crowd_of()

    came = Counter(crowd.next_volunteer() for _ in range(VOTES))

    shares = np.array([came[number] for number in range(50)]) / VOTES
    assert shares == pytest.approx(crowd.diligence, abs=NEAR)


def test_random_clickers_see_no_difference() -> None:
    crowd = crowd_of(careless=1.0)
    best, worst = int(crowd.strengths.argmax()), int(crowd.strengths.argmin())

    assert score(verdicts(crowd, best, worst)) == pytest.approx(0.5, abs=NEAR)


def test_a_liking_for_the_left_helps_whoever_stands_there() -> None:
    crowd = crowd_of(left_bias=1.0)
    difference = float(crowd.strengths[0] - crowd.strengths[1])

    left = score(verdicts(crowd, 0, 1))
    right = 1 - score(verdicts(crowd, 1, 0))

    assert left == pytest.approx(float(expit(difference + 1)), abs=NEAR)
    assert right == pytest.approx(float(expit(difference - 1)), abs=NEAR)
    assert expected_scores(crowd)[0, 1] == pytest.approx((left + right) / 2, abs=NEAR)


def test_tastes_differ_between_volunteers_and_are_averaged_over() -> None:
    crowd = crowd_of(taste=0.8, volunteers=3_000)
    best, worst = int(crowd.strengths.argmax()), int(crowd.strengths.argmin())

    seen = score(verdicts(crowd, best, worst))

    assert seen == pytest.approx(expected_scores(crowd)[best, worst], abs=0.05)
    plain = float(expit(crowd.strengths[best] - crowd.strengths[worst]))
    assert expected_scores(crowd)[best, worst] < plain - 0.02


def test_without_faults_the_truth_is_the_strengths() -> None:
    crowd = crowd_of(contestants=30)

    assert truth(crowd) == pytest.approx(crowd.strengths, abs=1e-9)


def test_faults_draw_the_truth_together_and_keep_its_order() -> None:
    crowd = crowd_of(contestants=30, careless=0.3, taste=0.5, left_bias=0.3)

    drawn = truth(crowd)

    assert drawn.std() < 0.9 * crowd.strengths.std()
    assert np.array_equal(drawn.argsort(), crowd.strengths.argsort())
