"""What an import did, and how it tells that while it runs."""

from collections.abc import Callable
from dataclasses import dataclass, field

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


@dataclass(slots=True)
class Counts:
    """How many rows of each kind were added and changed, told as they come."""

    progress: ProgressReport
    kinds: int
    _counts: list[Count] = field(default_factory=list)

    def add(self, kind: str, *, added: int, of: int, changed: int = 0) -> None:
        self._counts.append(Count(kind, added, of - added - changed, changed))
        self.progress("Writing", len(self._counts), self.kinds)

    def report(self) -> Report:
        return Report(tuple(self._counts))
