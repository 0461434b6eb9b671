"""HTTP/1.1 by hand, so that each byte can be chosen."""

import asyncio
import json
from collections.abc import Iterable


class BrokenOff(Exception):
    """The connection was broken off on purpose."""


async def read_request(
    reader: asyncio.StreamReader, first: bytes
) -> tuple[str, str, dict[str, str], bytes]:
    head = first + await reader.readuntil(b"\r\n\r\n")
    request_line, *lines = head.decode("latin-1").rstrip().split("\r\n")
    method, path, _ = request_line.split(" ")
    pairs = (line.split(":", 1) for line in lines)
    headers = {name.strip().lower(): value.strip() for name, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return method, path, headers, body


async def until_done_or_gone(
    work: "asyncio.Task[None]", reader: asyncio.StreamReader
) -> bytes:
    """Wait for the answer, or for the client to leave; return what it sent next."""
    more = asyncio.ensure_future(reader.read(1))
    try:
        await asyncio.wait({work, more}, return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            work.result()
        first = await more
    finally:
        more.cancel()
        if not work.done():
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
    if not first:
        raise BrokenOff
    return first


def head(status: int, lines: Iterable[str]) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status} Fake", *lines, "", ""]).encode()


async def send(
    writer: asyncio.StreamWriter,
    status: int,
    body: bytes,
    content_type: str,
    lines: Iterable[str] = (),
) -> None:
    sizes = [f"Content-Type: {content_type}", f"Content-Length: {len(body)}"]
    writer.write(head(status, [*sizes, *lines]) + body)
    await writer.drain()


async def send_json(
    writer: asyncio.StreamWriter,
    status: int,
    payload: object,
    lines: Iterable[str] = (),
) -> None:
    body = json.dumps(payload).encode()
    await send(writer, status, body, "application/json", lines)
