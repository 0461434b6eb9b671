import hashlib
import struct

import pytest
from hypothesis import given

from evaluations.rating.tallies import (
    NegativeCount,
    SelfBattle,
    Tallies,
    TallyRow,
    UnknownOutcome,
    digest,
    fold,
)
from tests.rating.known import FOOD
from tests.rating.votes import VOTES


def test_rows_of_one_cell_add_up_and_come_back_in_order() -> None:
    tallies = Tallies.from_rows(
        [("y", "x", "b", 2), ("x", "y", "both_bad", 1), ("y", "x", "b", 3)]
    )

    assert tallies.names == ("x", "y")
    assert list(tallies.rows()) == [("x", "y", "both_bad", 1), ("y", "x", "b", 5)]
    assert tallies.votes == 6


def test_a_cell_taken_back_to_zero_leaves_no_trace() -> None:
    tallies = Tallies.from_rows([("x", "y", "a", 1), ("x", "z", "a", 0)])

    assert tallies.names == ("x", "y")


@pytest.mark.parametrize("outcome", ["left", "", "A", "bothbad", "model_a", None])
@pytest.mark.parametrize("count", [0, 1])
def test_an_unknown_outcome_is_refused(outcome: str, count: int) -> None:
    with pytest.raises(UnknownOutcome, match="a, tie, both_bad, b"):
        Tallies.from_rows([("x", "y", outcome, count)])


def test_a_negative_count_is_refused_even_where_the_sum_is_positive() -> None:
    with pytest.raises(NegativeCount, match="-1 votes for 'x' against 'y'"):
        Tallies.from_rows([("x", "y", "a", 5), ("x", "y", "a", -1)])


def test_a_fraction_of_a_vote_is_refused() -> None:
    with pytest.raises(TypeError):
        Tallies.from_rows([("x", "y", "a", 0.5)])  # type: ignore[list-item]


def test_a_contestant_against_itself_is_refused() -> None:
    with pytest.raises(SelfBattle, match="'x' against itself"):
        Tallies.from_rows([("x", "x", "tie", 1)])


def test_folding_forgets_who_stood_first() -> None:
    tallies = Tallies.from_rows(
        [
            ("x", "y", "a", 1),
            ("y", "x", "b", 10),
            ("x", "y", "b", 100),
            ("y", "x", "a", 1000),
            ("y", "z", "a", 7),
        ]
    )

    pairs = fold(tallies)

    assert pairs.i.tolist() == [0, 1]
    assert pairs.j.tolist() == [1, 2]
    assert pairs.wins.tolist() == [11, 7]
    assert pairs.losses.tolist() == [1100, 0]
    assert pairs.votes.tolist() == [1111, 1118, 7]


def test_both_bad_folds_into_ties() -> None:
    tallies = Tallies.from_rows([("x", "y", "tie", 2), ("y", "x", "both_bad", 3)])

    pairs = fold(tallies)

    assert pairs.ties.tolist() == [5]
    assert pairs.score.tolist() == [2.5]


def test_pairs_among_members_are_numbered_anew() -> None:
    pairs = fold(Tallies.from_rows(FOOD))

    some = pairs.among(pairs.i[[0, -1]])  # Burger and Sushi, places 0 and 3

    assert (some.n, some.i.tolist(), some.j.tolist()) == (2, [0], [1])
    assert (some.wins.tolist(), some.losses.tolist()) == ([2], [4])


def test_no_votes_fold_into_no_pairs() -> None:
    pairs = fold(Tallies.from_rows([]))

    assert (pairs.n, len(pairs.i), len(pairs.votes)) == (0, 0, 0)


def test_the_digest_names_the_rows_whatever_their_order() -> None:
    rows = [("x", "y", "a", 2), ("y", "x", "tie", 1), ("x", "é", "b", 1)]
    columns = [(0, 0, 1), (1, 2, 0), (0, 3, 1), (2, 1, 1)]
    cells = b"".join(struct.pack("<3q", *column) for column in columns)
    taken = hashlib.sha256('["x","y","é"]\n'.encode() + cells).hexdigest()

    split = [*rows[::-1], ("x", "y", "b", 0)]

    assert digest(Tallies.from_rows(rows)) == taken
    assert digest(Tallies.from_rows(split)) == digest(Tallies.from_rows(rows))


def test_the_digest_changes_with_one_vote_or_one_side() -> None:
    one = digest(Tallies.from_rows([("x", "y", "a", 1)]))

    assert one != digest(Tallies.from_rows([("x", "y", "a", 2)]))
    assert one != digest(Tallies.from_rows([("y", "x", "b", 1)]))
    assert one != digest(Tallies.from_rows([("x", "y", "tie", 1)]))


@given(VOTES, VOTES)
def test_merging_tallies_is_tallying_the_merge(
    some: list[TallyRow], others: list[TallyRow]
) -> None:
    tallied = [Tallies.from_rows(rows) for rows in (some, others)]

    merged = Tallies.from_rows(row for each in tallied for row in each.rows())

    assert digest(merged) == digest(Tallies.from_rows(some + others))
