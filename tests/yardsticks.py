"""Judges, their verdicts and scores, and benchmarks, with as few words as needed."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from django.utils import timezone

from evaluations.models import (
    Answer,
    Benchmark,
    BenchmarkScore,
    Contestant,
    Judge,
    JudgeScore,
    JudgeVerdict,
)
from evaluations.models.judging import Reading
from evaluations.studies import judges, make_study
from tests.factories import make_answer, make_battle, make_prompt
from tests.views.tables import publish_table, rate


def make_judge(slug: str = "gpt-4", *, maker: str = "Far Away") -> Judge:
    name = slug.replace("-", " ").title()
    return Judge.objects.get_or_create(
        slug=slug, defaults={"name": name, "maker": maker}
    )[0]


def judge_prefers(
    judge: Judge, models: Sequence[Contestant], *, times: int = 3
) -> None:
    """Verdicts on each pair in both orders, the earlier model winning mostly."""
    for _ in range(times):
        prompt = make_prompt()
        for number, x in enumerate(models):
            for y in models[number + 1 :]:
                battle = make_battle(x, y, prompt)
                give(judge, battle, "a", left="x")
                give(judge, battle, "b" if times > 1 else "tie", left="y")
    if times > 1:
        # One win for each loser, so that nobody runs away.
        prompt = make_prompt()
        for x, y in pairwise(models):
            give(judge, make_battle(x, y, prompt), "b", left="x")


def study_judges() -> None:
    """Work out what each judge is worth, as the background does."""
    for name in judges.names():
        make_study(judges, name)


def give(judge, battle, verdict, *, left="x", points=None, **values) -> JudgeVerdict:
    first, second = points or (None, None)
    return JudgeVerdict.objects.create(
        judge=judge,
        battle=battle,
        verdict=verdict,
        left=left,
        state=Reading.READ,
        score_a=first,
        score_b=second,
        **values,
    )


def give_score(judge: Judge, answer: Answer, score: float, **values) -> JudgeScore:
    return JudgeScore.objects.create(
        judge=judge, answer=answer, score=score, state=Reading.READ, **values
    )


def score_all(judge: Judge, scores: Mapping[Contestant, Sequence[float]]) -> None:
    """Scores of one answer each to as many prompts."""
    for contestant, given in scores.items():
        for score in given:
            give_score(judge, make_answer(contestant, make_prompt()), score)


def make_benchmark(name: str = "MMLU", **values) -> Benchmark:
    slug = name.lower().replace(" ", "-")
    defaults = {"metric": "%", "licence": "MIT", "source": "tests"}
    return Benchmark.objects.get_or_create(
        slug=slug, defaults={"name": name, **defaults, **values}
    )[0]


def report_score(
    benchmark: Benchmark, contestant: Contestant | None, value: float, **values
) -> BenchmarkScore:
    named = contestant.name if contestant else "somebody"
    defaults = {
        "origin": "import",
        "reported_as": named,
        "source": "tests",
        "confirmed_at": timezone.now(),
    }
    return BenchmarkScore.objects.create(
        benchmark=benchmark,
        contestant=contestant,
        value=value,
        **{**defaults, **values},
    )


def report_scores(benchmark: Benchmark, values: Mapping[Contestant, float]) -> None:
    for contestant, value in values.items():
        report_score(benchmark, contestant, value)


def publish_order(models: Sequence[Contestant], **values) -> None:
    """A table with these in this order, the best first."""
    table = publish_table(**values)
    for number, contestant in enumerate(models):
        rate(table, 1200 - 10 * number, contestant=contestant)
