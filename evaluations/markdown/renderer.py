import atexit
import logging
import os
import queue
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from html import escape

from evaluations.markdown.limits import (
    MAX_HTML_BYTES,
    MAX_SOURCE_BYTES,
    RENDER_SECONDS,
)
from evaluations.markdown.process import (
    RendererUnavailable,
    RenderProcess,
    TextRefused,
)
from evaluations.markdown.protocol import (
    WHOLE,
    Context,
    Growth,
    growing_request,
    read_growth,
    whole_request,
)

__all__ = [
    "RENDERER_VERSION",
    "Rendered",
    "Renderer",
    "RendererUnavailable",
    "render_safely",
]

logger = logging.getLogger(__name__)

# Stored beside the HTML. Raise it whenever the same text would come out differently,
# so that stored answers can be found and rendered again.
RENDERER_VERSION = 1

_MAX_REQUEST_BYTES = len(WHOLE) + MAX_SOURCE_BYTES
# `&` becomes five bytes; a text of this many characters fits whatever it holds.
_MAX_PLAIN_CHARACTERS = MAX_HTML_BYTES // 5 - 100


class RendererBusy(Exception):
    """All the processes have been at other texts for too long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    html: str
    version: int = RENDERER_VERSION
    # True where the text is shown as it is, because it could not be rendered.
    fallback: bool = False


class Renderer:
    """Render texts in child processes that can be ended when one takes too long.

    The processes start at need and are kept. Any number of threads may call at once;
    a second process goes on with their texts while a hostile one holds the first.
    """

    def __init__(self, *, seconds: float = RENDER_SECONDS, processes: int = 2) -> None:
        self._seconds = seconds
        self._processes = processes
        self._fill()

    def render(self, text: str) -> Rendered:
        if not text.strip():
            return Rendered(html="")
        request = whole_request(text)
        reply = self._ask(request) if len(request) <= _MAX_REQUEST_BYTES else None
        # Markdown swallows some texts whole, such as a lone `#`.
        if not reply:
            return Rendered(html=plain(text), fallback=True)
        return Rendered(html=reply.decode())

    def grow(self, text: str, context: Context) -> Growth | None:
        """Render a text that is still being written; None where that cannot be.

        Raise RendererBusy rather than wait longer than a rendering may take.
        """
        reply = self._ask(growing_request(text, context), patience=self._seconds)
        return None if reply is None else read_growth(reply)

    def start(self) -> None:
        """Start all the processes now."""
        with ExitStack() as held:
            for _ in range(self._processes):
                held.enter_context(self._process(None))

    def close(self) -> None:
        """End the idle processes; a busy one ends when its text is done."""
        for _ in range(self._processes):
            try:
                process = self._idle.get_nowait()
            except queue.Empty:
                return
            if process is not None:
                process.close()
        self._fill()

    def _fill(self) -> None:
        self._owner = os.getpid()
        # Last in, first out: the second process is started under pressure only.
        self._idle: queue.LifoQueue[RenderProcess | None] = queue.LifoQueue()
        for _ in range(self._processes):
            self._idle.put(None)

    def _ask(self, request: bytes, *, patience: float | None = None) -> bytes | None:
        size = len(request) - 1
        for _ in range(2):
            try:
                with self._process(patience) as process:
                    return process.ask(request)
            except TextRefused as error:
                logger.warning("%s bytes not rendered: %s", size, error)
                return None
            except TimeoutError:
                logger.warning("%s bytes not rendered in %s s", size, self._seconds)
                return None
            except (EOFError, OSError):
                # It may have died before this text came, so the text has one more go.
                logger.warning("A rendering process ended by itself")
        return None

    @contextmanager
    def _process(self, patience: float | None) -> Iterator[RenderProcess]:
        if self._owner != os.getpid():
            # After a fork two processes would read each other's answers.
            self._fill()
        idle = self._idle
        try:
            process = idle.get(timeout=patience)
        except queue.Empty as error:
            raise RendererBusy from error
        try:
            process = process or RenderProcess(self._seconds)
            yield process
        except TextRefused:
            raise
        except BaseException:
            # Its next reply might belong to this text: never use it again.
            if process is not None:
                process.close()
            process = None
            raise
        finally:
            idle.put(process)


def plain(text: str) -> str:
    shown = escape(text[:_MAX_PLAIN_CHARACTERS].replace("\0", "\ufffd"), quote=False)
    cut = "" if len(text) <= _MAX_PLAIN_CHARACTERS else "\n[…]"
    return f'<pre class="plain" tabindex="0">{shown}{cut}</pre>'


_shared = Renderer()
atexit.register(_shared.close)


def start_shared() -> None:
    """Start this process's own renderer before the first text comes."""
    _shared.start()


def render_safely(text: str) -> Rendered:
    """Render with the limits of time and size, by this process's own renderer."""
    return _shared.render(text)
