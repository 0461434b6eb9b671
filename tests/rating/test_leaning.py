import numpy as np
import pytest

from evaluations.rating.leaning import leanings
from evaluations.rating.opinions import Opinions
from tests.rating.voices import (
    GPT_3,
    GPT_4,
    PEOPLE,
    chosen,
    opinions,
    real_opinions,
)

ELO = 400 / np.log(10)


def _drawn(seed: int, *, first: float, length: float = 0.0) -> tuple[Opinions, object]:
    """A voice with these habits on 1500 battles of 8, and the lengths' differences."""
    random = np.random.default_rng(seed)
    strengths = random.normal(0, 0.8, 8)
    battle = np.arange(1500)
    x = random.integers(0, 8, 1500)
    y = (x + random.integers(1, 8, 1500)) % 8
    side, longer = random.choice([-1, 1], 1500), random.uniform(-1, 1, 1500)
    lead = strengths[x] - strengths[y] + first * side + length * longer
    choice = chosen(random, lead)
    return Opinions(8, battle, x, y, side, choice, np.ones(1500)), longer


@pytest.mark.parametrize(
    ("name", "log_odds", "error", "elo"),
    [
        (PEOPLE, 0.0909, 0.0210, 15.8),
        (GPT_3, 0.886, 0.0493, 154),
        (GPT_4, -0.354, 0.0610, -61.5),
    ],
)
def test_real_voices_lean_as_another_program_found(
    name: str, log_odds: float, error: float, elo: float
) -> None:
    """People's error is larger than that of single votes: pairs have several."""
    voice = real_opinions(name)

    found = leanings(voice, voice.first[:, None].astype(float)).leaning(0)

    assert found.value == pytest.approx(log_odds, abs=0.001)
    assert found.value * ELO == pytest.approx(elo, abs=0.6)
    assert (found.high - found.low) / 2 == pytest.approx(1.96 * error, rel=0.01)


def test_intervals_of_few_battles_hold_a_habit_as_well() -> None:
    """Six battles, on each of which the voice leans in its own way, of ten votes."""
    held, battle, side = [], np.repeat(np.arange(6), 10), np.tile([-1, 1], 30)
    share = (1 / (1 + np.exp(-np.random.default_rng(0).normal(0.6, 0.7, 10**6)))).mean()
    truth = np.log(share / (1 - share))
    for seed in range(400):
        random = np.random.default_rng(seed)
        choice = chosen(random, random.normal(0.6, 0.7, 6)[battle] * side)
        pair = np.zeros(60, dtype=np.int64), np.ones(60, dtype=np.int64)
        voice = Opinions(2, battle, *pair, side, choice, np.ones(60))
        leaning = leanings(voice, side[:, None].astype(float)).leaning(0)
        held.append(leaning.low <= truth <= leaning.high)

    assert 0.925 <= np.mean(held) <= 0.985


def test_intervals_hold_the_habits_that_were_put_in() -> None:
    held = []
    for seed in range(60):
        voice, longer = _drawn(seed, first=0.5, length=0.8)
        found = leanings(voice, np.column_stack([voice.first, longer]))
        for k, truth in enumerate((0.5, 0.8)):
            leaning = found.leaning(k)
            held.append(leaning.low <= truth <= leaning.high)

    assert 0.88 <= np.mean(held) <= 0.99


def test_what_sways_both_voices_takes_nothing_from_the_difference() -> None:
    voice, longer = _drawn(1, first=0.0, length=0.8)
    found = leanings(voice, longer[:, None])

    same = found.beyond(found, 0)

    assert (same.value, same.low, same.high) == (0, 0, 0)
    assert same.battles == 1500


def test_two_voices_on_other_battles_vary_each_for_itself() -> None:
    (one, length), (two, lengths) = _drawn(1, first=0), _drawn(2, first=0)
    found = leanings(one, length[:, None])
    other = leanings(
        Opinions(8, two.battle + 1500, two.x, two.y, two.first, two.choice, two.weight),
        lengths[:, None],
    )

    apart = found.beyond(other, 0)
    halves = [
        (each.high - each.low) / 2 for each in (found.leaning(0), other.leaning(0))
    ]

    assert apart.battles == 3000
    assert (apart.high - apart.low) / 2 == pytest.approx(np.hypot(*halves), rel=0.01)


def test_who_always_says_the_first_has_no_odds() -> None:
    always = opinions(*((n, n % 4, (n + 1) % 4, 1, 0) for n in range(40)))

    assert leanings(always, always.first[:, None].astype(float)) is None


def test_what_never_varies_tells_nothing() -> None:
    voice, _ = _drawn(1, first=0.3)

    assert leanings(voice, np.zeros((1500, 1))) is None
    assert leanings(voice.where(np.arange(1500) < 1), np.ones((1, 1))) is None


def test_a_place_that_is_always_the_same_models_tells_nothing_of_the_judge() -> None:
    rows = [(n, n % 3, 3, 1, 2 * (n % 5 > 1)) for n in range(60)]
    fixed = opinions(*rows)
    turned = opinions(*rows, (60, 0, 3, -1, 0), (61, 1, 3, -1, 2), (62, 2, 3, -1, 0))

    assert leanings(fixed, fixed.first[:, None].astype(float)) is None
    assert leanings(turned, turned.first[:, None].astype(float)) is not None
