"""Server-sent events out of bytes (the WHATWG event stream format)."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from evaluations.providers.base import ProviderError

MAX_EVENT_BYTES = 1_000_000


class Event(NamedTuple):
    name: str
    data: str


def read_events(pieces: Iterable[bytes]) -> Iterator[Event]:
    """Yield events; comments are dropped, an unfinished last one still counts.

    A stream may end without the blank line that the format asks for.
    """
    data: list[bytes] = []
    name, size = "", 0
    for line in _lines(pieces):
        field, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if not line:
            if data:
                yield _event(name, data)
            name, data, size = "", [], 0
        elif field == b"event":
            name = value.decode("utf-8", "replace")
        elif field in (b"data", b"error"):
            # Older llama.cpp servers send a failure as a field named `error`.
            name = name or ("error" if field == b"error" else "")
            data.append(value)
            size += len(value)
            _check_size(size)
    if data:
        yield _event(name, data)


def _lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Cut at \\n, \\r\\n or \\r; only whole lines leave, so no sign is ever split."""
    held: list[bytes] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if b"\n" not in piece and b"\r" not in piece:
            _check_size(size)
            continue
        *lines, rest = _split(b"".join(held))
        yield from lines
        held, size = [rest], len(rest)
    yield from _split(b"".join(held).removesuffix(b"\r"))


def _split(text: bytes) -> list[bytes]:
    # A \r at the very end stays: it may be half of a \r\n.
    end = b"\r" if text.endswith(b"\r") else b""
    text = text[: len(text) - len(end)]
    if b"\r" in text:
        text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    *lines, rest = text.split(b"\n")
    return [*lines, rest + end]


def _event(name: str, data: list[bytes]) -> Event:
    try:
        return Event(name, b"\n".join(data).decode())
    except UnicodeDecodeError as error:
        raise ProviderError(
            "malformed", "The server's stream is not valid UTF-8."
        ) from error


def _check_size(size: int) -> None:
    if size > MAX_EVENT_BYTES:
        raise ProviderError(
            "too_long", f"One event of the stream is over {MAX_EVENT_BYTES:,} bytes."
        )
