"""What each pair is worth to a draw."""

import numpy as np
import pytest
from scipy.special import expit, ndtr

from evaluations.matchmaking.rules import (
    SETTLED_ERROR,
    Standing,
    chances,
    information,
    newcomer,
    pairs_of,
    uniform,
)


def standing(strength, error, family=None) -> Standing:
    family = family or [1] * len(strength)
    return Standing(np.array(strength), np.array(error), np.array(family))


def test_information_is_the_chance_of_a_wrong_order_times_what_a_vote_tells():
    q = np.hypot(0.1, 0.2)
    p = expit(0.3)

    weight = information(standing([0.5, 0.2], [0.1, 0.2]))

    assert weight == pytest.approx([ndtr(-0.3 / q) * p * (1 - p) * q])


def test_close_and_little_known_pairs_weigh_more():
    near, far = information(standing([0.0, 0.1, 0.9], [0.1] * 3))[:2]
    known, unknown = information(standing([0.0, 0.0, 0.0], [0.05, 0.05, 0.5]))[:2]

    assert near > far
    assert unknown > known


def test_a_newcomer_is_drawn_more_and_nothing_jumps_when_it_settles():
    def boost(error: float) -> float:
        known = standing([0.0, 0.1, 0.2], [0.04, error, 0.04])
        return float((newcomer(known) / information(known))[0])

    assert boost(SETTLED_ERROR * 4) > 2
    assert boost(SETTLED_ERROR * 1.000001) == pytest.approx(1, abs=1e-5)
    assert boost(SETTLED_ERROR * 0.5) == 1


def test_a_newcomer_far_from_all_others_is_drawn_all_the_same():
    far = standing([0.0, 0.1, 3.0], [0.04, 0.04, SETTLED_ERROR * 1.5])

    assert information(far)[2] < information(far)[0] / 1000
    assert newcomer(far)[2] > newcomer(far)[0] / 10


def test_while_all_are_young_nobody_is_a_newcomer():
    young = standing([0.0, 0.3, 1.0], [0.5, 0.5, 0.5])

    assert newcomer(young) == pytest.approx(information(young))


def test_the_uniform_floor_holds_under_every_pair():
    known = standing([3.0, 0.0, -3.0, 0.1], [0.05] * 4)

    shares = chances(known, information, uniform_share=0.1)

    assert shares.sum() == pytest.approx(1)
    assert shares.min() >= 0.1 / 6


def test_variants_of_one_model_share_the_share_of_one():
    variants = standing([0.0] * 5, [0.1] * 5, [3, 3, 3, 1, 1])
    i, j = pairs_of(5)

    weights = chances(variants, uniform, uniform_share=0.1)

    def between(left, right):
        found = (i == left) & (j == right)
        return weights[found].sum()

    family = sum(between(variant, 3) for variant in range(3))
    assert family == pytest.approx(between(3, 4))
