"""The leak check of an answer while it is being written."""

from dataclasses import dataclass

from evaluations.leaks.registry import AFTER, BEFORE, Leak, Registry

_OVERLAP = 2 * AFTER + BEFORE
_PARAGRAPH = 2000


@dataclass
class Watch:
    """Looks at each part of a growing text once or twice; a leak stays found."""

    registry: Registry
    leak: Leak | None = None
    _seen: int = 0

    def see(self, text: str) -> Leak | None:
        """Look at what is new in the text so far."""
        if self.leak is None and len(text) > self._seen:
            self.leak = self.registry.search(text, whole=False, since=self.since(text))
            self._seen = len(text)
        return self.leak

    def close(self, text: str) -> Leak | None:
        """Look at the whole of an answer that is complete."""
        if self.leak is None:
            self.leak = self.registry.find(text)
        return self.leak

    def since(self, text: str) -> int:
        """Go back over what may have waited, to the start of a paragraph nearby.

        A paragraph without end is cut: a quotation open there may hide a leak until
        the answer is complete, when `close` looks at the whole.
        """
        waited = max(0, self._seen - _OVERLAP)
        paragraph = text.rfind("\n\n", max(0, waited - _PARAGRAPH), waited)
        return waited if paragraph < 0 else paragraph
