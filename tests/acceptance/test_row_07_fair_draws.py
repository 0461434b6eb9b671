"""SECURITY row 7: sides and pairs of 20,000 battles are as fair as is written down.

Four contestants that a table rates differently, five prompts. The battles are drawn
from the database's stock and written to it with their probabilities, then read back:
how often a pair met on a prompt must fit what is stored, and each contestant must stand
left half of the time, for whichever volunteer sees it. The controls are a fixed order
of the sides and a draw that favours one pair behind its own back.
"""

from collections import Counter
from collections.abc import Callable
from random import Random
from uuid import UUID

import pytest
from scipy import stats

from evaluations.matchmaking import read_stock
from evaluations.matchmaking.pairs import Chances
from evaluations.matchmaking.stock import Stock
from evaluations.models import Battle
from evaluations.volunteers import left_side
from tests.factories import make_contestant, make_prompt
from tests.matchmaking.tables import publish

pytestmark = pytest.mark.django_db

BATTLES, BATTLES_OF_A_CONTROL, VOLUNTEERS = 20_000, 4_000, 200
# A fair draw is called unfair once in a thousand.
LEVEL, REACH = 0.001, 0.02


@pytest.fixture
def stock() -> Stock:
    players = [make_contestant() for _ in range(4)]
    for _ in range(5):
        make_prompt()
    ratings = zip(players, (1000, 1010, 1060, 1120), (8, 12, 20, 8), strict=True)
    publish([(player, rating, error, 1) for player, rating, error in ratings])
    stock = read_stock()
    # Nobody is due for want of a history.
    for number in range(stock.guarantee.horizon):
        stock.guarantee.record(number % 4, (number + 1) % 4)
    return stock


def draw_battles(stock: Stock, battles: int, *, seed: int, favour: float = 1.0) -> None:
    """Draw and write down; what is favoured is not in the probabilities."""
    random, honest = Random(seed), stock.chances
    if favour != 1.0:
        skewed = honest.matrix.copy()
        skewed[0, 1] = skewed[1, 0] = skewed[0, 1] * favour
        stock.chances = Chances(skewed)
    made = []
    for _ in range(battles):
        pair = stock.draw_pair(random)
        assert pair is not None
        x, y = random.sample([stock.playing[pair.i], stock.playing[pair.j]], 2)
        prompt = stock.prompts.draw(random, closed=None, met={})
        said = honest.matrix[pair.i, pair.j] / (honest.matrix.sum() / 2)
        battle = Battle(contestant_x=x, contestant_y=y, prompt_id=prompt.pk)
        # Sides follow from it: else the rarest, with 4,800 battles, would by mere
        # chance stand left too often, or too seldom, in one run of 180.
        battle.public_id = UUID(int=random.getrandbits(128), version=4)
        battle.draw_probability = said * prompt.probability
        made.append(battle)
    Battle.objects.bulk_create(made, batch_size=2000)


def draws_fit() -> float:
    """How well the draws fit their probabilities: the p-value of a chi-square test."""
    columns = ("contestant_x", "contestant_y", "prompt", "draw_probability")
    often: Counter[tuple[int, int, int]] = Counter()
    said: dict[tuple[int, int, int], float] = {}
    for x, y, prompt, probability in Battle.objects.values_list(*columns):
        cell = (min(x, y), max(x, y), prompt)
        often[cell] += 1
        said[cell] = probability
    assert sum(said.values()) == pytest.approx(1)
    expected = [said[cell] * often.total() for cell in often]
    return float(stats.chisquare(list(often.values()), expected).pvalue)


def left_shares(
    left_of: Callable[[str, UUID, int, int], str],
) -> tuple[list[float], float]:
    """How often each stands left, and the p-value of that being a matter of chance."""
    left: Counter[int] = Counter()
    seen: Counter[int] = Counter()
    columns = ("public_id", "contestant_x", "contestant_y")
    battles = Battle.objects.order_by("pk").values_list(*columns)
    for number, (public_id, x, y) in enumerate(battles):
        side = left_of(f"volunteer-{number % VOLUNTEERS}", public_id, x, y)
        left[x if side == "x" else y] += 1
        seen.update([x, y])
    shares = [left[one] / seen[one] for one in sorted(seen)]
    off = sum((2 * left[one] - seen[one]) ** 2 / seen[one] for one in seen)
    return shares, float(stats.chi2.sf(off, len(seen)))


def by_chance(token: str, battle_id: UUID, x: int, y: int) -> str:
    return left_side(token=token, battle_id=battle_id)


def lower_number_left(token: str, battle_id: UUID, x: int, y: int) -> str:
    return "x" if x < y else "y"


def test_row_07_pairs_and_sides_are_as_fair_as_is_written_down(stock):
    draw_battles(stock, BATTLES, seed=1)

    assert draws_fit() > LEVEL
    shares, fit = left_shares(by_chance)
    assert fit > LEVEL
    assert all(abs(share - 0.5) <= REACH for share in shares)


def test_row_07_a_skewed_draw_is_caught(stock):
    draw_battles(stock, BATTLES_OF_A_CONTROL, seed=2, favour=1.5)

    assert draws_fit() < LEVEL


def test_row_07_a_fixed_order_is_caught(stock):
    draw_battles(stock, BATTLES_OF_A_CONTROL, seed=3)

    shares, fit = left_shares(lower_number_left)

    assert fit < LEVEL
    assert max(abs(share - 0.5) for share in shares) > REACH
