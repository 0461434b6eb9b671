"""Benchmarks for tests, with scores made elsewhere and measured here."""

from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from evaluations import runs
from evaluations.models import (
    Answer,
    Benchmark,
    BenchmarkItem,
    BenchmarkResult,
    BenchmarkScore,
    Contestant,
    Run,
    RunItem,
)
from evaluations.models.prompts import digest_of

REPORTED = {
    "licence": "CC0-1.0",
    "source": "https://scores.example/table",
    "metric": "accuracy, %",
}


def make_benchmark(name: str = "Sums", **values: Any) -> Benchmark:
    slug = name.lower().replace(" ", "-")
    return Benchmark.objects.create(
        **{"slug": slug, "name": name, **REPORTED, **values}
    )


def make_test_set(
    answers: dict[str, str], *, name: str = "Sums", **values: Any
) -> Benchmark:
    """A numeric benchmark of these questions with their right answers."""
    own = {"kind": "number", "version": "1", "prompt_template": "{question}"}
    benchmark = make_benchmark(name, **{**own, **values})
    BenchmarkItem.objects.bulk_create(
        BenchmarkItem(
            benchmark=benchmark, number=number, question=question, answers=[right]
        )
        for number, (question, right) in enumerate(answers.items(), start=1)
    )
    return benchmark


def report(
    benchmark: Benchmark, contestant: Contestant | None, value: float, **values: Any
) -> BenchmarkScore:
    """A score made elsewhere; confirmed where a contestant is given."""
    confirmed = {"confirmed_at": timezone.now(), "confirmed_by": _admin()}
    defaults = {
        "origin": "import",
        "reported_as": contestant.slug if contestant else "nobody",
        "source": REPORTED["source"],
        **(confirmed if contestant else {}),
    }
    return BenchmarkScore.objects.create(
        benchmark=benchmark,
        contestant=contestant,
        value=value,
        **{**defaults, **values},
    )


def _admin() -> User:
    return User.objects.get_or_create(username="checker")[0]


def start(benchmark: Benchmark, *contestants: Contestant) -> Run:
    run = Run.objects.create(kind="benchmark", benchmark=benchmark)
    run.contestants.set(contestants)
    runs.plan_run(run=run)
    runs.start_run(run=run)
    return run


def measure(benchmark: Benchmark, contestant: Contestant, *right: bool | None) -> Run:
    """A finished run in which these items were answered so, without any fetching.

    None is an item that no reply came to.
    """
    now = timezone.now()
    run = Run.objects.create(
        kind="benchmark", benchmark=benchmark, state="finished", finished_at=now
    )
    run.contestants.add(contestant)
    for item, correct in zip(benchmark.items.all(), right, strict=False):
        asked = {
            "run": run,
            "number": item.number,
            "contestant": contestant,
            "benchmark_item": item,
        }
        if correct is None:
            RunItem.objects.create(**asked, state="failed")
            continue
        said = item.answers[0] if correct else "no idea"
        answer = _answer(contestant, item, f"It is {said}.")
        taken = RunItem.objects.create(**asked, state="done", answer=answer)
        BenchmarkResult.objects.create(
            run_item=taken, extracted=said if correct else "", correct=correct
        )
    runs.KINDS["benchmark"].finish(run)
    return run


def _answer(contestant: Contestant, item: BenchmarkItem, text: str) -> Answer:
    messages = [{"role": "user", "content": item.question}]
    answer, _ = Answer.objects.get_or_create(
        contestant=contestant,
        messages_digest=digest_of(messages),
        defaults={
            "messages": messages,
            "text": text,
            "state": Answer.State.READY,
            "finished_at": timezone.now(),
        },
    )
    return answer
