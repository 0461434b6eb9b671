from itertools import combinations_with_replacement, pairwise

import numpy as np
import pytest

from evaluations.rating.empirical_bayes import towards_common_mean
from evaluations.rating.fragility import Swap, leader_swap, neighbour_swaps, without
from evaluations.rating.refit import WEAK, Fitted
from evaluations.rating.tallies import Integers, Tallies, TallyRow, fold
from evaluations.rating.votes import Votes
from tests.rating.crowds import SPREAD, drawn, fitted_to
from tests.rating.known import FOOD, many

MOST = 4


def _small(seed: int, *, n: int = 4, votes: int = 40) -> tuple[Votes, Fitted, Integers]:
    random = np.random.default_rng(seed)
    strengths = random.normal(0, SPREAD, n)
    drawn_votes = drawn(random, strengths, np.arange(votes))
    fit = fitted_to(drawn_votes)[1]
    return drawn_votes, fit, np.argsort(-fit.strengths)


def _brute_force(fit: Fitted, ahead: int, behind: int) -> int | None:
    """The fewest votes whose removal turns the order, by trying every set."""
    pairs = fit.pairs
    counts = np.stack([pairs.wins, pairs.ties, pairs.losses], axis=1).ravel()
    kinds = np.flatnonzero(counts).tolist()
    for size in range(1, MOST + 1):
        for chosen in combinations_with_replacement(kinds, size):
            removed = np.bincount(chosen, minlength=len(counts)).astype(float)
            if (removed > counts).any():
                continue
            left = fit.among(without(pairs, removed.reshape(-1, 3)))
            if left.strengths[ahead] < left.strengths[behind] - 1e-8:
                return size
    return None


def _check(swap: Swap, fit: Fitted) -> bool:
    least = _brute_force(fit, swap.ahead, swap.behind)
    if least is None:
        assert swap.votes is None or swap.votes > MOST
        return False
    assert swap.votes == least
    assert swap.at_least <= least
    return swap.exact


@pytest.mark.parametrize("seed", range(12))
def test_the_fewest_votes_are_those_of_brute_force(seed: int) -> None:
    _, fit, order = _small(seed)

    swaps = list(neighbour_swaps(fit, order))

    assert [(swap.ahead, swap.behind) for swap in swaps] == list(pairwise(order))
    exact = [_check(swap, fit) for swap in swaps]
    assert all(
        exact[place] for place, swap in enumerate(swaps) if swap.votes in (1, 2, 3)
    )


@pytest.mark.parametrize("seed", [9, 25, 43, 45])
def test_a_search_finds_fewer_than_influence_alone_would(seed: int) -> None:
    """Where few votes decide, one step misses what two of them do together."""
    _, fit, order = _small(seed, votes=14)

    swaps = list(neighbour_swaps(fit, order))

    small = [swap for swap in swaps if swap.votes is None or swap.votes <= MOST]
    assert all(_check(swap, fit) for swap in small)


def test_no_rival_passes_the_leader_with_fewer_votes() -> None:
    for seed in range(6):
        _, fit, order = _small(seed)

        swap = leader_swap(fit, order)

        assert swap is not None
        each = [_brute_force(fit, int(order[0]), int(rival)) for rival in order[1:]]
        known = [votes for votes in each if votes is not None]
        assert swap.votes == min(known) if known else swap.votes != 1


def test_taking_out_the_votes_found_turns_the_order_and_one_less_does_not() -> None:
    """Of a lead of many votes: the bound holds and what was found is near it."""
    random = np.random.default_rng(5)
    votes = drawn(random, np.array([0.4, 0.0, -0.2, 0.1, -0.5]), np.arange(4000))
    fit = fitted_to(votes)[1]

    swap = next(neighbour_swaps(fit, np.argsort(-fit.strengths)))

    assert swap.votes is not None
    assert not swap.exact
    assert swap.votes > 20
    assert 0.7 * swap.votes <= swap.at_least <= swap.votes


def _food(rows: list[TallyRow]) -> Fitted:
    pairs = fold(Tallies.from_rows(rows))
    prior, anchors = towards_common_mean(pairs.n, WEAK), np.full(pairs.n, 1 / pairs.n)
    return Fitted(pairs, np.zeros(pairs.n), prior, anchors).among(pairs)


def test_who_has_won_every_battle_is_passed_when_none_is_left() -> None:
    fit = _food([*many(FOOD, 20), ("Best", "Tacos", "a", 60)])

    swap = leader_swap(fit, np.argsort(-fit.strengths))

    assert swap is not None
    assert (swap.ahead, swap.votes) == (0, 60)


def test_who_has_lost_every_battle_passes_nobody() -> None:
    fit = _food([("Cake", "Soup", "a", 9), ("Stew", "Cake", "a", 9)])

    swaps = list(neighbour_swaps(fit, np.array([0, 1])))

    assert [swap.votes for swap in swaps] == [None]


def test_more_of_the_same_votes_take_more_to_turn() -> None:
    needed = []
    for times in (10, 40, 160):
        fit = _food(many(FOOD, times))
        swap = leader_swap(fit, np.argsort(-fit.strengths))
        assert swap is not None
        assert swap.votes is not None
        needed.append(swap.votes)

    assert needed[1] == pytest.approx(4 * needed[0], rel=0.1)
    assert needed[2] == pytest.approx(16 * needed[0], rel=0.1)


def test_one_contestant_alone_has_nobody_to_pass_it() -> None:
    _, fit, order = _small(1)

    assert leader_swap(fit, order[:1]) is None
    assert list(neighbour_swaps(fit, order[:1])) == []
