"""A real local HTTP server that speaks like a model server, faults included.

`python -m tests.fakes.model_server --port 9001 --rate 20` runs it by itself.
"""

import argparse
import asyncio
import contextlib
import hashlib
import json
import ssl
import threading
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, replace
from email.utils import formatdate
from itertools import combinations
from types import TracebackType
from typing import Any, Self

from tests.fakes.answering import AnswerStream
from tests.fakes.behaviour import (
    Behaviour,
    behaviour_from,
    behaviour_in,
)
from tests.fakes.dialects import Anthropic, Dialect, OpenAI, error_body
from tests.fakes.journal import Call
from tests.fakes.wire import (
    BrokenOff,
    read_request,
    send,
    send_json,
    until_done_or_gone,
)


class ModelServer:
    """Serve on a port of its own for the length of a `with` block."""

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        default: Behaviour | None = None,
        models: Iterable[str] = ("fake-small", "fake-large"),
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._host, self._port, self._tls = host, port, tls
        self._default = default or Behaviour()
        self.models = list(models)
        # By model, and by a word that has to be in the last question ("": any).
        self._behaviours: dict[tuple[str, str], Behaviour] = {}
        self._refused: Counter[tuple[str, str]] = Counter()
        self._let_go: set[str] = set()
        self._calls: list[Call] = []
        self._lock = threading.Lock()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self.connections = 0

    # Reading and steering it from a test

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://{self._host}:{self._port}"

    @property
    def port(self) -> int:
        return self._port

    @property
    def calls(self) -> list[Call]:
        with self._lock:
            return list(self._calls)

    def calls_of(self, model: str) -> list[Call]:
        return [call for call in self.calls if call.model == model]

    def behave(self, model: str = "*", *, when: str = "", **fields: Any) -> None:
        """Answer this model (`*`: every model) so from now on.

        With `when`, only where that stands in the question.
        """
        self._behaviours[model, when] = behaviour_from(fields)
        self._refused[model, when] = 0

    def let_go(self, question: str) -> None:
        """Answer this question now, where the behaviour was to hold it."""
        self._let_go.add(question)

    def forget(self) -> None:
        """Forget every call and behaviour, once the last call has ended."""
        self.wait_until_idle()
        with self._lock:
            self._calls.clear()
        self._behaviours.clear()
        self._refused.clear()
        self.connections = 0

    def overlapping(self) -> list[tuple[Call, Call]]:
        """Return the pairs of calls that asked the same at the same time."""
        pairs = combinations(self.calls, 2)
        return [
            (one, other)
            for one, other in pairs
            if (one.model, one.digest) == (other.model, other.digest)
            and one.overlaps(other)
        ]

    def wait_until_idle(self, seconds: float = 3.0) -> None:
        """Wait until every call has ended on the server's side too."""
        until = time.monotonic() + seconds
        while any(call.ended_at is None for call in self.calls):
            if time.monotonic() > until:
                raise TimeoutError("A call is still open at the fake server.")
            time.sleep(0.005)

    # Starting and stopping

    def __enter__(self) -> Self:
        self._thread.start()
        started = asyncio.run_coroutine_threadsafe(self._start(), self._loop)
        started.result(timeout=10)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(timeout=10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        self._loop.close()

    async def _start(self) -> None:
        self._server = await asyncio.start_server(
            self._serve, self._host, self._port, ssl=self._tls, backlog=1024
        )
        self._port = self._server.sockets[0].getsockname()[1]

    async def _stop(self) -> None:
        self._server.close()
        tasks = asyncio.all_tasks(self._loop) - {asyncio.current_task(self._loop)}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0.01)  # the transports close themselves in the next turns

    # One connection

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.connections += 1
        first = b""
        try:
            while True:
                method, path, headers, body = await read_request(reader, first)
                work = asyncio.ensure_future(
                    self._answer(method, path, headers, body, writer)
                )
                first = await until_done_or_gone(work, reader)
        except (OSError, asyncio.IncompleteReadError, BrokenOff):
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
        finally:
            writer.transport.abort()

    async def _answer(
        self,
        method: str,
        path: str,
        headers: dict[str, str],
        body: bytes,
        writer: asyncio.StreamWriter,
    ) -> None:
        if path.endswith("/chat/completions") and method == "POST":
            await self._complete(OpenAI(), path, headers, body, writer)
        elif path.endswith("/messages") and method == "POST":
            await self._complete(Anthropic(), path, headers, body, writer)
        elif path.endswith("/v1/models"):
            await self._list_models(writer)
        elif path == "/_control":
            fields = json.loads(body)
            self.behave(fields.pop("model", "*"), **fields)
            await send_json(writer, 200, {"ok": True})
        elif path == "/_journal":
            await send_json(writer, 200, [asdict(call) for call in self.calls])
        else:
            await send_json(writer, 404, {"error": {"message": "No such path."}})

    async def _list_models(self, writer: asyncio.StreamWriter) -> None:
        behaviour = self._behaviours.get(("/models", ""), Behaviour())
        if behaviour.first_token_seconds:
            await asyncio.sleep(behaviour.first_token_seconds)
        if behaviour.body:
            await send(writer, 200, behaviour.body.encode(), "application/json")
            return
        rows = [{"id": model, "object": "model"} for model in self.models]
        await send_json(writer, 200, {"object": "list", "data": rows})

    # One answer

    async def _complete(
        self,
        dialect: Dialect,
        path: str,
        headers: dict[str, str],
        body: bytes,
        writer: asyncio.StreamWriter,
    ) -> None:
        payload = json.loads(body)
        call = self._begin(path, headers, payload)
        try:
            await self._perform(call, dialect, writer)
            call.outcome = "finished" if call.outcome == "open" else call.outcome
        except BrokenOff:
            call.outcome = "fault"
            raise
        except (OSError, asyncio.CancelledError):
            call.outcome = "client_left"
            raise
        finally:
            call.ended_at = time.time()

    def _begin(
        self, path: str, headers: dict[str, str], payload: dict[str, Any]
    ) -> Call:
        asked = json.dumps([payload.get("system"), payload["messages"]])
        call = Call(
            model=payload["model"],
            path=path,
            digest=hashlib.sha256(asked.encode()).hexdigest(),
            has_key="authorization" in headers or "x-api-key" in headers,
            headers=headers,
            payload=payload,
            started_at=time.time(),
        )
        with self._lock:
            self._calls.append(call)
        return call

    def _behaviour(self, call: Call) -> tuple[tuple[str, str], Behaviour]:
        named = behaviour_in(call.model)
        if named is not None:
            return (call.model, ""), named
        asked = _question(call)
        fitting = [
            (name, when)
            for name, when in list(self._behaviours)
            if name in (call.model, "*") and when in asked
        ]
        if not fitting:
            return ("", ""), self._default
        # A word of the question counts for more than the model, that for more than *.
        key = max(fitting, key=lambda key: (key[1] != "", key[0] == call.model))
        return key, self._behaviours[key]

    async def _perform(
        self, call: Call, dialect: Dialect, writer: asyncio.StreamWriter
    ) -> None:
        name, behaviour = self._behaviour(call)
        refusing = behaviour.status != 200 or behaviour.drop
        if refusing and (not behaviour.times or self._refused[name] < behaviour.times):
            self._refused[name] += 1
            await self._refuse(call, behaviour, writer)
            return
        while behaviour.held and _question(call) not in self._let_go:
            await asyncio.sleep(0.05)
        call.status = 200
        if behaviour.body:
            await send(writer, 200, behaviour.body.encode(), behaviour.content_type)
        elif behaviour.flood == "body":
            await AnswerStream(call, behaviour, dialect, writer).flood()
        else:
            await AnswerStream(call, behaviour, dialect, writer).run()

    async def _refuse(
        self, call: Call, behaviour: Behaviour, writer: asyncio.StreamWriter
    ) -> None:
        if behaviour.drop:
            writer.transport.abort()
            raise BrokenOff
        headers = [behaviour.header] if behaviour.header else []
        if behaviour.retry_after:
            headers.append(f"Retry-After: {_retry_after(behaviour.retry_after)}")
        if behaviour.redirect:
            headers.append(f"Location: {behaviour.redirect}")
        call.status = behaviour.status
        message = behaviour.message
        if behaviour.echo_key:
            key = call.headers.get("authorization") or call.headers.get("x-api-key")
            message = f"Incorrect API key provided: {key}"
        await send_json(writer, call.status, error_body(behaviour, message), headers)


def _question(call: Call) -> str:
    return str(call.payload["messages"][-1]["content"])


def _retry_after(text: str) -> str:
    kind, _, seconds = text.partition(":")
    return formatdate(time.time() + float(seconds), usegmt=True) if seconds else kind


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=9001)
    parser.add_argument("--rate", type=float, default=0.0, help="tokens a second")
    parser.add_argument("--tokens", type=int, default=24, help="tokens an answer")
    parser.add_argument("--first-token", type=float, default=0.0, help="seconds")
    given = parser.parse_args()
    default = replace(
        Behaviour(),
        rate=given.rate,
        tokens=given.tokens,
        first_token_seconds=given.first_token,
    )
    with ModelServer(port=given.port, default=default) as server:
        print(f"Fake model server on {server.url}/v1", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    main()
