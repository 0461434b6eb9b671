"""Write down all that a run is going to ask, before anything is asked."""

from itertools import islice

from django.db import transaction

from evaluations.models import Contestant, Run, RunItem
from evaluations.runs.kinds import KINDS
from evaluations.runs.states import RunRefused

BATCH = 1000


def plan_run(*, run: Run) -> int:
    """Write a run's items and return how many; a run that has them keeps them.

    Raise RunRefused where there is nothing to ask, or somebody may not be asked.
    """
    with transaction.atomic():
        # Two that plan the same run would number its items alike.
        Run.objects.select_for_update(no_key=True).get(pk=run.pk)
        if not run.items.exists():
            _write_items(run)
        number = run.items.count()
        if not number:
            raise RunRefused("There is nothing to ask: no question, or nobody to ask.")
        _refuse_absent(run)
    return number


def _write_items(run: Run) -> None:
    items = iter(KINDS[run.kind].plan(run))
    while batch := list(islice(items, BATCH)):
        RunItem.objects.bulk_create(batch)


def _refuse_absent(run: Run) -> None:
    asked = run.items.values("contestant")
    absent = Contestant.objects.filter(pk__in=asked).exclude(
        state=Contestant.State.ACTIVE
    )
    if names := [f"{one.name} is {one.get_state_display().lower()}" for one in absent]:
        raise RunRefused(f"Only active contestants are asked: {', '.join(names)}.")
