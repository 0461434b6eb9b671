import numpy as np
import pytest

from evaluations.rating.opinions import both_judged
from tests.rating.voices import opinions


def test_two_orders_share_one_vote() -> None:
    judge = opinions((7, 0, 1, 1, 0), (9, 1, 2, 1, 0), (7, 0, 1, -1, 2)).shared()

    assert judge.weight.tolist() == [0.5, 1.0, 0.5]


def test_votes_are_counted_by_battle_and_choice() -> None:
    people = opinions(
        (3, 0, 1, 1, 0), (3, 0, 1, -1, 0), (3, 0, 1, 1, 1), (8, 1, 2, 1, 2)
    )

    assert people.choices(np.array([3, 5])).tolist() == [[2, 1, 0], [0, 0, 0]]
    assert people.choices(np.array([], dtype=np.int64)).shape == (0, 3)


def test_only_battles_that_both_judged_are_compared() -> None:
    people = opinions((3, 0, 1, 1, 0), (3, 0, 1, 1, 1), (8, 1, 2, 1, 2))
    judge = opinions((8, 1, 2, 1, 2), (2, 1, 2, 1, 2), (3, 0, 1, 1, 0))

    assert both_judged(people, judge).tolist() == [3, 8]


def test_pairs_forget_who_was_x() -> None:
    people = opinions(
        (1, 2, 0, 1, 0), (2, 0, 2, 1, 0), (3, 0, 2, 1, 1), (4, 1, 3, 1, 2), weight=0.5
    )

    pairs = people.pairs()

    assert (pairs.i.tolist(), pairs.j.tolist()) == ([0, 1], [2, 3])
    assert pairs.wins.tolist() == [0.5, 0]
    assert pairs.ties.tolist() == [0.5, 0]
    assert pairs.losses.tolist() == [0.5, 0.5]


def test_opinions_among_some_are_renumbered() -> None:
    people = opinions((1, 0, 3, 1, 0), (2, 3, 1, 1, 2), (3, 1, 2, 1, 1))

    kept = people.among(np.array([1, 3]))

    assert kept.n == 2
    assert (kept.battle.tolist(), kept.x.tolist(), kept.y.tolist()) == ([2], [1], [0])
    assert kept.score == pytest.approx([0])
