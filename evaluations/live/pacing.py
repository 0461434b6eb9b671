"""Let both answers out at one pace, so that the stop-watch names nobody.

Both sides give the same number of tokens in the same ticks, at a rate that all battles
of the arena share, beginning some time after both have begun. A side that has nothing
to give for the moment holds up both.
"""

# A token of Latin script has about four characters; of other scripts about one.
CHARACTER, WIDE_CHARACTER = 0.25, 1.0
FIRST_WIDE = "\u2e80"
# After a stall no more than this comes at once.
LONGEST_STEP_SECONDS = 0.5


class Stream:
    """One side's text: what has come so far, and how much of it is out.

    One thread adds, another one takes.
    """

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._text = ""
        self.out = 0
        self.ended = False

    def add(self, piece: str) -> None:
        self._pieces.append(piece)

    def end(self) -> None:
        """Nothing more will come, be the text whole or cut."""
        self.ended = True

    @property
    def begun(self) -> bool:
        return bool(self._pieces or self._text)

    @property
    def all_out(self) -> bool:
        return self.ended and not self._pieces and self.out == len(self._text)

    @property
    def shown(self) -> str:
        return self._text[: self.out]

    def reach(self, tokens: float) -> tuple[int, float]:
        """How far so many tokens lead: the end in the text, and the tokens it took."""
        self._gather()
        end, taken = self.out, 0.0
        for character in self._text[self.out :]:
            taken += CHARACTER if character < FIRST_WIDE else WIDE_CHARACTER
            if taken > tokens:
                taken -= CHARACTER if character < FIRST_WIDE else WIDE_CHARACTER
                break
            end += 1
        return end, taken

    def ends_at(self, place: int) -> bool:
        return place == len(self._text)

    def take(self, end: int | None = None) -> str:
        """Let out all up to this place, or all that is there."""
        self._gather()
        start, self.out = self.out, len(self._text) if end is None else end
        return self._text[start : self.out]

    def _gather(self) -> None:
        # The other thread may add at any moment; what it adds now waits for next time.
        number = len(self._pieces)
        if number:
            self._text += "".join(self._pieces[:number])
            del self._pieces[:number]


class Pacer:
    """Decide at each tick what is let out of both streams. Times are in seconds."""

    def __init__(
        self,
        *,
        tokens_per_second: float,
        start_seconds: float,
        tick_seconds: float,
        paced: bool = True,
    ) -> None:
        self._rate = tokens_per_second
        self._start_seconds = start_seconds
        self.tick_seconds = tick_seconds
        self._paced = paced
        self._starts_at: float | None = None
        self._is_running = False
        self._last_at = 0.0
        self._left_over = 0.0

    def next_at(self, now: float) -> float:
        """When the next tick is due: a tick later, or just at the start."""
        if self._starts_at is not None and now < self._starts_at:
            return min(self._starts_at, now + self.tick_seconds)
        return now + self.tick_seconds

    def tick(self, now: float, x: Stream, y: Stream) -> tuple[str, str]:
        """The pieces of both sides to let out now."""
        if not self._paced:
            return x.take(), y.take()
        if not self._started(now, x, y):
            return "", ""
        seconds = now - self._last_at
        self._last_at = now
        allowed = min(seconds, LONGEST_STEP_SECONDS) * self._rate
        return self._release(self._left_over + allowed, x, y)

    def _started(self, now: float, x: Stream, y: Stream) -> bool:
        if self._starts_at is None and x.begun and y.begun:
            self._starts_at = now + self._start_seconds
        if self._starts_at is None or now < self._starts_at:
            return False
        if not self._is_running:
            # The first tick lets out as much as any other.
            self._is_running, self._last_at = True, now - self.tick_seconds
        return True

    def _release(self, allowed: float, x: Stream, y: Stream) -> tuple[str, str]:
        ended = (x.ended, y.ended)  # read before their texts are: more may come since
        reached = [stream.reach(allowed) for stream in (x, y)]
        # An answer that is in counts like one that still comes, as long as some of it
        # is left: the pace must not tell which one was in sooner.
        given = [
            tokens
            for stream, (end, tokens), over in zip((x, y), reached, ended, strict=True)
            if not (over and stream.ends_at(end))
        ]
        common = min(given, default=allowed)
        self._left_over = min(allowed - common, 1.0)
        return x.take(x.reach(common)[0]), y.take(y.reach(common)[0])
