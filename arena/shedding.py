"""Turn requests away early when there are more than can be served in good time."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

# Watchers must get through, and files cost next to nothing.
ALWAYS_SERVED = ("/healthz", "/readyz", "/static/")
RETRY_AFTER_SECONDS = 2
SENTENCE = b"The arena is very busy just now. Please try again in a few seconds.\n"
HEADERS = [
    (b"content-type", b"text/plain; charset=utf-8"),
    (b"content-length", str(len(SENTENCE)).encode()),
    (b"retry-after", str(RETRY_AFTER_SECONDS).encode()),
    (b"cache-control", b"no-store"),
]


class Shedding:
    """Serve at most `limit` HTTP requests at once in this process; 503 to the rest.

    A queue that grows makes everybody wait and nobody happy: those let in are answered
    quickly, the others are told at once when to come back.
    """

    def __init__(self, application: Application, *, limit: int) -> None:
        self._application = application
        self._limit = limit
        self._serving = 0

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(ALWAYS_SERVED):
            await self._application(scope, receive, send)
        elif self._serving >= self._limit:
            await _turn_away(send)
        else:
            await self._serve(scope, receive, send)

    async def _serve(self, scope: Message, receive: Receive, send: Send) -> None:
        """Hold a place until the answer begins: a slow download keeps nobody out."""
        holds_place = True
        self._serving += 1

        async def send_on(message: Message) -> None:
            nonlocal holds_place
            if holds_place and message["type"] == "http.response.start":
                holds_place = False
                self._serving -= 1
            await send(message)

        try:
            await self._application(scope, receive, send_on)
        finally:
            self._serving -= holds_place


async def _turn_away(send: Send) -> None:
    await send({"type": "http.response.start", "status": 503, "headers": HEADERS})
    await send({"type": "http.response.body", "body": SENTENCE})
