"""The leak check of an answer while it is being written."""

from dataclasses import dataclass

from evaluations.leaks.registry import AFTER, BEFORE, Leak, Registry

_OVERLAP = 2 * AFTER + BEFORE


@dataclass
class Watch:
    """Looks at each part of a growing text once or twice; a leak stays found."""

    registry: Registry
    leak: Leak | None = None
    _seen: int = 0

    def see(self, text: str) -> Leak | None:
        """Look at what is new in the text so far."""
        if self.leak is None and len(text) > self._seen:
            self.leak = self.registry.search(text, whole=False, since=self._since(text))
            self._seen = len(text)
        return self.leak

    def close(self, text: str) -> Leak | None:
        """Look at the whole of an answer that is complete."""
        if self.leak is None:
            self.leak = self.registry.find(text)
        return self.leak

    def _since(self, text: str) -> int:
        """Go back over what may have waited, to where a paragraph begins."""
        return max(0, text.rfind("\n\n", 0, max(0, self._seen - _OVERLAP)))
