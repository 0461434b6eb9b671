"""Bring outside data in: one module a format, known by its name."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from evaluations.importers.benchmark_items import import_benchmark_items
from evaluations.importers.benchmarks import import_benchmarks
from evaluations.importers.llmfao import import_llmfao
from evaluations.importers.reading import BadInput
from evaluations.importers.report import Count, ProgressReport, Report
from evaluations.simulated import REFUSAL, simulation

__all__ = [
    "IMPORTERS",
    "BadInput",
    "Count",
    "Importer",
    "ProgressReport",
    "Report",
    "import_data",
]


class Importer(Protocol):
    """Read all of it first, then write all of it or nothing; twice is as once."""

    def __call__(
        self, *, path: Path, dry_run: bool, progress: ProgressReport
    ) -> Report: ...


IMPORTERS: Mapping[str, Importer] = {
    "benchmark_items": import_benchmark_items,
    "benchmarks": import_benchmarks,
    "llmfao": import_llmfao,
}


def import_data(
    *, format: str, path: Path, dry_run: bool, progress: ProgressReport
) -> Report:
    """Bring in what the format's importer finds; raise BadInput in a simulation."""
    if simulation():
        raise BadInput([REFUSAL])
    return IMPORTERS[format](path=path, dry_run=dry_run, progress=progress)
