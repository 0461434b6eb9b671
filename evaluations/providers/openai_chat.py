"""OpenAI's chat completions, which most model servers speak too."""

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


class OpenAIChat:
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
        """Ask with `POST /chat/completions`."""
        call = Call(
            method="POST",
            url=endpoint(connection.base_url, "/chat/completions"),
            content=json.dumps(_payload(connection, request)).encode(),
            headers={"Content-Type": "application/json"},
            key=connection.key,
        )
        conversation = Conversation(call, request, _take, client, on_text)
        return conversation.hold(policy=self._retry, cancelled=cancelled)


def _payload(connection: Connection, request: Request) -> dict[str, Any]:
    parameters = dict(request.parameters)
    messages = list(request.messages)
    if system := parameters.pop("system", None):
        messages.insert(0, {"role": "system", "content": system})
    payload = {
        "stream_options": {"include_usage": True},
        **parameters,
        "model": connection.api_model,
        "messages": messages,
        "stream": True,
    }
    return {name: value for name, value in payload.items() if value is not None}


def _take(chunk: dict[str, Any], answer: GrowingAnswer) -> None:
    answer.name_model(chunk.get("model"))
    # Groq wraps its figures.
    usage = as_dict(chunk.get("usage") or as_dict(chunk.get("x_groq")).get("usage"))
    answer.count(
        prompt=usage.get("prompt_tokens"), completion=usage.get("completion_tokens")
    )
    choices = chunk.get("choices")
    if not isinstance(choices, list) or not choices:
        return
    choice = as_dict(choices[0])
    delta = as_dict(choice.get("delta"))
    # One and the same piece under the names of two generations of servers.
    answer.add_reasoning(delta.get("reasoning_content") or delta.get("reasoning"))
    _take_content(delta.get("content"), answer)
    answer.finish(choice.get("finish_reason"))


def _take_content(content: object, answer: GrowingAnswer) -> None:
    """Take text as it stands, or Mistral's list of typed parts."""
    if not isinstance(content, list):
        answer.add_text(content)
        return
    for part in map(as_dict, content):
        if part.get("type") == "thinking":
            thoughts = part.get("thinking")
            for thought in thoughts if isinstance(thoughts, list) else []:
                answer.add_reasoning(as_dict(thought).get("text"))
        else:
            answer.add_text(part.get("text"))
