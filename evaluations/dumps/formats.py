"""One table written at once as Parquet, JSON lines and CSV."""

import csv
import gzip
import io
import json
import re
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq

from evaluations.dumps.columns import Column, Row, arrow_schema

# Only the first is named in the card's configs, so load_dataset sees each row once.
PARQUET = "data/{}.parquet"
JSON_LINES = "jsonl/{}.jsonl.gz"
CSV = "csv/{}.csv"
FORMATS = (PARQUET, JSON_LINES, CSV)

# Of a row group: enough to compress well, and all that is held in memory.
MOST_ROWS = 5_000
MOST_CHARACTERS = 16_000_000

# What a spreadsheet takes for a formula, in ASCII or full width, after any space.
_FORMULA = re.compile(r"[\t\r\n]|\s*[=+\-@|%\uff1d\uff0b\uff0d\uff20]")


def guarded(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would run as a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def cell(value: object) -> str:
    """A value as it stands in the CSV file; lists are JSON."""
    if value is None:
        return ""
    if isinstance(value, list):
        return as_json(value)
    return guarded(str(value)) if isinstance(value, str) else repr(value)


def csv_text(columns: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    """A small table as CSV (RFC 4180)."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows(
        [guarded(value) if isinstance(value, str) else value for value in row]
        for row in rows
    )
    return text.getvalue()


def as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class TableWriter:
    """Write rows to the three files; memory holds one row group."""

    def __init__(self, folder: Path, name: str, columns: Sequence[Column]) -> None:
        self.rows = 0
        self._schema = arrow_schema(columns)
        self._paths = [folder / form.format(name) for form in FORMATS]
        self._files = ExitStack()
        self._group: list[Row] = []
        self._characters = 0

    def __enter__(self) -> Self:
        for path in self._paths:
            path.parent.mkdir(parents=True, exist_ok=True)
        parquet, json_lines, table = self._paths
        open_file = self._files.enter_context
        self._parquet = open_file(
            pq.ParquetWriter(parquet, self._schema, compression="zstd")
        )
        self._json_lines = open_file(
            gzip.open(json_lines, "wt", encoding="utf-8", newline="\n")
        )
        self._csv = csv.writer(open_file(table.open("w", encoding="utf-8", newline="")))
        self._csv.writerow(self._schema.names)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._files:
            if kind is None and self._group:
                self._write_group()

    def write(self, row: Row) -> None:
        line = as_json(row)
        self._json_lines.write(line + "\n")
        self._csv.writerow([cell(row[name]) for name in self._schema.names])
        self._group.append(row)
        self._characters += len(line)
        self.rows += 1
        if len(self._group) >= MOST_ROWS or self._characters >= MOST_CHARACTERS:
            self._write_group()

    def _write_group(self) -> None:
        group = pa.Table.from_pylist(self._group, schema=self._schema)
        self._parquet.write_table(group)
        self._group = []
        self._characters = 0
