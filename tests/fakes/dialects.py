"""What the two wire protocols put on the wire, frame by frame."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from tests.fakes.behaviour import Behaviour

THOUGHT = ["Let me ", "think: ", "two ", "and two."]


@dataclass(frozen=True)
class Frame:
    data: bytes
    is_token: bool = False


class Dialect(Protocol):
    ping: bytes

    def frames(
        self, model: str, pieces: list[str], behaviour: Behaviour
    ) -> Iterator[Frame]: ...

    def text(self, text: str) -> bytes: ...

    def thought(self, text: str) -> bytes: ...

    def error(self, behaviour: Behaviour) -> bytes: ...


def error_body(behaviour: Behaviour, message: str = "") -> dict[str, Any]:
    code: object = behaviour.code or None
    if behaviour.code.isdigit():
        code = int(behaviour.code)
    text = message or behaviour.message
    if behaviour.bare_error:
        return {"type": "error", "error": text}
    kind = behaviour.code or "server_error"
    return {"type": "error", "error": {"message": text, "type": kind, "code": code}}


def thoughts_of(behaviour: Behaviour) -> list[str]:
    return [behaviour.thought] if behaviour.thought else THOUGHT


def _data(payload: object) -> bytes:
    return b"data: " + json.dumps(payload, ensure_ascii=False).encode() + b"\n\n"


def _named(payload: dict[str, Any]) -> bytes:
    return b"event: " + str(payload["type"]).encode() + b"\n" + _data(payload)


class OpenAI:
    ping = b": keep-alive\n\n"

    def __init__(self, model: str = "") -> None:
        self._model = model
        self._id = "chatcmpl-fake"

    def _chunk(self, delta: dict[str, Any], **choice: Any) -> dict[str, Any]:
        return {
            "id": self._id,
            "object": "chat.completion.chunk",
            "model": self._model,
            "choices": [{"index": 0, "delta": delta, **choice}],
        }

    def text(self, text: str) -> bytes:
        return _data(self._chunk({"content": text}))

    def thought(self, text: str) -> bytes:
        return _data(self._chunk({"content": None, "reasoning_content": text}))

    def error(self, behaviour: Behaviour) -> bytes:
        return _data(error_body(behaviour))

    def frames(
        self, model: str, pieces: list[str], behaviour: Behaviour
    ) -> Iterator[Frame]:
        self._model = behaviour.served_model or model
        self._id = behaviour.completion_id or self._id
        usage = {"prompt_tokens": 7, "completion_tokens": len(pieces)}
        opening = self._chunk({"role": "assistant", "content": ""})
        if behaviour.usage == "first":
            opening["usage"] = usage
        yield Frame(_data(opening))
        thoughts = thoughts_of(behaviour)
        for delta in self._thoughts(behaviour.reasoning, thoughts):
            yield Frame(_data(self._chunk(delta)))
        for piece in pieces:
            content: object = piece
            if behaviour.reasoning == "parts":
                content = [{"type": "text", "text": piece}]
            yield Frame(_data(self._chunk({"content": content})), is_token=True)
        yield from self._closing(behaviour, usage)

    def _closing(self, behaviour: Behaviour, usage: dict[str, int]) -> Iterator[Frame]:
        content = {"content": None} if behaviour.null_content else {}
        closing = self._chunk(content, finish_reason=behaviour.finish)
        if behaviour.usage == "with_finish":
            closing["usage"] = usage
        yield Frame(_data(closing))
        if behaviour.usage == "own_chunk":
            yield Frame(_data({"model": self._model, "choices": [], "usage": usage}))
        if not behaviour.no_done:
            yield Frame(b"data: [DONE]\n\n")

    def _thoughts(self, kind: str, thoughts: list[str]) -> Iterator[dict[str, Any]]:
        if kind == "tag":
            tagged = ["\n<th", "ink>", *thoughts, "</th", "ink>\n\n"]
            yield from ({"content": piece} for piece in tagged)
        elif kind == "parts":
            for piece in thoughts:
                inner = [{"type": "text", "text": piece}]
                yield {"content": [{"type": "thinking", "thinking": inner}]}
        elif kind:
            yield from ({"content": None, kind: piece} for piece in thoughts)


class Anthropic:
    ping = b'event: ping\ndata: {"type": "ping"}\n\n'

    def _delta(self, index: int, **delta: str) -> bytes:
        return _named({"type": "content_block_delta", "index": index, "delta": delta})

    def text(self, text: str) -> bytes:
        return self._delta(0, type="text_delta", text=text)

    def thought(self, text: str) -> bytes:
        return self._delta(0, type="thinking_delta", thinking=text)

    def error(self, behaviour: Behaviour) -> bytes:
        return _named(error_body(behaviour))

    def frames(
        self, model: str, pieces: list[str], behaviour: Behaviour
    ) -> Iterator[Frame]:
        message = {
            "id": behaviour.completion_id or "msg_fake",
            "role": "assistant",
            "model": behaviour.served_model or model,
            "usage": {"input_tokens": 7, "output_tokens": 1},
        }
        yield Frame(_named({"type": "message_start", "message": message}))
        yield Frame(self.ping)
        index = 0
        if behaviour.reasoning:
            thoughts = [self.thought(piece) for piece in thoughts_of(behaviour)]
            yield from self._block(0, "thinking", thoughts)
            index = 1
        tokens = [self._delta(index, type="text_delta", text=piece) for piece in pieces]
        yield from self._block(index, "text", tokens)
        delta = {"stop_reason": behaviour.finish, "stop_sequence": None}
        closing: dict[str, Any] = {"type": "message_delta", "delta": delta}
        if behaviour.usage != "none":
            closing["usage"] = {"output_tokens": len(pieces)}
        yield Frame(_named(closing))
        if not behaviour.no_done:
            yield Frame(_named({"type": "message_stop"}))

    def _block(self, index: int, kind: str, deltas: list[bytes]) -> Iterator[Frame]:
        block = {"type": kind, kind: ""}
        start = {"type": "content_block_start", "index": index, "content_block": block}
        yield Frame(_named(start))
        for delta in deltas:
            yield Frame(delta, is_token=kind == "text")
        yield Frame(_named({"type": "content_block_stop", "index": index}))
