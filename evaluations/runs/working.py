"""Take a run to its end within one process, where no worker is up to do it."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self

from django.db import connection
from django.db.models import Count

from evaluations import fetching
from evaluations.fetching.claims import Wait
from evaluations.models import Answer, Contestant, Run
from evaluations.runs.advancing import advance_run

# Calls at the same time, over all contestants.
SLOTS = 8
SECONDS_BETWEEN_SWEEPS = 10.0
MOST_SECONDS_OF_REST = 1.0


class OwnWorker:
    """Advances runs and fetches their answers by threads of its own.

    It calls what the workers call: claims, leases and rates hold beside them as well.
    """

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(SLOTS, thread_name_prefix="run")
        self._leaving = threading.Event()
        self._swept_at = -SECONDS_BETWEEN_SWEEPS

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # Calls under way come in; none begins.
        self._leaving.set()
        self._pool.shutdown(cancel_futures=True)

    def step(self, *, run: Run) -> None:
        """Ask on, fetch all that is queued, and rest where nothing can be done yet."""
        self._sweep()
        moved = advance_run(run_id=run.pk)
        waits = list(self._pool.map(self._fetch, self._places(run)))
        if not moved and (not waits or all(waits)):
            time.sleep(min([*waits, MOST_SECONDS_OF_REST]))

    def _sweep(self) -> None:
        """Take over what a lost worker held, as the beat does."""
        if time.monotonic() - self._swept_at >= SECONDS_BETWEEN_SWEEPS:
            fetching.sweep()
            self._swept_at = time.monotonic()

    def _places(self, run: Run) -> Iterator[int]:
        """A contestant's id for each call to it that may run at the same time."""
        queued = run.items.under_way().filter(answer__state=Answer.State.QUEUED)
        counted = dict(
            queued.order_by().values_list("contestant").annotate(Count("pk"))
        )
        for contestant in Contestant.objects.active().filter(pk__in=counted):
            for _ in range(min(contestant.concurrency, counted[contestant.pk])):
                yield contestant.pk

    def _fetch(self, contestant_id: int) -> float:
        """Fetch until nothing is queued; return the seconds to wait, where told to."""
        fetched: Wait | bool = True
        try:
            while fetched is True and not self._leaving.is_set():
                fetched = fetching.fetch_next(contestant_id=contestant_id)
        finally:
            connection.close()
        return fetched.seconds if isinstance(fetched, Wait) else 0.0
