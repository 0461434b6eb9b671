"""One call, one connection, to exactly the address that was checked.

The layers below an ordinary client look the host up by themselves, and to read one
streamed token through them takes 100 µs of CPU; http.client over a socket that is
opened here takes a third of it.
"""

import contextlib
import io
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from http.client import HTTPException, HTTPResponse
from typing import Any, cast

import httpx2

from evaluations.providers.address import (
    AddressRefused,
    HostNotFound,
    IPAddress,
    Resolve,
    Target,
    parse_target,
    resolve_target,
)
from evaluations.providers.base import ProviderError, Timeouts, never
from evaluations.providers.watch import Watch

READ_BYTES = 65_536

Connect = Callable[[tuple[str, int], float], socket.socket]


def connect_tcp(address: tuple[str, int], timeout: float) -> socket.socket:
    return socket.create_connection(address, timeout)


class GuardedTransport(httpx2.BaseTransport):
    """Refuse addresses that are not allowed and wait only as long as a Watch says."""

    def __init__(
        self,
        *,
        allow_local: bool,
        connections: int,
        resolve: Resolve,
        tls: ssl.SSLContext,
        connect: Connect,
    ) -> None:
        self._allow_local = allow_local
        self._slots = threading.BoundedSemaphore(connections)
        self._resolve = resolve
        self._tls = tls
        self._connect = connect

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        watch = request.extensions.get("watch") or Watch(Timeouts(), never)
        head = _head(request)
        self._take_slot(watch)
        with contextlib.ExitStack() as stack:
            stack.callback(self._slots.release)
            sock = self._open(str(request.url), watch)
            stack.callback(sock.close)
            _send(sock, head + request.read(), watch)
            reply = _receive(sock, request.method, watch)
            stack.callback(reply.close)
            return httpx2.Response(
                reply.status,
                headers=reply.getheaders(),
                stream=_Body(reply, stack.pop_all()),
            )

    def _take_slot(self, watch: Watch) -> None:
        while not self._slots.acquire(timeout=watch.check()):
            pass

    def _open(self, url: str, watch: Watch) -> socket.socket:
        try:
            target = parse_target(url, allow_local=self._allow_local)
            addresses = resolve_target(
                target, allow_local=self._allow_local, resolve=self._resolve
            )
        except HostNotFound as unknown:
            raise ProviderError("transport", str(unknown)) from None
        except AddressRefused as refused:
            raise ProviderError(
                "refused_address", str(refused), permanent=True
            ) from None
        sock = self._connect_any(addresses, target, watch)
        return self._secure(sock, target, watch) if target.scheme == "https" else sock

    def _connect_any(
        self, addresses: list[IPAddress], target: Target, watch: Watch
    ) -> socket.socket:
        failure: OSError | None = None
        for address in addresses:
            seconds = min(watch.timeouts.connect, max(0.001, watch.seconds_left()))
            watch.check()
            try:
                sock = self._connect((str(address), target.port), seconds)
            except OSError as error:
                failure = error
                continue
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return sock
        if isinstance(failure, TimeoutError):
            raise ProviderError("timeout", "The server did not pick up in time.")
        raise ProviderError(
            "transport", "No connection: nothing answers at this host and port."
        )

    def _secure(
        self, sock: socket.socket, target: Target, watch: Watch
    ) -> socket.socket:
        sock.settimeout(watch.timeouts.connect)
        try:
            return self._tls.wrap_socket(sock, server_hostname=target.host)
        except ssl.SSLCertVerificationError as error:
            sock.close()
            raise ProviderError(
                "transport",
                f"The server's certificate was not accepted: {error.verify_message}.",
                permanent=True,
            ) from error
        except OSError as error:
            sock.close()
            raise ProviderError(
                "transport", "The secure connection could not be set up."
            ) from error


class _Duct(io.RawIOBase):
    """What HTTPResponse reads from; it waits in short steps, so cancelling is quick."""

    def __init__(self, sock: socket.socket, watch: Watch) -> None:
        self._sock = sock
        self._watch = watch
        self._read_at = 0.0

    def readable(self) -> bool:
        return True

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self, READ_BYTES)

    def readinto(self, buffer: Any) -> int:
        self._gather()
        while True:
            self._sock.settimeout(self._watch.check())
            try:
                return self._sock.recv_into(buffer)
            except TimeoutError:
                continue

    def _gather(self) -> None:
        if self._watch.first_token_at is not None:
            until = self._read_at + self._watch.gather_seconds
            time.sleep(max(0.0, until - time.monotonic()))
        self._read_at = time.monotonic()


class _Body(httpx2.SyncByteStream):
    def __init__(self, reply: HTTPResponse, stack: contextlib.ExitStack) -> None:
        self._reply = reply
        self._stack = stack
        self._begun = False

    def __iter__(self) -> Iterator[bytes]:
        while piece := self._read():
            self._begun = True
            yield piece

    def _read(self) -> bytes:
        try:
            return self._reply.read1(READ_BYTES)
        except (OSError, HTTPException) as error:
            raise _broken_off(begun=self._begun) from error

    def close(self) -> None:
        self._stack.close()


def _head(request: httpx2.Request) -> bytes:
    lines = [b"%b %b HTTP/1.1" % (request.method.encode(), request.url.raw_path)]
    lines += [b"%b: %b" % pair for pair in request.headers.raw]
    if any(sign in line for line in lines for sign in b"\r\n\0"):
        raise ProviderError(
            "malformed", "A header holds a line break; check the key.", permanent=True
        )
    return b"\r\n".join([*lines, b"", b""])


def _send(sock: socket.socket, content: bytes, watch: Watch) -> None:
    sock.settimeout(watch.timeouts.between_tokens)
    try:
        sock.sendall(content)
    except TimeoutError as error:
        raise ProviderError(
            "timeout", "The server did not take the request in time."
        ) from error
    except OSError:
        # A server may refuse early and close; its answer is still there to be read.
        return


def _receive(sock: socket.socket, method: str, watch: Watch) -> HTTPResponse:
    # HTTPResponse asks of its socket only a makefile().
    duct = cast(socket.socket, _Duct(sock, watch))
    reply = HTTPResponse(duct, method=method)
    try:
        reply.begin()
    except (OSError, HTTPException) as error:
        reply.close()
        raise _broken_off(begun=False) from error
    except ProviderError:
        reply.close()
        raise
    return reply


def _broken_off(*, begun: bool) -> ProviderError:
    words = "in mid-answer" if begun else "before it answered"
    return ProviderError(
        "transport", f"The server broke the connection off {words}.", begun=begun
    )
