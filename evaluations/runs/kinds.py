"""What differs between kinds of runs, and the registry of them."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, Protocol

from evaluations import judging
from evaluations.benchmarks import running as benchmark
from evaluations.models import Run, RunItem
from evaluations.runs import evaluation

Messages = list[dict[str, str]]


class Kind(Protocol):
    """One kind of run; a module is one."""

    def plan(self, run: Run) -> Iterable[RunItem]:
        """All that is to be asked, as unsaved items numbered from 1 in order."""

    def messages(self, item: RunItem) -> Messages | None:
        """What is asked for an item; None while it waits for another one's answer."""

    def overrides(self, item: RunItem) -> dict[str, Any]:
        """What goes before the contestant's own parameters."""

    def settle(self, item: RunItem) -> None:
        """Take an answer that is ready or has failed, in the transaction that ends it.

        Called once each time the item ends; a failed item that was asked again ends
        a second time, so what it wrote the first time is to be replaced.
        """

    def finish(self, run: Run) -> None:
        """Called when all items have ended, in the transaction that ends the run."""


KINDS: Final[Mapping[str, Kind]] = {
    Run.Kind.EVALUATION: evaluation,
    Run.Kind.BENCHMARK: benchmark,
    Run.Kind.JUDGING: judging.JUDGING,
    Run.Kind.SCORING: judging.SCORING,
}
