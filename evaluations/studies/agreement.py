"""How far the yardsticks agree: one study of all that puts models in an order."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from statistics import median
from typing import Any, Final

from django.db.models import Count, Max

from evaluations.models import (
    Benchmark,
    BenchmarkScore,
    Contestant,
    Judge,
    JudgeScore,
    JudgeVerdict,
    Leaderboard,
    PromptSet,
    Study,
)
from evaluations.models.judging import Reading
from evaluations.rating.correlation import (
    LEAST_MODELS,
    RESAMPLES,
    Comparison,
    Correlation,
    Outcome,
    Values,
    compare_all,
    outliers,
    widest_by_model,
)
from evaluations.studies.judges import PREFIX
from evaluations.studies.yardsticks import PEOPLE, Yardstick, yardsticks

NAME: Final = "agreement"
# So many models are named; the others differ less.
NAMED: Final = 10
# Among fewer, one is easily first here and last there.
TELLING_MODELS: Final = 10
# People once more: what differs there says nothing of another yardstick.
OF_PEOPLE: Final = (PEOPLE, "set")


def names() -> Iterable[str]:
    return [NAME]


def digest(name: str) -> str:
    """Of numbers, counts and last rows; of benchmarks and names, which may change."""
    standing = JudgeVerdict.objects.read().filter(battle__withdrawn_at__isnull=True)
    marks = [
        Leaderboard.objects.newest().values_list("pk"),
        Study.objects.newest_of_all(PREFIX).values_list("pk"),
        standing.order_by().values_list("judge", Count("pk"), Max("pk")),
        JudgeScore.objects.filter(state=Reading.READ)
        .order_by()
        .values_list("judge", Count("pk"), Max("pk")),
        BenchmarkScore.objects.filter(contestant__isnull=False)
        .order_by("pk")
        .values_list("pk", "benchmark", "contestant", "value", "measured_on"),
        Benchmark.objects.order_by("pk").values_list(
            *("pk", "slug", "name", "version", "metric"),
            *("higher_is_better", "is_yardstick"),
        ),
        Judge.objects.order_by("pk").values_list("pk", "name", "maker", "contestant"),
        PromptSet.objects.order_by("pk").values_list("pk", "title"),
        Contestant.objects.published()
        .order_by("pk")
        .values_list("pk", "slug", "maker"),
    ]
    text = json.dumps([sorted(mark) for mark in marks], default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def figures(name: str) -> dict[str, Any]:
    found = yardsticks()
    orders = {each.key: each.order for each in found}
    comparisons = compare_all(orders)
    compared = [each for each in comparisons if each.outcome == Outcome.COMPARED]
    met = {key for each in compared for key in (each.first, each.second)}
    elsewhere = _beside_people(found, compared)
    return {
        "least_models": LEAST_MODELS,
        "resamples": RESAMPLES,
        "yardsticks": [_told(each) for each in found if each.key in met],
        "alone": [
            {"key": each.key, "name": each.name, "models": len(each.measures)}
            for each in found
            if each.key not in met
        ],
        "pairs": [
            _pair(each) for each in comparisons if {each.first, each.second} <= met
        ],
        "people": _overall(elsewhere),
        "outliers": _outliers(orders, elsewhere),
        "widest": [
            {
                "model": each.model,
                "x": each.first,
                "y": each.second,
                "x_place": each.first_place,
                "y_place": each.second_place,
                "models": each.models,
            }
            for each in widest_by_model(orders, _telling(compared))[:NAMED]
            if each.difference
        ],
    }


def _told(yardstick: Yardstick) -> dict[str, Any]:
    values = {
        model: [measure.value, measure.low, measure.high]
        for model, measure in yardstick.measures.items()
    }
    told = asdict(yardstick)
    del told["measures"]
    return told | {"values": values}


def _pair(each: Comparison) -> dict[str, Any]:
    return {
        "x": each.first,
        "y": each.second,
        "models": each.models,
        "outcome": str(each.outcome),
        "spearman": _figure(each.spearman),
        "kendall": _figure(each.kendall),
    }


def _figure(found: Correlation | None) -> list[float | None] | None:
    return [found.value, found.low, found.high] if found else None


def _beside_people(
    found: Iterable[Yardstick], compared: Iterable[Comparison]
) -> list[Comparison]:
    """People's table against each judge and benchmark."""
    others = {each.key for each in found if each.kind not in OF_PEOPLE}
    return [each for each in compared if each.first == PEOPLE and each.second in others]


def _telling(compared: Sequence[Comparison]) -> Sequence[Comparison]:
    """Those over enough models to name one, or all where there are none."""
    enough = [each for each in compared if each.models >= TELLING_MODELS]
    return enough or compared


def _overall(beside: Sequence[Comparison]) -> dict[str, Any] | None:
    """How far people agree with the others: the one in the middle."""
    if not beside:
        return None
    return {
        "yardsticks": len(beside),
        "spearman": median(each.spearman.value for each in beside if each.spearman),
        "kendall": median(each.kendall.value for each in beside if each.kendall),
    }


def _outliers(
    orders: Mapping[str, Values], beside: Sequence[Comparison]
) -> list[dict[str, Any]]:
    if not beside:
        return []
    found = outliers(PEOPLE, orders, beside)
    return [asdict(each) for each in found[:NAMED] if each.difference]
