"""Question sets, with answers and judgements where they come along."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from evaluations.importers.reading import BadInput
from evaluations.importers.records import NOTHING_SAID, Collection, SetFields
from evaluations.importers.report import ProgressReport, Report
from evaluations.importers.writing import write


@dataclass(frozen=True, slots=True)
class SetImporter:
    """A format: how it is read, and what is known of its set if that is always one."""

    read: Callable[[Path, SetFields], Collection]
    known: SetFields | None = None

    def __call__(
        self,
        *,
        path: Path,
        dry_run: bool,
        progress: ProgressReport,
        fields: SetFields = NOTHING_SAID,
    ) -> Report:
        """Bring in what is missing; raise BadInput and write nothing if any is bad."""
        said = self._fields(fields)
        progress("Reading", 0, 1)
        found = self.read(path, said)
        if not found.questions:
            raise BadInput([f"{path.name}: no question is in it."])
        progress("Reading", 1, 1)
        return write(found=found, fields=said, dry_run=dry_run, progress=progress)

    def _fields(self, fields: SetFields) -> SetFields:
        if self.known is None:
            return fields.completed()
        if fields != NOTHING_SAID:
            raise BadInput(["This format says itself which set it is."])
        return self.known
