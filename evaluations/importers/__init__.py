"""Bring outside data in: one module a format, known by its name."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from evaluations.importers.llmfao import import_llmfao
from evaluations.importers.reading import BadInput
from evaluations.importers.report import Count, ProgressReport, Report

__all__ = ["IMPORTERS", "BadInput", "Count", "Importer", "ProgressReport", "Report"]


class Importer(Protocol):
    """Read all of it first, then write all of it or nothing; twice is as once."""

    def __call__(
        self, *, path: Path, dry_run: bool, progress: ProgressReport
    ) -> Report: ...


IMPORTERS: Mapping[str, Importer] = {"llmfao": import_llmfao}
