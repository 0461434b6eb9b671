"""Points that judges gave answers, each alone or beside another, model by model."""

from collections import defaultdict
from collections.abc import Mapping
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

# The first turn, whatever was said after it.
_QUESTION = Func(
    F("answer__messages"),
    template="md5(jsonb_path_query_first(%(expressions)s, "
    "'$[*] ? (@.role == \"user\").content')::text)",
    output_field=CharField(),
)


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
    sides = ("battle__contestant_x__slug", "battle__contestant_y__slug")
    names = ("judge__slug", "battle__prompt", "battle", "left", "score_a", "score_b")
    read = given.filter(state=Reading.READ, score_a__isnull=False).order_by("pk")
    said: _Said = defaultdict(lambda: defaultdict(list))
    for judge, prompt, battle, left, a, b, x, y in read.values_list(*names, *sides):
        first, second = (x, y) if left == "x" else (y, x)
        said[judge, first][str(prompt), battle].append(a)
        said[judge, second][str(prompt), battle].append(b)
    return _scores(said)


def _scores(said: _Said) -> Scores:
    found: dict[str, dict[str, Score]] = defaultdict(dict)
    for (judge, model), pieces in sorted(said.items()):
        numbers = {question: n for n, (question, _) in enumerate(pieces)}
        question = np.array([numbers[question] for question, _ in pieces])
        values = np.array([fmean(each) for each in pieces.values()])
        found[judge][model] = score(values, question)
    return found
