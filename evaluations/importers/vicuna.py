"""Vicuna's 80 questions, five models' answers, and GPT-4's reviews of pairs of them.

The folder is that of lm-sys/vicuna-blog-eval: each review gives both answers points
from 1 to 10, and the first answer of its file's name was shown first.
"""

from decimal import Decimal
from pathlib import Path
from typing import Annotated

from pydantic import Field

from evaluations.importers.reading import (
    BadInput,
    Number,
    Problems,
    Record,
    Storable,
    Text,
    json_lines,
    require_files,
)
from evaluations.importers.records import (
    Collection,
    Judgement,
    JudgeModel,
    Model,
    Question,
    Reply,
    SetFields,
    verdict_of_scores,
)

QUESTIONS = "question.jsonl"
MODELS = "model.jsonl"
ANSWERS = "answers"
REVIEWS = "reviews"

Id = Annotated[str, Field(min_length=1, max_length=60), Storable]
Score = Annotated[float, Field(ge=-1, le=10)]

SET = SetFields(
    slug="vicuna",
    title="Vicuna's 80 questions",
    licence="Apache 2.0",
    source="https://github.com/lm-sys/vicuna-blog-eval",
    language="en",
    description="Eighty questions in nine categories, written in March 2023.",
    freeze_at="1",
)
JUDGE = JudgeModel(
    slug="gpt-4-vicuna",
    name="GPT-4 (Vicuna's reviews)",
    maker="OpenAI",
    description=(
        "Gave each of two answers points from 1 to 10, in March 2023. The better one "
        "is that of more points. Each pair was asked in one order."
    ),
    licence=SET.licence,
    source=SET.source,
)
# How the models are called where people read it, and what is known of them.
KNOWN = {
    "alpaca-13b": ("Alpaca 13B", "Stanford", 13),
    "bard": ("Bard (March 2023)", "Google", None),
    "gpt-3.5-turbo": ("GPT-3.5 Turbo (March 2023)", "OpenAI", None),
    "llama-13b": ("LLaMA 13B", "Meta", 13),
    "vicuna-13b": ("Vicuna 13B (March 2023)", "LM Sys", 13),
}


class AskedLine(Record):
    question_id: Number
    text: Text
    category: Annotated[str, Field(min_length=1, max_length=40), Storable]


class ModelLine(Record):
    model_id: Id
    model_name: Id


class AnswerLine(Record):
    answer_id: Id
    model_id: Id
    question_id: Number
    text: Text


class ReviewLine(Record):
    review_id: Id
    question_id: Number
    answer1_id: Id
    answer2_id: Id
    text: Text
    score: Annotated[list[Score], Field(min_length=2, max_length=2)]


def read(path: Path, fields: SetFields) -> Collection:
    """Read the folder; raise BadInput with the problems of the first bad file."""
    require_files(path, (QUESTIONS, MODELS))
    found = Collection(judges={JUDGE.slug: JUDGE})
    _read_questions(path / QUESTIONS, found)
    names = _read_names(path / MODELS)
    answers: dict[str, tuple[str, str]] = {}
    for file in _files(path / ANSWERS):
        _read_answers(file, names, answers, found)
    for file in _files(path / REVIEWS):
        _read_reviews(file, answers, found)
    return found


def _files(folder: Path) -> list[Path]:
    files = sorted(folder.glob("*.jsonl"))
    if not files:
        raise BadInput([f"no .jsonl file in {folder}."])
    return files


def _read_questions(path: Path, found: Collection) -> None:
    with Problems(path) as problems:
        for line, row in json_lines(problems, AskedLine):
            question = Question(
                place=problems.place(line),
                turns=(row.text,),
                categories=(row.category,),
                external_id=str(row.question_id),
            )
            found.ask(problems, line, str(row.question_id), question)


def _read_names(path: Path) -> dict[str, str]:
    names: dict[str, str] = {}
    with Problems(path) as problems:
        for line, row in json_lines(problems, ModelLine):
            if row.model_id in names:
                problems.add(line, f"model {row.model_id} is listed twice.")
            names[row.model_id] = row.model_name
    return names


def _read_answers(
    path: Path,
    names: dict[str, str],
    answers: dict[str, tuple[str, str]],
    found: Collection,
) -> None:
    with Problems(path) as problems:
        for line, row in json_lines(problems, AnswerLine):
            question = str(row.question_id)
            if row.model_id not in names:
                problems.add(line, f"unknown model {row.model_id}.")
                continue
            if row.answer_id in answers:
                problems.add(line, f"answer {row.answer_id} is listed twice.")
            answers[row.answer_id] = (row.model_id, question)
            model = _model(names[row.model_id])
            found.answered_by(problems, line, row.model_id, model)
            reply = Reply(problems.place(line), (row.text,))
            found.reply(problems, line, row.model_id, question, reply)


def _model(name: str) -> Model:
    shown, maker, size = KNOWN.get(name, (name, "LM Sys", None))
    return Model(
        name=shown,
        address=f"{SET.slug}-{name}".replace(".", "-"),
        maker=maker,
        alias=name,
        parameters_b=Decimal(size) if size else None,
    )


def _read_reviews(
    path: Path, answers: dict[str, tuple[str, str]], found: Collection
) -> None:
    with Problems(path) as problems:
        for line, row in json_lines(problems, ReviewLine):
            sides = [answers.get(row.answer1_id), answers.get(row.answer2_id)]
            if None in sides:
                problems.add(line, "an answer that is reviewed here is not listed.")
                continue
            (x, asked_x), (y, asked_y) = (side for side in sides if side)
            if {asked_x, asked_y} != {str(row.question_id)}:
                problems.add(line, "an answer is to another question.")
                continue
            found.judged(problems, line, _judgement(problems, line, row, x, y))


def _judgement(
    problems: Problems, line: int, row: ReviewLine, x: str, y: str
) -> Judgement:
    first, second = row.score
    # FastChat's scripts write -1 where they could not read the points.
    readable = min(first, second) >= 0
    return Judgement(
        place=problems.place(line),
        judge=JUDGE.slug,
        question=str(row.question_id),
        x=x,
        y=y,
        left="x",
        verdict=verdict_of_scores(first, second) if readable else "",
        scores=(first, second) if readable else None,
        reason=row.text,
        external_id=row.review_id,
    )
