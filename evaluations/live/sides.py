"""One side of a turn while a worker streams it."""

import logging
import threading
from dataclasses import dataclass, field

from django.conf import settings
from django.db import close_old_connections

from evaluations.fetching.asking import ask
from evaluations.fetching.claims import Claim
from evaluations.fetching.rates import pace
from evaluations.fetching.storing import store_cut, store_failure, store_ready
from evaluations.live.pacing import Stream
from evaluations.markdown import Growing, Piece
from evaluations.models import Answer
from evaluations.providers.base import (
    Cancelled,
    Completion,
    ProviderError,
    Request,
    Timeouts,
)

logger = logging.getLogger(__name__)

# A volunteer is told within half a minute that no answer comes.
TIMEOUTS = Timeouts(begin=27, first_token=27, between_tokens=20, total=300)


@dataclass
class Side:
    letter: str  # as shown: a or b
    claim: Claim
    stream: Stream = field(default_factory=Stream)
    growing: Growing = field(default_factory=Growing)
    # Set with the first text, so that nobody waits a whole tick for it.
    wake: threading.Event = field(default_factory=threading.Event)
    failed: bool = False
    # The answer is in the database, or has failed there; nothing is left to wait for.
    settled: threading.Event = field(default_factory=threading.Event)

    @property
    def answer(self) -> Answer:
        return self.claim.answer

    @property
    def holds_up(self) -> bool:
        """Failed before any of it was shown: the other side is kept back too."""
        return self.failed and not self.stream.out

    @property
    def over(self) -> bool:
        """Of an answer that broke off, the rest is not waited for."""
        return self.failed or self.stream.all_out

    def start(self, *, cancelled: Cancelled, shown: bool) -> None:
        """Ask for the answer in a thread, unless it is known how it ended."""
        if self.answer.state == Answer.State.FETCHING:
            threading.Thread(target=self._ask, args=[cancelled], daemon=True).start()
            return
        self.failed = self.answer.state == Answer.State.FAILED
        if self.answer.text:
            self.stream.add(self.answer.text)
        self.stream.end()
        if shown:
            self.growing.add(self.stream.take())
        self.settled.set()

    def _take(self, text: str) -> None:
        is_first = not self.stream.begun
        self.stream.add(text)
        if is_first:
            self.wake.set()

    def let_out(self, piece: str) -> Piece:
        return self.growing.add(piece)

    def _ask(self, cancelled: Cancelled) -> None:
        try:
            self._fetch(cancelled)
        finally:
            close_old_connections()
            self.stream.end()
            self.settled.set()

    def _fetch(self, cancelled: Cancelled) -> None:
        request = Request(
            messages=self.answer.messages,
            parameters=self.claim.contestant.parameters,
            timeouts=TIMEOUTS,
            max_bytes=settings.ARENA_ANSWER_BYTES,
            gather_seconds=settings.ARENA_LIVE_TICK_MS / 1000,
            pace=lambda: pace(self.claim.contestant),
        )
        try:
            completion = ask(
                self.claim.contestant,
                request,
                on_text=self._take,
                cancelled=cancelled,
            )
        except ProviderError as error:
            logger.info("answer %s got none: %s", self.answer.pk, error)
            # Cancelled: the lease is gone, or the volunteer has stopped both.
            if error.kind != "cancelled":
                self.failed = True
                store_failure(self.claim, kind=error.kind, sentence=error.message)
        else:
            self._store(completion)

    def _store(self, completion: Completion) -> None:
        # Whole, whether or not all of it is out yet: a worker that takes over needs
        # not ask again.
        self.stream.end()
        store_ready(self.claim, completion)

    def store_shown(self) -> None:
        """Keep what has been shown as the whole answer: the volunteer stopped both."""
        store_cut(self.claim, self.stream.shown)
