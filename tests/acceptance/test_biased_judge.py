"""A judge that prefers what it is shown first is asked by real workers, and found."""

from itertools import combinations, islice, product

import httpx2
import pytest

from evaluations import judging, runs
from evaluations.importers.starter import load_starter_pack
from evaluations.models import Battle, Contestant, Judge, JudgeTemplate, Run
from tests.factories import make_answer, make_battle, make_contestant, make_prompt
from tests.fakes.biased_judge import BiasedJudge
from tests.fakes.journal import Call
from tests.judging.making import make_judge
from tests.live import LiveArena, wait_until
from tests.runs.driving import make_paid
from tests.verdicts import study_of

ARENA_PROGRAMS = ("web", "beat", "work", "fetch")
ARENA_ENVIRON = {"ARENA_READY_BATTLES": "1"}
FIRST = 0.7
PLACES = 16


@pytest.fixture(autouse=True)
def nobody_else():
    yield
    Contestant.objects.update(state="retired")


@pytest.fixture
def template(arena: LiveArena) -> JudgeTemplate:
    """The one that comes with the arena."""
    load_starter_pack()
    # Nobody plays here but those whose answers are there.
    Contestant.objects.update(state="retired")
    return JudgeTemplate.objects.get(slug="pair")


@pytest.mark.parametrize("number", [40, pytest.param(300, marks=pytest.mark.slow)])
def test_a_liking_for_the_first_place_is_found(
    arena: LiveArena, template: JudgeTemplate, number: int
):
    battles = open_battles(number)
    with BiasedJudge(first=FIRST) as server:
        connection = make_paid(server, judge_only=True, concurrency=PLACES)
        judge = make_judge(connection)
        run = runs.open_judging(judge=judge, template=template, battle_limit=number)

        runs.start_run(run=run)
        wait_until(lambda: is_over(run), seconds=240)

        check_verdicts(server, judge, battles)
        check_bias(arena, judge)
        check_failures_alone_are_asked_again(server, judge, run)


def open_battles(number: int) -> list[Battle]:
    """Between six models, on texts that are the same each time."""
    named = [f"{number}-{letter}" for letter in "abcdef"]
    models = [
        make_contestant(slug=name, name=name, maker=name, state="retired")
        for name in named
    ]
    prompts = [make_prompt(f"Question {number}-{one}?") for one in range(20)]
    drawn = list(islice(product(prompts, combinations(models, 2)), number))
    for prompt, pair in drawn:
        for model in pair:
            make_answer(model, prompt, text=f"{model.slug} says: {prompt.turns[0]}")
    return [make_battle(x, y, prompt) for prompt, (x, y) in drawn]


def is_over(run: Run) -> bool:
    return Run.objects.get(pk=run.pk).state == Run.State.FINISHED


def check_verdicts(server: BiasedJudge, judge: Judge, battles: list[Battle]) -> None:
    """Every order once, paid once, kept as it was said."""
    said = judge.verdicts.values_list("battle", "left", "state", "verdict")
    kept = {(battle, left): tuple(became) for battle, left, *became in said}
    calls = calls_by_answers(server)
    assert set(kept) == {(battle.pk, left) for battle in battles for left in "xy"}
    assert len(calls) == len(server.asked) == 2 * len(battles)
    assert set(server.answered.values()) == {1}
    for battle, left in product(battles, "xy"):
        call = calls[shown(battle, left)]
        assert kept[battle.pk, left] == expected(server, call)
        assert call.payload["temperature"] == 0
    assert {state for state, _ in kept.values()} == {"read", "unreadable", "failed"}


def calls_by_answers(server: BiasedJudge) -> dict[tuple[str, str], Call]:
    """By the two answers that they show, the first one first."""
    calls = {}
    for call in server.calls:
        asked = call.payload["messages"][-1]["content"]
        a, b = (asked.split(f"answer {one} begins")[1] for one in "AB")
        calls[a.splitlines()[1], b.splitlines()[1]] = call
    return calls


def shown(battle: Battle, left: str) -> tuple[str, str]:
    turn = battle.turns.get()
    x, y = turn.answer_x.text, turn.answer_y.text
    return (x, y) if left == "x" else (y, x)


def expected(server: BiasedJudge, call: Call) -> tuple[str, str]:
    """What is to be kept of a call, by the server's side alone."""
    behaviour = server.said_to(call.digest)
    if behaviour.status != 200 or behaviour.truncate_after >= 0:
        return "failed", ""
    marks = [mark for mark in ("[[A]]", "[[B]]") if mark in behaviour.text]
    if len(marks) != 1 or not behaviour.text.endswith(marks[0]):
        return "unreadable", ""
    return "read", marks[0].strip("[]").lower()


def check_bias(arena: LiveArena, judge: Judge) -> None:
    """The study finds what the server was told to do, and the page shows it."""
    found = study_of(judge).results["position"]
    share, swapped = found["share"], found["swapped"]
    assert share["low"] < FIRST < share["high"]
    assert share["low"] > 0.5
    places = [one.place for one in judging.both_orders(judge.verdicts.all())]
    assert swapped["cases"] == len(places)
    for place, name in (("a", "first"), ("b", "second")):
        counted = swapped[name]["value"] * len(places)
        assert counted == pytest.approx(places.count(place))
    page = httpx2.get(f"{arena.url}/judges/{judge.slug}")
    assert page.status_code == 200
    assert f"{share['value']:.0%}"[:-1] in page.text.split('id="habits"')[1]


def check_failures_alone_are_asked_again(
    server: BiasedJudge, judge: Judge, run: Run
) -> None:
    failed, before = judge.verdicts.filter(state="failed"), server.answered
    number, server.healed = failed.count(), True

    runs.retry_failed(run=run)
    wait_until(lambda: is_over(run), seconds=60)

    assert not failed.exists()
    assert len(server.answered) == 2 * judge.verdicts.filter(left="x").count()
    assert server.answered.total() - before.total() == number
