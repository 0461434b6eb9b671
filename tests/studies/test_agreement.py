"""How far the yardsticks agree, as the background works it out."""

import csv
from itertools import combinations
from statistics import median
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from scipy import stats

from evaluations.models import (
    BenchmarkScore,
    Contestant,
    Judge,
    Study,
)
from evaluations.studies import agreement, make_study
from tests import real_data
from tests.crowds import make_models
from tests.factories import make_answer, make_battle, make_contestant, make_prompt
from tests.yardsticks import (
    give,
    give_score,
    judge_prefers,
    make_benchmark,
    make_judge,
    publish_order,
    report_score,
    report_scores,
    study_judges,
)

# The table's names of models that llmfao has.
SAME = {
    "CodeLlama-34B-instruct": "Code Llama Instruct (34B)",
    "MPT-30B-chat": "MPT-Chat (30B)",
    "claude": "Claude v1",
    "claude-2": "Claude v2",
    "gpt-3.5-turbo-0613": "GPT 3.5 Turbo",
    "gpt4_0613": "GPT 4",
    "guanaco-33b": "Guanaco (33B)",
    "llama-2-13b-chat-hf": "LLaMA-2-Chat (13B)",
    "llama-2-70b-chat-hf": "LLaMA-2-Chat (70B)",
    "llama-2-7b-chat-hf": "LLaMA-2-Chat (7B)",
    "oasst-sft-pythia-12b": "Open-Assistant Pythia SFT-4 (12B)",
    "vicuna-13b-v1.5": "Vicuna v1.5 (13B)",
}


def made() -> dict[str, Any]:
    study_judges()
    make_study(agreement, agreement.NAME)
    study = Study.objects.newest_of(agreement.NAME)
    assert study is not None
    results: dict[str, Any] = study.results
    return results


def pair(results: dict[str, Any], x: str, y: str) -> dict[str, Any]:
    [found] = [p for p in results["pairs"] if (p["x"], p["y"]) == (x, y)]
    return dict(found)


def three_yardsticks(count: int = 6) -> list[Contestant]:
    """People, a judge that thinks alike, a benchmark the other way round."""
    models = make_models(count)
    publish_order(models)
    judge_prefers(make_judge(), models, times=1)
    scores = {model: float(number) for number, model in enumerate(models)}
    report_scores(make_benchmark("MMLU"), scores)
    return models


@pytest.mark.django_db
def test_of_nothing_nothing_is_compared() -> None:
    results = made()

    assert (results["yardsticks"], results["pairs"], results["people"]) == (
        [],
        [],
        None,
    )


@pytest.mark.django_db
def test_each_pair_has_its_figures() -> None:
    three_yardsticks()

    results = made()

    keys = [each["key"] for each in results["yardsticks"]]
    assert keys == ["people", "judge:gpt-4", "benchmark:mmlu"]
    assert pair(results, "people", "judge:gpt-4")["spearman"][0] == 1
    assert pair(results, "people", "benchmark:mmlu") == {
        "x": "people",
        "y": "benchmark:mmlu",
        "models": 6,
        "outcome": "compared",
        "spearman": [-1, None, None],
        "kendall": [-1, None, None],
    }
    assert results["people"] == {"yardsticks": 2, "spearman": 0, "kendall": 0}


@pytest.mark.django_db
def test_what_shares_too_few_models_stands_aside() -> None:
    models = three_yardsticks()
    report_scores(make_benchmark("Rare"), {models[0]: 1.0, models[1]: 2.0})

    results = made()

    assert results["alone"] == [{"key": "benchmark:rare", "name": "Rare", "models": 2}]
    assert len(results["pairs"]) == 3


@pytest.mark.django_db
def test_a_pair_with_too_few_models_is_a_result_as_well() -> None:
    models = three_yardsticks(7)
    few = {model: 1.0 * n for n, model in enumerate(models[:3])}
    more = {make_contestant(): 2.0 + n for n in range(5)}
    report_scores(make_benchmark("Other"), few | more)
    report_scores(make_benchmark("Others"), few | more)

    found = pair(made(), "people", "benchmark:other")

    assert (found["outcome"], found["models"]) == ("too few", 3)
    assert found["spearman"] is None


@pytest.mark.django_db
def test_the_models_it_is_about_are_named() -> None:
    models = three_yardsticks()
    report_scores(make_benchmark("MMLU"), {})
    publish_order(models, slice="set:koala")

    results = made()

    first = results["widest"][0]
    assert (first["model"], abs(first["x_place"] - first["y_place"])) == ("m0", 1)
    # Beside the judge, who thinks alike, and the benchmark; not beside their own set.
    assert results["outliers"][0] == {"model": "m0", "difference": 0.5, "yardsticks": 2}


@pytest.mark.django_db
def test_of_few_models_one_is_soon_far_off_so_larger_pairs_name_them() -> None:
    models = three_yardsticks(12)
    backwards = dict(zip(models[:5], (5.0, 4.0, 3.0, 2.0, 9.0), strict=True))
    report_scores(make_benchmark("Small"), backwards)

    assert {each["models"] for each in made()["widest"]} == {12}


@pytest.mark.django_db
def test_only_what_goes_in_makes_it_anew() -> None:
    models = three_yardsticks()
    battle = make_battle(models[0], models[1], make_prompt())
    answer = make_answer(models[0], make_prompt())
    score = report_score(make_benchmark("Other"), None, 4, confirmed_at=None)
    digests = [agreement.digest(agreement.NAME)]

    for act in (
        lambda: publish_order(models),
        lambda: give(make_judge(), battle, "a"),
        lambda: give_score(make_judge(), answer, 7),
        lambda: BenchmarkScore.objects.filter(pk=score.pk).update(contestant=models[0]),
        lambda: BenchmarkScore.objects.filter(pk=score.pk).update(value=5),
        lambda: Judge.objects.update(name="Another"),
        lambda: Contestant.objects.filter(pk=models[0].pk).update(state="draft"),
    ):
        act()
        digests.append(agreement.digest(agreement.NAME))
    battle.judgements += 1
    battle.save()

    assert len(set(digests)) == len(digests)
    assert agreement.digest(agreement.NAME) == digests[-1]


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow() -> None:
    counts = []
    for number in (1, 4):
        models = [make_contestant() for _ in range(6)]
        publish_order(models)
        for each in range(number):
            judge_prefers(make_judge(f"judge-{number}-{each}"), models, times=1)
            scores = {model: float(n) for n, model in enumerate(models)}
            report_scores(make_benchmark(f"Bench {number} {each}"), scores)
        with CaptureQueriesContext(connection) as captured:
            agreement.figures(agreement.NAME)
            agreement.digest(agreement.NAME)
        counts.append(len(captured))

    assert counts[0] == counts[1] <= 20


@pytest.mark.django_db(transaction=True)
def test_the_real_yardsticks_agree_as_scipy_says() -> None:
    """People, GPT-4 and GPT-3 on the same pairs, and benchmarks matched by name."""
    folder = real_data.folder("llmfao")
    call_command("import_data", "llmfao", str(folder), verbosity=0)
    vicuna = str(real_data.folder("vicuna"))
    call_command("import_data", "vicuna", vicuna, verbosity=0)
    _take_benchmarks(real_data.folder("benchmarks") / "alpaca_eval_benchmarks.csv")

    results = made()

    known = {each["key"]: each for each in results["yardsticks"]}
    assert {"people", "judge:gpt-4-llmfao", "judge:gpt-3-llmfao"} < known.keys()
    assert sum(key.startswith("benchmark:") for key in known) >= 5
    # The totals straight from the reviews' files, over 80 questions each.
    means = sorted(each[0] for each in known["points:gpt-4-vicuna"]["values"].values())
    vicuna_13b = (704 + 655.5 + 638 + 694) / 320
    totals = [total / 80 for total in (583, 664, 693, 513)]
    assert means == pytest.approx(sorted([*totals, vicuna_13b]))
    compared = 0
    for x, y in combinations(known, 2):
        found, a, b = pair(results, x, y), known[x]["values"], known[y]["values"]
        shared = sorted(a.keys() & b.keys())
        assert found["models"] == len(shared)
        if found["outcome"] == "compared":
            compared += 1
            own, other = ([v[m][0] for m in shared] for v in (a, b))
            for kind, expected in (
                ("spearman", stats.spearmanr(own, other).statistic),
                ("kendall", stats.kendalltau(own, other).statistic),
            ):
                assert found[kind][0] == pytest.approx(expected)
    assert compared >= 10
    beside = [
        pair(results, "people", key)["spearman"][0]
        for key in known
        if key.startswith(("judge:", "benchmark:", "points:"))
        and pair(results, "people", key)["spearman"]
    ]
    assert results["people"]["spearman"] == pytest.approx(median(beside))
    gpt4 = pair(results, "people", "judge:gpt-4-llmfao")
    assert gpt4["models"] == 59
    assert gpt4["spearman"][1] > 0.5
    value, wins = known["judge:gpt-4-llmfao"]["values"], _own_ratings(folder)
    order = [
        [rates[m] for m in sorted(wins)]
        for rates in ({m: v[0] for m, v in value.items()}, wins)
    ]
    assert stats.spearmanr(*order).statistic > 0.999


def _take_benchmarks(path: Any) -> None:
    """Scores of those that are surely the same, as an admin would have confirmed."""
    known = {contestant.name: contestant for contestant in Contestant.objects.all()}
    with path.open(newline="") as file:
        _, *rows = csv.reader(file)
    own = [(known[SAME[row[0]]], row) for row in rows if row[0] in SAME]
    for column in range(1, max(map(len, rows))):
        scores = {c: float(r[column]) for c, r in own if len(r) > column and r[column]}
        report_scores(make_benchmark(f"Column {column}"), scores)


def _own_ratings(folder: Any) -> dict[str, float]:
    """Strengths of GPT-4's verdicts by Zermelo's iteration, a tie being half a win."""
    slugs = dict(Contestant.objects.values_list("name", "slug"))
    points: dict[str, float] = {}
    met: dict[tuple[str, str], int] = {}
    with (folder / "gpt4-crowd-comparisons.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            left, right = slugs[row["left"]], slugs[row["right"]]
            share = {"left": 1.0, "right": 0.0, "tie": 0.5}[row["winner"]]
            points[left] = points.get(left, 0) + share
            points[right] = points.get(right, 0) + 1 - share
            for key in ((left, right), (right, left)):
                met[key] = met.get(key, 0) + 1
    strength = dict.fromkeys(points, 1.0)
    for _ in range(3000):
        spread = dict.fromkeys(points, 0.0)
        for (one, other), count in met.items():
            spread[one] += count / (strength[one] + strength[other])
        strength = {name: points[name] / spread[name] for name in points}
    return strength
