from collections.abc import Sequence

from evaluations.rating.graph import components, strong_components
from evaluations.rating.tallies import Tallies, TallyRow, fold


def _groups(rows: Sequence[TallyRow]) -> list[str]:
    tallies = Tallies.from_rows(rows)
    found = components(fold(tallies))
    return ["".join(str(tallies.names[m]) for m in group) for group in found]


def _strong(rows: Sequence[TallyRow]) -> list[str]:
    tallies = Tallies.from_rows(rows)
    found = strong_components(fold(tallies))
    return ["".join(str(tallies.names[m]) for m in group) for group in found]


def test_any_chain_of_votes_connects() -> None:
    rows = [("a", "c", "a", 1), ("b", "d", "both_bad", 1), ("e", "c", "b", 1)]

    assert _groups(rows) == ["ace", "bd"]


def test_the_group_of_most_contestants_comes_first() -> None:
    assert _groups([("a", "b", "a", 9), ("c", "d", "a", 1), ("d", "e", "a", 1)]) == [
        "cde",
        "ab",
    ]


def test_groups_of_equal_size_come_by_votes_then_by_name() -> None:
    rows = [("a", "b", "a", 1), ("c", "d", "a", 1), ("e", "f", "a", 2)]

    assert _groups(rows) == ["ef", "ab", "cd"]


def test_wins_one_way_do_not_connect_strongly() -> None:
    assert _strong([("a", "b", "a", 9), ("b", "c", "a", 9)]) == ["a", "b", "c"]


def test_a_circle_of_wins_connects_strongly() -> None:
    rows = [("a", "b", "a", 1), ("b", "c", "a", 1), ("a", "c", "b", 1)]

    assert _strong([*rows, ("c", "d", "a", 1)]) == ["abc", "d"]


def test_a_tie_connects_both_ways() -> None:
    assert _strong([("a", "b", "tie", 1), ("b", "c", "both_bad", 1)]) == ["abc"]


def test_no_votes_make_no_groups() -> None:
    assert _groups([]) == []
    assert _strong([]) == []
