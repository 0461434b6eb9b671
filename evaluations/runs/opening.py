"""Open a run, to be looked at before it starts; then start or discard it."""

from collections.abc import Iterable
from decimal import Decimal

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.functions import Now

from evaluations import judging, question_sets
from evaluations.models import (
    Benchmark,
    Contestant,
    Judge,
    JudgeTemplate,
    PromptSet,
    Run,
)
from evaluations.runs.planning import plan_run
from evaluations.runs.states import RunRefused

PLANNED_ANEW = "It was planned anew at the start: what it asks about had changed."


def open_evaluation(
    *,
    prompt_set: PromptSet,
    contestants: Iterable[Contestant],
    spend_limit: Decimal | None = None,
    by: User | None = None,
) -> Run:
    """Plan that these contestants answer a set; nothing is asked before the start."""
    run = Run(
        kind=Run.Kind.EVALUATION, prompt_set=prompt_set, spend_limit=spend_limit, by=by
    )
    return _planned(run, contestants)


def open_benchmark(
    *,
    benchmark: Benchmark,
    contestants: Iterable[Contestant],
    spend_limit: Decimal | None = None,
    by: User | None = None,
) -> Run:
    """Plan that these contestants take a benchmark; nothing is asked before the start.

    Raise RunRefused for one that is only reported elsewhere: it has no items.
    """
    if benchmark.kind == Benchmark.Kind.REPORTED:
        raise RunRefused(f"{benchmark} was measured elsewhere: there are no items.")
    run = Run(
        kind=Run.Kind.BENCHMARK, benchmark=benchmark, spend_limit=spend_limit, by=by
    )
    return _planned(run, contestants)


def _planned(run: Run, contestants: Iterable[Contestant]) -> Run:
    with transaction.atomic():
        run.save()
        run.contestants.set(contestants)
        plan_run(run=run)
    return run


def open_judging(
    *,
    judge: Judge,
    template: JudgeTemplate,
    prompt_set: PromptSet | None = None,
    voted_only: bool = False,
    battle_limit: int | None = None,
    spend_limit: Decimal | None = None,
    by: User | None = None,
) -> Run:
    """Plan what a judge is asked; nothing is asked before the start.

    Raise RunRefused where it could be asked nothing.
    """
    try:
        with transaction.atomic():
            run = judging.make_run(
                judge=judge,
                template=template,
                prompt_set=prompt_set,
                voted_only=voted_only,
                battle_limit=battle_limit,
                spend_limit=spend_limit,
                by=by,
            )
            plan_run(run=run)
    except judging.JudgingRefused as refused:
        raise RunRefused(str(refused)) from None
    return run


def start_run(*, run: Run) -> None:
    """Freeze the set that is to be answered, and have the workers ask.

    What was planned is planned anew where it does not fit any more. Raise RunRefused
    for a set that is never frozen, and where there is nothing left to ask.
    """
    with transaction.atomic():
        held = _held(run, to_be="started")
        _freeze_set_of(held)
        note = PLANNED_ANEW if plan_run(run=held) else ""
        Run.objects.filter(pk=held.pk).update(
            state=Run.State.RUNNING, started_at=Now(), note=note
        )
    run.refresh_from_db()


def discard_run(*, run: Run) -> None:
    """Forget a run that has never begun."""
    with transaction.atomic():
        _held(run, to_be="discarded").delete()


def _held(run: Run, *, to_be: str) -> Run:
    """Hold a run that has not begun: what was begun meanwhile is not discarded."""
    planned = Run.objects.filter(pk=run.pk, state=Run.State.PLANNED)
    held = planned.select_for_update().first()
    if held is None:
        raise RunRefused(f"Only a run that has not begun can be {to_be}.")
    return held


def _freeze_set_of(run: Run) -> None:
    if run.kind != Run.Kind.EVALUATION or run.prompt_set is None:
        return
    try:
        question_sets.freeze(prompt_set=run.prompt_set)
    except question_sets.NothingToFreeze as nothing:
        raise RunRefused(str(nothing)) from None
