"""How a run stands, and how an admin holds and ends it."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, F
from django.db.models.functions import Now

from evaluations.models import Answer, Run, RunItem
from evaluations.runs.spending import cost_of_item

State = Run.State
SHOWN_FAILURES = 20


class RunRefused(Exception):
    """What a run is asked to do does not fit how it stands; the text is for people."""


@dataclass(frozen=True)
class RunProgress:
    """Items of a run by what became of them."""

    waiting: int = 0
    asked: int = 0
    done: int = 0
    failed: int = 0

    @property
    def total(self) -> int:
        return self.waiting + self.asked + self.done + self.failed

    @property
    def ended(self) -> int:
        return self.done + self.failed

    @property
    def percent(self) -> int:
        return 100 * self.ended // self.total if self.total else 0


def progress_of(run: Run) -> RunProgress:
    counted = run.items.order_by().values_list("state").annotate(Count("pk"))
    return RunProgress(**dict(counted))


@dataclass(frozen=True)
class Failure:
    """Items of one contestant that failed for the same reason."""

    contestant: str
    note: str
    items: int


def failures_of(run: Run) -> list[Failure]:
    """Why items failed, the most frequent reasons first."""
    failed = run.items.filter(state=RunItem.State.FAILED).order_by()
    counted = failed.values_list("contestant__name", "note").annotate(n=Count("pk"))
    return [Failure(*row) for row in counted.order_by("-n")[:SHOWN_FAILURES]]


def pause_run(*, run: Run, note: str = "") -> None:
    """Ask nothing more for now; calls under way come in."""
    _change(run, {State.RUNNING}, State.PAUSED, note=note)


def resume_run(*, run: Run, spend_limit: Decimal | None = None) -> None:
    """Go on where it was paused; a limit that is given takes the place of the old."""
    values = {} if spend_limit is None else {"spend_limit": spend_limit}
    _change(run, {State.PAUSED}, State.RUNNING, note="", **values)


def stop_run(*, run: Run, note: str = "") -> None:
    """Ask nothing more for good; calls under way come in."""
    unfinished = {State.PLANNED, State.RUNNING, State.PAUSED}
    _change(run, unfinished, State.STOPPED, note=note, finished_at=Now())


def retry_failed(*, run: Run) -> int:
    """Ask again for what failed, and go on with the run; return how many items.

    An answer that is still coming, or has come since, is waited for or taken: it was
    paid for. What the others have cost stays counted.
    """
    with transaction.atomic():
        standing = Run.objects.select_for_update(no_key=True).get(pk=run.pk)
        if standing.state in {State.PLANNED, State.STOPPED}:
            raise RunRefused(f"Of a run that is {standing.state} nothing is asked.")
        failed = run.items.filter(state=RunItem.State.FAILED)
        # Read in one statement: answers come in meanwhile.
        found = list(failed.values_list("pk", "answer__state", "paid", cost_of_item()))
        lost = {
            pk: cost if paid and cost else 0
            for pk, state, paid, cost in found
            if state in {None, Answer.State.FAILED}
        }
        coming = [pk for pk, *_ in found if pk not in lost]
        asked = failed.filter(pk__in=lost).update(
            state=RunItem.State.WAITING, answer=None, paid=False, note=""
        )
        asked += failed.filter(pk__in=coming).update(state=RunItem.State.ASKED, note="")
        if asked:
            Run.objects.filter(pk=run.pk).update(
                state=State.RUNNING,
                note="",
                finished_at=None,
                spent_before=F("spent_before") + sum(lost.values()),
            )
    run.refresh_from_db()
    return asked


def _change(run: Run, before: Collection[str], to: str, **values: object) -> None:
    """Change a run's state by one conditional UPDATE; the row decides who was first."""
    standing = Run.objects.filter(pk=run.pk, state__in=before)
    changed = standing.update(state=to, **values)
    run.refresh_from_db()
    if not changed:
        raise RunRefused(f"A run that is {run.state} cannot become {to}.")
