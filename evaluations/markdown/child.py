"""The renderer's own process: `python -m evaluations.markdown.child FD SECONDS`."""

import resource
import signal
import sys
from contextlib import suppress
from multiprocessing.connection import Connection

from evaluations.markdown.limits import MAX_HTML_BYTES, MAX_PIECE_BYTES
from evaluations.markdown.protocol import (
    GROWING,
    READY,
    REFUSED,
    RENDERED,
    growth_reply,
    read_growing_request,
)
from evaluations.markdown.rendering import render, render_growing

_MAX_MEMORY_BYTES = 1 << 30


def serve(connection: Connection, seconds: float) -> None:
    """Answer each request with its HTML until the other end closes."""
    connection.send_bytes(READY)
    while True:
        request = connection.recv_bytes()
        # The parent ends a slow child. If the parent itself is gone this does, and
        # it works inside C code too, where no Python signal handler would run.
        signal.setitimer(signal.ITIMER_REAL, seconds)
        reply = _reply(request[:1], request[1:])
        signal.setitimer(signal.ITIMER_REAL, 0)
        connection.send_bytes(reply)


def _reply(kind: bytes, request: bytes) -> bytes:
    try:
        reply = _render(kind, request)
    except Exception as error:
        # The process's top: the kind of the fault goes to the parent's log, its
        # message stays here, because it may quote the answer.
        return REFUSED + type(error).__name__.encode()
    limit = MAX_PIECE_BYTES if kind == GROWING else MAX_HTML_BYTES
    if len(reply) > limit:
        return REFUSED + b"too large"
    return RENDERED + reply


def _render(kind: bytes, request: bytes) -> bytes:
    if kind == GROWING:
        return growth_reply(render_growing(*read_growing_request(request)))
    return render(request.decode()).encode()


def main(descriptor: int, seconds: float) -> None:
    # Ctrl-C reaches the whole terminal; the parent's closing pipe ends this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (_MAX_MEMORY_BYTES, _MAX_MEMORY_BYTES))
    with suppress(EOFError, ConnectionError):
        serve(Connection(descriptor), seconds)


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
