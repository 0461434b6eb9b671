import pytest

from evaluations.leaks import Registry, Watch

REGISTRY = Registry.of([], [], [])
FILLER = "The sky is blue because short waves are scattered more. "


def watched(text: str, step: int) -> Watch:
    watch = Watch(REGISTRY)
    for end in range(step, len(text) + step, step):
        watch.see(text[:end])
    return watch


@pytest.mark.parametrize("step", [1, 7, 60, 1000])
def test_a_leak_shows_while_the_answer_grows(step: int) -> None:
    text = FILLER * 30 + "I am ChatGPT, by the way. " + FILLER * 8

    watch = watched(text, step)

    assert watch.leak == REGISTRY.find(text)
    assert watch.leak


def test_half_a_sentence_is_not_judged() -> None:
    text = "私はChatGPTではありません。"

    assert watched(text, 1).leak is None
    assert watched(text, 1).close(text) is None


def test_a_name_at_the_very_end_is_found_on_closing() -> None:
    text = FILLER + "I am ChatGPT"

    watch = watched(text, 20)

    assert watch.leak is None
    assert watch.close(text)


def test_a_quotation_opened_long_ago_stays_one() -> None:
    text = 'He wrote: "' + FILLER * 30 + "I am ChatGPT. " + FILLER * 10 + '"'

    watch = watched(text, 50)

    assert watch.close(text) is None


def test_code_opened_long_ago_stays_code() -> None:
    text = (
        "```\n" + (FILLER + "\n\n") * 30 + "I am ChatGPT.\n" + FILLER * 10 + "\n```\n"
    )

    assert watched(text, 50).close(text) is None


def test_only_what_is_new_is_read_again() -> None:
    long = (FILLER * 4 + "\n\n") * 200 + FILLER * 10
    read = Watch(REGISTRY)
    read.see(long)

    assert len(long) - read.since(long) < 1000


def test_an_answer_without_paragraphs_is_not_read_again_either() -> None:
    long = FILLER * 500
    read = Watch(REGISTRY)
    read.see(long)

    assert len(long) - read.since(long) < 1000
