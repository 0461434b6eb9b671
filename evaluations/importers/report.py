"""What an import did, and how it tells that while it runs."""

from collections.abc import Callable
from dataclasses import dataclass

# label, steps done, steps in all
ProgressReport = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Count:
    kind: str
    added: int
    already_there: int
    changed: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    counts: tuple[Count, ...]
    # What else is to be said of the files, in sentences.
    notes: tuple[str, ...] = ()

    @property
    def added(self) -> int:
        return sum(count.added for count in self.counts)

    @property
    def changed(self) -> int:
        return sum(count.changed for count in self.counts)
