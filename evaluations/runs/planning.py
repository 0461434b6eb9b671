"""Write down all that a run is going to ask, before anything is asked."""

from itertools import islice

from django.db import transaction

from evaluations.models import Contestant, Run, RunItem
from evaluations.runs.kinds import KINDS
from evaluations.runs.states import RunRefused

BATCH = 1000
WHAT_IS_ASKED = (
    "contestant_id",
    "prompt_id",
    "turn",
    "battle_id",
    "left",
    "scored_id",
    "benchmark_item_id",
)


def plan_run(*, run: Run) -> bool:
    """Write the items of a run that has not begun, unless those there still fit.

    Say whether they were written. Raise RunRefused where there is nothing to ask, or
    somebody may not be asked.
    """
    _refuse_silent(run)
    with transaction.atomic():
        # Two that plan the same run would number its items alike.
        planned = Run.objects.filter(state=Run.State.PLANNED)
        planned.select_for_update(no_key=True).get(pk=run.pk)
        is_stale = not _fits(run)
        if is_stale:
            run.items.all().delete()
            _write_items(run)
        if not run.items.exists():
            raise RunRefused("There is nothing to ask: no question, or nobody to ask.")
        _refuse_absent(run)
    return is_stale


def _fits(run: Run) -> bool:
    """Whether the items are what would be planned now, in whatever order."""
    there = set(run.items.order_by().values_list(*WHAT_IS_ASKED).iterator())
    return bool(there) and there == {
        tuple(getattr(item, name) for name in WHAT_IS_ASKED)
        for item in KINDS[run.kind].plan(run)
    }


def _write_items(run: Run) -> None:
    items = iter(KINDS[run.kind].plan(run))
    while batch := list(islice(items, BATCH)):
        RunItem.objects.bulk_create(batch)


def _refuse_silent(run: Run) -> None:
    if run.judge and run.judge.contestant_id is None:
        raise RunRefused(f"{run.judge} has no connection: nobody can be asked.")


def _refuse_absent(run: Run) -> None:
    asked = run.items.values("contestant")
    absent = Contestant.objects.filter(pk__in=asked).exclude(
        state=Contestant.State.ACTIVE
    )
    if names := [f"{one.name} is {one.get_state_display().lower()}" for one in absent]:
        raise RunRefused(f"Only active contestants are asked: {', '.join(names)}.")
