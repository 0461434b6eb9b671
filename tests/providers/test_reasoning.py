from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.providers.reasoning import ThinkSplitter

CASES = [
    ("plain text", "", "plain text"),
    ("  \n keeps its own indent", "", "  \n keeps its own indent"),
    ("<think>one</think>two", "one", "two"),
    ("\n<think>\none\n</think>\n\ntwo\n", "\none\n", "two\n"),
    ("<thinking>a </think> b</thinking>c", "a </think> b", "c"),
    ("<think></think><think>x</think>y", "x", "y"),
    ("<think>1 < 2 </thin k></think>so", "1 < 2 </thin k>", "so"),
    ("<think>never closed </thin", "never closed </thin", ""),
    ("Use <think>tags</think> so", "", "Use <think>tags</think> so"),
    ("<think>a</think>b <think>c</think>", "a", "b <think>c</think>"),
    ("<thin ice", "", "<thin ice"),
    ("<thin", "", "<thin"),
    ("<", "", "<"),
    ("", "", ""),
]


@given(
    case=st.sampled_from(CASES),
    places=st.lists(st.integers(min_value=0, max_value=60), max_size=60),
)
def test_thinking_is_split_off_wherever_the_text_is_cut(
    case: tuple[str, str, str], places: list[int]
) -> None:
    text, thought, answer = case
    splitter = ThinkSplitter()
    cuts = [0, *sorted(min(place, len(text)) for place in places), len(text)]
    pieces = [text[a:b] for a, b in pairwise(cuts)]

    given_back = [*(splitter.feed(piece) for piece in pieces), splitter.rest()]

    assert "".join(part for part, _ in given_back) == thought
    assert "".join(part for _, part in given_back) == answer


@pytest.mark.parametrize(("text", "thought", "answer"), CASES)
def test_thinking_is_split_off_sign_by_sign(
    text: str, thought: str, answer: str
) -> None:
    splitter = ThinkSplitter()

    given_back = [*(splitter.feed(sign) for sign in text), splitter.rest()]

    assert "".join(part for part, _ in given_back) == thought
    assert "".join(part for _, part in given_back) == answer


def test_an_answer_is_passed_on_as_soon_as_it_is_one() -> None:
    splitter = ThinkSplitter()

    assert splitter.feed("<th") == ("", "")
    assert splitter.feed("e") == ("", "<the")
    assert splitter.feed("n <think>") == ("", "n <think>")
