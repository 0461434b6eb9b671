"""The formats by name, and the one door to all of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from evaluations.importers import (
    alpaca_eval,
    arena_hard,
    fastchat,
    koala,
    own_sets,
    vicuna,
)
from evaluations.importers.benchmark_items import import_benchmark_items
from evaluations.importers.benchmarks import import_benchmarks
from evaluations.importers.llmfao import import_llmfao
from evaluations.importers.reading import BadInput
from evaluations.importers.records import NOTHING_SAID, SetFields
from evaluations.importers.report import ProgressReport, Report
from evaluations.importers.sets import SetImporter
from evaluations.simulated import REFUSAL, simulation


class Importer(Protocol):
    """Read all of it first, then write all of it or nothing; twice is as once."""

    def __call__(
        self, *, path: Path, dry_run: bool, progress: ProgressReport
    ) -> Report: ...


class FieldsImporter(Protocol):
    """The same, with what is said beside the file."""

    def __call__(
        self,
        *,
        path: Path,
        dry_run: bool,
        progress: ProgressReport,
        fields: SetFields = NOTHING_SAID,
    ) -> Report: ...


@dataclass(frozen=True, slots=True)
class SelfContained:
    """A format whose files say all there is to say."""

    bring: Importer

    def __call__(
        self,
        *,
        path: Path,
        dry_run: bool,
        progress: ProgressReport,
        fields: SetFields = NOTHING_SAID,
    ) -> Report:
        if fields != NOTHING_SAID:
            raise BadInput(["This format says itself what it brings."])
        return self.bring(path=path, dry_run=dry_run, progress=progress)


IMPORTERS: Mapping[str, FieldsImporter] = {
    "alpaca_eval": SetImporter(alpaca_eval.read),
    "arena_hard": SetImporter(arena_hard.read),
    "benchmark_items": SelfContained(import_benchmark_items),
    "benchmarks": import_benchmarks,
    "csv": SetImporter(own_sets.read_csv),
    "fastchat": SetImporter(fastchat.read),
    "jsonl": SetImporter(own_sets.read_jsonl),
    "koala": SetImporter(koala.read, koala.SET),
    "llmfao": SelfContained(import_llmfao),
    "vicuna": SetImporter(vicuna.read, vicuna.SET),
}


def asks_for_fields(format: str) -> bool:
    """Whether the set's title, licence and source have to be said beside the file."""
    importer = IMPORTERS[format]
    return isinstance(importer, SetImporter) and importer.known is None


def takes_fields(format: str) -> bool:
    """Whether anything may be said beside the file."""
    importer = IMPORTERS[format]
    known = isinstance(importer, SetImporter) and importer.known is not None
    return not known and not isinstance(importer, SelfContained)


def import_data(
    *,
    format: str,
    path: Path,
    dry_run: bool,
    progress: ProgressReport,
    fields: SetFields = NOTHING_SAID,
) -> Report:
    """Bring in what the format's importer finds; raise BadInput in a simulation."""
    if simulation():
        raise BadInput([REFUSAL])
    importer = IMPORTERS[format]
    return importer(path=path, dry_run=dry_run, progress=progress, fields=fields)
