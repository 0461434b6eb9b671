"""Check a dump that lies in a folder, without the arena's database."""

import csv
import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from evaluations.dumps.columns import TABLES, WINNERS, Column, Row, arrow_schema
from evaluations.dumps.folders import CHECKSUMS, files_in, sha256_of
from evaluations.dumps.formats import CSV, JSON_LINES, PARQUET, cell

BATCH = 500
# A cell holds a whole conversation.
LONGEST_CELL = 2**31 - 1


class DumpBroken(Exception):
    """The folder does not hold what it says; each problem is one sentence."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)


@dataclass(frozen=True, slots=True)
class Verified:
    files: int
    rows: dict[str, int]


def verify(path: Path) -> Verified:
    """Recompute the sums, compare the formats row by row; raise DumpBroken."""
    sums = _read_sums(path / CHECKSUMS)
    problems = [*_wrong_sums(path, sums)]
    if problems:
        raise DumpBroken(problems)
    tables = _read_schema(path / "schema.json")
    rows = {}
    for name, columns in TABLES.items():
        rows[name] = _count_equal_rows(path, name, columns)
        if rows[name] != tables[name]["rows"]:
            problems.append(
                f"schema.json counts {tables[name]['rows']} {name}, {rows[name]} stand "
                "in the files."
            )
    if problems:
        raise DumpBroken(problems)
    return Verified(files=len(sums), rows=rows)


def _read_sums(path: Path) -> dict[str, str]:
    """Read what `sha256sum` writes: the sum, two spaces, the name."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise DumpBroken([f"{CHECKSUMS} is missing or not readable."]) from None
    parts = [line.partition("  ") for line in lines]
    return {name: digest for digest, _, name in parts}


def _wrong_sums(folder: Path, sums: Mapping[str, str]) -> Iterator[str]:
    present = set(files_in(folder))
    for name in sorted(sums.keys() - present):
        yield f"{name} is missing."
    for name in sorted(present - sums.keys()):
        yield f"{name} is not in {CHECKSUMS}."
    for name in sorted(present & sums.keys()):
        if sha256_of(folder / name) != sums[name]:
            yield f"{name} has another SHA-256 sum than {CHECKSUMS} says."
    for name in _needed() - present - sums.keys():
        yield f"{name} is missing."


def _needed() -> set[str]:
    tables = {f.format(name) for name in TABLES for f in (PARQUET, JSON_LINES, CSV)}
    return {"README.md", "schema.json", *tables}


def _read_schema(path: Path) -> dict[str, dict[str, Any]]:
    try:
        tables: dict[str, dict[str, Any]] = json.loads(path.read_bytes())["tables"]
        stated = {name: table["columns"] for name, table in tables.items()}
        _ = [table["rows"] for table in tables.values()]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise DumpBroken(["schema.json is not the schema of a dump."]) from None
    ours = {name: [asdict(c) for c in columns] for name, columns in TABLES.items()}
    if stated != ours:
        raise DumpBroken(["schema.json has other columns than this version knows."])
    return tables


def _count_equal_rows(folder: Path, name: str, columns: Sequence[Column]) -> int:
    """Walk through the three formats side by side; memory holds one batch of each."""
    number = 0
    try:
        with (
            gzip.open(
                folder / JSON_LINES.format(name), "rt", encoding="utf-8"
            ) as lines,
            (folder / CSV.format(name)).open(encoding="utf-8", newline="") as table,
            pq.ParquetFile(folder / PARQUET.format(name)) as parquet,
        ):
            _check_columns(name, parquet, columns)
            for number, (row, line, cells) in enumerate(
                zip_longest(
                    _parquet_rows(parquet), map(json.loads, lines), _csv_rows(table)
                ),
                start=1,
            ):
                _check_row(name, number, row, line, cells)
    except (OSError, ValueError, csv.Error, pa.ArrowException) as error:
        kind = type(error).__name__
        raise DumpBroken([f"A file of {name} is not readable ({kind})."]) from None
    return number


def _check_columns(
    name: str, parquet: pq.ParquetFile, columns: Sequence[Column]
) -> None:
    if not parquet.schema_arrow.equals(arrow_schema(columns)):
        raise DumpBroken(
            [f"{PARQUET.format(name)} has other columns than schema.json."]
        )


def _parquet_rows(parquet: pq.ParquetFile) -> Iterator[Row]:
    for batch in parquet.iter_batches(batch_size=BATCH):
        yield from batch.to_pylist()


def _csv_rows(table: Any) -> Iterator[dict[str, str]]:
    # Process-wide, and only ever raised.
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_CELL))
    yield from csv.DictReader(table, strict=True)


def _check_row(
    name: str,
    number: int,
    row: Row | None,
    line: Row | None,
    cells: dict[str, str] | None,
) -> None:
    if row is None or line is None or cells is None:
        raise DumpBroken([f"The formats of {name} have different numbers of rows."])
    if row != line:
        raise DumpBroken([f"Row {number} of {name} differs in Parquet and JSON lines."])
    if {column: cell(value) for column, value in row.items()} != cells:
        raise DumpBroken([f"Row {number} of {name} differs in Parquet and CSV."])
    if "winner" in row and row["winner"] not in WINNERS:
        raise DumpBroken([f"Row {number} of {name} has an unknown winner."])
