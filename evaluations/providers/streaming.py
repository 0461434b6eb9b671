"""The course of a streamed call, the same for every protocol over SSE."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx2

from evaluations.providers.answer import GrowingAnswer
from evaluations.providers.base import (
    Cancelled,
    Completion,
    Key,
    OnText,
    ProviderError,
    Request,
)
from evaluations.providers.failures import error_in, failure, refusal
from evaluations.providers.http import (
    WIRE_BYTES_PER_BYTE,
    Call,
    open_reply,
    read_body,
    read_up_to,
)
from evaluations.providers.retry import RetryPolicy, with_retries
from evaluations.providers.sse import Event, read_events
from evaluations.providers.watch import Watch

# Takes one chunk of the protocol into the answer.
TakeChunk = Callable[[dict[str, Any], GrowingAnswer], None]

_NOT_A_STREAM = ("text/html", "application/json")


@dataclass(frozen=True)
class Conversation:
    """One request on its way: what to send, how to read what comes back."""

    call: Call
    request: Request
    take: TakeChunk
    client: httpx2.Client
    on_text: OnText | None

    def hold(self, *, policy: RetryPolicy, cancelled: Cancelled) -> Completion:
        watch = Watch(self.request.timeouts, cancelled)
        watch.gather_seconds = self.request.gather_seconds
        return with_retries(
            lambda: self._attempt(watch),
            policy=policy,
            watch=watch,
            pace=self.request.pace,
        )

    def _attempt(self, watch: Watch) -> Completion:
        answer = GrowingAnswer(self.request, watch, self.on_text)
        with open_reply(self.client, self.call, watch) as reply:
            if reply.status_code != 200:
                watch.settle()
                raise refusal(reply, self.call.key)
            _refuse_other_than_stream(reply, self.call.key)
            try:
                self._read(reply, answer)
            except ProviderError as error:
                # After the finish reason the answer is whole, however the line ends.
                ended = error.kind in {"transport", "timeout"}
                if not (ended and answer.finish_reason):
                    raise
        return answer.completion()

    def _read(self, reply: httpx2.Response, answer: GrowingAnswer) -> None:
        limit = self.request.max_bytes * WIRE_BYTES_PER_BYTE
        for event in read_events(read_up_to(reply, limit)):
            if event.data.strip() == "[DONE]":
                return
            chunk = _chunk(event, begun=answer.begun)
            if error := error_in(chunk, event.name):
                raise failure(error, self.call.key, begun=answer.begun)
            self.take(chunk, answer)


def as_dict(value: object) -> dict[str, Any]:
    """Return the value if it is an object; servers send null and worse in its place."""
    return value if isinstance(value, dict) else {}


def _chunk(event: Event, *, begun: bool) -> dict[str, Any]:
    try:
        chunk = json.loads(event.data)
    except (ValueError, RecursionError) as error:
        raise _malformed(begun=begun) from error
    if not isinstance(chunk, dict):
        raise _malformed(begun=begun)
    return chunk


def _malformed(*, begun: bool) -> ProviderError:
    return ProviderError(
        "malformed", "The server sent a chunk that is not valid JSON.", begun=begun
    )


def _refuse_other_than_stream(reply: httpx2.Response, key: Key) -> None:
    """Name the case of a whole page or object in place of a stream."""
    content_type = reply.headers.get("content-type", "").partition(";")[0].strip()
    if content_type not in _NOT_A_STREAM:
        return
    body = _object(read_body(reply)) if content_type == "application/json" else {}
    if body.get("error"):
        raise failure(body, key)
    raise ProviderError(
        "malformed",
        f"The server answered with {content_type} where a stream was asked for; "
        "check the base URL.",
        begun=True,
    )


def _object(body: bytes) -> dict[str, Any]:
    try:
        return as_dict(json.loads(body))
    except (ValueError, RecursionError):
        return {}
