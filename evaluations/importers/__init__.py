"""Bring outside data in: one module a format, known by its name."""

from evaluations.importers import uploads
from evaluations.importers.formats import (
    IMPORTERS,
    Importer,
    asks_for_fields,
    import_data,
    takes_fields,
)
from evaluations.importers.reading import BadInput
from evaluations.importers.records import SetFields
from evaluations.importers.report import Count, ProgressReport, Report

__all__ = [
    "IMPORTERS",
    "BadInput",
    "Count",
    "Importer",
    "ProgressReport",
    "Report",
    "SetFields",
    "asks_for_fields",
    "import_data",
    "takes_fields",
    "uploads",
]
