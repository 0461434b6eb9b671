import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.rating.style_tallies import (
    ImpossibleSums,
    StyleRow,
    StyleTallies,
    difference,
    products,
    style_digest,
)
from evaluations.rating.tallies import (
    OUTCOMES,
    NegativeCount,
    SelfBattle,
    Tallies,
    UnknownOutcome,
    digest,
)

NO_FORM = (0,) * 4
NO_PRODUCTS = (0,) * 10
NAMES = st.sampled_from("abcd")
FORMS = st.tuples(*[st.integers(-1000, 1000)] * 4)
VOTES = st.lists(
    st.tuples(NAMES, NAMES, st.sampled_from(OUTCOMES), FORMS).filter(
        lambda vote: vote[0] != vote[1]
    ),
    max_size=20,
)


def _row(first: str, second: str, outcome: str, form: tuple[int, ...]) -> StyleRow:
    return first, second, outcome, 1, form, products(form)


def test_a_difference_is_the_share_by_which_the_left_has_more() -> None:
    assert difference(2, 1) == 333
    assert difference(200, 100) == 333
    assert difference(5, 0) == 1000
    assert difference(0, 0) == 0
    assert difference(0, 1) == -1000


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_swapping_the_sides_turns_the_sign(left: int, right: int) -> None:
    assert difference(left, right) == -difference(right, left)
    assert abs(difference(left, right)) <= 1000


def test_products_stand_in_the_upper_triangle_row_by_row() -> None:
    assert products((2, 3, 5, 7)) == (4, 6, 10, 14, 9, 15, 21, 25, 35, 49)


def test_rows_of_one_cell_add_up_and_come_back_in_order() -> None:
    some, other = (100, -200, 0, 1000), (-50, 0, 0, 1000)

    tallies = StyleTallies.from_rows(
        [
            _row("y", "x", "b", some),
            _row("x", "y", "a", other),
            _row("y", "x", "b", other),
            ("x", "z", "a", 0, NO_FORM, NO_PRODUCTS),
        ]
    )

    both = tuple(np.add(products(some), products(other)).tolist())
    assert tallies.names == ("x", "y")
    assert list(tallies.rows()) == [
        ("x", "y", "a", 1, other, products(other)),
        ("y", "x", "b", 2, (50, -200, 0, 2000), both),
    ]


@given(VOTES)
def test_any_order_of_votes_gives_the_same_tallies(
    votes: list[tuple[str, str, str, tuple[int, ...]]],
) -> None:
    rows = [_row(*vote) for vote in votes]
    shuffled = sorted(rows, key=lambda row: row[4])

    merged = StyleTallies.from_rows(StyleTallies.from_rows(rows).rows())

    assert style_digest(StyleTallies.from_rows(shuffled)) == style_digest(merged)
    assert digest(merged.plain) == digest(Tallies.from_rows(row[:4] for row in rows))


def test_the_digest_changes_with_the_form_alone() -> None:
    rows = [_row("x", "y", "a", form) for form in (NO_FORM, (1, 0, 0, 0))]

    one, other = (StyleTallies.from_rows([row]) for row in rows)

    assert digest(one.plain) == digest(other.plain)
    assert style_digest(one) != style_digest(other)


def test_what_plain_tallies_refuse_is_refused() -> None:
    with pytest.raises(UnknownOutcome):
        StyleTallies.from_rows([_row("x", "y", "left", NO_FORM)])
    with pytest.raises(SelfBattle):
        StyleTallies.from_rows([_row("x", "x", "a", NO_FORM)])
    with pytest.raises(NegativeCount):
        StyleTallies.from_rows([("x", "y", "a", -1, NO_FORM, NO_PRODUCTS)])


@pytest.mark.parametrize(
    ("count", "sums", "squares"),
    [
        (1, (1001, 0, 0, 0), NO_PRODUCTS),
        (0, (1, 0, 0, 0), NO_PRODUCTS),
        (1, NO_FORM, (-1, *NO_PRODUCTS[1:])),
        (1, NO_FORM, (1_000_001, *NO_PRODUCTS[1:])),
        (1, (0, 0, 0), NO_PRODUCTS),
        (1, (0.5, 0, 0, 0), NO_PRODUCTS),
    ],
)
def test_sums_that_no_votes_add_up_to_are_refused(
    count: int, sums: tuple[int, ...], squares: tuple[int, ...]
) -> None:
    with pytest.raises(ImpossibleSums):
        StyleTallies.from_rows([("x", "y", "a", count, sums, squares)])


@given(VOTES)
def test_columns_in_any_order_give_what_rows_give(
    votes: list[tuple[str, str, str, tuple[int, ...]]],
) -> None:
    tallies = StyleTallies.from_rows(_row(*vote) for vote in votes)
    names = (*tallies.names[::-1], "unseen")
    last = len(tallies.names) - 1

    found = StyleTallies.from_columns(
        names,
        last - tallies.first[::-1],
        last - tallies.second[::-1],
        tallies.outcome[::-1],
        tallies.count[::-1],
        tallies.sums[::-1],
        tallies.products[::-1],
    )

    assert list(found.rows()) == list(tallies.rows())
    assert style_digest(found) == style_digest(tallies)


def test_columns_with_sums_over_no_votes_are_refused() -> None:
    one = np.array([0]), np.array([1]), np.array([0], np.int8), np.array([0])

    with pytest.raises(ImpossibleSums):
        StyleTallies.from_columns(
            ("x", "y"), *one, np.array([[1, 0, 0, 0]]), np.zeros((1, 10), int)
        )


def test_a_group_keeps_its_own_votes_under_new_numbers() -> None:
    form = (10, 20, 30, 40)
    rows = [_row("a", "b", "a", form), _row("d", "c", "b", form)]
    tallies = StyleTallies.from_rows(rows)

    group = tallies.among(np.array([2, 3]))

    assert list(group.rows()) == [rows[1]]


def test_no_votes_are_no_cells() -> None:
    tallies = StyleTallies.from_rows([])

    assert tallies.sums.shape == (0, 4)
    assert tallies.products.shape == (0, 10)


def _as_stored(rows: list[StyleRow], names: tuple[str, ...]) -> list[np.ndarray]:
    """Columns as a database gives them: numbers for names, in any order of cells."""
    cells = [
        (names.index(a), names.index(b), OUTCOMES.index(how), *rest)
        for a, b, how, *rest in rows[::-1]
    ]
    columns = zip(*cells, strict=True)
    return [np.array(column, dtype=np.int64) for column in columns]


@given(VOTES.filter(len))
def test_stored_columns_give_the_same_as_rows(votes: list[tuple]) -> None:
    tallies = StyleTallies.from_rows(_row(*vote) for vote in votes)
    empty = ("e", "a", "tie", 0, NO_FORM, NO_PRODUCTS)
    names = ("d", "b", "e", "c", "a")

    columns = _as_stored([*tallies.rows(), empty], names)

    assert style_digest(StyleTallies.from_columns(names, *columns)) == (
        style_digest(tallies)
    )
    plain = Tallies.from_columns(names, *columns[:4])
    assert list(plain.rows()) == list(tallies.plain.rows())


@pytest.mark.parametrize(
    ("cell", "refusal"),
    [
        ((0, 1, 4, 1), UnknownOutcome),
        ((0, 1, -1, 1), UnknownOutcome),
        ((0, 1, 0, -1), NegativeCount),
        ((1, 1, 0, 1), SelfBattle),
    ],
)
def test_stored_columns_are_refused_like_rows(
    cell: tuple[int, ...], refusal: type[Exception]
) -> None:
    columns = [np.array([value]) for value in cell]

    with pytest.raises(refusal):
        Tallies.from_columns(("x", "y"), *columns)


def test_stored_sums_that_cannot_be_are_refused() -> None:
    columns = [np.array([value]) for value in (0, 1, 0, 1)]
    sums, squares = np.array([(1001, 0, 0, 0)]), np.zeros((1, 10), int)

    with pytest.raises(ImpossibleSums):
        StyleTallies.from_columns(("x", "y"), *columns, sums, squares)
