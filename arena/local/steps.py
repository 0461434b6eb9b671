"""What a start shows: one line for each step, and for a failed one what to do."""

import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from arena.local.processes import CannotStart


def say(line: str) -> None:
    print(line, flush=True)


@contextmanager
def step(title: str, *, remedy: str, log: Path) -> Iterator[None]:
    """Show the step; an unexpected error goes to the log whole, to the person short."""
    begun = time.monotonic()
    back = "\r" if sys.stdout.isatty() else ""
    if back:
        print(f"  · {title}", end="", flush=True)
    try:
        yield
    except (CannotStart, KeyboardInterrupt):
        say(f"{back}  ✗ {title}")
        raise
    except Exception as error:
        say(f"{back}  ✗ {title}")
        with log.open("a", encoding="utf-8") as file:
            traceback.print_exc(file=file)
        first_line = (str(error) or type(error).__name__).splitlines()[0]
        raise CannotStart(f"{first_line}\n{remedy} The log is {log}.") from error
    seconds = time.monotonic() - begun
    say(f"{back}  ✓ {title}  {seconds:.1f} s")
