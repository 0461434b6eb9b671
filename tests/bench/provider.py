"""A model server for benches: many streams at once for little processor time.

    python tests/bench/provider.py PORT

Every answer has 200 tokens over 10 s. One ticker writes to all connections. The time
(`time.time()`) of each answer's first token is printed at `GET /first`.
"""

import asyncio
import json
import random
import sys
import time
from typing import Any

TOKENS, SECONDS = 200, 10.0
WORDS = [
    "water",
    "light",
    "number",
    "answer",
    "reason",
    "example",
    "value",
    "case",
    "city",
    "river",
    "music",
]


def chunk(text: str | None) -> bytes:
    choice: dict[str, Any] = {"index": 0, "delta": {}, "finish_reason": "stop"}
    if text is not None:
        choice = {"index": 0, "delta": {"content": text}, "finish_reason": None}
    data = json.dumps({"id": "x", "model": "bench", "choices": [choice]}).encode()
    event = b"data: " + data + b"\n\n"
    return b"%x\r\n%b\r\n" % (len(event), event)


def token(n: int) -> str:
    if n % 40 == 39:
        return ".\n\n"
    return f"**{random.choice(WORDS)}** " if n % 17 == 0 else f"{random.choice(WORDS)} "


CHUNKS = [[chunk(token(n)) for n in range(TOKENS)] for _ in range(20)]
LAST = chunk(None) + chunk(None)[:0]
END = b"e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n"
HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
    b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
)


class Server:
    def __init__(self) -> None:
        self.streams: dict[asyncio.StreamWriter, tuple[list[bytes], int]] = {}
        self.first: dict[str, list[float]] = {}

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            if head.startswith(b"GET"):
                await self._tell(writer)
                return
            length = next(
                int(line.split(b":")[1])
                for line in head.lower().split(b"\r\n")
                if line.startswith(b"content-length:")
            )
            body = json.loads(await reader.readexactly(length))
            question = body["messages"][-1]["content"]
            writer.write(HEAD)
            self.first.setdefault(question, []).append(time.time())
            self.streams[writer] = (random.choice(CHUNKS), 0)
            self._write(writer)
        except (OSError, asyncio.IncompleteReadError):
            writer.close()

    def _write(self, writer: asyncio.StreamWriter) -> None:
        chunks, n = self.streams[writer]
        if writer.is_closing():
            del self.streams[writer]
        elif n == len(chunks):
            writer.write(LAST + END)
            writer.close()
            del self.streams[writer]
        else:
            writer.write(chunks[n])
            self.streams[writer] = (chunks, n + 1)

    async def _tell(self, writer: asyncio.StreamWriter) -> None:
        body = json.dumps(self.first).encode()
        head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body)
        writer.write(head + body)
        await writer.drain()
        writer.close()

    async def tick(self) -> None:
        due = time.monotonic()
        while True:
            due += SECONDS / TOKENS
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            for writer in list(self.streams):
                self._write(writer)


async def main(port: int) -> None:
    server = Server()
    listening = await asyncio.start_server(
        server.serve, "127.0.0.1", port, backlog=1024
    )
    async with listening:
        await server.tick()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
