"""Anthropic's Messages API."""

import json
from typing import Any

import httpx2

from evaluations.providers.answer import GrowingAnswer
from evaluations.providers.base import (
    Cancelled,
    Completion,
    Connection,
    OnText,
    Request,
    never,
)
from evaluations.providers.http import Call, endpoint
from evaluations.providers.retry import RetryPolicy
from evaluations.providers.streaming import Conversation, as_dict

API_VERSION = "2023-06-01"
# The one parameter this API insists on.
DEFAULT_MAX_TOKENS = 4096


class AnthropicMessages:
    def __init__(self, *, retry: RetryPolicy | None = None) -> None:
        self._retry = retry or RetryPolicy()

    def stream(
        self,
        connection: Connection,
        request: Request,
        *,
        client: httpx2.Client,
        on_text: OnText | None = None,
        cancelled: Cancelled = never,
    ) -> Completion:
        """Ask with `POST /v1/messages`."""
        call = Call(
            method="POST",
            url=_url(connection.base_url),
            content=json.dumps(_payload(connection, request)).encode(),
            headers={
                "Content-Type": "application/json",
                "anthropic-version": API_VERSION,
            },
            key=connection.key,
            key_header=("x-api-key", ""),
        )
        conversation = Conversation(call, request, _take, client, on_text)
        return conversation.hold(policy=self._retry, cancelled=cancelled)


def _url(base_url: str) -> str:
    """Add the path; here a base URL with a path of its own still wants the `/v1`."""
    base = base_url.strip().rstrip("/").removesuffix("/messages").removesuffix("/v1")
    return endpoint(f"{base}/v1", "/messages")


def _payload(connection: Connection, request: Request) -> dict[str, Any]:
    """Put the request in this API's words: system apart, stop sequences, no seed."""
    parameters = dict(request.parameters)
    parameters.pop("seed", None)
    stop = parameters.pop("stop", None)
    systems = [parameters.pop("system", None)]
    systems += [m["content"] for m in request.messages if m["role"] == "system"]
    payload = {
        "max_tokens": DEFAULT_MAX_TOKENS,
        "stop_sequences": [stop] if isinstance(stop, str) else stop,
        "system": "\n\n".join(filter(None, systems)) or None,
        **{name: value for name, value in parameters.items() if value is not None},
        "model": connection.api_model,
        "messages": [m for m in request.messages if m["role"] != "system"],
        "stream": True,
    }
    return {name: value for name, value in payload.items() if value is not None}


def _take(chunk: dict[str, Any], answer: GrowingAnswer) -> None:
    kind = chunk.get("type")
    if kind == "message_start":
        _take_start(as_dict(chunk.get("message")), answer)
    elif kind == "content_block_start":
        _take_content(as_dict(chunk.get("content_block")), answer)
    elif kind == "content_block_delta":
        _take_content(as_dict(chunk.get("delta")), answer)
    elif kind == "message_delta":
        usage = as_dict(chunk.get("usage"))
        answer.count(completion=usage.get("output_tokens"))
        answer.finish(as_dict(chunk.get("delta")).get("stop_reason"))


def _take_start(message: dict[str, Any], answer: GrowingAnswer) -> None:
    answer.name_model(message.get("model"))
    usage = as_dict(message.get("usage"))
    parts = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
    counts = [usage[part] for part in parts if type(usage.get(part)) is int]
    answer.count(prompt=sum(counts) if counts else None)


def _take_content(part: dict[str, Any], answer: GrowingAnswer) -> None:
    # Both the start of a block and its deltas name their text by what it is.
    answer.add_reasoning(part.get("thinking"))
    answer.add_text(part.get("text"))
