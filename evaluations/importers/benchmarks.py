"""Benchmark scores that others reported: a table of models by benchmarks, as CSV.

The known columns are those of alpaca_eval_benchmarks.csv in tatsu-lab/alpaca_eval.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from django.db import transaction
from django.utils.text import slugify

from evaluations.benchmarks.matching import settle_matches
from evaluations.importers.reading import BadInput, Problems, csv_records, storable
from evaluations.importers.records import NOTHING_SAID, SetFields
from evaluations.importers.report import Count, ProgressReport, Report
from evaluations.importers.writing import writing_alone
from evaluations.models import Benchmark, BenchmarkScore

FILE = "alpaca_eval_benchmarks.csv"
LICENCE = "Apache 2.0"
SOURCE = "https://github.com/tatsu-lab/alpaca_eval"
LONGEST_NAME = 120
ACCURACY, AVERAGE = "accuracy, %", "average score, %"
_SPACES = re.compile(r"\s+")
# Unlike float(): no nan, no infinity, no underscores.
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?", re.ASCII)


@dataclass(frozen=True)
class Known:
    """What a column holds, where its header alone does not say it."""

    name: str
    metric: str
    version: str = ""
    measured_on: date | None = None
    description: str = ""
    # More of a length, say, is neither better nor worse.
    is_yardstick: bool = True


COLUMNS: Final = {
    "Arena Elo [Feb 2, 2024]": Known(
        *("Arena Elo", "Elo rating", "Feb 2, 2024", date(2024, 2, 2)),
        "Ratings from people’s blind votes in another arena.",
    ),
    "Arena Elo [April 18, 2024]": Known(
        *("Arena Elo", "Elo rating", "April 18, 2024", date(2024, 4, 18)),
        "Ratings from people’s blind votes in another arena.",
    ),
    "LC AlpacaEval 2.0": Known(
        *("AlpacaEval", "length-controlled win rate, %", "2.0", None),
        "Preferred by a judge model over a reference answer, length held equal.",
    ),
    "AlpacaEval 2.0": Known(
        *("AlpacaEval", "win rate, %", "2.0", None),
        "Preferred by a judge model over a reference answer.",
    ),
    "AlpacaEval 1.0": Known(
        *("AlpacaEval", "win rate, %", "1.0", None),
        "Preferred by a judge model over a reference answer.",
    ),
    "MT-bench (multi-turn)": Known(
        *("MT-bench", "score, 1 to 10", "multi-turn", None),
        "Points that a judge model gave for two turns.",
    ),
    "WildBench": Known("WildBench", "Elo rating"),
    "Open LLM (average)": Known(
        *("Open LLM Leaderboard", AVERAGE, "", None),
        "The mean of ARC, HellaSwag, MMLU, TruthfulQA, WinoGrande and GSM-8K.",
    ),
    "ARC-C (25-shot)": Known("ARC-C", ACCURACY, "25-shot"),
    "HellaSwag (10-shot)": Known("HellaSwag", ACCURACY, "10-shot"),
    "MMLU (5-shot)": Known("MMLU", ACCURACY, "5-shot"),
    "TruthfulQA (0-shot)": Known("TruthfulQA", ACCURACY, "0-shot"),
    "WinoGrande (5-shot)": Known("WinoGrande", ACCURACY, "5-shot"),
    "GSM-8K (5-shot)": Known("GSM-8K", ACCURACY, "5-shot"),
    "GPT4All (average)": Known("GPT4All", AVERAGE),
    "AGI Eval (en)": Known("AGIEval", AVERAGE, "English"),
    "HELM Lite": Known("HELM Lite", "mean win rate, 0 to 1"),
    "BBH, cot (3-shot)": Known("BBH", ACCURACY, "3-shot, chain of thought"),
    "HumanEval (pass @1)": Known("HumanEval", "pass@1, %"),
    "LLMonitor (01-10)": Known("LLMonitor", "score, 0 to 100", "01-10"),
    "OpenComp. (en, avg)": Known("OpenCompass", AVERAGE, "English"),
    "MBPP (pass @1)": Known("MBPP", "pass@1, %"),
    "Output Length": Known(
        *("AlpacaEval output length", "characters, average", "", None),
        "How long the answers are: no measure of their worth.",
        is_yardstick=False,
    ),
}
CREDIT: Final = ("licence", "source")


@dataclass(frozen=True)
class Cell:
    """One score: whose, in which column, how much."""

    model: str
    column: int
    value: float


@dataclass(frozen=True)
class Table:
    columns: list[Known]
    cells: list[Cell]
    # The lines of the rows that name no model.
    nameless: list[int]
    # Whether it is the one whose licence and source are known.
    known: bool


def import_benchmarks(
    *,
    path: Path,
    dry_run: bool,
    progress: ProgressReport,
    fields: SetFields = NOTHING_SAID,
) -> Report:
    """Add what is new and replace what changed; raise BadInput if any is bad."""
    progress("Reading", 0, 1)
    table = read(_file_at(path))
    licence, source = _credit(table, fields)
    progress("Reading", 1, 1)
    with writing_alone():
        report = _write(table, licence, source)
        transaction.set_rollback(dry_run)
    progress("Writing", 1, 1)
    return report


def _file_at(path: Path) -> Path:
    file = path / FILE if path.is_dir() else path
    if not file.is_file():
        raise BadInput([f"{file.name} is missing in {file.parent}."])
    return file


def _credit(table: Table, fields: SetFields) -> tuple[str, str]:
    """Licence and source of the scores: known, or said beside the file."""
    if table.known and fields == NOTHING_SAID:
        return LICENCE, SOURCE
    if replace(fields, licence="", source="") != NOTHING_SAID:
        raise BadInput(["Of scores, licence and source alone are said beside them."])
    fields.check(required=CREDIT)
    return fields.licence, fields.source


# --- reading


def read(path: Path) -> Table:
    """The header names the benchmarks, the first cell of a row its model."""
    with Problems(path) as problems:
        lines = csv_records(problems)
        header_line, header = next(lines, (1, []))
        columns = _columns(problems, header_line, header)
        cells: list[Cell] = []
        nameless: list[int] = []
        seen: dict[str, int] = {}
        for line, row in lines:
            name = _SPACES.sub(" ", storable(row[0])).strip() if row else ""
            if not name:
                nameless.append(line)
                continue
            if name in seen:
                problems.add(line, f"this model stands in line {seen[name]} already.")
            elif len(name) > LONGEST_NAME:
                problems.add(
                    line, f"the name is longer than {LONGEST_NAME} characters."
                )
            seen.setdefault(name, line)
            cells += _cells(problems, line, name, row[1:], columns)
    known = path.name == FILE and set(columns) <= set(COLUMNS.values())
    return Table(columns, cells, nameless, known)


def _columns(problems: Problems, line: int, header: Sequence[str]) -> list[Known]:
    titles = [_SPACES.sub(" ", storable(title)).strip() for title in header[1:]]
    if not titles:
        problems.add(line, "a header with a column of names and one a score is needed.")
    for place, title in enumerate(titles):
        if not title or len(title) > 80:
            problems.add(
                line, f"column {place + 2} needs a title of up to 80 characters."
            )
        if title in titles[:place]:
            problems.add(line, f"two columns are called {title!r}.")
    return [COLUMNS.get(title, Known(title, "score")) for title in titles]


def _cells(
    problems: Problems, line: int, name: str, row: Sequence[str], columns: list[Known]
) -> Iterator[Cell]:
    """A short row leaves the rest empty; a long one is an error."""
    if len(row) > len(columns):
        wanted = f"{len(columns) + 1} fields are expected, {len(row) + 1} stand here."
        problems.add(line, wanted)
        return
    for place, text in enumerate(row):
        if not text.strip():
            continue
        if _NUMBER.fullmatch(text.strip()):
            yield Cell(name, place, float(text))
        else:
            column = columns[place]
            called = f"{column.name} {column.version}".strip()
            problems.add(line, f"column {place + 2} ({called}) is no number.")


# --- writing


def _write(table: Table, licence: str, source: str) -> Report:
    before = Benchmark.objects.count()
    benchmarks = {
        place: _benchmark(column, licence, source)
        for place, column in enumerate(table.columns)
    }
    added = Benchmark.objects.count() - before
    return Report(
        (
            Count("benchmarks", added, len(benchmarks) - added),
            _write_scores(table, benchmarks, source),
        ),
        notes=_notes(table, benchmarks),
    )


def _benchmark(column: Known, licence: str, source: str) -> Benchmark:
    """Find it by name, version and metric, or add it; one that stands stays."""
    found, _ = Benchmark.objects.get_or_create(
        name=column.name,
        version=column.version,
        metric=column.metric,
        defaults={
            "slug": _free_slug(column),
            "description": column.description,
            "is_yardstick": column.is_yardstick,
            "licence": licence,
            "source": source,
        },
    )
    return found


def _free_slug(column: Known) -> str:
    """By name and version, and by the metric as well where that is taken."""
    short = f"{column.name} {column.version}".replace(".", "-")
    for text in (short, f"{short} {column.metric}".replace("%", "")):
        slug = slugify(text)[:80] or "benchmark"
        if not Benchmark.objects.filter(slug=slug).exists():
            return slug
    taken = Benchmark.objects.filter(slug__startswith=slug[:70]).count()
    return f"{slug[:70]}-{taken + 1}"


def _write_scores(
    table: Table, benchmarks: Mapping[int, Benchmark], source: str
) -> Count:
    standing = {
        (score.benchmark_id, score.reported_as): score
        for score in BenchmarkScore.objects.reported().filter(source=source)
    }
    wanted = [
        BenchmarkScore(
            benchmark=benchmarks[cell.column],
            origin=BenchmarkScore.Origin.IMPORT,
            reported_as=cell.model,
            source=source,
            value=cell.value,
            measured_on=table.columns[cell.column].measured_on,
        )
        for cell in table.cells
    ]
    new, changed = [], []
    for score in wanted:
        stored = standing.get((score.benchmark_id, score.reported_as))
        if stored is None:
            new.append(score)
        elif stored.value != score.value:
            stored.value = score.value
            changed.append(stored)
    settle_matches(new)
    BenchmarkScore.objects.bulk_create(new)
    BenchmarkScore.objects.bulk_update(changed, ["value"])
    there = len(wanted) - len(new) - len(changed)
    return Count("scores", len(new), there, changed=len(changed))


def _notes(table: Table, benchmarks: Mapping[int, Benchmark]) -> tuple[str, ...]:
    notes = [
        f"Column {place + 2} ({one.name}) is shown, and not compared with other scores."
        for place, one in benchmarks.items()
        if not one.is_yardstick
    ]
    if table.nameless:
        number, lines = len(table.nameless), ", ".join(map(str, table.nameless))
        rows = (
            "1 row without a model's name was"
            if number == 1
            else f"{number} rows without a model's name were"
        )
        notes.append(f"{rows} skipped (line {lines}).")
    return tuple(notes)
