from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from evaluations.rating.files import (
    UnknownWinner,
    UnreadableVotes,
    read_style_tallies,
    read_tallies,
)
from evaluations.rating.style_tallies import UNIT, StyleTallies, products, style_digest
from evaluations.rating.tallies import OUTCOMES, SelfBattle, Tallies, digest
from tests.rating.style_votes import StyledVotes, styled_votes

WINNERS = ("model_a", "tie", "both_bad", "model_b")
FORMS = ("length", "headings", "list_items", "bold")


def _written(
    folder: Path, columns: Mapping[str, Sequence[object]], *, rows_a_group: int = 4
) -> Path:
    path = folder / "votes.parquet"
    pq.write_table(pa.table(dict(columns)), path, row_group_size=rows_a_group)
    return path


def _columns(*votes: tuple[object, object, object]) -> dict[str, list[object]]:
    first, second, winner = (list(column) for column in zip(*votes, strict=True))
    return {"model_a": first, "model_b": second, "winner": winner}


def _votes(contestants: int) -> tuple[StyledVotes, dict[str, Sequence[object]]]:
    votes = styled_votes(contestants=contestants, votes=3_000, seed=1)
    names = [f"maker/model-{number}" for number in range(contestants, 0, -1)]
    columns: dict[str, Sequence[object]] = {
        "model_a": [names[first] for first in votes.first],
        "model_b": [names[second] for second in votes.second],
        "winner": [WINNERS[outcome] for outcome in votes.outcome],
    }
    for name, x in zip(FORMS, votes.differences.T, strict=True):
        columns[name] = (x / UNIT).tolist()
    return votes, columns


def test_a_file_gives_what_its_rows_give(tmp_path: Path) -> None:
    votes, columns = _votes(9)
    path = _written(tmp_path, columns, rows_a_group=1000)

    tallies = read_tallies(path)

    outcomes = [OUTCOMES[code] for code in votes.outcome]
    rows = zip(columns["model_a"], columns["model_b"], outcomes, strict=True)
    expected = Tallies.from_rows((*row, 1) for row in rows)  # type: ignore[misc]
    assert digest(tallies) == digest(expected)
    assert tallies.votes == 3_000


@pytest.mark.parametrize("contestants", [9, 3_000])
def test_a_file_gives_form_too(tmp_path: Path, contestants: int) -> None:
    votes, columns = _votes(contestants)
    path = _written(tmp_path, columns, rows_a_group=1000)

    tallies = read_style_tallies(path, FORMS)

    expected = StyleTallies.from_rows(
        (first, second, OUTCOMES[outcome], 1, tuple(form), products(tuple(form)))
        for first, second, outcome, form in zip(
            columns["model_a"],
            columns["model_b"],
            votes.outcome.tolist(),
            votes.differences.tolist(),
            strict=True,
        )
    )
    assert style_digest(tallies) == style_digest(expected)
    assert digest(tallies.plain) == digest(read_tallies(path))


def test_numbers_and_dictionaries_can_be_names(tmp_path: Path) -> None:
    columns = _columns((7, 8, "tie (bothbad)"), (8, 7, "model_b"))
    columns["winner"] = pa.array(columns["winner"]).dictionary_encode()

    tallies = read_tallies(_written(tmp_path, columns))

    assert list(tallies.rows()) == [(7, 8, "both_bad", 1), (8, 7, "b", 1)]


def test_a_name_without_votes_is_left_out(tmp_path: Path) -> None:
    columns = _columns(("x", "y", "tie"))
    unused = pa.DictionaryArray.from_arrays(pa.array([1], pa.int8()), ["a", "x"])

    tallies = read_tallies(_written(tmp_path, {**columns, "model_a": unused}))

    assert tallies.names == ("x", "y")
    assert list(tallies.rows()) == [("x", "y", "tie", 1)]


def test_a_winner_without_votes_is_not_refused(tmp_path: Path) -> None:
    columns = _columns(("x", "y", "tie"))
    unused = pa.DictionaryArray.from_arrays(pa.array([1], pa.int8()), ["left", "tie"])

    tallies = read_tallies(_written(tmp_path, {**columns, "winner": unused}))

    assert list(tallies.rows()) == [("x", "y", "tie", 1)]


def test_contestants_may_be_more_than_small_numbers_tell(tmp_path: Path) -> None:
    ring = [(number, (number + 1) % 17_000, "tie") for number in range(17_000)]

    tallies = read_tallies(_written(tmp_path, _columns(*ring), rows_a_group=9_000))

    assert [row[:2] for row in tallies.rows()] == [row[:2] for row in ring]


@pytest.mark.parametrize("winner", ["left", "Tie", "", "model_c"])
def test_an_unknown_winner_is_refused_with_its_row(tmp_path: Path, winner: str) -> None:
    known = [("x", "y", "tie")] * 5
    path = _written(tmp_path, _columns(*known, ("x", "y", winner)))

    with pytest.raises(UnknownWinner, match=f"row 6: '{winner}' is none of model_a"):
        read_tallies(path)


def test_a_contestant_against_itself_is_refused_with_its_row(tmp_path: Path) -> None:
    path = _written(tmp_path, _columns(("x", "y", "tie"), ("y", "y", "model_a")))

    with pytest.raises(SelfBattle, match="row 2: 'y' against itself"):
        read_tallies(path)


@pytest.mark.parametrize("column", ["model_a", "model_b", "winner"])
def test_a_row_with_a_gap_is_refused(tmp_path: Path, column: str) -> None:
    columns = _columns(*[("x", "y", "tie")] * 6)
    columns[column][4] = None

    with pytest.raises(UnreadableVotes, match=f"row 5: no {column}"):
        read_tallies(_written(tmp_path, columns))


def test_a_file_without_a_column_is_refused(tmp_path: Path) -> None:
    path = _written(tmp_path, {"model_a": ["x"], "model_b": ["y"]})

    with pytest.raises(UnreadableVotes, match="no column winner"):
        read_tallies(path)


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        (1.001, "bold is 1.001"),
        (-2, "bold is -2.0"),
        (float("nan"), "bold is nan"),
        (None, "no bold"),
    ],
)
def test_a_difference_out_of_bounds_is_refused(
    tmp_path: Path, value: float | None, fault: str
) -> None:
    columns = _columns(*[("x", "y", "tie")] * 6)
    for name in FORMS:
        columns[name] = [0.0] * 6
    columns["bold"][5] = value

    with pytest.raises(UnreadableVotes, match=f"row 6: {fault}"):
        read_style_tallies(_written(tmp_path, columns), FORMS)


def test_differences_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    columns = _columns(("x", "y", "tie"))
    for name in FORMS:
        columns[name] = ["much"]

    with pytest.raises(UnreadableVotes, match="length holds string, not numbers"):
        read_style_tallies(_written(tmp_path, columns), FORMS)


def test_a_file_without_votes_gives_empty_tallies(tmp_path: Path) -> None:
    empty = pa.array([], pa.string())
    columns = {"model_a": empty, "model_b": empty, "winner": empty}
    numbers = {name: pa.array([], pa.float64()) for name in FORMS}

    path = _written(tmp_path, {**columns, **numbers})

    assert read_tallies(path).names == ()
    assert read_style_tallies(path, FORMS).sums.shape == (0, 4)


def test_cells_stand_in_canonical_order(tmp_path: Path) -> None:
    columns = _columns(("b", "a", "tie"), ("a", "b", "model_b"), ("a", "b", "model_a"))

    tallies = read_tallies(_written(tmp_path, columns))

    assert tallies.names == ("a", "b")
    assert np.column_stack(
        [tallies.first, tallies.second, tallies.outcome]
    ).tolist() == [[0, 1, 0], [0, 1, 3], [1, 0, 1]]
