import pytest

from evaluations.leaks import Leak, Registry

NAMES = ["Llama 3.1 8B Instruct", "Quillon Chat (7B)", "Weaver 12k", "Owl Parrot v2"]
REGISTRY = Registry.of(NAMES, ["Brightfield Labs", "Together"], ["bfl/Quillon-7B-hf"])


def rule(text: str) -> str:
    leak = REGISTRY.find(text)
    return leak.rule if leak else ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I am ChatGPT.", "says_its_name"),
        ("I'm a version of GPT-4.", "says_its_family"),
        ("As ChatGPT, I agree.", "speaks_as"),
        ("I was trained by OpenAI.", "says_its_maker"),
        ("OpenAI made me.", "maker_made_it"),
        ("Here you are.\n\n— ChatGPT", "signs"),
    ],
)
def test_each_form_has_its_rule(text: str, expected: str) -> None:
    assert rule(text) == expected


def test_a_leak_tells_its_place_in_the_text_as_it_came() -> None:
    text = "Well. I\u200b am **Chat\u200bGPT**, yes."

    leak = REGISTRY.find(text)

    assert leak == Leak("says_its_name", 6, 22)
    assert text[6:22].endswith("GPT")


@pytest.mark.parametrize(
    "text",
    [
        "I am Quillon, an AI.",
        "I was developed by Brightfield Labs.",
        "I am Owl Parrot.",
        "I am owl-parrot, the model.",
        "I'm Llama 3.1 70B.",
        "I'm llama_3_1.",
    ],
)
def test_the_registry_adds_its_own_names_and_makers(text: str) -> None:
    assert REGISTRY.find(text)


def test_a_name_that_nobody_registered_is_no_leak() -> None:
    empty = Registry.of([], [], [])

    assert empty.find("I am Quillon, an AI.") is None
    assert empty.find("I was developed by Brightfield Labs.") is None


@pytest.mark.parametrize(
    "text",
    [
        "I am Weaver, and my cloth is blue.",
        "I was made by together with my friends.",
        "The file quillon.txt is mine; I am sure.",
        "I am an owl.",
    ],
)
def test_a_word_of_everyday_needs_more_than_i_am(text: str) -> None:
    assert REGISTRY.find(text) is None


@pytest.mark.parametrize(
    "name", ["GPT-4", "GPT 4", "gpt4", "GPT‑4", "ＧＰＴ－４", "`GPT-4`"]
)
def test_a_name_is_known_however_it_is_spelled(name: str) -> None:
    assert rule(f"I am {name}.") == "says_its_name"


def test_a_quotation_that_ended_does_not_hide_a_leak() -> None:
    assert rule('You said "hello". I am ChatGPT.') == "says_its_name"
    assert rule("```\ncode\n```\nI am ChatGPT.") == "says_its_name"
    assert rule("Don't worry. I'm ChatGPT, it's fine.") == "says_its_name"
