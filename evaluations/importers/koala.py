"""Koala's test set: 180 questions that people asked chat models."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from evaluations.importers.reading import (
    Problems,
    Record,
    Storable,
    Text,
    file_of,
    json_lines,
)
from evaluations.importers.records import Collection, Question, SetFields

QUESTIONS = "koala_test_set.jsonl"

SET = SetFields(
    slug="koala",
    title="Koala test set",
    licence="Apache 2.0",
    source="https://github.com/arnav-gudibande/koala-test-set",
    language="en",
    description="Questions that users of chat models asked, collected in 2023.",
    freeze_at="1",
)


class AskedLine(Record):
    id: Annotated[str, Field(min_length=1, max_length=80), Storable]
    prompt: Text


def read(path: Path, fields: SetFields) -> Collection:
    """Read the file, or the folder that holds it."""
    found = Collection()
    with Problems(file_of(path, QUESTIONS)) as problems:
        for line, row in json_lines(problems, AskedLine):
            place = problems.place(line)
            question = Question(place, (row.prompt,), external_id=row.id)
            found.ask(problems, line, row.id, question)
    return found
