"""Tell a model's thinking from its answer where both come as one text."""

from dataclasses import dataclass, field

OPENINGS = ("<think>", "<thinking>")


@dataclass
class ThinkSplitter:
    """Take pieces of text; give back (reasoning, answer) pieces.

    Only blocks at the very start are thinking: an answer may speak about the tags.
    """

    _held: str = ""
    _closing: str = field(default="", init=False)
    _in_answer: bool = field(default=False, init=False)
    _has_thought: bool = field(default=False, init=False)

    def feed(self, piece: str) -> tuple[str, str]:
        if self._in_answer:
            return "", piece
        self._held += piece
        thoughts = ""
        while True:
            if self._closing:
                thought, closed = self._take_thought()
                thoughts += thought
                if not closed:
                    return thoughts, ""
            start = self._held.lstrip()
            opening = next((tag for tag in OPENINGS if start.startswith(tag)), "")
            if not opening:
                break
            self._held = start.removeprefix(opening)
            self._closing = opening.replace("<", "</")
            self._has_thought = True
        if any(tag.startswith(start) for tag in OPENINGS):
            return thoughts, ""  # a tag may still be on its way
        return thoughts, self._begin_answer()

    def rest(self) -> tuple[str, str]:
        """Give back what was held when the stream ended."""
        if self._in_answer:
            return "", ""
        if self._closing:
            thought, self._held = self._held, ""
            return thought, ""
        return "", self._begin_answer()

    def _begin_answer(self) -> str:
        self._in_answer = True
        text = self._held.lstrip() if self._has_thought else self._held
        self._held = ""
        return text

    def _take_thought(self) -> tuple[str, bool]:
        thought, closing, after = self._held.partition(self._closing)
        if closing:
            self._held, self._closing = after, ""
            return thought, True
        # The closing tag may have come in part: keep what could be its beginning.
        kept = _overlap(self._held, self._closing)
        cut = len(self._held) - kept
        thought, self._held = self._held[:cut], self._held[cut:]
        return thought, False


def _overlap(text: str, tag: str) -> int:
    """Return the length of the longest end of the text that begins the tag."""
    sizes = range(min(len(text), len(tag) - 1), 0, -1)
    return next((size for size in sizes if text.endswith(tag[:size])), 0)
