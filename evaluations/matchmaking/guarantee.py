"""The share of draws that every contestant is sure of, kept by deadlines."""

from typing import Final

import numpy as np

from evaluations.rating.tallies import Booleans, Floats, Integers

WINDOW: Final = 500
# Draws of a window kept free for those out of turn, as for a contestant just activated.
SPARE: Final = 10
LONG_AGO: Final = -(2**40)


class Guarantee:
    """Which of n contestants must be drawn now, so that all get their share.

    Families share evenly, and the variants of one evenly among them. Of the mean
    exposure of a family everybody is sure of a part in any `window` consecutive draws:
    of m appearances. A contestant is therefore due at the latest `window` draws after
    its m-th latest appearance, and so on for each appearance since. Whatever is due is
    looked at ahead, as if every draw served one of them only: the i-th earliest
    deadline must leave room for i draws. Where it leaves just that, one of those i is
    due now; where less, both of a pair should be.

    share: part of the mean exposure; family: (n,) sizes; able: (n,) mask of those that
    can be drawn at all
    """

    def __init__(self, *, share: float, family: Integers, able: Booleans) -> None:
        shares = np.where(able, 1 / family, 0.0)
        # (n,) appearances a draw that each is sure of.
        self.rate = 2 * share * shares / max(shares.sum(), 1.0)
        self.window, self.needed = _terms(self.rate)
        self._now = self._quiet_until = 0
        depth = int(self.needed.max(initial=0))
        # The draws of each one's latest appearances, the latest first.
        self._seen = np.full((len(family), depth), LONG_AGO)
        self._counted = np.arange(depth) < self.needed[:, None]
        self._reach = (self.window - np.minimum(SPARE, self.window // 4))[:, None]

    @property
    def horizon(self) -> int:
        """How many past draws it has to know."""
        return int(self.window.max(initial=0))

    def record(self, *drawn: int) -> None:
        """Take note of the next draw: of two, or of fewer where some play no more."""
        for contestant in drawn:
            self._seen[contestant, 1:] = self._seen[contestant, :-1]
            self._seen[contestant, :1] = self._now
        self._now += 1

    def due(self) -> tuple[Integers, bool]:
        """Those of whom one must be drawn now, and whether two of them should be.

        None where there is time. A deadline that has passed, or an appearance that
        never was, is due at once.
        """
        if self._now < self._quiet_until:
            return np.empty(0, dtype=np.int64), False
        deadlines = np.maximum(self._seen + self._reach, self._now)
        ordered = np.sort(deadlines[self._counted])
        spare = ordered - self._now + 1 - np.arange(1, len(ordered) + 1)
        if (spare > 0).all():
            self._quiet_until = self._now + self._quiet_draws(spare)
            return np.empty(0, dtype=np.int64), False
        last = ordered[(spare <= 0).argmax()]
        waiting = (deadlines <= last) & self._counted
        behind = bool(waiting.sum() > last - self._now + 1)
        return np.flatnonzero(waiting.any(axis=1)), behind

    def _quiet_draws(self, spare: Integers) -> int:
        """Draws until anything can become due: each takes one from what is spare.

        Also from that of a deadline which a draw has just moved to the end.
        """
        moved = int(self._reach.min(initial=WINDOW)) - len(spare)
        return min(int(spare.min(initial=WINDOW)), moved)


def _terms(rate: Floats) -> tuple[Integers, Integers]:
    """(n,) windows and the appearances in each, for (n,) appearances a draw.

    A window is longer where not even one appearance falls to it.
    """
    longest = np.array([int(1 / r) if r else WINDOW for r in rate.tolist()])
    window = np.maximum(WINDOW, longest).astype(np.int64)
    # A hair less: 500 draws at 0.006 a draw are three appearances and not four.
    return window, np.ceil(rate * window - 1e-9).astype(np.int64)
