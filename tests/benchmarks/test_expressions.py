import pytest

from evaluations.benchmarks import expressions
from evaluations.benchmarks.expressions import (
    BadExpression,
    check_expression,
    found_by,
)

CATASTROPHIC = r"(a+)+b"


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    """Patience alone is shortened: the tests wait for it to run out."""
    monkeypatch.setattr(expressions, "SECONDS", 0.5)


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("([A-D", "Not a regular expression"),
        ("[A-D]", "needs a group"),
        (CATASTROPHIC, "takes more than"),
        (r"(x+x+)+y", "takes more than"),
        (r"^(\w+\s?)*$", "takes more than"),
    ],
)
def test_an_expression_that_cannot_be_used_is_refused(expression, why):
    with pytest.raises(BadExpression, match=why):
        check_expression(expression)


@pytest.mark.parametrize(
    "expression", [r"answer is ([A-D])", r"(\d+)\s*$", "(?i)(yes|no)"]
)
def test_a_plain_expression_is_taken(expression):
    check_expression(expression)


def test_the_group_of_the_last_match_is_the_answer():
    assert found_by(r"is (\w+)", "it is red, it is blue") == "blue"
    assert found_by(r"is (\d)?", "it is ") == ""
    assert found_by(r"is (\w+)", "nothing") == ""


def test_a_search_that_does_not_end_finds_nothing():
    assert found_by(CATASTROPHIC, "a" * 60) == ""
