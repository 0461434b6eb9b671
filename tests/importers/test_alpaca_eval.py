import json
from pathlib import Path
from typing import Any

import pytest

from evaluations.models import Answer, Battle, Judge, JudgeVerdict, Prompt
from tests.importers.imports import (
    OWN_SET,
    added,
    everything,
    problems_of,
    run,
)

pytestmark = pytest.mark.django_db


def output(number: int, generator: str, text: str = "Words") -> dict[str, Any]:
    return {
        "instruction": f"Ask {number}",
        "output": f"{text} {number}",
        "generator": generator,
        "dataset": "helpful_base",
    }


def annotation(number: int, preference: float | None) -> dict[str, Any]:
    return {
        "instruction": f"Ask {number}",
        "output_1": f"Base {number}",
        "output_2": f"Words {number}",
        "generator_1": "text_davinci_003",
        "generator_2": "wren",
        "annotator": "alpaca_eval_gpt4",
        "preference": preference,
    }


def write(path: Path, items: list[dict[str, Any]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(items, indent=4))
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    wren = [output(n, "wren") for n in range(4)]
    # The set itself asks a few things twice.
    write(tmp_path / "model_outputs.json", [*wren, {**wren[0], "output": "Other"}])
    preferences = enumerate((1, 1.75, 1.5, None))
    annotations = [annotation(n, preference) for n, preference in preferences]
    write(tmp_path / "annotations.json", annotations)
    return tmp_path


def test_outputs_come_in_as_answers_under_their_words(folder: Path) -> None:
    run("alpaca_eval", folder / "model_outputs.json", OWN_SET)

    prompts = Prompt.objects.order_by("id")
    assert [prompt.turns for prompt in prompts] == [[f"Ask {n}"] for n in range(4)]
    assert {(p.category, p.external_id) for p in prompts} == {("helpful_base", None)}
    texts = Answer.objects.order_by("id").values_list("text", flat=True)
    assert list(texts) == [f"Words {n}" for n in range(4)]


def test_annotations_become_verdicts_and_bring_the_other_outputs(
    folder: Path,
) -> None:
    report = run("alpaca_eval", folder, OWN_SET)

    assert added(report)["answers"] == 8
    judge = Judge.objects.get(slug="alpaca_eval_gpt4-own")
    assert judge.maker == "OpenAI"
    said = judge.verdicts.order_by("id").values_list("state", "verdict")
    assert list(said) == [
        ("read", "a"),
        ("read", "b"),
        ("read", "tie"),
        ("unreadable", ""),
    ]
    assert Battle.objects.filter(contestant_x__slug="own-text_davinci_003").count() == 4
    # The file does not tell what the annotator saw first.
    assert not judge.verdicts.filter(order_known=True).exists()


def test_importing_twice_changes_nothing(folder: Path) -> None:
    run("alpaca_eval", folder, OWN_SET)
    before = everything()

    assert run("alpaca_eval", folder, OWN_SET).added == 0
    assert everything() == before


def test_a_pair_in_the_other_order_is_the_same_battle(folder: Path) -> None:
    turned = annotation(1, 1.25)
    for name in ("output", "generator"):
        first, second = turned[f"{name}_1"], turned[f"{name}_2"]
        turned |= {f"{name}_1": second, f"{name}_2": first}
    write(folder / "annotations.json", [annotation(1, 1.75), turned])
    run("alpaca_eval", folder, OWN_SET)

    assert Battle.objects.count() == 1
    said = JudgeVerdict.objects.order_by("id").values_list("left", "verdict")
    assert list(said) == [("x", "b"), ("y", "a")]


def test_another_generator_joins_the_same_prompts(folder: Path) -> None:
    run("alpaca_eval", folder / "model_outputs.json", OWN_SET)
    linnet = [output(n, "linnet", "Song") for n in range(4)]
    report = run("alpaca_eval", write(folder / "more.json", linnet), OWN_SET)

    assert added(report) == {
        "sets": 0,
        "prompts": 0,
        "contestants": 1,
        "answers": 4,
        "battles": 0,
    }


BROKEN: dict[str, tuple[str, str]] = {
    "not a list": ('{"instruction": ""}', "1: not readable as JSON: one list"),
    "cut off": ('[\n{"instruction": "Ask', "2: not readable as JSON: "),
    "no comma": ("[\n{}\n{}]", "3: not readable as JSON: a comma or "),
    "more behind it": ("[]\n[]", "1: not readable as JSON: one list"),
    "nested": ("[\n" + "[" * 100_000, "2: not readable as JSON: nested too deeply."),
    "a field missing": (
        json.dumps([output(0, "wren"), {"instruction": "Ask"}], indent=1),
        "8: output: Field required.",
    ),
    "half a surrogate": ('[\n\n"\\ud800"]', "3: Invalid JSON: "),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_item_is_named_with_its_line(case: str, tmp_path: Path) -> None:
    content, expected = BROKEN[case]
    path = tmp_path / "model_outputs.json"
    path.write_text(content)

    problems = problems_of("alpaca_eval", path, OWN_SET)

    assert problems[0].startswith(f"model_outputs.json:{expected}")


def test_bytes_that_are_no_text_are_named(tmp_path: Path) -> None:
    path = tmp_path / "model_outputs.json"
    path.write_bytes(b"[\n\xff]")

    problems = problems_of("alpaca_eval", path, OWN_SET)

    assert problems == ["model_outputs.json:2: not UTF-8."]


def test_an_annotation_of_another_output_is_refused(folder: Path) -> None:
    write(folder / "annotations.json", [{**annotation(0, 1), "output_2": "Else"}])

    [problem] = problems_of("alpaca_eval", folder, OWN_SET)

    expected = "not the output of wren at model_outputs.json:2."
    assert problem == f"annotations.json:2: {expected}"


def test_a_preference_beyond_two_is_refused(folder: Path) -> None:
    write(folder / "annotations.json", [annotation(0, 3)])

    [problem] = problems_of("alpaca_eval", folder, OWN_SET)

    assert problem.startswith("annotations.json:2: preference: ")
