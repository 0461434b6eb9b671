"""Benchmarks beside the ratings: the columns that `?columns=` asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evaluations.benchmarks.reading import offered, values_of
from evaluations.models import Benchmark, BenchmarkScore, Contestant
from evaluations.templatetags.figures import score as written

# More do not fit beside a table, and nobody compares by more at a time.
MOST_COLUMNS = 6


@dataclass(frozen=True)
class Offer:
    """One box of the form."""

    benchmark: Benchmark
    chosen: bool


@dataclass(frozen=True)
class ScoreColumn:
    """One benchmark's scores by the keys of contestants."""

    benchmark: Benchmark
    scores: Mapping[int, BenchmarkScore]

    def text(self, contestant: Contestant) -> str:
        """Empty where there is no score; ≥ where not every item had a reply."""
        score = self.scores.get(contestant.pk)
        if score is None:
            return ""
        return ("≥ " if score.failed else "") + written(score.value)

    @property
    def is_bound(self) -> bool:
        return any(score.failed for score in self.scores.values())


@dataclass(frozen=True)
class Columns:
    """What is offered, and the columns that are shown of it."""

    offers: Sequence[Offer] = ()
    shown: Sequence[ScoreColumn] = ()

    @property
    def slugs(self) -> tuple[str, ...]:
        return tuple(column.benchmark.slug for column in self.shown)


def columns_of(asked: Sequence[str]) -> Columns:
    """The first few of those asked for, of those that have scores; two queries."""
    known = {benchmark.slug: benchmark for benchmark in offered()}
    wanted = [slug for slug in dict.fromkeys(asked) if slug in known][:MOST_COLUMNS]
    chosen = [known[slug] for slug in wanted]
    values = values_of(chosen)
    shown = [
        ScoreColumn(
            benchmark,
            {model: s for (of, model), s in values.items() if of == benchmark.pk},
        )
        for benchmark in chosen
    ]
    offers = [Offer(one, one.slug in wanted) for one in known.values()]
    return Columns(offers, shown)
