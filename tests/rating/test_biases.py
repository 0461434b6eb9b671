import numpy as np
import pytest

from evaluations.charts import wilson
from evaluations.rating.biases import favour, first_preferred, swapped
from tests.rating.voices import opinions


def test_the_share_for_the_first_is_of_the_decided() -> None:
    judge = opinions(
        (1, 0, 1, 1, 0), (1, 0, 1, -1, 2), (2, 0, 2, 1, 1), (3, 1, 2, -1, 0)
    ).shared()

    found = first_preferred(judge)

    # Battle 1 has the first twice in halves, battle 3 the second.
    assert (found.value, found.battles) == (0.5, 2)
    assert found.low < 0.5 < found.high
    assert first_preferred(opinions((1, 0, 1, 1, 1))) is None


def test_a_bent_for_the_first_is_found_within_its_interval() -> None:
    held = []
    for seed in range(100):
        random = np.random.default_rng(seed)
        rows = [
            (battle, 0, 1, side, 0 if takes == (side > 0) else 2)
            for battle in range(300)
            for side, takes in zip((1, -1), random.random(2) < 0.7, strict=True)
        ]
        found = first_preferred(opinions(*rows).shared())
        held.append(found.low <= 0.7 <= found.high)

    assert 0.89 <= np.mean(held) <= 1


def test_verdicts_in_both_orders_are_held_against_each_other() -> None:
    judge = opinions(
        *((1, 0, 1, 1, 0), (1, 0, 1, -1, 0)),  # x in both orders
        *((2, 0, 1, -1, 2), (2, 0, 1, 1, 0)),  # the first in both
        *((3, 0, 1, 1, 2), (3, 0, 1, -1, 0)),  # the second in both
        *((4, 0, 1, 1, 1), (4, 0, 1, -1, 0)),  # a tie in one of them
        *((6, 2, 3, 1, 0), (6, 2, 3, -1, 2)),  # the first once more
        (5, 0, 1, 1, 0),  # asked once
    )

    found = swapped(judge, judge.battle)

    assert found.cases == 5
    shares = (found.same, found.first, found.second, found.half)
    assert [figure.value for figure in shares] == [0.2, 0.4, 0.2, 0.2]
    assert swapped(opinions((5, 0, 1, 1, 0)), np.array([5])) is None


def test_an_order_that_is_not_known_tells_nothing_of_the_place() -> None:
    unknown = ((1, 0, 1, 0, 0), (2, 0, 1, 1, 0), (2, 0, 1, 0, 2), (3, 0, 1, 0, 2))
    judge = opinions(*unknown, (3, 0, 1, -1, 0))

    found = first_preferred(judge)

    assert (found.value, found.battles) == (0.5, 2)
    assert swapped(judge, judge.battle) is None


def test_a_side_is_favoured_where_the_judge_gives_it_more_than_people_do() -> None:
    people = np.array([[2.0, 0, 2], [0, 1, 0], [1, 0, 0], [0, 0, 5]])
    judge = np.array([[1.0, 0, 0], [0, 0, 1], [1, 0, 0], [1, 0, 0]])
    side = np.array([1, -1, 1, 0])

    found = favour(people, judge, side)

    assert found.people.value == pytest.approx((0.5 + 0.5 + 1) / 3)
    assert found.judge.value == pytest.approx(1)
    assert found.more.value == pytest.approx(1 / 3)
    assert found.more.battles == 3
    assert favour(people, judge, np.zeros(4)) is None


def test_the_difference_is_taken_battle_by_battle() -> None:
    random = np.random.default_rng(5)
    people = np.eye(3)[random.choice(3, 500)]

    found = favour(people, people, np.ones(500))

    low, high = wilson(0.5, 500)
    assert found.more.value == 0
    # Nothing varies: no more is known than of 500 tosses.
    assert (found.more.low, found.more.high) == pytest.approx(
        (2 * low - 1, 2 * high - 1)
    )
    assert found.judge.high - found.judge.low > 0.05
