import random
from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.special import expit

from evaluations.rating.table import (
    ELO_PER_LOGIT,
    METHOD,
    RatingRow,
    RatingTable,
    rate,
)
from evaluations.rating.tallies import OUTCOMES, Tallies, TallyRow
from tests.rating.known import FOOD, FOOD_RATINGS, many, real_votes
from tests.rating.votes import VOTES

WELL_SEEN = many(FOOD, 10)


def _rated(rows: Sequence[TallyRow]) -> RatingTable:
    return rate(Tallies.from_rows(rows))


def _rows(rows: Sequence[TallyRow]) -> dict[str, RatingRow]:
    groups = _rated(rows).groups
    return {str(row.key): row for group in groups for row in group.rows}


def test_no_votes_give_an_empty_table() -> None:
    assert _rated([]).groups == ()


def test_one_vote_gives_the_posterior_of_a_standard_normal_prior() -> None:
    [group] = _rated([("x", "y", "a", 1)]).groups
    strength = brentq(lambda theta: 1 - expit(2 * theta) - theta, 0, 1)
    p = expit(2 * strength)
    error = ELO_PER_LOGIT * np.sqrt(0.5 / (1 + 2 * p * (1 - p)))

    winner, loser = group.rows
    assert (winner.key, loser.key) == ("x", "y")
    assert winner.rating == pytest.approx(1000 + ELO_PER_LOGIT * strength)
    assert loser.rating == pytest.approx(1000 - ELO_PER_LOGIT * strength)
    assert [winner.se, loser.se] == pytest.approx([error, error])
    assert winner.rating_high - winner.rating == pytest.approx(1.959964 * error)
    assert winner.rating - winner.rating_low == pytest.approx(1.959964 * error)
    assert (winner.rank_low, winner.rank_high) == (1, 2)
    assert winner.provisional and loser.provisional
    assert (group.anchor, group.prior_variance, group.dispersion) == ("all", 1.0, 1.0)


def test_a_row_counts_what_happened() -> None:
    rows = _rows(
        [
            ("x", "y", "a", 1),
            ("y", "x", "a", 2),
            ("x", "y", "tie", 3),
            ("y", "x", "both_bad", 4),
            ("x", "z", "b", 5),
        ]
    )

    counted = ("votes", "wins", "ties", "both_bad", "losses", "win_rate")
    x, z = asdict(rows["x"]), asdict(rows["z"])
    assert [x[name] for name in counted] == [15, 1, 3, 4, 7, 1 / 8]
    assert [z[name] for name in counted] == [5, 5, 0, 0, 0, 1.0]
    assert (x["usable_share"], z["usable_share"]) == (1 - 4 / 15, 1.0)


def test_a_win_rate_needs_a_decided_battle() -> None:
    assert _rows([("x", "y", "tie", 3)])["x"].win_rate is None


def test_both_bad_rates_as_a_tie() -> None:
    ties = _rows([*WELL_SEEN, ("Pizza", "Tacos", "tie", 9)])
    bad = _rows([*WELL_SEEN, ("Pizza", "Tacos", "both_bad", 9)])

    assert bad["Pizza"].rating == ties["Pizza"].rating
    assert bad["Pizza"].usable_share < ties["Pizza"].usable_share == 1.0


def test_the_published_order_and_ratings_come_out() -> None:
    [group] = _rated(WELL_SEEN).groups

    assert [row.key for row in group.rows] == list(FOOD_RATINGS)
    for row, (rating, error) in zip(group.rows, FOOD_RATINGS.values(), strict=True):
        assert row.rating == pytest.approx(rating, abs=1e-6)
        assert row.se == pytest.approx(error / np.sqrt(10), abs=1e-6)


def test_the_leader_of_the_real_votes_has_the_known_rank_range() -> None:
    [group] = rate(real_votes()).groups

    leader = group.rows[0]
    assert (leader.key, leader.rank_low, leader.rank_high) == ("GPT 4", 1, 21)
    assert group.votes == 8931


def test_the_votes_still_needed_stand_beside_the_ratings() -> None:
    [group] = rate(real_votes()).groups

    median = np.median([row.se for row in group.rows])
    wide = [row for row in group.rows if row.se > median * 1.001]
    assert all(row.votes_to_median > 0 for row in wide)
    assert all(row.votes_to_median == 0 for row in group.rows if row.se <= median)
    # GPT 4 leads by 60 points; others have neighbours hardly a point away.
    assert 500 < (group.rows[0].votes_to_separate or 0) < 5000
    assert None in {row.votes_to_separate for row in group.rows}


def test_unconnected_contestants_stand_in_tables_of_their_own() -> None:
    table = _rated([*WELL_SEEN, ("x", "y", "a", 3), ("y", "z", "tie", 1)])

    assert [len(group.rows) for group in table.groups] == [5, 3]
    assert [group.rows[0].key for group in table.groups] == ["Tacos", "x"]
    for group in table.groups:
        ratings = [row.rating for row in group.rows]
        assert np.mean(ratings) == pytest.approx(1000)
        assert max(row.rank_high for row in group.rows) == len(ratings)
    assert [row.provisional for row in table.groups[1].rows] == [True] * 3


def test_other_groups_change_nothing() -> None:
    alone = _rated(WELL_SEEN).groups[0]

    assert _rated([*WELL_SEEN, ("x", "y", "a", 3)]).groups[0] == alone


def test_an_undefeated_newcomer_is_provisional_and_moves_nobody() -> None:
    before = _rows(many(FOOD, 50))
    after = _rows([*many(FOOD, 50), ("Soup", "Tacos", "a", 5)])

    newcomer = after.pop("Soup")
    assert newcomer.provisional
    assert 1000 < newcomer.rating < 1300
    assert newcomer.se > 30
    for name, row in after.items():
        assert not row.provisional
        assert row.rating == pytest.approx(before[name].rating, abs=row.se / 4)
        assert row.se == pytest.approx(before[name].se, rel=0.02)


def test_an_undefeated_contestant_stays_provisional_however_often_seen() -> None:
    rows = _rows([*WELL_SEEN, ("Soup", "Tacos", "a", 200)])

    assert [name for name, row in rows.items() if row.provisional] == ["Soup"]
    assert np.isfinite(rows["Soup"].rating)


def test_a_thousand_unanimous_votes_leave_a_sound_table() -> None:
    rows = _rows([("x", "best", "b", 50), ("y", "best", "b", 1000)])

    assert list(rows) == ["best", "x", "y"]
    for row in rows.values():
        assert np.isfinite([row.rating, row.se, row.tie_strength]).all()


def test_fifty_votes_end_the_provisional() -> None:
    def newcomer(wins: int) -> RatingRow:
        new = [("Soup", "Tacos", "a", wins), ("Soup", "Tacos", "b", 25)]
        return _rows([*WELL_SEEN, *new])["Soup"]

    assert (newcomer(24).votes, newcomer(24).provisional) == (49, True)
    assert (newcomer(25).votes, newcomer(25).provisional) == (50, False)


def test_all_are_provisional_until_three_have_fifty_votes() -> None:
    rows: list[TallyRow] = [("x", "y", "a", 40), ("x", "y", "b", 40)]
    third: list[TallyRow] = [("z", "x", "a", 25), ("z", "y", "b", 24)]

    assert all(row.provisional for row in _rows([*rows, *third]).values())
    third.append(("z", "y", "a", 1))
    assert not any(row.provisional for row in _rows([*rows, *third]).values())


def test_thresholds_can_be_set_and_are_stated() -> None:
    table = rate(Tallies.from_rows(FOOD), established_votes=12, few_votes=11)

    assert table.method == METHOD
    assert table.parameters["established_votes"] == 12
    assert table.parameters["few_votes"] == 11
    [group] = table.groups
    assert not any(row.provisional for row in group.rows)
    established = [row.rating for row in group.rows if row.votes >= 12]
    assert (group.anchor, len(established)) == ("established", 3)
    assert np.mean(established) == pytest.approx(1000)


def test_equal_records_share_rating_and_ranks_and_stand_by_name() -> None:
    rows: list[TallyRow] = [
        (first, second, outcome, 30)
        for first, second in [("x", "y"), ("y", "z"), ("z", "x")]
        for outcome in OUTCOMES
    ]

    [group] = _rated(rows).groups

    assert [row.key for row in group.rows] == ["x", "y", "z"]
    assert {(row.rank_low, row.rank_high) for row in group.rows} == {(1, 3)}
    for row in group.rows:
        assert row.rating == pytest.approx(1000, abs=1e-9)


def test_the_last_bit_of_a_rating_does_not_order_equals() -> None:
    twins = ["Apple", "Kale", "Rice", "Zucchini"]

    for wins in (1, 5, 22, 36):  # numbers that leave the four a last bit apart
        rows = list(WELL_SEEN)
        for twin in twins:
            rows += [(twin, "Tacos", "b", wins), (twin, "Pizza", "a", 60)]
            rows += [(twin, "Sushi", "a", wins), (twin, "Burger", "b", 7)]
        [group] = _rated(rows).groups
        assert [row.key for row in group.rows if row.key in twins] == twins


def test_nothing_but_ties_gives_figures_with_a_width() -> None:
    rows: list[TallyRow] = [
        ("x", "y", "tie", 60),
        ("y", "z", "both_bad", 60),
        ("z", "x", "tie", 60),
    ]

    for row in _rows([*rows, ("w", "x", "tie", 1)]).values():
        assert row.rating == pytest.approx(1000)
        assert row.provisional
        assert 0.1 < row.se < 400
        assert (row.rank_low, row.rank_high) == (1, 4)


def test_ties_alone_are_no_proof_of_equality() -> None:
    rows = _rows([*many(FOOD, 100), ("Soup", "Tacos", "tie", 60)])

    assert [name for name, row in rows.items() if row.provisional] == ["Soup"]
    assert rows["Soup"].se > rows["Tacos"].se
    assert rows["Soup"].rating == pytest.approx(rows["Tacos"].rating, abs=30)


def test_primary_keys_serve_as_names() -> None:
    [group] = _rated([(12, 7, "a", 3), (7, 9, "tie", 1)]).groups

    assert [row.key for row in group.rows] == [12, 9, 7]


def test_any_order_of_rows_gives_the_same_table_to_the_last_bit() -> None:
    rows = [*WELL_SEEN, ("Soup", "Tacos", "a", 5), ("x", "y", "a", 2)]
    shuffled = [(a, b, o, 1) for a, b, o, count in rows for _ in range(count)]
    random.shuffle(shuffled)

    assert _rated(shuffled) == _rated(rows)


@settings(deadline=None, max_examples=150)
@example([("a", "c", "a", 1), ("d", "e", "tie", 1000), ("d", "a", "b", 1000)])
@example([("a", "b", "tie", 51), ("a", "c", "a", 17), ("a", "c", "tie", 46)])
@given(VOTES)
def test_any_votes_give_a_sound_table(rows: list[TallyRow]) -> None:
    table = _rated(rows)

    seen = {name for row in rows for name in row[:2]}
    listed = [row.key for group in table.groups for row in group.rows]
    assert sorted(listed, key=str) == sorted(seen, key=str)
    assert sum(group.votes for group in table.groups) == sum(row[3] for row in rows)
    for group in table.groups:
        for place, row in enumerate(group.rows, start=1):
            assert np.isfinite([row.rating, row.se]).all()
            assert row.rating_low <= row.rating <= row.rating_high
            assert 1 <= row.rank_low <= place <= row.rank_high <= len(group.rows)
            assert row.votes == row.wins + row.ties + row.both_bad + row.losses


@settings(deadline=None, max_examples=100)
@given(VOTES, st.permutations("abcdefg"))
def test_names_make_no_difference(rows: list[TallyRow], renamed: list[str]) -> None:
    other = dict(zip("abcdefg", renamed, strict=True))
    moved = [(other[str(a)], other[str(b)], o, n) for a, b, o, n in rows]

    before, after = _rows(rows), _rows(moved)

    for name, row in before.items():
        assert after[other[name]].rating == pytest.approx(row.rating, abs=1e-5)
        assert after[other[name]].se == pytest.approx(row.se, abs=1e-5)
        assert after[other[name]].provisional == row.provisional


@settings(deadline=None, max_examples=100)
@given(VOTES)
def test_turning_all_sides_changes_nothing(rows: list[TallyRow]) -> None:
    turned = {"a": "b", "b": "a", "tie": "tie", "both_bad": "both_bad"}

    assert _rated([(b, a, turned[o], n) for a, b, o, n in rows]) == _rated(rows)
