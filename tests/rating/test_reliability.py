import numpy as np
import pytest

from evaluations.rating.estimate import estimate
from evaluations.rating.reliability import (
    HEAVIEST,
    LIGHTEST,
    Reliability,
    reliability,
    weighted,
)
from evaluations.rating.tallies import Floats
from evaluations.rating.votes import Votes
from tests.rating.crowds import SPREAD, drawn, fitted_to

EACH = 150
STRENGTHS = np.linspace(-1.2, 1.2, 10)


def _cast(sharpness: Floats, *, seed: int = 0, each: int = EACH) -> Votes:
    random = np.random.default_rng(seed)
    who = np.repeat(np.arange(len(sharpness)), each)
    return drawn(random, STRENGTHS, who, sharpness=sharpness)


def _known(votes: Votes) -> Reliability:
    return reliability(votes, fitted_to(votes)[1])


def test_a_random_clicker_and_a_careful_judge_are_told_from_the_crowd() -> None:
    sharpness = np.append(np.full(30, 1.0), [0.0, 0.0, 4.0, 4.0])

    known = _known(_cast(sharpness))

    crowd = known.sharpness[:30]
    assert known.sharpness[30:32].max() < 0.6 * crowd.min()
    assert known.sharpness[32:].min() > 1.2 * crowd.max()
    weights = known.weights()
    assert weights[30:32].max() < 0.6
    assert weights[32:].min() > 1.5


def test_an_equal_crowd_gets_nearly_equal_weights() -> None:
    known = _known(_cast(np.ones(60)))

    assert known.spread < 0.15
    assert known.weights() == pytest.approx(1, abs=0.1)


def test_the_spread_of_sharpness_is_found_again() -> None:
    random = np.random.default_rng(8)
    true = np.exp(random.normal(0, 0.6, 120))

    known = _known(_cast(true))

    assert known.spread == pytest.approx(0.6, abs=0.12)
    assert np.corrcoef(np.log(known.sharpness), np.log(true))[0, 1] > 0.8
    assert (np.abs(np.log(known.sharpness / true)) < 2 * known.error).mean() > 0.85


def test_few_votes_leave_a_volunteer_near_the_crowd() -> None:
    sharpness = np.append(np.exp(np.random.default_rng(1).normal(0, 0.5, 60)), [0, 0])
    many, few = _cast(sharpness), _cast(sharpness, seed=1, each=6)
    kept = (many.volunteer != 61) | (np.arange(len(many)) % EACH < 6)
    columns = ("first", "second", "outcome", "volunteer", "day", "prompt")
    votes = Votes.from_columns(
        many.names, *(getattr(many, column)[kept] for column in columns)
    )

    known = _known(votes)

    assert len(few) == 62 * 6
    assert known.votes.tolist()[-2:] == [EACH, 6]
    assert known.sharpness[60] < 0.5 * known.sharpness[61]
    assert known.error[61] > known.error[:60].mean()


def test_a_volunteer_who_ties_more_has_a_higher_threshold() -> None:
    votes = _cast(np.ones(40))
    outcome = votes.outcome.copy()
    often = (votes.volunteer == 7) & (np.arange(len(votes)) % 2 == 0)
    outcome[often] = 1
    sides = (votes.first, votes.second, outcome)
    changed = Votes(votes.names, *sides, votes.volunteer, votes.day, votes.prompt)

    known = _known(changed)

    assert known.tie_rate.argmax() == 7
    assert known.tie_rate[7] > 1.5 * np.median(known.tie_rate)


def test_sides_do_not_matter() -> None:
    votes = _cast(np.append(np.ones(20), [0.0, 3.0]), each=60)
    mirrored = Votes(
        votes.names,
        votes.second,
        votes.first,
        np.array([3, 1, 2, 0])[votes.outcome],
        votes.volunteer,
        votes.day,
        votes.prompt,
    )

    one, other = _known(votes), _known(mirrored)

    assert one.sharpness == pytest.approx(other.sharpness, rel=1e-9)
    assert one.tie_rate == pytest.approx(other.tie_rate, rel=1e-9)


def test_weights_are_bounded_and_have_mean_one_over_votes() -> None:
    known = Reliability(
        volunteers=np.arange(3),
        votes=np.array([100, 10, 10]),
        sharpness=np.array([1.0, 0.001, 9.0]),
        error=np.ones(3),
        tie_rate=np.zeros(3),
        spread=1.0,
        tie_spread=0.1,
    )

    weights = known.weights()

    assert (known.votes * weights).sum() == pytest.approx(known.votes.sum())
    assert weights.max() / weights.min() <= HEAVIEST / LIGHTEST
    assert weights.argsort().tolist() == [1, 0, 2]


def test_equal_weights_give_the_plain_table() -> None:
    votes = _cast(np.ones(20))
    plain, fit = fitted_to(votes)
    equal = Reliability(
        volunteers=np.arange(20),
        votes=np.full(20, EACH),
        sharpness=np.ones(20),
        error=np.ones(20),
        tie_rate=np.zeros(20),
        spread=0.1,
        tie_spread=0.1,
    )

    table = weighted(votes, fit, equal)

    assert table.strengths == pytest.approx(plain.strengths, abs=1e-6)
    assert table.covariance == pytest.approx(plain.covariance, abs=1e-6)


def test_a_weighted_table_is_nearer_the_truth_in_a_mixed_crowd() -> None:
    """By correlation, as weights also spread the ratings."""
    gains = []
    for seed in range(12):
        random = np.random.default_rng(seed)
        truth = random.normal(0, SPREAD, 10)
        sharpness = np.repeat([0.0, 1.0, 3.0], 20)
        who = np.repeat(np.arange(60), 60)
        votes = drawn(random, truth, who, sharpness=sharpness)
        plain, fit = fitted_to(votes)
        table = weighted(votes, fit, reliability(votes, fit))
        gains.append(
            np.corrcoef(table.strengths, truth)[0, 1]
            - np.corrcoef(plain.strengths, truth)[0, 1]
        )

    assert np.mean(gains) > 0


@pytest.mark.slow
def test_intervals_of_the_weighted_table_hold_the_truth() -> None:
    inside = []
    for seed in range(200):
        votes = _cast(np.ones(100), seed=seed, each=60)
        _, fit = fitted_to(votes)
        table = weighted(votes, fit, reliability(votes, fit))
        error = 1.959964 * np.sqrt(np.diag(table.covariance))
        inside.append(np.abs(table.strengths - STRENGTHS) <= error)

    print(np.mean(inside))
    assert 0.93 <= np.mean(inside) <= 0.97


def test_provisional_contestants_keep_their_prior() -> None:
    votes = _cast(np.ones(10), each=20)
    assert estimate(votes.pairs(), established_votes=100, few_votes=50).prior

    fit = fitted_to(votes)[1]
    table = weighted(votes, fit, reliability(votes, fit))

    assert np.isfinite(table.strengths).all()
