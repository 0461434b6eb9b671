"""A server's refusal in plain words and in data that decides about a retry."""

import contextlib
import json
import re
import time
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2

from evaluations.providers.base import Key, ProviderError, is_retryable_status
from evaluations.providers.http import read_start

# A server that loads its model says for a while that it is not ready.
LOADING_SECONDS = 5.0
QUOTED_CHARACTERS = 300
# So long a piece of a key in a server's sentence would give it away.
TELLING_CHARACTERS = 6

_WORDS = {
    400: "The server refused the request",
    401: "The server refused the key",
    402: "The account at the provider has no credit left",
    403: "The key has no right to this model",
    404: "The server knows no such path or model; check base URL and model name",
    408: "The server gave up waiting",
    413: "The request is larger than the server takes",
    422: "The server refused the request's parameters",
    429: "The server asks for a pause: too many requests",
    529: "The server is overloaded",
}
_LOADING = re.compile(r"loading model|model is (?:still )?loading", re.IGNORECASE)
_CONTEXT = re.compile(
    r"context[ _](?:size|length|window)|maximum context|prompt is too long"
    r"|too many (?:input )?tokens",
    re.IGNORECASE,
)
_NO_CREDIT = frozenset({"insufficient_quota", "billing_error", "insufficient_credits"})
# Names that stand in a stream where no status can: OpenAI's codes, Anthropic's types.
_STATUS_OF = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "invalid_api_key": 401,
    "billing_error": 402,
    "insufficient_quota": 429,
    "permission_error": 403,
    "not_found_error": 404,
    "model_not_found": 404,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "rate_limit_exceeded": 429,
    "api_error": 500,
    "server_error": 500,
    "internal_error": 500,
    "timeout_error": 504,
    "overloaded_error": 529,
}


def refusal(reply: httpx2.Response, key: Key) -> ProviderError:
    """Return the error for a reply whose status is not 200."""
    if 300 <= reply.status_code < 400:
        return ProviderError(
            "http",
            f"The server answered with a redirect ({reply.status_code}), which is not "
            "followed; enter the final base URL.",
            status=reply.status_code,
            permanent=True,
        )
    return failure(
        _json(read_start(reply)),
        key,
        status=reply.status_code,
        retry_after=retry_after(reply.headers),
    )


def failure(
    payload: object,
    key: Key,
    *,
    status: int | None = None,
    retry_after: float | None = None,
    begun: bool = False,
) -> ProviderError:
    """Return the error that a JSON body or a stream's error object describes."""
    names, text = _read(payload)
    if status is None:
        status = next(filter(None, map(_status_of, names)), None)
    words, permanent = _judge(names, text, status)
    if retry_after is None and status == 503 and _LOADING.search(text):
        retry_after = LOADING_SECONDS
    quoted = f" It said: “{quote(text, key)}”" if text else ""
    return ProviderError(
        "http",
        f"{words}{f' ({status})' if status else ''}.{quoted}",
        status=status,
        retry_after=retry_after,
        permanent=permanent,
        begun=begun,
    )


def error_in(chunk: dict[str, Any], event_name: str) -> object:
    """Return the error a chunk of a stream carries, or None."""
    return chunk if chunk.get("error") or event_name == "error" else None


def retry_after(headers: httpx2.Headers) -> float | None:
    """Read Retry-After as seconds or an HTTP date, and OpenAI's milliseconds."""
    with contextlib.suppress(KeyError, ValueError):
        return _seconds(float(headers["retry-after-ms"]) / 1000)
    text = headers.get("retry-after", "")
    with contextlib.suppress(ValueError):
        return _seconds(float(text))
    with contextlib.suppress(ValueError, TypeError, OverflowError):
        return _seconds(parsedate_to_datetime(text).timestamp() - time.time())
    return None


def quote(text: str, key: Key) -> str:
    """Shorten a server's sentence to one line; words that show the key are masked."""
    start = text[: QUOTED_CHARACTERS * 8]
    printable = "".join(sign if sign.isprintable() else " " for sign in start)
    words = [_masked(word, key.reveal()) for word in printable.split()]
    line = " ".join(words)
    cut = line[:QUOTED_CHARACTERS]
    return cut if cut == line else cut + "…"


def _masked(word: str, key: str) -> str:
    if len(key) < TELLING_CHARACTERS:
        return "••••" if key and key in word else word
    last = len(key) - TELLING_CHARACTERS
    parts = (key[at : at + TELLING_CHARACTERS] for at in range(last + 1))
    return "••••" if any(part in word for part in parts) else word


def _judge(names: list[str], text: str, status: int | None) -> tuple[str, bool]:
    """Return plain words and whether asking again is pointless."""
    if _NO_CREDIT.intersection(names):
        return _WORDS[402], True
    if status in (None, 400, 413, 422, 500) and _CONTEXT.search(
        " ".join([text, *names])
    ):
        return "The conversation is longer than this model's context", True
    if status == 503 and _LOADING.search(text):
        return "The server is still loading the model", False
    if status is None:
        return "The server reported an error", False
    plain = "The server failed" if status >= 500 else "The server refused the request"
    return _WORDS.get(status, plain), not is_retryable_status(status)


def _read(payload: object) -> tuple[list[str], str]:
    """Return an error's codes and types, and its sentence, from any known shape."""
    if isinstance(payload, str):
        return [], payload
    if not isinstance(payload, dict):
        return [], ""
    inner = payload.get("error")
    if isinstance(inner, str):
        return [], inner
    found = inner if isinstance(inner, dict) else payload
    names = [str(found[name]) for name in ("code", "status", "type") if found.get(name)]
    text = found.get("message") or found.get("detail") or ""
    return names, text if isinstance(text, str) else json.dumps(text)


def _status_of(name: str) -> int | None:
    if name.isdecimal() and 400 <= int(name) <= 599:
        return int(name)
    return _STATUS_OF.get(name.lower())


def _seconds(value: float) -> float:
    if value != value or value == float("inf"):
        raise ValueError(value)
    return max(0.0, value)


def _json(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        text = body[:4000].decode("utf-8", "replace")
        return "" if text.lstrip().startswith("<") else text
