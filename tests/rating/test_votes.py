import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.rating.tallies import (
    OUTCOMES,
    SelfBattle,
    Tallies,
    UnknownOutcome,
    digest,
    fold,
)
from evaluations.rating.votes import VoteRow, Votes

NAMES = st.sampled_from("dcba")
ROWS = st.lists(
    st.tuples(
        NAMES,
        NAMES,
        st.sampled_from(OUTCOMES),
        st.integers(0, 5),
        st.integers(0, 3),
        st.integers(-1, 3),
    ).filter(lambda row: row[0] != row[1])
)


@given(ROWS)
def test_votes_count_up_to_the_tallies_of_their_rows(rows: list[VoteRow]) -> None:
    votes = Votes.from_rows(rows)

    counted = Tallies.from_rows((a, b, outcome, 1) for a, b, outcome, *_ in rows)

    assert digest(votes.tallies()) == digest(counted)
    assert votes.tallies().names == counted.names


@given(ROWS)
def test_votes_fold_to_the_pairs_of_their_tallies(rows: list[VoteRow]) -> None:
    votes = Votes.from_rows(rows)

    pairs, folded = votes.pairs(), fold(votes.tallies())

    for name in ("i", "j", "wins", "ties", "losses"):
        assert np.array_equal(getattr(pairs, name), getattr(folded, name))


def test_a_weight_counts_a_vote_so_many_times() -> None:
    votes = Votes.from_rows([("a", "b", "a", 0, 0, 0), ("b", "a", "a", 1, 0, 0)])

    pairs = votes.pairs(np.array([2.0, 0.5]))

    assert (pairs.wins.tolist(), pairs.losses.tolist()) == ([2.0], [0.5])


def test_keys_without_a_vote_are_left_out() -> None:
    one = np.array([1])

    votes = Votes.from_columns(["b", "c", "a"], one * 2, one, one, one, one, one)

    assert votes.names == ("a", "c")
    assert (votes.first.tolist(), votes.second.tolist()) == ([0], [1])


def test_votes_among_some_are_theirs_alone() -> None:
    rows: list[VoteRow] = [
        ("a", "b", "a", 7, 0, 0),
        ("c", "d", "b", 8, 1, 2),
        ("d", "c", "tie", 9, 1, 2),
    ]

    kept = Votes.from_rows(rows).among(np.array([2, 3]))

    assert kept.names == ("c", "d")
    assert kept.volunteer.tolist() == [8, 9]
    assert list(kept.tallies().rows()) == [("c", "d", "b", 1), ("d", "c", "tie", 1)]


@pytest.mark.parametrize("outcome", ["A", "", "draw", "model_a"])
def test_an_unknown_outcome_is_refused(outcome: str) -> None:
    with pytest.raises(UnknownOutcome):
        Votes.from_rows([("a", "b", outcome, 0, 0, 0)])


@pytest.mark.parametrize("code", [-1, 4])
def test_an_unknown_code_is_refused(code: int) -> None:
    one = np.array([1])

    with pytest.raises(UnknownOutcome):
        Votes.from_columns(["a", "b"], one - 1, one, one * code, one, one, one)


def test_a_battle_against_oneself_is_refused() -> None:
    with pytest.raises(SelfBattle, match="'a' against itself"):
        Votes.from_rows([("a", "b", "a", 0, 0, 0), ("a", "a", "tie", 0, 0, 0)])


def test_no_votes_are_no_contestants() -> None:
    votes = Votes.from_rows([])

    assert (len(votes), votes.names, votes.tallies().votes) == (0, (), 0)
    assert Votes.from_columns(["a"], *[np.array([], dtype=np.int64)] * 6).names == ()
