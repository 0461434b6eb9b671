from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.benchmarks.extraction import (
    CHOICE,
    EXACT,
    NUMBER,
    extracted,
    is_right,
    value_of,
)

CITIES = ("Paris", "Rome", "New York", "York")
CHOSEN = [
    ("B", "B"),
    ("b", "B"),
    ("(c)", "C"),
    ("B) Rome", "B"),
    ("B. Rome, as it is the capital.", "B"),
    ("**B**", "B"),
    ("The answer is (C).", "C"),
    ("**Answer: D**", "D"),
    ("answer = option A", "A"),
    ("A good question. The answer is B because A is in France.", "B"),
    ("A) Paris\nB) Rome\n\nAnswer: C", "C"),
    ("I first thought the answer is A. No: the answer is D.", "D"),
    ("So $\\boxed{A}$", "A"),
    ("So $\\boxed{\\text{B}}$", "B"),
    ("Option B fits best.", "B"),
    ("We compare them.\n\nD\n", "D"),
    ("They went to Rome.", "B"),
    ("They went to New York.", "C"),
    ("They went to York.", "D"),
    ("Paris or Rome", ""),
    ("A or B", ""),
    ("(A) and (B) both", ""),
    ("E", ""),
    ("The answer isn’t here.", ""),
    ("I am a small program.", ""),
    ("", ""),
]
COUNTED = [
    ("42", "42"),
    ("The result is 42.", "42"),
    ("First 3, then 5, so 8 apples.", "8"),
    ("1,234,567 km", "1,234,567"),
    ("5{,}050", "5,050"),
    ("12\u202f345 people", "12\u202f345"),
    ("It costs $3.50.", "3.50"),
    ("That is .5 of it", ".5"),
    ("−7 °C", "-7"),
    ("-3/4", "-3/4"),
    ("10-4", "4"),
    ("half is 1/2", "1/2"),
    ("1 1/2 cups", "1 1/2"),
    ("Answer: 12 of 30", "12"),
    ("The answer is 7. Check: 7 × 2 = 14", "7"),
    ("#### 18", "18"),
    ("\\boxed{15} of 100", "15"),
    ("15 %", "15"),
    ("no number", ""),
]
SAID = [
    ("Paris", "Paris"),
    ("The capital?\nAnswer: The Hague.", "The Hague."),
    ("I looked it up.\n\n  Paris  \n", "Paris"),
    ("\n\n", ""),
]
VALUES = [
    ("1,234.5", Fraction("1234.5")),
    ("-3/4", Fraction(-3, 4)),
    ("1 1/2", Fraction(3, 2)),
    ("1\u202f234", Fraction(1234)),
    ("34.40", Fraction("34.4")),
    ("3/0", None),
    ("1,23", None),
    ("12 km", None),
    ("nan", None),
    ("", None),
]


@pytest.mark.parametrize(("reply", "letter"), CHOSEN)
def test_a_letter_is_read_where_the_reply_commits_to_one(reply, letter):
    assert extracted(reply, kind=CHOICE, choices=CITIES) == letter


@pytest.mark.parametrize(("reply", "number"), COUNTED)
def test_a_number_is_read_where_it_is_named_or_last(reply, number):
    assert extracted(reply, kind=NUMBER) == number


@pytest.mark.parametrize(("reply", "words"), SAID)
def test_words_are_read_where_they_are_named_or_last(reply, words):
    assert extracted(reply, kind=EXACT) == words


@pytest.mark.parametrize(("text", "value"), VALUES)
def test_a_number_has_one_value_however_it_is_written(text, value):
    assert value_of(text) == value


@pytest.mark.parametrize(
    ("kind", "given_", "answers", "right"),
    [
        (NUMBER, "0.50", ["1/2"], True),
        (NUMBER, "1,500", ["1500"], True),
        (NUMBER, "1501", ["1500"], False),
        (NUMBER, "", ["0"], False),
        (CHOICE, "b", ["B"], True),
        (CHOICE, "C", ["B"], False),
        (CHOICE, "", ["A"], False),
        (EXACT, "The Hague.", ["hague"], True),
        (EXACT, "  new-york ", ["New York"], True),
        (EXACT, "Hagues", ["Hague"], False),
        (EXACT, "the", ["a"], False),
    ],
)
def test_an_answer_is_right_by_its_kind(kind, given_, answers, right):
    assert is_right(given_, kind=kind, answers=answers) is right


def test_a_number_without_end_is_no_answer():
    assert not is_right("9" * 5000, kind=NUMBER, answers=["9"])


def test_an_own_expression_goes_before_the_rule_of_the_kind():
    reply = "Final: 12\nThat took 3 steps. Final: 14"

    assert extracted(reply, kind=NUMBER, expression=r"Final: (\d+)") == "14"
    assert extracted("none", kind=NUMBER, expression=r"Final: (\d+)") == ""


@given(st.text(max_size=300), st.sampled_from([EXACT, CHOICE, NUMBER]))
def test_whatever_was_said_is_read_without_an_error(reply, kind):
    got = extracted(reply, kind=kind, choices=CITIES)

    assert is_right(got, kind=kind, answers=["A"]) in (True, False)
    assert kind != CHOICE or got in {"", "A", "B", "C", "D"}


@given(st.sampled_from("ABCD"), st.sampled_from(["{}", "({})", "Answer: {}", "**{}**"]))
def test_a_letter_alone_is_always_read(letter, form):
    said = form.format(letter)

    assert extracted(said, kind=CHOICE, choices=CITIES) == letter


@given(st.integers(-(10**12), 10**12), st.sampled_from(["{}", "{:,}", "= {} euros."]))
def test_any_whole_number_is_read_back(number, form):
    said = extracted(form.format(number), kind=NUMBER)

    assert value_of(said) == number


@given(
    st.fractions(max_denominator=999).filter(lambda f: f.denominator > 1),
    st.sampled_from(["It is {}", "{}.", "Answer: {} of it", "\\boxed{{{}}}"]),
)
def test_any_fraction_is_read_back(fraction, form):
    said = extracted(form.format(fraction), kind=NUMBER)

    assert value_of(said) == fraction


@given(st.decimals(-(10**6), 10**6, places=3), st.sampled_from(["{}", "{} kg", "${}$"]))
def test_any_decimal_is_read_back(decimal, form):
    said = extracted(form.format(decimal), kind=NUMBER)

    assert value_of(said) == Fraction(decimal)
