"""A worker streams a turn: answers come in, and go out to the pages at one pace."""

import threading
import time
from collections.abc import Iterator

from django.conf import settings
from django.db import close_old_connections

from evaluations.live.announcing import RESYNC, STOP, send_frames, state_frame
from evaluations.live.claims import TurnClaim, claim_turn, keeper
from evaluations.live.pacing import Pacer
from evaluations.live.sides import Side
from evaluations.live.turning import close_turn, fail_turn, finish_turn
from evaluations.markdown import Piece
from evaluations.models import Answer, LiveBattle

# How often it is written down what the pages were given: a page that comes back is
# shown this until the next frames.
SAVE_SECONDS = 3.0


def stream_turn(*, turn_id: int) -> None:
    """Stream a turn that waits for a worker, to its end; do nothing for any other."""
    claim = claim_turn(turn_id)
    if claim is None:
        return
    with keeper.keep(claim.token, claimed_at=claim.asked_at):
        close_old_connections()
        _Streaming(claim).run()


class _Streaming:
    def __init__(self, claim: TurnClaim) -> None:
        self._claim = claim
        self._seq = claim.live.seq
        self._begun = claim.live.begun_at is not None
        self._stopped = claim.live.stop_asked_at is not None
        self._saved_at = time.monotonic()
        self._taken_away = False
        self._failures_told = 0
        # The numbers of frames jump with the claim: pages take the first as the whole.
        self._is_first = True
        turn, self._left = claim.turn, claim.battle.live.left
        x, y = claim.of(turn.answer_x), claim.of(turn.answer_y)
        a, b = (x, y) if self._left == "x" else (y, x)
        self._wake = threading.Event()
        self._sides = (Side("a", a, wake=self._wake), Side("b", b, wake=self._wake))
        self._pacer = Pacer(
            tokens_per_second=settings.ARENA_LIVE_TOKENS_PER_SECOND,
            start_seconds=settings.ARENA_LIVE_START_MS / 1000,
            tick_seconds=settings.ARENA_LIVE_TICK_MS / 1000,
            paced=settings.ARENA_LIVE_PACED,
        )

    def run(self) -> None:
        if not self._stopped:
            self._stream()
        if not self._lost():
            self._end()

    def _lost(self) -> bool:
        return self._taken_away or keeper.lost(self._claim.token)

    def _stream(self) -> None:
        shown = self._begun and self._one_is_asked_anew()
        for side in self._sides:
            side.start(cancelled=lambda: self._stopped or self._lost(), shown=shown)
        for now in self._ticks():
            self._tick(now)
            if self._stopped or self._lost() or self._over():
                break
        for side in self._sides:
            side.settled.wait()

    def _ticks(self) -> Iterator[float]:
        """Moments (monotonic seconds) at which both sides may give something.

        One that is missed is left out. A side's first text is waited for.
        """
        due = time.monotonic()
        while True:
            now = time.monotonic()
            yield now
            due = self._pacer.next_at(max(due, now - self._pacer.tick_seconds))
            if self._wake.wait(max(0.0, due - time.monotonic())):
                self._wake.clear()
                due = time.monotonic()

    def _one_is_asked_anew(self) -> bool:
        """The other one's answer stands on the pages already."""
        states = {side.answer.state for side in self._sides}
        return states == {Answer.State.READY, Answer.State.FETCHING}

    def _over(self) -> bool:
        """Nothing more will come out: all of it is, or a failure holds it up."""
        a, b = self._sides
        if not (a.settled.is_set() and b.settled.is_set()):
            return False
        return (a.over and b.over) or self._held_up()

    def _held_up(self) -> bool:
        return any(side.holds_up for side in self._sides)

    def _tick(self, now: float) -> None:
        a, b = self._sides
        held = self._held_up()
        pieces = ("", "") if held else self._pacer.tick(now, a.stream, b.stream)
        if any(pieces):
            self._begun = True
            grown = [s.let_out(p) for s, p in zip(self._sides, pieces, strict=True)]
            self._heed(self._send_whole() if self._is_first else self._send(grown))
        else:
            self._heed(self._asked())
        if now - self._saved_at > SAVE_SECONDS:
            self._save(now)
        self._tell_failures()

    def _send(self, pieces: list[Piece], **marks: bool) -> set[str]:
        """Send both sides' frames, equal in kind; return what pages have asked for."""
        self._seq += 1
        frames = [
            {
                "type": "text",
                "side": side.letter,
                "seq": self._seq,
                "stable": piece.stable,
                "tail": piece.tail,
                **marks,
            }
            for side, piece in zip(self._sides, pieces, strict=True)
        ]
        return send_frames(self._claim.battle.public_id, frames)

    def _asked(self) -> set[str]:
        """What pages ask for while nothing is sent to them."""
        return send_frames(self._claim.battle.public_id, [])

    def _heed(self, asked: set[str]) -> None:
        if STOP in asked:
            # The word may be one for an earlier turn: the database knows.
            self._save(time.monotonic())
        if RESYNC in asked and self._begun:
            self._heed(self._send_whole())

    def _send_whole(self) -> set[str]:
        """All of this turn, in place of whatever the pages show of it."""
        self._is_first = False
        return self._send(self._so_far(), full=True)

    def _so_far(self) -> list[Piece]:
        return [side.growing.so_far for side in self._sides]

    def _tell_failures(self) -> None:
        """A panel says at once that its answer did not come."""
        failures = sum(side.failed for side in self._sides)
        if failures > self._failures_told:
            self._failures_told = failures
            self._save(time.monotonic())
            frame = state_frame(self._claim.battle.pk)
            send_frames(self._claim.battle.public_id, [frame])
            close_old_connections()

    def _save(self, now: float) -> None:
        """Write down what the pages were given, and look for a stop that was lost."""
        self._saved_at = now
        a, b = (piece.stable + piece.tail for piece in self._so_far())
        x, y = (a, b) if self._left == "x" else (b, a)
        stop = self._claim.write_down(
            seq=self._seq, html_x=x, html_y=y, begun=self._begun
        )
        self._taken_away = stop is None
        self._stopped = self._stopped or bool(stop)
        close_old_connections()

    def _end(self) -> None:
        failed = [side.letter for side in self._sides if side.failed]
        if not (failed or self._stopped):
            self._finish()
            return
        self._save(time.monotonic())
        if self._taken_away:
            return
        if self._stopped and not self._keep_shown():
            close_turn(self._claim, end=LiveBattle.End.LEFT)
        elif failed:
            x_letter = "a" if self._left == "x" else "b"
            fail_turn(
                self._claim,
                failed="".join("x" if one == x_letter else "y" for one in failed),
            )
        else:
            self._finish()

    def _keep_shown(self) -> bool:
        """What both have shown counts as their answers, if both have shown some."""
        shown = all(side.stream.shown.strip() for side in self._sides)
        if shown:
            for side in self._sides:
                side.store_shown()
        return shown

    def _finish(self) -> None:
        if not finish_turn(self._claim):
            return
        self._seq += 1
        state = state_frame(self._claim.battle.pk)
        done = [
            {
                "type": "done",
                "side": side,
                "seq": self._seq,
                "html": state["turns"][-1][side]["html"],
            }
            for side in "ab"
        ]
        send_frames(self._claim.battle.public_id, [*done, state])
