"""Keep the leases of this process alive while its calls run."""

import contextlib
import logging
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError, close_old_connections

from evaluations.fetching.claims import renew

logger = logging.getLogger(__name__)

# A call is given up this long before its lease ends, so that it is closed by then.
MARGIN_SECONDS = 2.0


@dataclass(frozen=True)
class Terms:
    """How leases of one kind are kept; times in seconds."""

    # Prolongs the leases that still live, and returns those.
    renew: Callable[[list[uuid.UUID]], set[uuid.UUID]]
    lease_seconds: Callable[[], float]
    renew_seconds: Callable[[], float]


class LeaseKeeper:
    """One thread that renews all leases of the process every few seconds.

    A lease that could not be renewed runs out: `lost` turns true and the call that
    watches it closes its stream, before another worker may claim the answer.
    """

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._good_until: dict[uuid.UUID, float] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    @contextlib.contextmanager
    def keep(self, token: uuid.UUID, *, claimed_at: float) -> Iterator[None]:
        """Hold a lease that was given after `claimed_at` (monotonic seconds)."""
        with self._lock:
            self._good_until[token] = claimed_at + self._terms.lease_seconds()
            # A thread that broke down would else be taken for one that renews.
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()
        try:
            yield
        finally:
            with self._lock:
                self._good_until.pop(token, None)

    def lost(self, token: uuid.UUID) -> bool:
        with self._lock:
            good_until = self._good_until.get(token, 0.0)
        return time.monotonic() >= good_until - MARGIN_SECONDS

    def _run(self) -> None:
        while True:
            time.sleep(self._terms.renew_seconds())
            with self._lock:
                if not self._good_until:
                    self._thread = None
                    return
                tokens = list(self._good_until)
            self._renew(tokens)

    def _renew(self, tokens: list[uuid.UUID]) -> None:
        asked_at = time.monotonic()
        try:
            living = self._terms.renew(tokens)
        except DatabaseError:
            logger.warning("%d leases could not be renewed", len(tokens))
            return
        finally:
            close_old_connections()
        with self._lock:
            for token in self._good_until.keys() & set(tokens):
                until = asked_at + self._terms.lease_seconds()
                self._good_until[token] = until if token in living else 0.0


OF_ANSWERS = Terms(
    renew=renew,
    lease_seconds=lambda: settings.ARENA_LEASE_SECONDS,
    renew_seconds=lambda: settings.ARENA_LEASE_RENEW_SECONDS,
)
keeper = LeaseKeeper(OF_ANSWERS)
