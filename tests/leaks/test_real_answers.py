"""Real answers, none of which tells its author (each hit and miss read by eye)."""

import json
from pathlib import Path

from evaluations.leaks import Registry
from tests.real_data import folder


def rows(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_answers_of_seventy_models_raise_no_alarm() -> None:
    home = folder("llmfao")
    models = rows(home / "models.jsonl")
    registry = Registry.of(
        [model["name"] for model in models],
        [model["org"] for model in models],
        [model["api_id"] for model in models],
    )

    answers = [row["result"] or "" for row in rows(home / "results.jsonl")]

    assert len(answers) == 1133
    assert [text for text in answers if registry.find(text)] == []


def test_answers_of_the_first_five_raise_no_alarm() -> None:
    home = folder("vicuna") / "answers"
    names = ["alpaca-13b", "bard", "gpt35", "llama-13b", "vicuna-13b"]
    registry = Registry.of(names, ["Stanford", "Google", "OpenAI", "Meta", "LMSYS"], [])

    answers = [row["text"] for name in names for row in rows(home / f"{name}.jsonl")]

    assert len(answers) == 400
    assert [text for text in answers if registry.find(text)] == []


def test_a_leak_planted_in_any_real_answer_is_found() -> None:
    home = folder("vicuna") / "answers"
    registry = Registry.of([], [], [])

    answers = [row["text"] for row in rows(home / "gpt35.jsonl")]
    planted = [f"{text}\n\nI am ChatGPT, a model by OpenAI." for text in answers]

    assert all(registry.find(text) for text in planted)
