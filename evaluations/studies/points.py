"""Points that judges gave answers, each alone or beside another, model by model."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import fmean
from typing import TypeAlias

import numpy as np
from django.db.models import CharField, F, Func, QuerySet

from evaluations.models import JudgeScore, JudgeVerdict
from evaluations.models.judging import Reading
from evaluations.rating.shares import Score, score

# By the slugs of judge and model.
Scores: TypeAlias = Mapping[str, Mapping[str, Score]]
# By judge and model: what was said, by question and piece, an answer or a battle.
_Said: TypeAlias = dict[tuple[str, str], dict[tuple[str, int], list[float]]]

# The pairs of models compared most; with many models there are thousands.
MOST_PAIRS = 100

# The first turn, whatever was said after it.
_QUESTION = Func(
    F("answer__messages"),
    template="md5(jsonb_path_query_first(%(expressions)s, "
    "'$[*] ? (@.role == \"user\").content')::text)",
    output_field=CharField(),
)


@dataclass(frozen=True)
class PairPoints:
    """Points of two models beside each other, by slug, summed over their battles."""

    x: str
    y: str
    battles: int
    points_x: float
    points_y: float


@dataclass(frozen=True)
class _Review:
    """One verdict with points: of which models, who stood first, what each got."""

    judge: str
    prompt: str
    battle: int
    first: str
    second: str
    first_points: float
    second_points: float


def scores(given: QuerySet[JudgeScore]) -> Scores:
    """Of answers each alone: what several templates said of one counts once."""
    read = given.filter(state=Reading.READ).order_by("pk")
    names = ("judge__slug", "answer__contestant__slug", "answer")
    said: _Said = defaultdict(lambda: defaultdict(list))
    for judge, model, answer, question, value in read.values_list(
        *names, _QUESTION, "score"
    ):
        said[judge, model][question, answer].append(value)
    return _scores(said)


def points(given: QuerySet[JudgeVerdict]) -> Scores:
    """Of answers beside each other, as Vicuna's reviews have them.

    A battle counts once, in equal parts among all that was said of it, as it does in
    the judge's table.
    """
    said: _Said = defaultdict(lambda: defaultdict(list))
    for each in _reviews(given):
        piece = each.prompt, each.battle
        said[each.judge, each.first][piece].append(each.first_points)
        said[each.judge, each.second][piece].append(each.second_points)
    return _scores(said)


def pair_points(given: QuerySet[JudgeVerdict]) -> list[PairPoints]:
    """Sums pair by pair, those compared most often first, MOST_PAIRS at most.

    Of one judge. A battle counts once, with the mean of all that was said of it.
    """
    said: dict[tuple[str, str], dict[int, list[tuple[float, float]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for each in _reviews(given):
        of_first = each.first, each.first_points
        (x, of_x), (y, of_y) = sorted([of_first, (each.second, each.second_points)])
        said[x, y][each.battle].append((of_x, of_y))
    summed = [_summed(x, y, battles) for (x, y), battles in said.items()]
    return sorted(summed, key=lambda one: (-one.battles, one.x, one.y))[:MOST_PAIRS]


def _summed(
    x: str, y: str, battles: Mapping[int, list[tuple[float, float]]]
) -> PairPoints:
    means = [np.mean(given, axis=0) for given in battles.values()]
    points_x, points_y = np.sum(means, axis=0).tolist()
    return PairPoints(x, y, len(battles), points_x, points_y)


def _reviews(given: QuerySet[JudgeVerdict]) -> Iterator[_Review]:
    sides = ("battle__contestant_x__slug", "battle__contestant_y__slug")
    names = ("judge__slug", "battle__prompt", "battle", "left", "score_a", "score_b")
    read = given.filter(state=Reading.READ, score_a__isnull=False).order_by("pk")
    for judge, prompt, battle, left, a, b, x, y in read.values_list(*names, *sides):
        first, second = (x, y) if left == "x" else (y, x)
        yield _Review(judge, str(prompt), battle, first, second, a, b)


def _scores(said: _Said) -> Scores:
    found: dict[str, dict[str, Score]] = defaultdict(dict)
    for (judge, model), pieces in sorted(said.items()):
        numbers = {question: n for n, (question, _) in enumerate(pieces)}
        question = np.array([numbers[question] for question, _ in pieces])
        values = np.array([fmean(each) for each in pieces.values()])
        found[judge][model] = score(values, question)
    return found
