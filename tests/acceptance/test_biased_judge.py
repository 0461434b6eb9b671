"""A judge that likes the first place, asked by real workers over a real connection."""

import random
import re
from collections import Counter

import pytest

from evaluations import judging, runs
from evaluations.models import Battle, Contestant, JudgeVerdict, Run
from evaluations.studies.judges import figures
from tests.factories import make_battle, make_contestant, make_prompt
from tests.fakes.model_server import ModelServer
from tests.judging.making import make_judge, make_template
from tests.live import LiveArena, wait_until
from tests.runs.driving import make_paid

ARENA_PROGRAMS = ("web", "beat", "work", "fetch")
ARENA_ENVIRON = {"ARENA_READY_BATTLES": "1"}
BIAS, UNREADABLE, REFUSED = 0.70, 0.03, 0.02
CODE = re.compile(r"begins \((\w+)\)")


@pytest.fixture(autouse=True)
def nobody_else():
    yield
    Contestant.objects.update(state="retired")


@pytest.mark.parametrize("battles", [40, pytest.param(300, marks=pytest.mark.slow)])
def test_a_judges_liking_for_the_first_place_is_found(arena: LiveArena, battles: int):
    players = [make_contestant(state="retired") for _ in range(6)]
    prompts = [make_prompt() for _ in range(battles)]
    pairs = [make_battle(*random.sample(players, 2), prompt) for prompt in prompts]
    with ModelServer() as server:
        connection = make_paid(server, judge_only=True, concurrency=8)
        judge, template = make_judge(connection), make_template()
        run = runs.open_judging(judge=judge, template=template, battle_limit=battles)
        expected = teach(server, run)

        runs.start_run(run=run)
        wait_until(lambda: over(run), seconds=240, pause=0.5)

        done = [call.digest for call in server.calls if call.outcome == "finished"]
    assert len(done) == len(set(done))
    verdicts = JudgeVerdict.objects.filter(judge=judge)
    assert verdicts.count() == 2 * battles == 2 * len(pairs)
    assert Counter(verdicts.values_list("state", flat=True)) == Counter(
        kind for kind, _ in expected.values()
    )
    said = {(v.battle_id, v.left): v.verdict for v in verdicts}
    assert said == {order: verdict for order, (_, verdict) in expected.items()}

    found = figures(f"judge:{judge.slug}")["position"]["share"]
    assert found["low"] <= BIAS <= found["high"]
    assert found["low"] > 0.5


def over(run: Run) -> bool:
    return Run.objects.get(pk=run.pk).state == Run.State.FINISHED


Order = tuple[int, str]


def teach(server: ModelServer, run: Run) -> dict[Order, tuple[str, str]]:
    """Tell the server what to say of each battle in each order; return the same.

    Seven in ten of its verdicts are for the first, some cannot be read, and some
    calls it refuses whatever is done.
    """
    chance = random.Random(11)
    expected: dict[Order, tuple[str, str]] = {}
    for item in run.items.with_what_is_asked():
        assert isinstance(item.battle, Battle)
        content = judging.JUDGING.messages(item)[-1]["content"]
        (code,) = set(CODE.findall(content))
        drawn = chance.random()
        verdict = "a" if chance.random() < BIAS else "b"
        order = item.battle.pk, item.left
        if drawn < UNREADABLE:
            server.behave(
                "fake-small", when=code, text=f"Either [[A]] or [[{verdict}]]"
            )
            expected[order] = "unreadable", ""
        elif drawn < UNREADABLE + REFUSED:
            server.behave("fake-small", when=code, status=400)
            expected[order] = "failed", ""
        else:
            said = f"It is better.\n[[{verdict.upper()}]]"
            server.behave("fake-small", when=code, text=said)
            expected[order] = "read", verdict
    return expected
