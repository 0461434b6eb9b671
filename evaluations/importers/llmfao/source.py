"""The files, read and checked against each other before anything is written."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from django.conf import settings
from django.utils.text import slugify
from pydantic import Field

from evaluations.importers.reading import (
    Number,
    Problems,
    Record,
    Storable,
    Text,
    csv_rows,
    json_lines,
    require_files,
)

MODELS = "models.jsonl"
PROMPTS = "prompts.jsonl"
RESULTS = "results.jsonl"
PAIRS = "pairs-crowd.jsonl"
VOTES = "crowd-comparisons.csv"
# What two models said of the same pairs; a folder may come without them.
VERDICTS = {"gpt4": "gpt4-crowd-comparisons.csv", "gpt3": "gpt3-crowd-comparisons.csv"}

Name = Annotated[str, Field(min_length=1, max_length=120), Storable]
Milliseconds = Annotated[float, Field(ge=0, lt=2**31)]


class Model(Record):
    id: Number
    name: Name
    org: Name
    api: Name
    api_id: Name

    @property
    def slug(self) -> str:
        """The point of a version stays a division: GPT 3.5 is gpt-3-5."""
        return slugify(self.name.replace(".", "-"))[:80]


class Question(Record):
    id: Number
    text: Annotated[str, Field(min_length=1), Storable]
    type: Annotated[str, Field(min_length=1, max_length=40), Storable]
    note: Text | None
    stop: Text | None


class Result(Record):
    model: Number
    prompt: Number
    result: Text
    duration: Milliseconds


class Pair(Record):
    id: Number
    prompt: Number
    text: Text
    model_x: Number
    result_x: Text
    model_y: Number
    result_y: Text


class Verdict(Record):
    """A model's word on a pair."""

    id: Number
    prompt: Number
    model_x: Number
    model_y: Number
    winner: Literal["left", "right", "tie"]
    left: Text
    right: Text


class Judgement(Verdict):
    """A volunteer's."""

    worker: Annotated[str, Field(min_length=1, max_length=60), Storable]


@dataclass(frozen=True, slots=True)
class Source:
    """All records by their keys, each dictionary in the order of its file."""

    models: dict[int, Model]
    questions: dict[int, Question]
    results: dict[tuple[int, int], Result]
    pairs: dict[int, Pair]
    judgements: dict[tuple[int, str], Judgement]
    # By judge and pair, each with the line where it stands.
    verdicts: dict[tuple[str, int], tuple[str, Verdict]]


def read(folder: Path) -> Source:
    """Read the folder; raise BadInput with the problems of the first bad file."""
    require_files(folder, (MODELS, PROMPTS, RESULTS, PAIRS, VOTES))
    models = _read_models(folder / MODELS)
    questions = _read_questions(folder / PROMPTS)
    results = _read_results(folder / RESULTS, models, questions)
    pairs = _read_pairs(folder / PAIRS, questions, results)
    judgements = _read_judgements(folder / VOTES, models, pairs)
    verdicts: dict[tuple[str, int], tuple[str, Verdict]] = {}
    for judge, name in VERDICTS.items():
        if (folder / name).is_file():
            verdicts |= _read_verdicts(judge, folder / name, models, pairs)
    return Source(models, questions, results, pairs, judgements, verdicts)


def _read_models(path: Path) -> dict[int, Model]:
    models: dict[int, Model] = {}
    slugs: set[str] = set()
    with Problems(path) as problems:
        for line, model in json_lines(problems, Model):
            if model.id in models:
                problems.add(line, f"model {model.id} is listed twice.")
            elif not model.slug or model.slug in slugs:
                problems.add(line, "the name gives no address of its own.")
            models[model.id] = model
            slugs.add(model.slug)
    return models


def _read_questions(path: Path) -> dict[int, Question]:
    questions: dict[int, Question] = {}
    texts: set[str] = set()
    with Problems(path) as problems:
        for line, question in json_lines(problems, Question):
            if question.id in questions:
                problems.add(line, f"prompt {question.id} is listed twice.")
            elif question.text in texts:
                problems.add(line, "the same text stands in an earlier line.")
            elif len(question.text) > settings.ARENA_PROMPT_CHARS:
                most = settings.ARENA_PROMPT_CHARS
                problems.add(line, f"text is longer than {most} characters.")
            questions[question.id] = question
            texts.add(question.text)
    return questions


def _read_results(
    path: Path, models: dict[int, Model], questions: dict[int, Question]
) -> dict[tuple[int, int], Result]:
    results: dict[tuple[int, int], Result] = {}
    with Problems(path) as problems:
        for line, result in json_lines(problems, Result):
            key = (result.model, result.prompt)
            if result.model not in models:
                problems.add(line, f"unknown model {result.model}.")
            elif result.prompt not in questions:
                problems.add(line, f"unknown prompt {result.prompt}.")
            elif key in results:
                problems.add(line, "this model's answer to this prompt stands twice.")
            elif len(result.result.encode()) > settings.ARENA_ANSWER_BYTES:
                most = settings.ARENA_ANSWER_BYTES
                problems.add(line, f"result is longer than {most} bytes.")
            results[key] = result
    return results


def _read_pairs(
    path: Path,
    questions: dict[int, Question],
    results: dict[tuple[int, int], Result],
) -> dict[int, Pair]:
    pairs: dict[int, Pair] = {}
    with Problems(path) as problems:
        for line, pair in json_lines(problems, Pair):
            if pair.id in pairs:
                problems.add(line, f"pair {pair.id} is listed twice.")
            elif pair.prompt not in questions:
                problems.add(line, f"unknown prompt {pair.prompt}.")
            elif pair.text != questions[pair.prompt].text:
                problems.add(line, f"text is not that of prompt {pair.prompt}.")
            elif pair.model_x == pair.model_y:
                problems.add(line, f"model {pair.model_x} stands on both sides.")
            else:
                _check_side(problems, line, pair, results, "x")
                _check_side(problems, line, pair, results, "y")
            pairs[pair.id] = pair
    return pairs


def _check_side(
    problems: Problems,
    line: int,
    pair: Pair,
    results: dict[tuple[int, int], Result],
    side: Literal["x", "y"],
) -> None:
    model, text = {
        "x": (pair.model_x, pair.result_x),
        "y": (pair.model_y, pair.result_y),
    }[side]
    result = results.get((model, pair.prompt))
    if result is None:
        problems.add(line, f"no answer of model {model} to prompt {pair.prompt}.")
    elif result.result != text:
        problems.add(line, f"result_{side} is not model {model}'s answer in {RESULTS}.")


def _read_judgements(
    path: Path, models: dict[int, Model], pairs: dict[int, Pair]
) -> dict[tuple[int, str], Judgement]:
    judgements: dict[tuple[int, str], Judgement] = {}
    with Problems(path) as problems:
        for line, judgement in csv_rows(problems, Judgement):
            key = (judgement.id, judgement.worker)
            sentence = _contradiction(judgement, models, pairs)
            if sentence:
                problems.add(line, sentence)
            elif key in judgements:
                problems.add(line, "this worker has judged this pair before.")
            judgements[key] = judgement
    return judgements


def _read_verdicts(
    judge: str, path: Path, models: dict[int, Model], pairs: dict[int, Pair]
) -> dict[tuple[str, int], tuple[str, Verdict]]:
    verdicts: dict[tuple[str, int], tuple[str, Verdict]] = {}
    with Problems(path) as problems:
        for line, verdict in csv_rows(problems, Verdict):
            sentence = _contradiction(verdict, models, pairs)
            if sentence:
                problems.add(line, sentence)
            elif (judge, verdict.id) in verdicts:
                problems.add(line, f"pair {verdict.id} is judged twice.")
            verdicts[judge, verdict.id] = (problems.place(line), verdict)
    return verdicts


def _contradiction(
    judgement: Verdict, models: dict[int, Model], pairs: dict[int, Pair]
) -> str:
    pair = pairs.get(judgement.id)
    if pair is None:
        return f"unknown pair {judgement.id}."
    if judgement.prompt != pair.prompt:
        return f"prompt {judgement.prompt} is not that of pair {pair.id}."
    for side, model, of_pair, name in (
        ("model_x", judgement.model_x, pair.model_x, judgement.left),
        ("model_y", judgement.model_y, pair.model_y, judgement.right),
    ):
        if model != of_pair:
            return f"{side} {model} is not that of pair {pair.id}."
        if name != models[model].name:
            shown = "left" if side == "model_x" else "right"
            return f"{shown} does not name {side} {model}."
    return ""
