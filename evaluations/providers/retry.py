"""When to ask once more, and after how long."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from evaluations.providers.base import Pace, ProviderError, at_once
from evaluations.providers.watch import Watch

T = TypeVar("T")


@dataclass(frozen=True)
class RetryPolicy:
    """Full jitter: a pause between nothing and a bound that doubles each time.

    A server that names its own time is believed for longer than we would wait by
    ourselves: asked earlier it only refuses again, and limits are often by the minute.
    """

    retries: int = 2
    base_seconds: float = 1.0
    cap_seconds: float = 20.0
    named_cap_seconds: float = 60.0

    def pause_seconds(self, error: ProviderError, retries_made: int) -> float | None:
        """Return how long to pause before the next attempt; None is to give up."""
        if retries_made >= self.retries or not error.retryable:
            return None
        # The jitter comes on top of what the server asked for, never below it.
        bound = min(self.cap_seconds, self.base_seconds * 2**retries_made)
        jitter = random.uniform(0, bound)  # noqa: S311 - spreads load, guards nothing
        if error.retry_after is None:
            return jitter
        if error.retry_after > self.named_cap_seconds:
            return None
        return error.retry_after + jitter


def with_retries(
    attempt: Callable[[], T],
    *,
    policy: RetryPolicy,
    watch: Watch,
    pace: Pace = at_once,
) -> T:
    """Call `attempt` until it succeeds or its error says that it never will."""
    retries_made = 0
    while True:
        watch.start_attempt()
        try:
            return attempt()
        except ProviderError as error:
            seconds = policy.pause_seconds(error, retries_made)
            if seconds is None or seconds >= watch.seconds_left():
                raise
        retries_made += 1
        watch.pause(seconds)
        while wait := pace():
            watch.pause(wait)
