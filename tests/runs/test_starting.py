"""Between the plan and the start what a run asks about may change, and others act."""

import pytest

from evaluations import runs
from evaluations.models import BenchmarkItem, Prompt, PromptSet, Run
from evaluations.runs import RunRefused
from tests.benchmarks.making import make_test_set
from tests.factories import make_battle, make_contestant, make_prompt
from tests.judging.making import make_judge, make_template
from tests.races import while_held
from tests.runs.driving import make_run, take_to_its_end

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def planned() -> Run:
    """Over a set of two questions that anybody may still change."""
    make_prompt(set="loose", turns=["One?", "Two?"])
    make_prompt(set="loose", turns=["Three?"])
    return make_run(PromptSet.objects.get(), make_contestant())


def edit(run: Run) -> None:
    Prompt.objects.filter(turns=["One?", "Two?"]).update(turns=["One?"])


def asked(run: Run) -> list[tuple[str, int]]:
    return list(run.items.order_by("number").values_list("prompt__turns__0", "turn"))


def test_the_start_freezes_the_set_and_keeps_a_plan_that_fits(planned: Run):
    before = list(planned.items.values_list("pk", "number", "turn"))

    assert not runs.plan_run(run=planned)
    runs.start_run(run=planned)

    assert PromptSet.objects.get().frozen_at is not None
    assert (planned.state, planned.note) == (Run.State.RUNNING, "")
    assert list(planned.items.values_list("pk", "number", "turn")) == before


def test_a_set_that_was_edited_since_is_planned_anew(planned: Run):
    edit(planned)
    make_prompt(set="loose", turns=["Four?"])

    runs.start_run(run=planned)
    take_to_its_end(planned)

    assert asked(planned) == [("One?", 1), ("Three?", 1), ("Four?", 1)]
    assert planned.state == Run.State.FINISHED
    assert "planned anew" in planned.note


def test_an_edit_that_is_being_made_is_waited_for(planned: Run):
    while_held(lambda: edit(planned), lambda: runs.start_run(run=planned))

    assert asked(planned) == [("One?", 1), ("Three?", 1)]


def test_a_benchmark_that_grew_since_is_planned_anew():
    benchmark, contestant = make_test_set({"2 + 2?": "4"}), make_contestant()
    run = runs.open_benchmark(benchmark=benchmark, contestants=[contestant])
    BenchmarkItem.objects.create(
        benchmark=benchmark, number=2, question="2 + 3?", answers=["5"]
    )

    runs.start_run(run=run)

    assert run.items.count() == 2


def test_a_judge_is_asked_over_the_connection_it_has_at_the_start():
    judge, other = make_judge(), make_contestant(judge_only=True)
    battle, template = make_battle(), make_template()
    run = runs.open_judging(judge=judge, template=template)
    judge.contestant = other
    judge.save()

    runs.start_run(run=run)

    assert {(one.battle, one.contestant) for one in run.items.all()} == {
        (battle, other)
    }
    judge.contestant = None
    judge.save()
    with pytest.raises(RunRefused, match="has no connection"):
        runs.start_run(
            run=Run.objects.create(kind="judging", judge=judge, template=template)
        )


def test_a_run_that_has_nothing_left_to_ask_is_not_started(planned: Run):
    Prompt.objects.update(state="rejected")

    with pytest.raises(RunRefused, match="no approved question"):
        runs.start_run(run=planned)

    planned.refresh_from_db()
    assert planned.state == Run.State.PLANNED


def test_a_run_that_is_being_started_is_not_discarded(planned: Run):
    refused: list[str] = []

    def discard() -> None:
        try:
            runs.discard_run(run=planned)
        except RunRefused as why:
            refused.append(str(why))

    while_held(lambda: runs.start_run(run=planned), discard)

    assert refused == ["Only a run that has not begun can be discarded."]
    assert Run.objects.get().items.count() == 3


def test_a_run_that_was_discarded_is_not_started(planned: Run):
    runs.discard_run(run=Run.objects.get())

    with pytest.raises(RunRefused, match="can be started"):
        runs.start_run(run=planned)
