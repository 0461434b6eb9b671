"""A benchmark to run here: a JSONL file, its first line the benchmark, then its items.

    {"benchmark": {"slug": "…", "name": "…", "version": "1", "metric": "accuracy, %",
                   "kind": "number", "licence": "…", "source": "…",
                   "template": "{question}"}}
    {"id": "1", "question": "…", "answers": ["42"]}

Kinds are exact, choice (items have `choices`; the answer is a letter) and number.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self

from django.conf import settings
from django.db import transaction
from pydantic import Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from evaluations.benchmarks.expressions import BadExpression, check_expression
from evaluations.benchmarks.extraction import letters_of, normalised, value_of
from evaluations.benchmarks.filling import CHOICES, QUESTION, filled
from evaluations.importers.reading import (
    BadInput,
    Problems,
    Record,
    Storable,
    Text,
    json_lines,
)
from evaluations.importers.report import Count, ProgressReport, Report
from evaluations.importers.writing import writing_alone
from evaluations.models import Benchmark, BenchmarkItem

MOST_CHOICES = 26
Required = Annotated[str, Field(min_length=1, pattern=r"\S"), Storable]


def _wrong(sentence: str) -> PydanticCustomError:
    return PydanticCustomError("benchmark", "{sentence}", {"sentence": sentence})


class Header(Record):
    """The benchmark itself."""

    slug: Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,80}$")]
    name: Annotated[Required, Field(max_length=120)]
    version: Annotated[Text, Field(max_length=80)] = ""
    metric: Annotated[Required, Field(max_length=80)]
    kind: Literal["exact", "choice", "number"]
    licence: Annotated[Required, Field(max_length=120)]
    source: Annotated[Required, Field(max_length=300)]
    description: Text = ""
    template: Required
    extraction: Annotated[Text, Field(max_length=300)] = ""

    @field_validator("template")
    @classmethod
    def has_its_places(cls, template: str, info: ValidationInfo) -> str:
        places = (
            [QUESTION, CHOICES] if info.data.get("kind") == "choice" else [QUESTION]
        )
        for place in places:
            if place not in template:
                raise _wrong(f"{place} is missing")
        return template

    @field_validator("extraction")
    @classmethod
    def can_be_used(cls, expression: str) -> str:
        if expression:
            try:
                check_expression(expression)
            except BadExpression as error:
                raise _wrong(str(error).removesuffix(".")) from None
        return expression


class Line(Record):
    """The benchmark or one item."""

    benchmark: Header | None = None
    id: Annotated[Text, Field(max_length=80)] = ""
    question: Text = ""
    choices: Annotated[list[Required], Field(max_length=MOST_CHOICES)] = []
    answers: list[Required] = []

    @model_validator(mode="after")
    def is_one_of_both(self) -> Self:
        if self.benchmark is None and not (self.question.strip() and self.answers):
            raise _wrong("an item needs a question and its answers")
        return self


@dataclass(frozen=True)
class TestSet:
    header: Header
    items: list[Line]


def import_benchmark_items(
    *, path: Path, dry_run: bool, progress: ProgressReport
) -> Report:
    """Add the benchmark with its items; raise BadInput where another is stored."""
    progress("Reading", 0, 1)
    if not path.is_file():
        raise BadInput([f"{path} is not a file."])
    test_set = read(path)
    progress("Reading", 1, 1)
    with writing_alone():
        report = write(test_set)
        transaction.set_rollback(dry_run)
    progress("Writing", 1, 1)
    return report


def read(path: Path) -> TestSet:
    with Problems(path) as problems:
        lines = list(json_lines(problems, Line))
    header = lines[0][1].benchmark if lines else None
    if header is None:
        raise BadInput([f"{path.name}:1: the first line has to tell the benchmark."])
    with Problems(path) as problems:
        items = list(_items(problems, lines[1:], header))
        if not lines[1:]:
            problems.add(1, "there is no item.")
    return TestSet(header, items)


def _items(
    problems: Problems, lines: Sequence[tuple[int, Line]], header: Header
) -> Iterator[Line]:
    seen: dict[str, int] = {}
    for number, item in lines:
        wrong = _wrong_with(item, header)
        asked = _asked(item, header)
        if asked in seen:
            wrong = f"the same question stands in line {seen[asked]} already"
        seen.setdefault(asked, number)
        if wrong:
            problems.add(number, f"{wrong}.")
        else:
            yield item


def _asked(item: Line, header: Header) -> str:
    return filled(header.template, question=item.question, choices=item.choices)


def _wrong_with(item: Line, header: Header) -> str:
    if item.benchmark is not None:
        return "the benchmark is told twice"
    if len(_asked(item, header)) > settings.ARENA_PROMPT_CHARS:
        return f"more than {settings.ARENA_PROMPT_CHARS} characters would be asked"
    if header.kind != "choice" and item.choices:
        return "only items of a multiple choice have choices"
    if header.kind == "choice":
        return _wrong_with_choice(item)
    if header.kind == "number" and not all(map(_is_number, item.answers)):
        return "an answer is no number"
    if header.kind == "exact" and not all(map(normalised, item.answers)):
        return "an answer has no word"
    return ""


def _is_number(text: str) -> bool:
    return value_of(text) is not None


def _wrong_with_choice(item: Line) -> str:
    if len(item.choices) < 2:
        return "at least two choices are needed"
    if not set(item.answers) <= set(letters_of(item.choices)):
        return "an answer is none of the choices' letters"
    return ""


def write(test_set: TestSet) -> Report:
    """One that has been measured against must stay as it is: changes are refused."""
    header, wanted = test_set.header, _rows(test_set.items)
    values = header.model_dump(exclude={"slug", "template"})
    values["prompt_template"] = header.template
    same = {name: values[name] for name in ("name", "version", "metric")}
    other = Benchmark.objects.filter(**same).exclude(slug=header.slug).first()
    if other is not None:
        raise BadInput([f"{other.slug} has that name, version and metric already."])
    benchmark, is_new = Benchmark.objects.get_or_create(
        slug=header.slug, defaults=values
    )
    if is_new:
        for row in wanted:
            row.benchmark = benchmark
        BenchmarkItem.objects.bulk_create(wanted)
    else:
        _check_unchanged(benchmark, values, wanted)
    there = 0 if is_new else 1
    return Report(
        (
            Count("benchmarks", 1 - there, there),
            Count("items", len(wanted) * (1 - there), len(wanted) * there),
        )
    )


def _rows(items: Sequence[Line]) -> list[BenchmarkItem]:
    return [
        BenchmarkItem(
            number=number,
            external_id=item.id,
            question=item.question,
            choices=item.choices,
            answers=item.answers,
        )
        for number, item in enumerate(items, start=1)
    ]


def _check_unchanged(
    benchmark: Benchmark, values: dict[str, str], wanted: Sequence[BenchmarkItem]
) -> None:
    asked = ("kind", "prompt_template", "extraction")
    stored = list(benchmark.items.all())
    same = all(getattr(benchmark, name) == values[name] for name in asked)
    if not same or list(map(_content, stored)) != list(map(_content, wanted)):
        raise BadInput(
            [
                f"{benchmark.slug} is stored already and asks otherwise: "
                "give the changed one another slug and version."
            ]
        )


def _content(item: BenchmarkItem) -> tuple[object, ...]:
    return item.external_id, item.question, tuple(item.choices), tuple(item.answers)
