"""Render an answer while it is being written, piece by piece."""

import atexit
from dataclasses import dataclass

from evaluations.markdown.calming import settled
from evaluations.markdown.limits import (
    MAX_HTML_BYTES,
    MAX_SOURCE_BYTES,
    PIECE_SECONDS,
)
from evaluations.markdown.protocol import Context, Growth
from evaluations.markdown.renderer import (
    Renderer,
    RendererBusy,
    plain,
    start_shared,
)
from evaluations.markdown.shortcuts import (
    as_lines,
    lengthened,
    open_code,
    paragraphs,
)

# A block longer than this is drawn anew only when it has grown by a sixteenth.
_LONG = 8_000
# A tail that took a second of processor time rests for so many characters: at thirty
# tokens a second, one side then keeps a process busy for a tenth of its time.
_REST_PER_SECOND = 1_200
# Plain text is given out in parts of this size, so that a page need not redraw it.
_PLAIN_PART = 4_000

_shared = Renderer(seconds=PIECE_SECONDS)
atexit.register(_shared.close)


def warm_up() -> None:
    """Start all that renders, so that the first readers need not wait."""
    start_shared()
    _shared.start()


@dataclass(frozen=True, slots=True)
class Piece:
    """HTML to append for good, and HTML in place of the piece before's tail."""

    stable: str
    tail: str


class Growing:
    """One answer's HTML, safe at every step; `render_safely` has the last word."""

    def __init__(self, renderer: Renderer = _shared) -> None:
        self._renderer = renderer
        self._context = Context()
        self._stable: list[str] = []
        self._source_size = self._stable_size = 0
        # The source that is not final yet, how much of it was drawn, and as what.
        self._rest = self._drawn = self._tail = ""
        self._given_tail = ""
        self._draw_again_at = 0
        self._gave_up = False

    @property
    def so_far(self) -> Piece:
        """All of it, for a page that comes or comes back in the middle."""
        return Piece("".join(self._stable), self._given_tail)

    def add(self, text: str) -> Piece:
        self._take(text)
        shown = settled(self._rest)
        piece = None if self._gave_up else self._drawing(shown)
        piece = piece or self._plain()
        if piece.stable:
            self._stable.append(piece.stable)
            self._stable_size += len(piece.stable)
        self._given_tail = piece.tail
        return piece

    def _take(self, text: str) -> None:
        text = text.encode("utf-8", "replace").decode()
        self._source_size += len(text)
        self._rest += text
        if "\r" in self._rest:
            # A \r at the very end may be the first half of a line end.
            ended = self._rest.replace("\r\n", "\n")
            self._rest = ended[:-1].replace("\r", "\n") + ended[-1:]
        if self._source_size > MAX_SOURCE_BYTES or self._stable_size > MAX_HTML_BYTES:
            self._gave_up = True

    def _drawing(self, shown: str) -> Piece | None:
        return self._lengthened(shown) or self._quickly(shown) or self._parsed(shown)

    def _lengthened(self, shown: str) -> Piece | None:
        if not shown.startswith(self._drawn):
            return None
        tail = lengthened(self._tail, self._drawn, shown[len(self._drawn) :])
        return None if tail is None else self._draw(0, "", tail, shown)

    def _quickly(self, shown: str) -> Piece | None:
        code = open_code(shown)
        if code is not None:
            return self._draw(0, "", code, shown)
        found = paragraphs(shown)
        return None if found is None else self._draw(*found, shown)

    def _parsed(self, shown: str) -> Piece | None:
        if len(self._rest) < self._draw_again_at:
            return self._unread(shown)
        try:
            growth = self._renderer.grow(shown, self._context)
        except RendererBusy:
            return self._unread(shown)
        if growth is None:
            self._gave_up = True
            return None
        self._context = growth.context
        piece = self._draw(growth.length, growth.final, growth.tail, shown)
        self._draw_again_at = len(self._rest) + self._pause(growth)
        return piece

    def _pause(self, growth: Growth) -> int:
        long = len(self._rest) // 16 if len(self._rest) > _LONG else 0
        return max(long, int(growth.seconds * _REST_PER_SECOND))

    def _unread(self, shown: str) -> Piece:
        return Piece("", self._tail + as_lines(shown[len(self._drawn) :]))

    def _draw(self, length: int, final: str, tail: str, shown: str) -> Piece:
        self._rest, self._drawn, self._tail = self._rest[length:], shown[length:], tail
        self._draw_again_at -= length
        return Piece(final, tail)

    def _plain(self) -> Piece:
        end = _plain_end(self._rest)
        final, self._rest = self._rest[:end], self._rest[end:]
        return Piece(
            f"{plain(final)}\n" if final else "",
            plain(self._rest) if self._rest else "",
        )


def _plain_end(source: str) -> int:
    if len(source) < _PLAIN_PART:
        return 0
    return source.rfind("\n", 0, -1) + 1 or len(source)
