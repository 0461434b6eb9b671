"""What every provider takes and gives, whatever it speaks on the wire."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import httpx2

ErrorKind = Literal[
    "http",
    "transport",
    "timeout",
    "truncated",
    "malformed",
    "too_long",
    "empty",
    "refused_address",
    "cancelled",
]

# Asking again may help after these answers; every other 4xx stays as it is.
RETRYABLE_STATUSES = frozenset({408, 409, 425, 429})


class Key:
    """Hold a provider's key so that no repr, log line or traceback shows it."""

    __slots__ = ("_text",)

    def __init__(self, text: str = "") -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __reduce__(self) -> Any:
        raise TypeError("A Key is not to be written down; pass an id instead.")

    def __repr__(self) -> str:
        return "Key(••••)" if self._text else "Key()"

    __str__ = __repr__


@dataclass(frozen=True)
class Connection:
    base_url: str
    api_model: str
    key: Key = field(default_factory=Key)
    provider: str = "openai"

    def __post_init__(self) -> None:
        # A bare string would show itself in the next traceback.
        if not isinstance(self.key, Key):
            raise TypeError("The key of a Connection has to be a Key.")


@dataclass(frozen=True)
class Timeouts:
    """Seconds. `begin` and the total cover retries and the pauses between them."""

    connect: float = 5
    begin: float = math.inf
    first_token: float = 60
    between_tokens: float = 30
    total: float = 300


# Says for how many seconds a further attempt has to wait; asked again after them.
Pace = Callable[[], float]


def at_once() -> float:
    return 0.0


@dataclass(frozen=True)
class Request:
    messages: list[dict[str, str]]
    # Passed on as they stand; a parameter that is None is left out of the call.
    parameters: dict[str, Any] = field(default_factory=dict)
    timeouts: Timeouts = field(default_factory=Timeouts)
    max_bytes: int = 64_000
    # What comes within so many seconds after a piece is read together with the next:
    # a third of the work where the pieces are shown in ticks anyway.
    gather_seconds: float = 0.0
    # The caller's own limit of calls, for every attempt after the first.
    pace: Pace = at_once


@dataclass(frozen=True)
class Completion:
    text: str
    reasoning: str
    finish_reason: str
    served_model: str
    prompt_tokens: int | None
    completion_tokens: int | None
    first_token_ms: int
    total_ms: int


class ProviderError(Exception):
    """A call that gave no answer.

    `permanent`: asking the same again is pointless. `begun`: the server may already
    have been at work on an answer, so a second call could be a second bill.
    `message` is one or two plain sentences for an admin and may quote the provider;
    `str()` is only the kind and the status, so that logs stay free of texts.
    """

    def __init__(
        self,
        kind: ErrorKind,
        message: str,
        *,
        status: int | None = None,
        retry_after: float | None = None,
        permanent: bool = False,
        begun: bool = False,
    ) -> None:
        super().__init__(kind, status)
        self.kind = kind
        self.message = message
        self.status = status
        self.retry_after = retry_after
        self.permanent = permanent
        self.begun = begun

    def __str__(self) -> str:
        return self.kind if self.status is None else f"{self.kind} {self.status}"

    @property
    def retryable(self) -> bool:
        """Say whether asking once more at once is fair and may help."""
        if self.begun or self.permanent:
            return False
        if self.kind == "http":
            return is_retryable_status(self.status or 0)
        return self.kind in {"transport", "timeout"}


def is_retryable_status(status: int) -> bool:
    return status in RETRYABLE_STATUSES or 500 <= status <= 599


OnText = Callable[[str], None]
Cancelled = Callable[[], bool]


def never() -> bool:
    return False


class Provider(Protocol):
    """Ask one model once and return its whole answer, or raise ProviderError."""

    def stream(
        self,
        connection: Connection,
        request: Request,
        *,
        client: httpx2.Client,
        on_text: OnText | None = None,
        cancelled: Cancelled = never,
    ) -> Completion:
        """Call `on_text` with each piece as it comes.

        `cancelled` is asked about five times a second, in silence too.
        """
        ...
