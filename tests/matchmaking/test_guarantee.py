"""Nobody is left out: the guaranteed share over any window of draws."""

from random import Random

import numpy as np
import pytest

from evaluations.matchmaking.guarantee import Guarantee
from evaluations.matchmaking.pairs import Chances, draw_due_first
from evaluations.matchmaking.rules import pairs_of

DRAWS = 3000


def skewed(n: int) -> Chances:
    """Chances that hardly ever fall on the later half."""
    _, j = pairs_of(n)
    return Chances.of_pairs(n, np.where(j < max(2, n // 2), 1.0, 1e-9))


def drawn_pairs(n, share, family=None, draws=DRAWS) -> np.ndarray:
    chances, random = skewed(n), Random(n)
    family = np.ones(n, dtype=np.int64) if family is None else np.array(family)
    guarantee = Guarantee(share=share, family=family, able=chances.able())
    drawn = [draw_due_first(chances, guarantee, random) for _ in range(draws)]
    return np.array([(pair.i, pair.j) for pair in drawn])


def fewest(drawn: np.ndarray, n: int, window: int) -> np.ndarray:
    """(n,) the fewest appearances of each in any consecutive draws."""
    seen = np.zeros((len(drawn) + 1, n))
    for side in drawn.T:
        seen[np.arange(1, len(drawn) + 1), side] += 1
    seen = seen.cumsum(axis=0)
    return (seen[window:] - seen[:-window]).min(axis=0)


# At 290, 310 and 600 the windows are crowded, just wide enough, and longer than 500.
@pytest.mark.parametrize("n", [2, 3, 30, 130, 290, 310, 600])
def test_every_contestant_gets_its_share_in_any_window(n):
    window = max(500, int(n / 0.6))

    drawn = drawn_pairs(n, 0.3)

    assert fewest(drawn, n, window).min() >= min(0.3 * 2 * window / n, window)


def test_without_a_share_some_are_left_out():
    assert fewest(drawn_pairs(30, 0.0), 30, 500).min() == 0


def test_variants_share_the_guarantee_of_one():
    family = [4, 4, 4, 4, *([1] * 26)]

    least = fewest(drawn_pairs(30, 0.3, family), 30, 500)

    one = 0.3 * 2 * 500 / 27
    assert least[4:].min() >= one
    assert least[:4].min() >= one / 4


def test_a_contestant_that_was_never_seen_is_due_at_once():
    guarantee = Guarantee(
        share=0.3, family=np.ones(500, dtype=np.int64), able=np.arange(500) < 499
    )

    everyone, behind = guarantee.due()
    for number in range(0, 498, 2):
        guarantee.record(number, number + 1)
    last, behind_one = guarantee.due()
    guarantee.record(498, 0)
    nobody, _ = guarantee.due()

    assert (len(everyone), behind) == (499, True)
    assert (last.tolist(), behind_one) == ([498], False)
    assert nobody.tolist() == []


def test_a_draw_out_of_turn_leaves_every_deadline_in_time():
    n, random = 130, Random(1)
    chances = skewed(n)
    guarantee = Guarantee(
        share=0.3, family=np.ones(n, dtype=np.int64), able=chances.able()
    )
    drawn = []
    for number in range(DRAWS):
        pair = draw_due_first(chances, guarantee, random)
        if number % 50 == 0:
            guarantee.record(0, 1)
            drawn.append((0, 1))
        drawn.append((pair.i, pair.j))

    assert fewest(np.array(drawn), n, 500).min() >= 3
