"""An open-loop client: requests leave when they are due, answered or not."""

import asyncio
import random
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

VERDICTS = ("a", "b", "tie", "both_bad")
CSRF = secrets.token_hex(16)
GIVE_UP_SECONDS = 20


@dataclass(frozen=True)
class Outcome:
    status: int
    ms: float


@dataclass
class Load:
    """Volunteers, battles, and which votes were acknowledged so far (by key)."""

    tokens: list[str]
    battles: list[UUID]
    side: Callable[[str, UUID], str]
    acknowledged: set[str] = field(default_factory=set)
    used: int = 0

    def next_request(self) -> tuple[str, bytes]:
        """A vote that was never sent before: its key and the bytes of its request."""
        from django.core.signing import get_cookie_signer

        turn, place = divmod(self.used, len(self.tokens))
        self.used += 1
        token = self.tokens[place]
        battle = self.battles[(turn + place) % len(self.battles)]
        key = secrets.token_hex(12)
        signer = get_cookie_signer(salt="arena_visitorevaluations.visitor")
        cookie = f"arena_visitor={signer.sign(token)}; csrftoken={CSRF}"
        body = (
            f"verdict={random.choice(VERDICTS)}&left={self.side(token, battle)}"
            f"&idempotency_key={key}"
        )
        head = (
            f"POST /judge/{battle}/vote HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Accept: application/json\r\nX-CSRFToken: {CSRF}\r\nCookie: {cookie}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return key, (head + body).encode()


class Connections:
    """Keep-alive connections, one request at a time on each."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def send(self, request: bytes) -> int:
        """Send on a connection that is open; the server may just have closed it."""
        while self._idle:
            try:
                return await self._send(self._idle.pop(), request)
            except (OSError, asyncio.IncompleteReadError):
                # The key makes it safe to send the vote once more.
                continue
        return await self._send(await self._open(), request)

    async def _send(
        self, pair: tuple[asyncio.StreamReader, asyncio.StreamWriter], request: bytes
    ) -> int:
        reader, writer = pair
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.split(b":")[1])
            for line in head.lower().split(b"\r\n")
            if line.startswith(b"content-length:")
        )
        await reader.readexactly(length)
        self._idle.append(pair)
        return int(head.split(b" ", 2)[1])

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self._port)

    def close(self) -> None:
        for _, writer in self._idle:
            writer.close()


def send_votes(*, port: int, load: Load, rate: float, seconds: float) -> list[Outcome]:
    """Send votes at a rate for some seconds; wait for all answers."""
    requests = [load.next_request() for _ in range(int(rate * seconds))]
    return asyncio.run(_send_all(port, load, rate, requests))


async def _send_all(
    port: int, load: Load, rate: float, requests: list[tuple[str, bytes]]
) -> list[Outcome]:
    connections = Connections(port)
    start = time.perf_counter() + 0.1
    tasks = [
        asyncio.create_task(_one(connections, load, key, request, start + n / rate))
        for n, (key, request) in enumerate(requests)
    ]
    outcomes = await asyncio.gather(*tasks)
    connections.close()
    return list(outcomes)


async def _one(
    connections: Connections, load: Load, key: str, request: bytes, due: float
) -> Outcome:
    await asyncio.sleep(max(0.0, due - time.perf_counter()))
    try:
        async with asyncio.timeout(GIVE_UP_SECONDS):
            status = await connections.send(request)
    except (OSError, asyncio.IncompleteReadError, TimeoutError):
        status = 0
    if status == 200:
        load.acknowledged.add(key)
    return Outcome(status, 1000 * (time.perf_counter() - due))
