"""What the newest study of agreement found, with the models' names of now."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from evaluations.models import Contestant, Study
from evaluations.rating.correlation import (
    Disagreement,
    Outcome,
    Outlier,
    disagreements,
    in_common,
)
from evaluations.studies.agreement import NAME
from evaluations.studies.yardsticks import PEOPLE, Measure, Yardstick


@dataclass(frozen=True)
class Figure:
    """A correlation; the ends of its 95 % interval are None where there is none."""

    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Pair:
    """Two yardsticks over the models in common; figures only where it is compared."""

    x: Yardstick
    y: Yardstick
    models: int
    outcome: str
    spearman: Figure | None
    kendall: Figure | None

    @property
    def is_compared(self) -> bool:
        """And some of its models may still be read about."""
        return self.outcome == Outcome.COMPARED and bool(self.shared)

    @property
    def shared(self) -> list[str]:
        return in_common(self.x.measures, self.y.measures)

    @property
    def disagreements(self) -> list[Disagreement]:
        """The models in common, those placed most unlike first."""
        return disagreements((self.x.key, self.x.order), (self.y.key, self.y.order))


@dataclass(frozen=True)
class Overall:
    """People against each judge and benchmark: the figures in the middle of all."""

    yardsticks: int
    spearman: float
    kendall: float


@dataclass(frozen=True)
class Alone:
    """A yardstick that shares too few models with any other."""

    name: str
    models: int


@dataclass(frozen=True)
class Agreement:
    """names: of the models by their slugs, published ones alone."""

    made_at: datetime
    least_models: int
    resamples: int
    yardsticks: dict[str, Yardstick]
    pairs: Sequence[Pair]
    alone: Sequence[Alone]
    overall: Overall | None
    outliers: Sequence[Outlier]
    widest: Sequence[Disagreement]
    names: dict[str, str] = field(default_factory=dict)

    def pair(self, one: str, other: str) -> Pair | None:
        """The two in the order that was asked for."""
        for pair in self.pairs:
            if (pair.x.key, pair.y.key) == (one, other):
                return pair
            if (pair.y.key, pair.x.key) == (one, other):
                figures = pair.spearman, pair.kendall
                return Pair(pair.y, pair.x, pair.models, pair.outcome, *figures)
        return None

    @property
    def first_pair(self) -> Pair | None:
        """That of people with whom they share most models, or the largest of all."""
        compared = [pair for pair in self.pairs if pair.is_compared]
        others = [
            pair
            for pair in compared
            if pair.x.key == PEOPLE and pair.y.kind in ("judge", "benchmark")
        ]
        return max(others or compared, key=lambda pair: pair.models, default=None)


def report() -> Agreement | None:
    """None before the first study; in two queries."""
    study = Study.objects.newest_of(NAME)
    if study is None:
        return None
    results = study.results
    published = Contestant.objects.published().values_list("slug", "name")
    known = dict(published)
    yardsticks = {
        each["key"]: _yardstick(each, known) for each in results["yardsticks"]
    }
    return Agreement(
        made_at=study.finished_at,
        least_models=results["least_models"],
        resamples=results["resamples"],
        yardsticks=yardsticks,
        pairs=[_pair(each, yardsticks) for each in results["pairs"]],
        alone=[Alone(each["name"], each["models"]) for each in results["alone"]],
        overall=Overall(**results["people"]) if results["people"] else None,
        outliers=[Outlier(**each) for each in results["outliers"]],
        widest=[_disagreement(each) for each in results["widest"]],
        names=known,
    )


def overall() -> Overall | None:
    """The one figure of the newest study, for other pages."""
    found = Study.objects.of(NAME).values_list("results__people", flat=True).first()
    return Overall(**found) if found else None


def _yardstick(told: dict[str, Any], known: dict[str, Any]) -> Yardstick:
    measures = {
        slug: Measure(*values)
        for slug, values in told["values"].items()
        # One may have become a draft meanwhile.
        if slug in known
    }
    figures = {name: value for name, value in told.items() if name != "values"}
    return Yardstick(**figures, measures=measures)


def _pair(told: dict[str, Any], yardsticks: dict[str, Yardstick]) -> Pair:
    spearman, kendall = told["spearman"], told["kendall"]
    return Pair(
        x=yardsticks[told["x"]],
        y=yardsticks[told["y"]],
        models=told["models"],
        outcome=told["outcome"],
        spearman=Figure(*spearman) if spearman else None,
        kendall=Figure(*kendall) if kendall else None,
    )


def _disagreement(told: dict[str, Any]) -> Disagreement:
    return Disagreement(
        model=told["model"],
        first=told["x"],
        second=told["y"],
        first_place=told["x_place"],
        second_place=told["y_place"],
        models=told["models"],
    )
