from itertools import product

import pytest

from evaluations import judging
from evaluations.models import JudgeVerdict

VERDICTS = ("a", "b", "tie", "both_bad")


def given(battle: int, left: str, verdict: str, state: str = "read") -> JudgeVerdict:
    return JudgeVerdict(battle_id=battle, left=left, verdict=verdict, state=state)


def both(x_left: str, y_left: str) -> judging.BothOrders:
    (found,) = judging.both_orders([given(1, "x", x_left), given(1, "y", y_left)])
    return found


@pytest.mark.parametrize(
    ("x_left", "y_left", "combined", "disagreement", "place"),
    [
        ("a", "b", "x", "", ""),
        ("b", "a", "y", "", ""),
        ("tie", "tie", "tie", "", ""),
        ("both_bad", "both_bad", "both_bad", "", ""),
        ("a", "a", "inconsistent", "position", "a"),
        ("b", "b", "inconsistent", "position", "b"),
        ("a", "tie", "inconsistent", "inconsistent", ""),
        ("tie", "both_bad", "inconsistent", "inconsistent", ""),
    ],
)
def test_two_orders_make_one_verdict_or_disagree(
    x_left: str, y_left: str, combined: str, disagreement: str, place: str
):
    found = both(x_left, y_left)

    assert found.combined == combined
    assert (found.disagreement, found.place) == (disagreement, place)


def test_only_four_of_the_sixteen_agree():
    agreeing = [p for p in product(VERDICTS, VERDICTS) if not both(*p).disagreement]

    assert agreeing == [("a", "b"), ("b", "a"), ("tie", "tie"), ("both_bad",) * 2]


def test_orders_that_are_not_known_are_none() -> None:
    verdicts = [given(1, "x", "a"), given(1, "y", "a")]
    verdicts[1].order_known = False

    assert judging.both_orders(verdicts) == []


def test_a_battle_read_in_one_order_only_says_nothing_of_the_place():
    verdicts = [
        given(2, "y", "a"),
        given(2, "x", "b"),
        given(1, "x", "a"),
        given(1, "y", "", "unreadable"),
    ]

    (read,) = judging.both_orders(verdicts)
    assert (read.battle_id, read.combined) == (2, "y")
