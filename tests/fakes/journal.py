"""What the fake model server remembers of its calls."""

from dataclasses import dataclass
from typing import Any


@dataclass
class Call:
    """One request for an answer, as the server saw it."""

    model: str
    path: str
    digest: str
    has_key: bool
    headers: dict[str, str]
    payload: dict[str, Any]
    started_at: float
    ended_at: float | None = None
    status: int = 0
    tokens: int = 0
    bytes_sent: int = 0
    text: str = ""  # the whole answer, however much of it was sent
    outcome: str = "open"  # or "finished", "client_left", "fault"

    def overlaps(self, other: "Call") -> bool:
        latest = max(self.started_at, other.started_at)
        ends = [call.ended_at or float("inf") for call in (self, other)]
        return latest < min(ends)
