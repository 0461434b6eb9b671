"""What puts models in an order, read from the rows."""

from collections.abc import Sequence
from math import sqrt
from statistics import fmean, stdev

import pytest
from django.utils import timezone
from scipy import stats

from evaluations.models import (
    Answer,
    Benchmark,
    Contestant,
    JudgeVerdict,
    PromptSet,
    Run,
    Study,
)
from evaluations.models.prompts import digest_of
from evaluations.studies.yardsticks import Measure, Yardstick, yardsticks
from tests.crowds import make_models
from tests.factories import make_answer, make_battle, make_contestant, make_prompt
from tests.judging.making import make_template
from tests.views.tables import publish_table, rate
from tests.yardsticks import (
    give,
    give_score,
    judge_prefers,
    make_benchmark,
    make_judge,
    publish_order,
    report_score,
    study_judges,
)

pytestmark = pytest.mark.django_db


def found() -> dict[str, Yardstick]:
    return {each.key: each for each in yardsticks()}


def only(key: str) -> dict[str, Measure]:
    return found()[key].measures


def test_before_the_first_row_there_is_none() -> None:
    assert yardsticks() == []


def test_people_are_the_newest_table_plain_and_corrected() -> None:
    models = make_models(3)
    publish_order(models[::-1])
    publish_order(models)
    publish_order(models[:2], adjustment="style")
    publish_order(models, slice="category:coding")

    assert set(found()) == {"people", "people:style"}
    assert only("people")["m0"] == Measure(1200, 1180, 1220)
    assert list(only("people:style")) == ["m0", "m1"]


def test_of_groups_that_nothing_connects_that_with_most_votes_counts() -> None:
    models, table = make_models(4), publish_table()
    for number, contestant in enumerate(models):
        rate(table, 1000, contestant=contestant, group=2 if number else 1, wins=900)

    assert set(only("people")) == {"m1", "m2", "m3"}


def test_each_question_set_has_its_table() -> None:
    models = make_models(2)
    PromptSet.objects.create(slug="koala", title="Koala", licence="MIT", source="t")
    publish_order(models, slice="set:koala")
    publish_order(models, slice="set:koala", adjustment="style")

    each = found()["set:koala"]

    assert (each.kind, each.name) == ("set", "People on Koala")
    assert len(yardsticks()) == 1


def test_drafts_and_judges_are_in_no_yardstick() -> None:
    models = make_models(4)
    publish_order(models)
    judge_prefers(make_judge(), models, times=1)
    study_judges()
    Contestant.objects.filter(slug="m1").update(state="draft")
    Contestant.objects.filter(slug="m2").update(judge_only=True)

    assert set(only("people")) == {"m0", "m3"}
    assert set(only("judge:gpt-4")) == {"m0", "m3"}


def test_a_judge_has_the_table_that_its_study_found() -> None:
    judge, models = make_judge(maker="Far"), make_models(4)
    Contestant.objects.filter(pk=models[2].pk).update(maker="far")
    judge_prefers(judge, models, times=1)
    study_judges()
    study = Study.objects.newest_of("judge:gpt-4")
    assert study is not None

    each = found()["judge:gpt-4"]

    assert (each.kind, each.name, each.own) == ("judge", "Gpt 4", ["m2"])
    assert list(each.measures) == ["m0", "m1", "m2", "m3"]
    for line in study.results["table"]:
        measure, reach = each.measures[line["slug"]], line["reach"]
        assert (measure.value, measure.low, measure.high) == pytest.approx(
            (line["rating"], line["rating"] - reach, line["rating"] + reach)
        )


def test_a_judge_without_a_study_is_no_yardstick_yet() -> None:
    judge_prefers(make_judge(), make_models(2), times=1)

    assert found() == {}


def test_what_was_not_read_or_was_withdrawn_is_no_verdict() -> None:
    judge, models = make_judge(), make_models(2)
    withdrawn = make_battle(
        *models, withdrawn_at=timezone.now(), withdrawn_reason="wrong"
    )
    give(judge, withdrawn, "a", points=(9, 1))
    JudgeVerdict.objects.create(
        judge=judge, battle=make_battle(*models), left="x", state="unreadable"
    )

    assert found() == {}


def test_points_belong_to_the_one_who_was_shown_there() -> None:
    judge, (x, y) = make_judge(), make_models(2)
    give(judge, make_battle(x, y), "a", left="x", points=(9, 5))
    give(judge, make_battle(x, y), "a", left="y", points=(8, 6))

    each = found()["points:gpt-4"]

    assert each.measures == {"m0": Measure(7.5), "m1": Measure(6.5)}
    assert each.name == "Gpt 4, points"


def student(means: Sequence[float]) -> tuple[float, float, float]:
    """Mean and interval of independent values, with no part of the house."""
    value = fmean(means)
    half = stats.t.ppf(0.975, len(means) - 1) * stdev(means) / sqrt(len(means))
    return value, value - half, value + half


def test_reviews_of_one_answer_are_no_more_than_one_question() -> None:
    """Both orders are one battle, and all battles on a prompt are one question."""
    judge, (x, y, z) = make_judge(), make_models(3)
    means = []
    for number in range(6):
        prompt = make_prompt()
        both, once = make_battle(x, y, prompt), make_battle(x, z, prompt)
        give(judge, both, "a", left="x", points=(number, 1))
        give(judge, both, "a", left="y", points=(1, number + 2))
        give(judge, once, "a", left="x", points=(9 - number % 2, 1))
        means.append(((number + number + 2) / 2 + 9 - number % 2) / 2)

    measure = only("points:gpt-4")["m0"]

    assert (measure.value, measure.low, measure.high) == pytest.approx(student(means))


def test_scores_are_means_over_questions_with_what_chance_leaves() -> None:
    """Two turns, two replicates and two templates are still one question."""
    judge, (x, y) = make_judge(), make_models(2)
    means, template = [], make_template("score")
    for score in (4, 6, 8, 3, 9):
        prompt = make_prompt()
        for replicate, more in ((0, 0), (1, 1)):
            give_score(judge, make_answer(x, prompt, replicate=replicate), score + more)
        said = {"role": "assistant", "content": f"{score}"}
        asked = [*prompt.first_messages(), said, {"role": "user", "content": "And?"}]
        later = Answer.objects.create(
            contestant=x, messages=asked, messages_digest=digest_of(asked)
        )
        give_score(judge, later, 10)
        give_score(judge, later, 5, template=template)
        means.append((score + score + 1 + 7.5) / 3)
    give_score(judge, make_answer(y, make_prompt()), 7)

    measures = only("scores:gpt-4")

    assert measures["m1"] == Measure(7)
    of_x = measures["m0"]
    assert (of_x.value, of_x.low, of_x.high) == pytest.approx(student(means))


def test_a_benchmark_has_confirmed_scores_the_newest_of_each_model() -> None:
    benchmark, (x, y) = make_benchmark("MMLU"), make_models(2)
    report_score(benchmark, x, 50, measured_on="2031-01-01")
    report_score(benchmark, x, 40, measured_on="2030-01-01", source="other")
    report_score(benchmark, None, 99, confirmed_at=None)
    report_score(benchmark, make_contestant(state="draft"), 99)
    report_score(benchmark, y, 30)

    values = {name: m.value for name, m in only("benchmark:mmlu").items()}

    assert values == {"m0": 50, "m1": 30}


def test_what_is_no_measure_of_worth_is_not_compared() -> None:
    length, model = make_benchmark("Length", is_yardstick=False), make_models(1)[0]
    report_score(length, model, 900)

    assert "benchmark:length" not in found()


def test_two_scores_of_one_benchmark_are_told_apart_by_metric() -> None:
    model = make_models(1)[0]
    for slug, metric in (("wins", "win rate, %"), ("points", "points")):
        one = make_benchmark(slug, metric=metric)
        Benchmark.objects.filter(pk=one.pk).update(name="Hedge", version="2")
        report_score(one, model, 9)

    named = {found()[f"benchmark:{slug}"].name for slug in ("wins", "points")}

    assert named == {"Hedge 2, win rate, %", "Hedge 2, points"}


def test_what_was_measured_here_has_wilson_s_interval_in_its_own_unit() -> None:
    benchmark, model = make_benchmark(), make_models(1)[0]
    run = Run.objects.create(kind="benchmark", benchmark=benchmark)
    report_score(benchmark, model, 99)
    counted = {"items": 20, "correct": 10, "origin": "run", "run": run}
    report_score(benchmark, model, 50, **counted)

    measure = only("benchmark:mmlu")["m0"]

    assert measure.value == 50
    assert (measure.low, measure.high) == pytest.approx((29.93, 70.07), abs=0.01)


def test_the_less_the_better_is_turned_around() -> None:
    benchmark, (x, y) = make_benchmark(higher_is_better=False), make_models(2)
    report_score(benchmark, x, 3)
    report_score(benchmark, y, 2.0000000001)

    each = found()["benchmark:mmlu"]

    assert each.turned
    assert each.order == {"m0": -3, "m1": -2}
