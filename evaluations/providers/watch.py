"""How long a call may stay silent, and whether anyone still wants it."""

import time
from collections.abc import Iterator

from evaluations.providers.base import Cancelled, ProviderError, Timeouts

# The caller's wish to stop is looked at so often, in the midst of a silence too.
STEP_SECONDS = 0.2
# After its finish reason a stream may still bring usage figures, or nothing at all.
GRACE_SECONDS = 2.0


class Watch:
    """Keep the deadlines of one call; a new attempt starts its own first token."""

    def __init__(self, timeouts: Timeouts, cancelled: Cancelled) -> None:
        self.timeouts = timeouts
        self.gather_seconds = 0.0
        self._cancelled = cancelled
        self._asked_at = 0.0
        self._total_at = time.monotonic() + timeouts.total
        self._begin_at = time.monotonic() + timeouts.begin
        self.start_attempt()

    def start_attempt(self) -> None:
        self.attempt_at = time.monotonic()
        self.first_token_at: float | None = None
        self._silent_until = min(
            self.attempt_at + self.timeouts.first_token, self._begin_at
        )

    def token(self) -> None:
        """Note that a token came; pings and empty pieces are none."""
        now = time.monotonic()
        if self.first_token_at is None:
            self.first_token_at = now
        self._silent_until = now + self.timeouts.between_tokens

    def settle(self) -> None:
        """Note that the answer is whole: nothing more is worth a long wait."""
        self._silent_until = time.monotonic() + GRACE_SECONDS

    def check(self) -> float:
        """Return for how many seconds to wait at most, or raise ProviderError."""
        now = time.monotonic()
        self._check_cancelled(now)
        if now >= self._total_at:
            raise self._overdue(f"took longer than {self.timeouts.total:g} s in all")
        if now >= self._silent_until:
            raise self._overdue(self._silence())
        return min(STEP_SECONDS, self._total_at - now, self._silent_until - now)

    def pause(self, seconds: float) -> None:
        """Sleep before another attempt; wake up when nobody waits for it any more."""
        for left in _steps(seconds):
            self._check_cancelled(time.monotonic())
            rest = self.seconds_left()
            if not rest:
                limit = min(self.timeouts.total, self.timeouts.begin)
                raise self._overdue(f"took longer than {limit:g} s")
            time.sleep(min(left, STEP_SECONDS, rest))

    def seconds_left(self) -> float:
        """For another attempt."""
        return max(0.0, min(self._total_at, self._begin_at) - time.monotonic())

    def elapsed_ms(self, at: float | None = None) -> int:
        moment = time.monotonic() if at is None else at
        return round((moment - self.attempt_at) * 1000)

    def _check_cancelled(self, now: float) -> None:
        if now - self._asked_at < STEP_SECONDS:
            return
        self._asked_at = now
        if self._cancelled():
            raise ProviderError("cancelled", "The call was stopped on this side.")

    def _silence(self) -> str:
        if self.first_token_at is None:
            return f"sent no text for {self.timeouts.first_token:g} s"
        return f"stopped for {self.timeouts.between_tokens:g} s in mid-answer"

    def _overdue(self, what: str) -> ProviderError:
        return ProviderError("timeout", f"The server {what}.", begun=True)


def _steps(seconds: float) -> Iterator[float]:
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        yield left
