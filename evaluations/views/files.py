"""A stored file as a response: streamed, resumable, the same bytes for ever."""

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

CHUNK = 256 * 1024
# No file has more bytes than 18 digits count; int() refuses thousands of them.
ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def stored_file(
    request: HttpRequest, path: Path, *, sha256: str, content_type: str
) -> HttpResponseBase:
    """The file, or the part that a Range header asks for (RFC 9110, section 14)."""
    size = path.stat().st_size
    etag = f'"{sha256}"'
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None:
        return unchanged
    span: range | None = range(size)
    if "Range" in request.headers and request.headers.get("If-Range", etag) == etag:
        span = _span(request.headers["Range"], size)
    response = _answer(request, path, span, size)
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = etag
    if span is not None:
        response["Content-Type"] = content_type
        response["Content-Disposition"] = f'attachment; filename="{path.name}"'
    return response


def _span(header: str, size: int) -> range | None:
    """The bytes asked for; all where the header is not one plain range, None if none.

    >>> _span("bytes=-2", 10), _span("bytes=4-", 10), _span("bytes=10-", 10)
    (range(8, 10), range(4, 10), None)
    """
    match = ONE_RANGE.fullmatch(header.strip())
    if not match or match.groups() == ("", ""):
        return range(size)
    first, last = match.groups()
    if not first:
        span = range(max(0, size - int(last)), size)
    else:
        span = range(int(first), min(int(last or size), size - 1) + 1)
    return span if span else None


def _answer(
    request: HttpRequest, path: Path, span: range | None, size: int
) -> HttpResponseBase:
    if span is None:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    part = len(span) < size
    # Nothing is read for HEAD, which is told only the length.
    wanted = span if request.method == "GET" else range(0)
    # An ASGI server would read a plain iterator to its end before the first byte.
    is_async = isinstance(request, ASGIRequest)
    chunks = _async_chunks(path, wanted) if is_async else _chunks(path, wanted)
    response = StreamingHttpResponse(chunks, status=206 if part else 200)
    response["Content-Length"] = str(len(span))
    if part:
        response["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{size}"
    return response


def _pieces(span: range) -> Iterator[range]:
    for start in range(span.start, span.stop, CHUNK):
        yield range(start, min(start + CHUNK, span.stop))


def _chunks(path: Path, span: range) -> Iterator[bytes]:
    return (_read(path, piece) for piece in _pieces(span))


async def _async_chunks(path: Path, span: range) -> AsyncIterator[bytes]:
    read = sync_to_async(_read, thread_sensitive=False)
    for piece in _pieces(span):
        yield await read(path, piece)


def _read(path: Path, span: range) -> bytes:
    """Opened anew for each piece: a reader who leaves keeps no file open."""
    with path.open("rb") as file:
        file.seek(span.start)
        return file.read(len(span))
