import numpy as np
import pytest

from evaluations.charts import wilson
from evaluations.rating.kappa import (
    FEWEST_PAIRS,
    against_majority,
    against_votes,
    agreement,
    among,
)
from evaluations.rating.opinions import both_judged
from evaluations.rating.tallies import Floats
from tests.rating.voices import (
    GPT_3,
    GPT_4,
    PEOPLE,
    counted_agreement,
    real_opinions,
    real_rows,
)


def _choices(*rows: tuple[float, float, float]) -> Floats:
    return np.array(rows, dtype=np.float64)


@pytest.mark.parametrize("name", [GPT_4, GPT_3])
def test_agreement_on_the_real_pairs_is_that_of_an_independent_count(name: str) -> None:
    people, judge = real_opinions(PEOPLE), real_opinions(name).shared()
    battles = both_judged(people, judge)

    tables = against_votes(people.choices(battles), judge.choices(battles))
    found = agreement(tables)

    share, decided, kappa = counted_agreement(name)
    assert (len(battles), found.votes) == (2_139, 8_931)
    assert found.share.value == pytest.approx(share, abs=1e-12)
    assert found.decided.value == pytest.approx(decided, abs=1e-12)
    assert found.kappa.value == pytest.approx(kappa, abs=1e-12)


def test_the_real_people_agree_among_themselves_as_any_two_of_a_pair_do() -> None:
    by_battle: dict[str, list[str]] = {}
    for row in real_rows(PEOPLE):
        by_battle.setdefault(row["id"], []).append(row["winner"])
    same = votes = 0.0
    for said in by_battle.values():
        if len(said) > 1:
            others = sum(said.count(one) - 1 for one in said) / (len(said) - 1)
            same, votes = same + others, votes + len(said)
    people = real_opinions(PEOPLE)

    found = agreement(among(people.choices(np.unique(people.battle))))

    assert found.votes == pytest.approx(votes)
    assert found.share.value == pytest.approx(same / votes, abs=1e-12)
    assert found.share.value == pytest.approx(0.531, abs=0.001)


def test_the_majority_is_what_most_said_where_that_is_clear() -> None:
    people = _choices((2, 1, 0), (1, 1, 0), (1, 0, 0), (0, 0, 3))
    judge = _choices((0.5, 0, 0.5), (1, 0, 0), (1, 0, 0), (0, 0, 1))

    tables = against_majority(people, judge)

    assert tables.sum(axis=(1, 2)).tolist() == [1, 0, 0, 1]
    assert agreement(tables).share.value == 0.75


def test_the_intervals_are_as_wide_as_those_of_resampled_battles() -> None:
    people, judge = real_opinions(PEOPLE), real_opinions(GPT_4).shared()
    battles = both_judged(people, judge)
    tables = against_votes(people.choices(battles), judge.choices(battles))
    found, random = agreement(tables), np.random.default_rng(1)

    drawn = [
        agreement(tables[random.integers(0, len(tables), len(tables))])
        for _ in range(200)
    ]

    for name in ("share", "decided", "kappa"):
        figure = getattr(found, name)
        half = 1.96 * np.std([getattr(each, name).value for each in drawn])
        assert (figure.high - figure.low) / 2 == pytest.approx(half, rel=0.15)


def test_agreement_by_chance_alone_is_no_kappa() -> None:
    random = np.random.default_rng(3)
    people, judge = (
        np.eye(3)[random.choice(3, 4000, p=[0.5, 0.3, 0.2])] for _ in range(2)
    )

    found = agreement(against_votes(people, judge))

    assert found.share.value == pytest.approx(0.38, abs=0.03)
    assert found.kappa.low < 0 < found.kappa.high


def test_a_voice_that_knows_one_word_has_no_kappa() -> None:
    everything = _choices((3, 0, 0), (2, 0, 0))

    found = agreement(against_votes(everything, everything))

    assert (found.share.value, found.kappa) == (1, None)
    assert found.share.low < 0.9


def test_of_too_few_pairs_there_is_no_kappa() -> None:
    said = np.eye(3)[[0, 1, 2, 0, 0, 2, 2, 1, 0]]
    enough = np.vstack([said, said[:1]])

    assert (len(said), len(enough)) == (FEWEST_PAIRS - 1, FEWEST_PAIRS)
    assert agreement(against_votes(said, said)).kappa is None
    assert agreement(against_votes(enough, enough)).kappa is not None


def test_agreement_without_exception_leaves_a_doubt_in_kappa() -> None:
    """By chance half would agree, so that a share s is a kappa of 2 s - 1."""
    same = np.eye(3)[np.tile([0, 2], 8)]

    found, opposite = (
        agreement(against_votes(same, said)).kappa for said in (same, same[:, ::-1])
    )

    low = wilson(1.0, 16)[0]
    assert (found.value, found.low, found.high) == pytest.approx((1, 2 * low - 1, 1))
    assert (opposite.value, opposite.low) == (-1, -1)
    assert opposite.high == pytest.approx(1 - 2 * low)


@pytest.mark.parametrize("pairs", [12, 40])
def test_kappas_of_few_pairs_hold_the_truth_as_often_as_they_say(pairs: int) -> None:
    """Both say the same of 60 %, at random of the others: kappa is 0.6."""
    random, held = np.random.default_rng(8), []
    for _ in range(400):
        one, by_chance = random.integers(0, 3, (2, pairs))
        other = np.where(random.random(pairs) < 0.6, one, by_chance)
        found = agreement(against_votes(np.eye(3)[one], np.eye(3)[other])).kappa
        held.append(found.low <= 0.6 <= found.high)

    assert 0.92 <= np.mean(held) <= 0.995


def test_without_a_battle_in_common_there_is_no_agreement() -> None:
    nothing = np.zeros((0, 3))

    assert agreement(against_votes(nothing, nothing)) is None
    assert agreement(among(_choices((1, 0, 0)))) is None
