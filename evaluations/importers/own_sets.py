"""A set of one's own: a CSV or JSONL file, a question a line."""

import json
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from evaluations.importers.reading import (
    BadInput,
    Number,
    Problems,
    Record,
    Storable,
    Text,
    csv_rows,
    json_lines,
)
from evaluations.importers.records import Collection, Question, SetFields


def _list(value: Any) -> Any:
    """In a CSV cell a list is written as JSON."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value) if value.strip() else []
    except (ValueError, RecursionError):
        raise ValueError("not a list in JSON") from None


def _split(value: Any) -> Any:
    """In a CSV cell categories are separated by semicolons."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(";") if part.strip()]
    return value


Id = Annotated[str, Field(max_length=80), Storable]
Category = Annotated[str, Field(min_length=1, max_length=40), Storable]
Texts = list[Text]


class Line(Record):
    """A question in JSONL: prompt, or turns where there are several."""

    id: Number | Id = ""
    prompt: Text = ""
    turns: Texts = []
    category: Annotated[str, Field(max_length=40), Storable] = ""
    categories: list[Category] = []
    language: Annotated[str, Field(max_length=12), Storable] = ""
    reference: Texts | Text | None = None

    @property
    def asked(self) -> tuple[str, ...]:
        return tuple(self.turns) or ((self.prompt,) if self.prompt else ())

    @property
    def references(self) -> tuple[str, ...]:
        if not self.reference:
            return ()
        many = isinstance(self.reference, list)
        return tuple(self.reference) if many else (str(self.reference),)


class Row(Line):
    """The same in CSV, where every cell is text."""

    any_column = ("prompt", "turns")

    id: Id = ""
    turns: Annotated[Texts, BeforeValidator(_list)] = []
    categories: Annotated[list[Category], BeforeValidator(_split)] = []
    reference: Text | None = None


def read_csv(path: Path, fields: SetFields) -> Collection:
    found = Collection()
    with _problems(path) as problems:
        for line, row in csv_rows(problems, Row):
            _add(problems, line, row, found)
    return found


def read_jsonl(path: Path, fields: SetFields) -> Collection:
    found = Collection()
    with _problems(path) as problems:
        for line, row in json_lines(problems, Line):
            _add(problems, line, row, found)
    return found


def _problems(path: Path) -> Problems:
    if not path.is_file():
        raise BadInput([f"{path} is not a file."])
    return Problems(path)


def _add(problems: Problems, line: int, row: Line, found: Collection) -> None:
    if row.prompt and row.turns:
        problems.add(line, "a prompt and turns as well: one of them is enough.")
        return
    number = str(row.id)
    categories = tuple(row.categories) or ((row.category,) if row.category else ())
    question = Question(
        place=problems.place(line),
        turns=row.asked,
        categories=categories,
        references=row.references,
        language=row.language,
        external_id=number,
    )
    found.ask(problems, line, number or f"of line {line}", question)
