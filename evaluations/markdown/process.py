import os
import subprocess
import sys
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from select import POLLIN

from gevent.monkey import get_original

from evaluations.markdown.limits import MAX_HTML_BYTES
from evaluations.markdown.protocol import READY, REFUSED, RENDERED

_ROOT = Path(__file__).resolve().parents[2]
_START_SECONDS = 60.0
# Most replies come within a millisecond. Under gevent others go on meanwhile, and then
# the reply may wait for them ten times as long; only one that takes longer is left to
# such a wait.
_SOON_MS = 3
# Nothing else: the process reads strangers' texts and has no use for our secrets.
_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


class RendererUnavailable(RuntimeError):
    """The rendering process does not start; this is a fault of the installation."""


class TextRefused(Exception):
    """The text cannot be rendered; the reason never quotes it."""


class RenderProcess:
    """One child process that renders one text at a time."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._connection, theirs = Pipe()
        for end in (self._connection, theirs):
            # Under gevent sockets are made otherwise; the child knows nothing of it.
            os.set_blocking(end.fileno(), True)
        try:
            self._process = _spawn(theirs, seconds)
        except OSError as error:
            self._connection.close()
            raise RendererUnavailable(str(error)) from error
        finally:
            theirs.close()
        self._here = get_original("select", "poll")()
        self._here.register(self._connection.fileno(), POLLIN)
        self._await_ready()

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, request: bytes) -> bytes:
        """Return the reply; raise TimeoutError, TextRefused, or OSError if it died."""
        self._connection.send_bytes(request)
        if not (self._here.poll(_SOON_MS) or self._connection.poll(self._seconds)):
            raise TimeoutError(f"not rendered within {self._seconds} s")
        reply = self._connection.recv_bytes(MAX_HTML_BYTES + len(RENDERED))
        if reply[:1] == REFUSED:
            raise TextRefused(reply[1:].decode())
        return reply[1:]

    def close(self) -> None:
        self._connection.close()
        self._process.kill()
        self._process.wait()

    def _await_ready(self) -> None:
        try:
            if self._connection.poll(_START_SECONDS):
                self._connection.recv_bytes(len(READY))
                return
        except (EOFError, OSError):
            pass
        self.close()
        raise RendererUnavailable("The rendering process did not start.")


def _spawn(theirs: Connection, seconds: float) -> subprocess.Popen[bytes]:
    kept = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    # One second more than the parent waits: the child's own alarm is for orphans.
    arguments = [str(theirs.fileno()), str(seconds + 1)]
    return subprocess.Popen(  # noqa: S603 - our own module, by our own interpreter
        [sys.executable, "-m", "evaluations.markdown.child", *arguments],
        cwd=_ROOT,
        env=kept,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        pass_fds=[theirs.fileno()],
    )
