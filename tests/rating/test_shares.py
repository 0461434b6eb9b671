from collections import defaultdict
from math import sqrt
from statistics import fmean, stdev

import numpy as np
import pytest
from scipy import stats

from evaluations.charts import wilson
from evaluations.rating.shares import Score, about, mean, score, share


def test_one_case_a_battle_gives_wilsons_interval() -> None:
    hits = np.repeat([1.0, 0.0], [30, 70])

    found = share(hits, np.ones(100))

    # The variance between battles is that of a coin but for 100 / 99.
    assert (found.low, found.high) == pytest.approx(wilson(0.3, 99), abs=1e-9)


def test_cases_that_lean_together_count_for_less() -> None:
    hits, cases = np.repeat([10.0, 0.0], [30, 70]), np.full(100, 10.0)

    found = share(hits, cases)

    assert (found.low, found.high) == pytest.approx(wilson(0.3, 99), abs=1e-9)
    assert found.battles == 100


def test_a_share_without_exception_still_has_an_interval() -> None:
    found = share(np.full(8, 3.0), np.full(8, 3.0))

    assert (found.value, found.high) == (1, 1)
    assert found.low == pytest.approx(wilson(1.0, 8)[0])


def test_without_a_case_there_is_no_share_and_no_mean() -> None:
    assert share(np.zeros(3), np.zeros(3)) is None
    assert mean(np.zeros(0)) is None


def test_one_battle_tells_nothing_of_how_they_vary() -> None:
    one = mean(np.array([0.3]))
    assert one.high - one.low > 1.5
    assert about(0.5, np.array([0.1]), least=-np.inf, most=1).low == -np.inf


def test_a_mean_without_exception_is_no_certainty() -> None:
    """As if each value were the share of heads of one coin: (1 + value) / 2."""
    for value, share_of_way in ((1.0, 1.0), (0.0, 0.5)):
        found = mean(np.full(8, value))

        low, high = wilson(share_of_way, 8)
        assert found.value == value
        assert (found.low, found.high) == pytest.approx((2 * low - 1, 2 * high - 1))


@pytest.mark.parametrize(("battles", "votes"), [(4, 12), (8, 20), (30, 6)])
def test_shares_of_few_battles_hold_the_truth_as_often_as_they_say(
    battles: int, votes: int
) -> None:
    random, held = np.random.default_rng(7), 0
    for _ in range(400):
        leaning = random.beta(3.5, 1.5, battles)
        found = share(
            random.binomial(votes, leaning) * 1.0, np.full(battles, 1.0 * votes)
        )
        held += found.low <= 0.7 <= found.high

    assert 0.925 <= held / 400 <= 0.995


def by_hand(values: list[float], questions: list[int]) -> tuple[float, float]:
    """Mean and half-width, with no part of the house."""
    by_question = defaultdict(list)
    for value, question in zip(values, questions, strict=True):
        by_question[question].append(value)
    means = [fmean(each) for each in by_question.values()]
    t = stats.t.ppf(0.975, len(means) - 1)
    return fmean(means), t * stdev(means) / sqrt(len(means))


def test_a_score_takes_the_questions_as_what_varies() -> None:
    random = np.random.default_rng(2)
    questions = random.integers(0, 9, 40) * 7
    values = random.normal(6, 2, 40)

    found = score(values, questions)

    value, half = by_hand(values.tolist(), questions.tolist())
    assert (found.questions, found.values) == (len(set(questions.tolist())), 40)
    assert (found.value, found.low, found.high) == pytest.approx(
        (value, value - half, value + half)
    )


def test_scores_of_several_answers_a_question_hold_the_truth() -> None:
    """Four reviews on each of twelve questions: as 48 cases they would be too sure."""
    random, held, too_sure = np.random.default_rng(3), 0, 0
    question = np.repeat(np.arange(12), 4)
    for _ in range(400):
        values = 7 + random.normal(0, 1.5, 12)[question] + random.normal(0, 0.7, 48)
        found = score(values, question)
        held += found.low <= 7 <= found.high
        too_sure += abs(values.mean() - 7) <= 1.96 * values.std(ddof=1) / sqrt(48)

    assert 0.925 <= held / 400 <= 0.975
    assert too_sure / 400 < 0.8


def test_of_few_questions_or_equal_ones_a_score_has_no_interval() -> None:
    few, alike = np.array([3.0, 5, 5, 9]), np.full(6, 8.0)

    assert score(few, np.arange(4)) == Score(5.5, None, None, 4, 4)
    assert score(alike, np.arange(6)) == Score(8, None, None, 6, 6)
