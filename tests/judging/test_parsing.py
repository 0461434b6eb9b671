import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.judging.parsing import (
    Score,
    Unreadable,
    Verdict,
    read_score,
    read_verdict,
)

MARKS = ["[[A]]", "[[B]]", "[[tie]]", "[[both bad]]", "[[A", "]]", "[[7]]", "[[ 7 ]]"]
REPLY = st.lists(st.sampled_from([*MARKS, "\n", " ", "Because.", "\x1e"]) | st.text())


@pytest.mark.parametrize(
    ("reply", "verdict", "reason"),
    [
        ("A is right.\n\n[[A]]", "a", "A is right."),
        ("[[B]]", "b", ""),
        ("Both do.\n[[tie]]\n\n", "tie", "Both do."),
        ("Neither does.\r\n  [[Both bad]]  ", "both_bad", "Neither does."),
        ("I say [[A]], for:\nit is shorter.\n[[A]]", "a", None),
        ("See [[C]] and [[Aa]].\n[[B]]", "b", None),
    ],
)
def test_a_verdict_is_read_off_the_last_line(
    reply: str, verdict: str, reason: str | None
):
    read = read_verdict(reply)

    assert read.verdict == verdict
    assert reason is None or read == Verdict(verdict, reason)


@pytest.mark.parametrize(
    "reply",
    [
        "",
        " \n ",
        "A is better.",
        "[[A]] is better.",
        "Verdict: [[A]]",
        "[[A]]\nNo, wait.",
        "[[A]]\n[[B]]",
        "It might be [[tie]].\n[[A]]",
        "[[A]][[A]]",
        "[A]",
        "[[ A ]]",
        "[[C]]",
        "[[A",
        "[[both_bad]]",
        "[[tıe]]",
        "[[7]]",
        "**[[A]]**",
    ],
)
def test_anything_else_is_unreadable_and_no_tie(reply: str):
    with pytest.raises(Unreadable):
        read_verdict(reply)


@pytest.mark.parametrize(
    ("reply", "score"),
    [("Fine.\n[[7]]", 7.0), ("[[10]]", 10.0), ("[[1.0]]", 1.0), ("[[8.5]]", 8.5)],
)
def test_a_score_from_one_to_ten_is_read(reply: str, score: float):
    assert read_score(reply).score == score


@pytest.mark.parametrize(
    "reply",
    [
        *("[[0]]", "[[11]]", "[[-3]]", "[[0.99]]", "[[10.1]]", "[[1e1]]", "[[nan]]"),
        *("[[٧]]", "7", "[[7]] points", "[[7/10]]", "[[5]]\n[[7]]", "[[A]]", ""),
        "[[99]] or so\n[[7]]",
        f"[[{'9' * 400}]]",
    ],
)
def test_no_score_or_one_out_of_range_is_unreadable(reply: str):
    with pytest.raises(Unreadable):
        read_score(reply)


@given(REPLY.map("".join))
def test_every_reply_is_read_or_unreadable(reply: str):
    try:
        verdict: Verdict | None = read_verdict(reply)
    except Unreadable:
        verdict = None
    try:
        score: Score | None = read_score(reply)
    except Unreadable:
        score = None

    # Nothing passes for both, and what was read stands at the very end.
    assert verdict is None or score is None
    if verdict:
        spelt = verdict.verdict.replace("_", " ")
        assert reply.strip().lower().endswith(f"[[{spelt}]]")
    if score:
        assert 1 <= score.score <= 10
        assert reply.strip().endswith("]]")


@given(st.sampled_from(MARKS[:4]), st.sampled_from(MARKS[:4]), st.text())
def test_two_verdicts_that_differ_are_never_read(one: str, other: str, between: str):
    reply = f"{one}{between}\n{other}"
    if one == other and "[[" not in between:
        assert read_verdict(reply).reason == f"{one}{between}".strip()
    elif one != other:
        with pytest.raises(Unreadable):
            read_verdict(reply)
