import pytest

from evaluations.providers.answer import GrowingAnswer
from evaluations.providers.base import ProviderError, Request, Timeouts, never
from evaluations.providers.watch import Watch


@pytest.fixture
def answer() -> GrowingAnswer:
    return GrowingAnswer(Request([], max_bytes=100), Watch(Timeouts(), never), None)


def test_an_answer_may_fill_its_room_to_the_last_byte(answer: GrowingAnswer) -> None:
    answer.add_text("é" * 50)
    answer.finish("stop")

    assert len(answer.completion().text.encode()) == 100


def test_an_answer_of_one_byte_more_is_refused(answer: GrowingAnswer) -> None:
    answer.add_text("é" * 50)

    with pytest.raises(ProviderError, match="too_long"):
        answer.add_text("x")


def test_reasoning_has_more_room_but_not_without_end(answer: GrowingAnswer) -> None:
    answer.add_reasoning("x" * 1600)

    with pytest.raises(ProviderError, match="too_long"):
        answer.add_reasoning("x")


def test_the_first_finish_reason_stands(answer: GrowingAnswer) -> None:
    answer.add_text("Yes.")
    answer.finish(None)
    answer.finish("length")
    answer.finish("stop")

    assert answer.completion().finish_reason == "length"


def test_a_finish_reason_nobody_knows_is_kept_as_it_is(answer: GrowingAnswer) -> None:
    answer.add_text("Yes.")
    answer.finish("eos")

    assert answer.completion().finish_reason == "eos"


@pytest.mark.parametrize("claim", [None, True, "7", 7.0, -1, 2**31, 10**30, [7]])
def test_a_token_count_that_is_none_stays_unknown(
    answer: GrowingAnswer, claim: object
) -> None:
    answer.count(prompt=5, completion=claim)

    assert (answer.prompt_tokens, answer.completion_tokens) == (5, None)
