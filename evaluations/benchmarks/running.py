"""Contestants take a benchmark: every item once, marked as the answers come in.

One kind of run, for the engine: `plan`, `messages`, `settle`, `finish`.
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, F, Q
from django.utils import timezone

from evaluations.benchmarks.extraction import extracted, is_right
from evaluations.benchmarks.filling import filled
from evaluations.models import (
    Answer,
    BenchmarkResult,
    BenchmarkScore,
    Run,
    RunItem,
)

Messages = list[dict[str, str]]

SOURCE = "measured here"


def plan(run: Run) -> Iterator[RunItem]:
    """Item by item over all contestants, so that none runs ahead of the others."""
    contestants = list(run.contestants.order_by("slug"))
    items = run.benchmark.items.order_by("number") if run.benchmark else ()
    asked = ((item, contestant) for item in items for contestant in contestants)
    for number, (item, contestant) in enumerate(asked, start=1):
        yield RunItem(
            run=run, number=number, contestant=contestant, benchmark_item=item
        )


def messages(item: RunItem) -> Messages | None:
    """The benchmark's template with the item filled in."""
    asked = item.benchmark_item
    if asked is None:
        return None
    text = filled(
        asked.benchmark.prompt_template, question=asked.question, choices=asked.choices
    )
    return [{"role": "user", "content": text}]


def overrides(item: RunItem) -> dict[str, Any]:
    """None: each contestant answers in its own way."""
    return {}


def settle(item: RunItem) -> None:
    """Mark the reply; where none came there is no result."""
    asked, reply = item.benchmark_item, item.answer
    if asked is None or reply is None or reply.state != Answer.State.READY:
        return
    kind = asked.benchmark.kind
    given = extracted(
        reply.text,
        kind=kind,
        choices=asked.choices,
        expression=asked.benchmark.extraction,
    )
    right = is_right(given, kind=kind, answers=asked.answers)
    BenchmarkResult.objects.update_or_create(
        run_item=item, defaults={"extracted": given, "correct": right}
    )


def finish(run: Run) -> None:
    """Write each contestant's score over all items, where it replied to any.

    An item that no reply came to counts as not right, lest a model gain by failing:
    the score is the least that it can have reached.
    """
    if run.benchmark is None:
        return
    today = timezone.now().date()
    right = Count("pk", filter=Q(benchmark_result__correct=True))
    failed = Count("pk", filter=Q(benchmark_result__isnull=True))
    asked = run.items.order_by().values("contestant", "contestant__name")
    sums = asked.annotate(items=Count("pk"), correct=right, failed=failed)
    for sum_ in sums.filter(failed__lt=F("items")):
        BenchmarkScore.objects.update_or_create(
            run=run,
            contestant_id=sum_["contestant"],
            origin=BenchmarkScore.Origin.RUN,
            defaults={
                "benchmark": run.benchmark,
                "reported_as": sum_["contestant__name"],
                "source": SOURCE,
                "items": sum_["items"],
                "correct": sum_["correct"],
                "failed": sum_["failed"],
                "value": 100 * sum_["correct"] / sum_["items"],
                "measured_on": today,
            },
        )
