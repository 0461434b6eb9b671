"""The HTTP client that all calls of one process share."""

import contextlib
import functools
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx2

from evaluations.providers.address import Resolve, look_up
from evaluations.providers.base import Key, ProviderError
from evaluations.providers.transport import Connect, GuardedTransport, connect_tcp
from evaluations.providers.watch import Watch

# A provider's own error, or a list of models, is never longer than this.
MAX_BODY_BYTES = 256_000
# A streamed token weighs up to some 400 bytes on the wire for 4 bytes of text, and
# reasoning comes on top.
WIRE_BYTES_PER_BYTE = 256

_lock = threading.Lock()


@dataclass(frozen=True)
class Call:
    """One HTTP request; the header that holds the key is made at the last moment."""

    method: str
    url: str
    content: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    key: Key = field(default_factory=Key)
    key_header: tuple[str, str] = ("Authorization", "Bearer ")

    def all_headers(self) -> dict[str, str]:
        name, prefix = self.key_header
        return {
            **self.headers,
            **({name: prefix + _plain(self.key)} if self.key else {}),
        }


def make_client(
    *,
    allow_local: bool,
    connections: int = 512,
    resolve: Resolve = look_up,
    connect: Connect = connect_tcp,
    tls: ssl.SSLContext | None = None,
) -> httpx2.Client:
    """Build a client that reaches allowed addresses only and keeps no cookies."""
    return httpx2.Client(
        transport=GuardedTransport(
            allow_local=allow_local,
            connections=connections,
            resolve=resolve,
            connect=connect,
            tls=tls or httpx2.create_ssl_context(),
        ),
        headers={
            "User-Agent": "open-arena",
            "Accept": "text/event-stream, application/json",
            # Compressed bytes could unfold to any size.
            "Accept-Encoding": "identity",
            "Connection": "close",
        },
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        follow_redirects=False,
        trust_env=False,  # a proxy from the environment would look hosts up itself
    )


def shared_client(*, allow_local: bool) -> httpx2.Client:
    """Return this process's one client; threads may use it at the same time."""
    with _lock:
        return _only_client(allow_local)


@functools.cache
def _only_client(allow_local: bool) -> httpx2.Client:
    return make_client(allow_local=allow_local)


@contextlib.contextmanager
def open_reply(
    client: httpx2.Client, call: Call, watch: Watch
) -> Iterator[httpx2.Response]:
    """Send a call and hold its reply open; the connection ends with the block."""
    with client.stream(
        call.method,
        _readable(call.url),
        content=call.content,
        headers=call.all_headers(),
        extensions={"watch": watch},
    ) as reply:
        if reply.headers.get("content-encoding", "identity") != "identity":
            raise ProviderError(
                "malformed", "The server sent compressed data it was not asked for."
            )
        yield reply


def read_up_to(reply: httpx2.Response, limit: int) -> Iterator[bytes]:
    """Pass the reply's bytes on, and break off where it grows beyond the limit."""
    size = 0
    for piece in reply.iter_raw():
        size += len(piece)
        if size > limit:
            raise ProviderError(
                "too_long", f"The server sent more than {limit:,} bytes.", begun=True
            )
        yield piece


def read_body(reply: httpx2.Response) -> bytes:
    return b"".join(read_up_to(reply, MAX_BODY_BYTES))


def read_start(reply: httpx2.Response) -> bytes:
    """Read what an error has to say; what goes beyond the limit is not needed."""
    pieces: list[bytes] = []
    with contextlib.suppress(ProviderError):
        pieces.extend(read_up_to(reply, MAX_BODY_BYTES))
    return b"".join(pieces)


def endpoint(base_url: str, path: str) -> str:
    """Join a base URL and a path; a base URL without any path means `/v1`."""
    base = base_url.strip().rstrip("/").removesuffix(path)
    has_path = "/" in base.partition("://")[2]
    return f"{base}{path}" if has_path else f"{base}/v1{path}"


def _readable(url: str) -> httpx2.URL:
    try:
        return httpx2.URL(url)
    except httpx2.InvalidURL:
        raise ProviderError(
            "refused_address", "The base URL is not a valid URL.", permanent=True
        ) from None


def _plain(key: Key) -> str:
    text = key.reveal()
    if not text.isascii() or not text.isprintable() or text != text.strip():
        # The client would quote it in its own error.
        raise ProviderError(
            "malformed",
            "The key holds a space, a line break or a sign that no key has; "
            "enter it again.",
            permanent=True,
        )
    return text
