"""Benchmarks as the pages read them: what there is, who reached what, item by item."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from evaluations.models import (
    Benchmark,
    BenchmarkItem,
    BenchmarkResult,
    BenchmarkScore,
    Contestant,
)

# More who gave the right answer are counted only.
MOST_NAMED = 5


def listed() -> list[Benchmark]:
    """All benchmarks, with how many items and public models each has."""
    public = BenchmarkScore.objects.public().filter(benchmark=OuterRef("pk"))
    counted = public.order_by().values("benchmark")
    models = counted.annotate(n=Count("contestant", distinct=True)).values("n")
    items = BenchmarkItem.objects.filter(benchmark=OuterRef("pk"))
    counted_items = items.order_by().values("benchmark").annotate(n=Count("pk"))
    return list(
        Benchmark.objects.annotate(
            models=Coalesce(Subquery(models), 0),
            item_count=Coalesce(Subquery(counted_items.values("n")), 0),
        )
    )


def offered() -> list[Benchmark]:
    """Those of which at least one public model has a score."""
    public = BenchmarkScore.objects.public().filter(benchmark=OuterRef("pk"))
    return list(Benchmark.objects.filter(Exists(public)))


def standing(benchmark: Benchmark) -> list[BenchmarkScore]:
    """One score a model, the best first."""
    newest = benchmark.scores.public().newest_of_each().select_related("contestant")
    sign = -1 if benchmark.higher_is_better else 1
    return sorted(newest, key=lambda score: (sign * score.value, score.reported_as))


def waiting(benchmark: Benchmark) -> int:
    """Names with a score of which nobody has said yet which model is meant."""
    waiting = benchmark.scores.reported().filter(contestant=None)
    return waiting.order_by().values("reported_as").distinct().count()


def of_contestant(contestant: Contestant) -> list[BenchmarkScore]:
    """Its newest score in each benchmark by each source."""
    scores = contestant.benchmark_scores.public().newest_of_each_source()
    found = list(scores.select_related("benchmark"))
    for score in found:
        score.contestant = contestant
    return sorted(found, key=lambda s: (s.benchmark.name, s.benchmark.version))


def values_of(
    benchmarks: Collection[Benchmark],
) -> dict[tuple[int, int], BenchmarkScore]:
    """Scores by benchmark and contestant, in one query; none for no benchmark."""
    if not benchmarks:
        return {}
    scores = BenchmarkScore.objects.public().filter(benchmark__in=benchmarks)
    return {
        (score.benchmark_id, score.contestant_id): score
        for score in scores.newest_of_each()
        if score.contestant_id is not None
    }


@dataclass
class ItemLine:
    """One item, and which of the models gave the right answer."""

    item: BenchmarkItem
    right: list[Contestant] = field(default_factory=list)
    wrong: list[Contestant] = field(default_factory=list)

    @property
    def first_right(self) -> list[Contestant]:
        return self.right[:MOST_NAMED]

    @property
    def more_right(self) -> int:
        return len(self.right) - len(self.first_right)

    @property
    def asked(self) -> int:
        return len(self.right) + len(self.wrong)


def lines_of(
    items: Collection[BenchmarkItem], scores: Collection[BenchmarkScore]
) -> list[ItemLine]:
    """These items with what became of them in the runs of these scores; one query."""
    owners = {
        (score.run_id, score.contestant_id): score.contestant
        for score in scores
        if score.run_id is not None and score.contestant is not None
    }
    runs = {run for run, _ in owners}
    results = BenchmarkResult.objects.filter(
        run_item__run__in=runs, run_item__benchmark_item__in=items
    ).values_list(
        *("run_item__benchmark_item", "run_item__run", "run_item__contestant"),
        "correct",
    )
    given: dict[int | None, list[tuple[Contestant, bool]]] = defaultdict(list)
    for item, run, contestant, correct in results:
        owner = owners.get((run, contestant))
        if owner is not None:
            given[item].append((owner, correct))
    return [_line(item, given[item.pk]) for item in items]


def _line(item: BenchmarkItem, given: list[tuple[Contestant, bool]]) -> ItemLine:
    line = ItemLine(item)
    for contestant, correct in sorted(given, key=lambda pair: pair[0].name):
        (line.right if correct else line.wrong).append(contestant)
    return line


def results_of(score: BenchmarkScore) -> QuerySet[BenchmarkResult]:
    """What a contestant said to each item in the run of a score."""
    results = BenchmarkResult.objects.filter(
        run_item__run=score.run_id, run_item__contestant=score.contestant_id
    )
    return results.select_related(
        "run_item__benchmark_item", "run_item__answer"
    ).order_by("run_item__benchmark_item__number")
