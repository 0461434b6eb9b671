"""FastChat's files: questions of several turns, answers, and what judges said.

The layout is that of lm-sys/FastChat, fastchat/llm_judge/data/mt_bench.
"""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from evaluations.importers.makers import model_of_set
from evaluations.importers.mt_bench import read_judgements
from evaluations.importers.reading import (
    Number,
    Problems,
    Record,
    Storable,
    Text,
    file_of,
    json_lines,
)
from evaluations.importers.records import Collection, Question, Reply, SetFields

QUESTIONS = "question.jsonl"
ANSWERS = "model_answer"
REFERENCES = "reference_answer"

Name = Annotated[str, Field(min_length=1, max_length=80), Storable]
Key = Number | Name
Label = Annotated[str, Field(max_length=40), Storable]


class Content(Record):
    """A turn as arena-hard writes it: with the number of its tokens beside it."""

    content: Text


Turn = Text | Content


class AskedLine(Record):
    question_id: Key
    turns: Annotated[list[Turn], Field(min_length=1)]
    category: Label = ""
    subcategory: Label = ""
    reference: list[Text] | Text | None = None


class Choice(Record):
    turns: Annotated[list[Turn], Field(min_length=1)]


class AnswerLine(Record):
    question_id: Key
    model_id: Name
    choices: Annotated[list[Choice], Field(min_length=1)]

    @property
    def turns(self) -> tuple[str, ...]:
        """Of the first choice, as FastChat's judging takes it."""
        return texts(self.choices[0].turns)


def texts(turns: list[Turn]) -> tuple[str, ...]:
    return tuple(turn if isinstance(turn, str) else turn.content for turn in turns)


def read(path: Path, fields: SetFields) -> Collection:
    """Read a question file, or a folder that may hold answers to it as well."""
    found = Collection()
    file = file_of(path, QUESTIONS)
    references = _references(path / REFERENCES) if path.is_dir() else {}
    read_questions(file, references, found)
    if path.is_dir():
        read_answers(path / ANSWERS, fields, found)
        read_judgements(path, fields, found)
    return found


def _references(folder: Path) -> dict[str, tuple[str, ...]]:
    """Good answers by question; of several files the first one's."""
    references: dict[str, tuple[str, ...]] = {}
    for file in sorted(folder.glob("*.jsonl")):
        with Problems(file, name=f"{REFERENCES}/{file.name}") as problems:
            seen: set[str] = set()
            for line, row in json_lines(problems, AnswerLine):
                key = str(row.question_id)
                if key in seen:
                    problems.add(line, f"question {key} is answered twice.")
                seen.add(key)
                references.setdefault(key, row.turns)
    return references


def read_questions(
    path: Path,
    references: dict[str, tuple[str, ...]],
    found: Collection,
    form: type[AskedLine] = AskedLine,
) -> None:
    with Problems(path) as problems:
        for line, row in json_lines(problems, form):
            key = str(row.question_id)
            question = Question(
                place=problems.place(line),
                turns=texts(row.turns),
                categories=tuple(filter(None, (row.category, row.subcategory))),
                references=_own(row) or references.get(key, ()),
                external_id=key,
            )
            found.ask(problems, line, key, question)


def _own(row: AskedLine) -> tuple[str, ...]:
    if not row.reference:
        return ()
    return (row.reference,) if isinstance(row.reference, str) else tuple(row.reference)


def read_answers(
    folder: Path,
    fields: SetFields,
    found: Collection,
    form: type[AnswerLine] = AnswerLine,
) -> None:
    for file in sorted(folder.glob("*.jsonl")):
        with Problems(file, name=f"{folder.name}/{file.name}") as problems:
            for line, row in json_lines(problems, form):
                model = model_of_set(fields.slug, row.model_id)
                found.answered_by(problems, line, row.model_id, model)
                reply = Reply(problems.place(line), row.turns)
                key = str(row.question_id)
                found.reply(problems, line, row.model_id, key, reply)
