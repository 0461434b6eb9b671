"""Show how far a long command is: a bar on a terminal, else a line now and then."""

import time
from collections.abc import Callable
from types import TracebackType
from typing import Self, TextIO

from rich.console import Console
from rich.progress import Progress as RichProgress
from rich.progress import TaskID

SECONDS_BETWEEN_LINES = 10.0


class Progress:
    """Call it with label, steps done and steps in all; the label opens a new part."""

    def __init__(
        self, stream: TextIO, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._parts: _Bars | _Lines
        self._parts = _Bars(stream) if stream.isatty() else _Lines(stream, clock)

    def __enter__(self) -> Self:
        self._parts.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._parts.stop()

    def __call__(self, label: str, done: int, total: int) -> None:
        self._parts.show(label, done, total)


class _Bars:
    def __init__(self, stream: TextIO) -> None:
        columns = RichProgress.get_default_columns()
        self._progress = RichProgress(*columns, console=Console(file=stream))
        self._tasks: dict[str, TaskID] = {}

    def start(self) -> None:
        self._progress.start()

    def stop(self) -> None:
        self._progress.stop()

    def show(self, label: str, done: int, total: int) -> None:
        if label not in self._tasks:
            self._tasks[label] = self._progress.add_task(label)
        self._progress.update(self._tasks[label], completed=done, total=total)


class _Lines:
    def __init__(self, stream: TextIO, clock: Callable[[], float]) -> None:
        self._stream = stream
        self._clock = clock
        self._label = ""
        self._started = self._shown = 0.0

    def start(self) -> None:
        self._started = self._shown = self._clock()

    def stop(self) -> None:
        self._stream.flush()

    def show(self, label: str, done: int, total: int) -> None:
        now = self._clock()
        if label != self._label:
            self._label, self._started = label, now
        if now - self._shown >= SECONDS_BETWEEN_LINES:
            self._shown = now
            self._stream.write(_line(label, done, total, now - self._started) + "\n")
            self._stream.flush()


def _line(label: str, done: int, total: int, elapsed: float) -> str:
    share = done / total if total else 1.0
    left = f", {elapsed / share - elapsed:.0f} s left" if share else ""
    return f"{label}: {share:.0%}, {elapsed:.0f} s{left}"
