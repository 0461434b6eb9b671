"""Show what a run will cost, ask whether to begin, and follow it to its end."""

import sys
import time
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand

from evaluations import events, runs
from evaluations.management.progress import Progress
from evaluations.models import Run
from evaluations.runs import OwnWorker
from evaluations.runs.telling import ESTIMATE_HEAD, estimate_rows

SECONDS_BETWEEN_LOOKS = 0.5
INTERRUPTED = "Interrupted while no worker was up."


def add_run_options(parser: ArgumentParser) -> None:
    """What every command that opens a run can be told."""
    parser.add_argument(
        "--spend-limit",
        type=_dollars,
        metavar="US$",
        help="Pause before the call that could pass this",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="Only print the estimate"
    )
    parser.add_argument("--yes", action="store_true", help="Start without asking")


def _dollars(text: str) -> Decimal:
    try:
        Run._meta.get_field("spend_limit").run_validators(Decimal(text))
    except (InvalidOperation, ValidationError):
        raise ArgumentTypeError(f"{text!r} is no sum of US$.") from None
    return Decimal(text)


def tell_estimate(command: BaseCommand, run: Run) -> None:
    """Print what the run has to ask and what that costs."""
    rows = estimate_rows(runs.estimate(run=run))
    command.stdout.write(in_columns([ESTIMATE_HEAD, *rows]))
    if run.spend_limit is not None:
        command.stdout.write(f"It pauses before it could pass US$ {run.spend_limit}.")


def propose(
    command: BaseCommand,
    run: Run,
    *,
    dry_run: bool,
    yes: bool,
    is_free: Callable[[], bool] = lambda: True,
    is_kept: bool = False,
) -> bool:
    """Tell what a planned run will cost; begin and follow it where that is wanted.

    Else it is discarded, unless somebody had planned it before. `is_free` asks what
    has to be agreed on before the start.
    """
    has_begun = False
    try:
        tell_estimate(command, run)
        if not dry_run and is_free() and (yes or is_confirmed("Start?")):
            runs.start_run(run=run)
            has_begun = True
    finally:
        # Refused or broken off, it would wait in the admin panel for ever.
        if not has_begun and not is_kept:
            runs.discard_run(run=run)
    if has_begun:
        command.stdout.write(f"Run {run.pk} has begun.")
        follow(command, run)
        return True
    command.stdout.write(
        "Tried only: nothing was asked."
        if dry_run
        else "Nothing was asked; --yes starts without a question."
    )
    return False


def in_columns(rows: Sequence[Sequence[str]]) -> str:
    """Rows of a table: the first column to the left, figures right, words last."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            text.ljust(width) if place in {0, len(row) - 1} else text.rjust(width)
            for place, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def is_confirmed(question: str) -> bool:
    """Ask on the terminal; without one nobody has agreed."""
    return sys.stdin.isatty() and input(f"{question} [y/N] ").lower() in {"y", "yes"}


def follow(command: BaseCommand, run: Run) -> None:
    """Show a running run's progress until it rests; work itself where nobody does."""
    is_own = not events.worker_is_alive()
    if is_own:
        command.stdout.write("No worker is up: this command asks by itself.")
    try:
        with Progress(sys.stderr) as progress, OwnWorker() as worker:
            while run.state == Run.State.RUNNING:
                is_own = not events.worker_is_alive()
                if is_own:
                    worker.step(run=run)
                else:
                    time.sleep(SECONDS_BETWEEN_LOOKS)
                run.refresh_from_db()
                done = runs.progress_of(run)
                progress("answers", done.ended, done.total)
    except KeyboardInterrupt:
        _leave(command, run, is_own=is_own)
        sys.exit(130)
    tell_end(command, run)


def _leave(command: BaseCommand, run: Run, *, is_own: bool) -> None:
    if is_own:
        runs.pause_run(run=run, note=INTERRUPTED)
        command.stdout.write(f"Run {run.pk} is paused; what has come is kept.")
    else:
        where = "Pause it in the admin, under Runs."
        command.stdout.write(f"Run {run.pk} goes on: the workers ask. {where}")
    command.stdout.write(f"To come back to it: manage.py evaluate --resume {run.pk}")


def tell_end(command: BaseCommand, run: Run) -> None:
    """Print how the run stands and what it has cost."""
    done, spent = runs.progress_of(run), runs.spent_on(run)
    command.stdout.write(
        f"Run {run.pk} is {run.state}: {done.done:,} done, {done.failed:,} failed, "
        f"{done.waiting + done.asked:,} left; US$ {spent:.4f} spent."
    )
    if run.note:
        command.stdout.write(run.note)
    for failure in runs.failures_of(run):
        command.stdout.write(
            f"  {failure.items:,} of {failure.contestant}: {failure.note}"
        )
