"""One builder's hold on a dump: it beats while it works, and ends when it is lost."""

import time
from collections.abc import Callable
from typing import Self

from django.db.models import QuerySet
from django.db.models.functions import Now

from evaluations.models import Dump

SECONDS_BETWEEN_BEATS = 1.0

# label, steps done, steps in all
ProgressReport = Callable[[str, int, int], None]


class ClaimLost(Exception):
    """The dump was cancelled, or taken over by another builder after a long silence."""


class Claim:
    """Says in the row how far the build is, at most once a second."""

    def __init__(self, dump: Dump, progress: ProgressReport | None) -> None:
        self.dump = dump
        self.total = 0
        self._progress = progress
        self._done = 0
        self._beaten = time.monotonic()

    @classmethod
    def take(cls, dump_id: int, progress: ProgressReport | None = None) -> Self | None:
        """Claim a waiting dump, or one whose builder has fallen silent."""
        taken = Dump.objects.claimable().filter(pk=dump_id)
        if not taken.update(
            state=Dump.State.BUILDING, started_at=Now(), heartbeat_at=Now()
        ):
            return None
        return cls(Dump.objects.get(pk=dump_id), progress)

    def own(self) -> QuerySet[Dump]:
        """The row as long as it is this builder's."""
        return Dump.objects.filter(
            pk=self.dump.pk,
            state=Dump.State.BUILDING,
            started_at=self.dump.started_at,
        )

    def step(self) -> None:
        self._done += 1
        if self._progress:
            self._progress("Building the dump", self._done, self.total)
        self.pulse()

    def pulse(self) -> None:
        """Beat, if the last beat is a second old."""
        if time.monotonic() - self._beaten >= SECONDS_BETWEEN_BEATS:
            self.beat()

    def beat(self) -> None:
        """Write how far the build is; raise ClaimLost if it is no longer ours."""
        self._beaten = time.monotonic()
        if not self.own().update(heartbeat_at=Now(), done=self._done, total=self.total):
            raise self._lost()

    def hold(self) -> None:
        """Lock the row to the transaction's end; raise ClaimLost if it is not ours."""
        if not self.own().select_for_update().exists():
            raise self._lost()

    def _lost(self) -> ClaimLost:
        return ClaimLost(f"dump {self.dump} is not this builder's any more")
