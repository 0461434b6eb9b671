"""One answer on its way to the client, frame by frame, with the faults asked for."""

import asyncio
import random
import time
from collections.abc import AsyncIterator

from tests.fakes.behaviour import Behaviour, pieces_of
from tests.fakes.dialects import Dialect
from tests.fakes.journal import Call
from tests.fakes.wire import BrokenOff, head


class AnswerStream:
    """Send one answer, frame by frame, with the faults asked for."""

    def __init__(
        self,
        call: Call,
        behaviour: Behaviour,
        dialect: Dialect,
        writer: asyncio.StreamWriter,
    ) -> None:
        self._call, self._behaviour = call, behaviour
        self._dialect, self._writer = dialect, writer
        faults = [
            (behaviour.disconnect_after, "disconnect"),
            (behaviour.truncate_after, "truncate"),
            (behaviour.malformed_after, "malformed"),
            (behaviour.stall_after, "stall"),
            (behaviour.error_after, "error"),
        ]
        self._faults = {after: kind for after, kind in faults if after >= 0}

    async def run(self) -> None:
        behaviour = self._behaviour
        self._head()
        if behaviour.flood:
            await self.flood()
            return
        if behaviour.first_token_seconds:
            await self._pause(behaviour.first_token_seconds)
        seed = self._call.model + self._call.digest
        if behaviour.varied:
            seed += str(random.random())
        pieces = pieces_of(behaviour, seed=seed)
        self._call.text = "".join(pieces)
        for frame in self._dialect.frames(self._call.model, pieces, behaviour):
            if frame.is_token:
                if await self._fault():
                    return
                self._call.tokens += 1
            await self._write(frame.data)
            if frame.is_token and behaviour.rate:
                await asyncio.sleep(self._seconds_to_next())
        if not await self._fault():
            await self._end()

    def _seconds_to_next(self) -> float:
        behaviour = self._behaviour
        varied = 1 + behaviour.jitter * random.uniform(-1, 1)
        late = behaviour.pauses if random.random() < 1 / 25 else 0.0
        return varied / behaviour.rate + late

    def _head(self) -> None:
        behaviour = self._behaviour
        lines = [f"Content-Type: {behaviour.content_type}"]
        if behaviour.content_encoding:
            lines.append(f"Content-Encoding: {behaviour.content_encoding}")
        if behaviour.set_cookie:
            lines.append(f"Set-Cookie: {behaviour.set_cookie}")
        if behaviour.header:
            lines.append(behaviour.header)
        self._writer.write(head(200, [*lines, "Transfer-Encoding: chunked"]))

    async def _fault(self) -> bool:
        kind = self._faults.pop(self._call.tokens, "")
        if not kind:
            return False
        if kind == "disconnect":
            await self._writer.drain()
            self._writer.transport.abort()
            raise BrokenOff
        if kind == "stall":
            await self._pause(3600)
        if kind == "malformed":
            await self._write(b'data: {"choices": [{"delta": \n\n')
        if kind == "error":
            await self._write(self._dialect.error(self._behaviour))
        self._call.outcome = "fault"
        await self._last_chunk()
        return True

    async def _pause(self, seconds: float) -> None:
        every = self._behaviour.pings or seconds
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            await asyncio.sleep(min(every, left))
            if self._behaviour.pings:
                await self._write(self._dialect.ping)

    async def _end(self) -> None:
        if self._behaviour.hold_open:
            await asyncio.sleep(3600)
        await self._last_chunk()

    async def _last_chunk(self) -> None:
        self._writer.write(b"0\r\n\r\n")
        await self._writer.drain()

    async def _write(self, data: bytes) -> None:
        behaviour = self._behaviour
        if behaviour.crlf:
            data = data.replace(b"\n", b"\r\n")
        size = behaviour.split or (1 if behaviour.drip else len(data))
        for at in range(0, len(data), size):
            part = data[at : at + size]
            self._writer.write(b"%x\r\n%b\r\n" % (len(part), part))
            self._call.bytes_sent += len(part)
            await self._writer.drain()
            if behaviour.split:
                await asyncio.sleep(0)
            if behaviour.drip:
                await asyncio.sleep(1 / behaviour.drip)

    async def flood(self) -> None:
        """Send bytes until the client goes or the asked number is reached."""
        behaviour = self._behaviour
        if behaviour.flood == "body":
            length = behaviour.flood_bytes or 1 << 40
            lines = [f"Content-Type: {behaviour.content_type}"]
            self._writer.write(head(200, [*lines, f"Content-Length: {length}"]))
        async for part in self._flood_parts():
            if behaviour.flood == "body":
                self._writer.write(part)
                self._call.bytes_sent += len(part)
                await self._writer.drain()
            else:
                await self._write(part)
        if behaviour.flood != "body":
            await self._last_chunk()

    async def _flood_parts(self) -> AsyncIterator[bytes]:
        part = {
            "line": b"x" * 8192,
            "body": b"x" * 8192,
            "comments": b": " + b"x" * 1022 + b"\n\n",
            "text": self._dialect.text("word " * 50),
            "reasoning": self._dialect.thought("hmm " * 50),
        }[self._behaviour.flood]
        if self._behaviour.flood == "line":
            yield b"data: "
        limit = self._behaviour.flood_bytes
        while not limit or self._call.bytes_sent < limit:
            yield part
