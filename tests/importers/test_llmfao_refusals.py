import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from evaluations.importers import IMPORTERS, BadInput
from evaluations.models import Contestant, PromptSet, Vote
from tests.importers import llmfao_folder
from tests.importers.llmfao_folder import Files

pytestmark = pytest.mark.django_db

Spoil = Callable[[Files], Any]


def problems_of(folder: Path) -> list[str]:
    with pytest.raises(BadInput) as caught:
        IMPORTERS["llmfao"](
            path=folder, dry_run=False, progress=lambda label, done, total: None
        )
    assert not Contestant.objects.exists()
    assert not PromptSet.objects.exists()
    assert not Vote.objects.exists()
    return caught.value.problems


def spoilt(folder: Path, spoil: Spoil) -> list[str]:
    files = llmfao_folder.files()
    spoil(files)
    return problems_of(llmfao_folder.write(folder, files))


def replace(name: str, line: int, new: object) -> Spoil:
    """Put other content into one line of a file (counted from 1)."""
    return lambda files: files[name].__setitem__(line - 1, new)


def change(name: str, line: int, /, **fields: object) -> Spoil:
    return lambda files: files[name][line - 1].update(fields)


def swap(line: int, old: str, new: str) -> Spoil:
    def spoil(files: Files) -> None:
        row = files["crowd-comparisons.csv"][line - 1]
        assert old in row
        files["crowd-comparisons.csv"][line - 1] = row.replace(old, new)

    return spoil


BROKEN_LINES: dict[str, tuple[Spoil, str]] = {
    "not JSON": (
        replace("models.jsonl", 2, '{"id": 1, "name"'),
        "models.jsonl:2: Invalid JSON: ",
    ),
    "not an object": (
        replace("models.jsonl", 2, "[]"),
        "models.jsonl:2: Input should be an object.",
    ),
    "half a surrogate": (
        replace("results.jsonl", 1, json.dumps({"result": "\ud800"})),
        "results.jsonl:1: Invalid JSON: ",
    ),
    "deeply nested": (
        replace("results.jsonl", 1, '{"result":' + "[" * 100_000),
        "results.jsonl:1: Invalid JSON: ",
    ),
    "a field missing": (
        replace("prompts.jsonl", 1, {"id": 10, "text": "Name a tree."}),
        "prompts.jsonl:1: type: Field required.",
    ),
    "a field of another type": (
        change("results.jsonl", 4, model="1"),
        "results.jsonl:4: model: Input should be a valid integer.",
    ),
    "a time that is no time": (
        change("results.jsonl", 4, duration=float("nan")),
        "results.jsonl:4: duration: ",
    ),
    "a negative id": (
        change("models.jsonl", 1, id=-1),
        "models.jsonl:1: id: Input should be greater than or equal to 0.",
    ),
    "an empty name": (
        change("models.jsonl", 3, name=""),
        "models.jsonl:3: name: String should have at least 1 character.",
    ),
    "a name of no letters": (
        change("models.jsonl", 3, name="???"),
        "models.jsonl:3: the name gives no address of its own.",
    ),
    "two names with one address": (
        change("models.jsonl", 3, name="Wren-1.5"),
        "models.jsonl:3: the name gives no address of its own.",
    ),
    "a model twice": (
        change("models.jsonl", 3, id=1),
        "models.jsonl:3: model 1 is listed twice.",
    ),
    "a prompt twice": (
        change("prompts.jsonl", 2, id=10),
        "prompts.jsonl:2: prompt 10 is listed twice.",
    ),
    "a prompt's text twice": (
        change("prompts.jsonl", 2, text="Name a tree."),
        "prompts.jsonl:2: the same text stands in an earlier line.",
    ),
    "a prompt too long": (
        change("prompts.jsonl", 2, text="x" * 32_001),
        "prompts.jsonl:2: text is longer than 32000 characters.",
    ),
    "an answer too long": (
        change("results.jsonl", 1, result="é" * 32_001),
        "results.jsonl:1: result is longer than 64000 bytes.",
    ),
    "an answer twice": (
        change("results.jsonl", 2, model=1),
        "results.jsonl:2: this model's answer to this prompt stands twice.",
    ),
    "an answer of an unknown model": (
        change("results.jsonl", 5, model=44),
        "results.jsonl:5: unknown model 44.",
    ),
    "an answer to an unknown prompt": (
        change("results.jsonl", 5, prompt=44),
        "results.jsonl:5: unknown prompt 44.",
    ),
    "a pair twice": (
        change("pairs-crowd.jsonl", 2, id=0),
        "pairs-crowd.jsonl:2: pair 0 is listed twice.",
    ),
    "a pair on an unknown prompt": (
        change("pairs-crowd.jsonl", 2, prompt=44),
        "pairs-crowd.jsonl:2: unknown prompt 44.",
    ),
    "a pair with another text": (
        change("pairs-crowd.jsonl", 2, text="Name a bush."),
        "pairs-crowd.jsonl:2: text is not that of prompt 10.",
    ),
    "a model against itself": (
        change("pairs-crowd.jsonl", 1, model_y=1),
        "pairs-crowd.jsonl:1: model 1 stands on both sides.",
    ),
    "a pair without an answer": (
        change("pairs-crowd.jsonl", 3, model_x=3),
        "pairs-crowd.jsonl:3: no answer of model 3 to prompt 11.",
    ),
    "a pair with an answer that the model did not give": (
        change("pairs-crowd.jsonl", 1, result_y="The birch"),
        "pairs-crowd.jsonl:1: result_y is not model 2's answer in results.jsonl.",
    ),
    "too few fields": (
        replace("crowd-comparisons.csv", 3, "0,10,1,2,8"),
        "crowd-comparisons.csv:3: 8 fields are expected, 5 stand here.",
    ),
    "an open quote": (
        replace("crowd-comparisons.csv", 5, '2,11,"2'),
        "crowd-comparisons.csv:5: not readable as CSV: ",
    ),
    "a vote on an unknown pair": (
        swap(3, "0,10", "5,10"),
        "crowd-comparisons.csv:3: unknown pair 5.",
    ),
    "a vote with another prompt": (
        swap(3, "0,10", "0,11"),
        "crowd-comparisons.csv:3: prompt 11 is not that of pair 0.",
    ),
    "a vote with another model": (
        swap(3, "0,10,1,2", "0,10,1,3"),
        "crowd-comparisons.csv:3: model_y 3 is not that of pair 0.",
    ),
    "a vote that names another model": (
        swap(2, "Linnet (7B)", "Dunnock"),
        "crowd-comparisons.csv:2: left does not name model_x 1.",
    ),
    "an unknown winner": (
        swap(4, "right", "both"),
        "crowd-comparisons.csv:4: winner: Input should be 'left', 'right' or 'tie'.",
    ),
    "a pair judged twice by one worker": (
        swap(3, ",8,", ",7,"),
        "crowd-comparisons.csv:3: this worker has judged this pair before.",
    ),
}


BROKEN_VERDICTS = {
    "on an unknown pair": ("0,10,1,2,", "5,10,1,2,", "unknown pair 5."),
    "of another model": ("0,10,1,2,", "0,10,1,3,", "model_y 3 is not that of pair 0."),
    "of an unknown winner": (",right,", ",both,", "winner: Input should be "),
    "on a pair judged before": (
        "2,11,2,1,tie,Wren 1.5,Linnet (7B)",
        "0,10,1,2,tie,Linnet (7B),Wren 1.5",
        "pair 0 is judged twice.",
    ),
}


@pytest.mark.parametrize("case", BROKEN_VERDICTS)
def test_a_broken_verdict_of_a_model_is_named(case: str, tmp_path: Path) -> None:
    old, new, expected = BROKEN_VERDICTS[case]
    [(name, lines)] = llmfao_folder.verdicts().items()
    number = next(n for n, line in enumerate(lines, start=1) if old in line)
    lines[number - 1] = lines[number - 1].replace(old, new)

    problems = spoilt(tmp_path, lambda files: files.update({name: lines}))

    assert len(problems) == 1
    assert problems[0].startswith(f"{name}:{number}: {expected}")


@pytest.mark.parametrize("case", BROKEN_LINES)
def test_a_broken_line_is_named_and_nothing_is_written(
    case: str, tmp_path: Path
) -> None:
    spoil, expected = BROKEN_LINES[case]

    problems = spoilt(tmp_path, spoil)

    assert len(problems) == 1
    assert problems[0].startswith(expected)


def test_all_problems_of_a_file_are_named_together(tmp_path: Path) -> None:
    def spoil(files: Files) -> None:
        files["results.jsonl"][0] = "{"
        files["results.jsonl"][3]["prompt"] = 44
        files["pairs-crowd.jsonl"][0] = "{"

    problems = spoilt(tmp_path, spoil)

    places = [problem.split(" ")[0] for problem in problems]
    assert places == ["results.jsonl:1:", "results.jsonl:4:"]


def test_reading_stops_at_the_twentieth_problem(tmp_path: Path) -> None:
    problems = spoilt(
        tmp_path, lambda files: files.update({"prompts.jsonl": ["{"] * 50})
    )

    assert problems[19].startswith("prompts.jsonl:20: ")
    assert problems[20:] == ["prompts.jsonl: reading stopped here."]


def test_a_problem_does_not_repeat_the_text(tmp_path: Path) -> None:
    change_type = change("results.jsonl", 1, result=["a private matter"])

    assert "private" not in spoilt(tmp_path, change_type)[0]


def test_bytes_that_are_no_text_are_named(tmp_path: Path) -> None:
    llmfao_folder.write(tmp_path, llmfao_folder.files())
    for name, line in (("prompts.jsonl", 2), ("crowd-comparisons.csv", 3)):
        path = tmp_path / name
        content = path.read_bytes()
        lines = content.split(b"\n")
        lines[line - 1] += b"\xff"
        path.write_bytes(b"\n".join(lines))

        assert problems_of(tmp_path)[0].startswith(f"{name}:{line}: ")
        path.write_bytes(content)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    header = swap(1, "winner", "result")

    assert spoilt(tmp_path, header) == ["crowd-comparisons.csv:1: no column 'winner'."]


def test_missing_files_are_named(tmp_path: Path) -> None:
    def lose(files: Files) -> None:
        files["vote.csv"] = files.pop("crowd-comparisons.csv")
        del files["models.jsonl"]

    problems = spoilt(tmp_path, lose)

    assert problems == [
        f"models.jsonl is missing in {tmp_path}.",
        f"crowd-comparisons.csv is missing in {tmp_path}.",
    ]


def test_a_path_that_is_no_folder_is_named(tmp_path: Path) -> None:
    assert problems_of(tmp_path / "none") == [f"{tmp_path / 'none'} is not a folder."]


def test_the_command_says_what_is_wrong_in_one_message(tmp_path: Path) -> None:
    files = llmfao_folder.files()
    files["models.jsonl"][0] = "{"
    llmfao_folder.write(tmp_path, files)

    with pytest.raises(CommandError) as caught:
        call_command("import_data", "llmfao", str(tmp_path))

    assert str(caught.value).startswith("models.jsonl:1: Invalid JSON: ")
    assert str(caught.value).endswith("\nNothing was written.")
