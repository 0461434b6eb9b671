"""A pair is drawn as often as its probability says."""

from collections import Counter
from random import Random

import numpy as np
import pytest
from scipy import stats

from evaluations.matchmaking.pairs import Chances, draw_with

WEIGHTS = np.array([5.0, 1.0, 2.0, 0.0, 3.0, 4.0])  # 01 02 03 12 13 23
DRAWS = 4000


def drawn(draw) -> dict[tuple[int, int], tuple[int, float]]:
    """How often each pair came, and the probability it came with."""
    pairs = [draw() for _ in range(DRAWS)]
    often = Counter(tuple(sorted((pair.i, pair.j))) for pair in pairs)
    said = {tuple(sorted((pair.i, pair.j))): pair.probability for pair in pairs}
    return {pair: (often[pair], said[pair]) for pair in often}


@pytest.mark.parametrize(
    ("due", "behind", "pairs"),
    [
        ([], False, {(0, 1), (0, 2), (0, 3), (1, 3), (2, 3)}),
        ([3], False, {(0, 3), (1, 3), (2, 3)}),
        ([0, 3], False, {(0, 1), (0, 2), (0, 3), (1, 3), (2, 3)}),
        ([0, 1, 2], True, {(0, 1), (0, 2)}),
        ([1, 2], True, {(0, 1), (0, 2), (1, 3), (2, 3)}),
    ],
)
def test_pairs_with_those_due_are_drawn_by_their_probabilities(due, behind, pairs):
    chances, random = Chances.of_pairs(4, WEIGHTS), Random(7)

    seen = drawn(
        lambda: draw_with(chances, np.array(due, dtype=np.int64), behind, random)
    )

    assert seen.keys() == pairs
    often = [times for times, _ in seen.values()]
    said = [probability for _, probability in seen.values()]
    assert sum(said) == pytest.approx(1)
    assert stats.chisquare(often, np.array(said) * DRAWS).pvalue > 0.001


def test_members_keep_their_chances_among_themselves():
    some = Chances.of_pairs(4, WEIGHTS).among(np.array([0, 2, 3]))

    assert some.matrix.tolist() == [[0, 1, 2], [1, 0, 4], [2, 4, 0]]


def test_nothing_is_drawn_where_no_pair_weighs_anything():
    assert Chances.of_pairs(1, np.array([])).any_pair(Random(1)) is None
    assert Chances.of_pairs(3, np.zeros(3)).any_pair(Random(1)) is None
    assert Chances.of_pairs(3, np.zeros(3)).pair_with(np.array([1]), Random(1)) is None
