"""Open a run of contestants over a question set, to be looked at before it starts."""

from collections.abc import Iterable
from decimal import Decimal

from django.contrib.auth.models import User
from django.db import transaction

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


def open_evaluation(
    *,
    prompt_set: PromptSet,
    contestants: Iterable[Contestant],
    spend_limit: Decimal | None = None,
    by: User | None = None,
) -> Run:
    """Plan that these contestants answer a set; nothing is asked before the start."""
    with transaction.atomic():
        run = Run.objects.create(
            kind=Run.Kind.EVALUATION,
            prompt_set=prompt_set,
            spend_limit=spend_limit,
            by=by,
        )
        run.contestants.set(contestants)
        plan_run(run=run)
    return run


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
    with transaction.atomic():
        run = Run.objects.create(
            kind=Run.Kind.BENCHMARK,
            benchmark=benchmark,
            spend_limit=spend_limit,
            by=by,
        )
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


def freeze_set_of(*, run: Run) -> bool:
    """Freeze the set that a run has answered; say whether it still was open.

    Raise RunRefused for one that is never frozen.
    """
    if run.kind != Run.Kind.EVALUATION or run.prompt_set is None:
        return False
    try:
        return question_sets.freeze(prompt_set=run.prompt_set)
    except question_sets.NothingToFreeze as nothing:
        raise RunRefused(str(nothing)) from None


def discard_run(*, run: Run) -> None:
    """Forget a run that has never begun."""
    deleted, _ = Run.objects.filter(pk=run.pk, state=Run.State.PLANNED).delete()
    if not deleted:
        raise RunRefused("Only a run that has not begun can be discarded.")
