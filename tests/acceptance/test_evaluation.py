"""A question set, evaluated by real workers: to the end, and through their death."""

from collections import Counter

import pytest

from evaluations import runs
from evaluations.models import Contestant, Run
from tests.acceptance.fetches import streaming, times_asked
from tests.factories import make_contestant
from tests.fakes.model_server import ModelServer
from tests.live import LiveArena, wait_until
from tests.runs.driving import make_paid, make_questions, make_set, start

ARENA_PROGRAMS = ("web", "beat", "work", "fetch")
ARENA_ENVIRON = {
    "ARENA_READY_BATTLES": "1",
    "ARENA_LEASE_SECONDS": "4",
    "ARENA_LEASE_RENEW_SECONDS": "1",
}
PLACES = 4


@pytest.fixture(autouse=True)
def nobody_else():
    yield
    Contestant.objects.update(state="retired")


def test_house_programs_answer_every_turn_of_a_set(arena: LiveArena):
    make_set(["What is 2 + 2?", "And 3 + 3?"], ["Who was Ada Lovelace?"], slug="small")
    names = ("reckoner", "librarian", "terse")
    asked = [make_contestant(slug=name, api_model=name) for name in names]

    told = arena.manage("evaluate", "small", "--contestants", ",".join(names), "--yes")

    assert "9 done, 0 failed, 0 left" in told
    assert "No worker is up" not in told
    for contestant in asked:
        turns = contestant.answers.ready().order_by("queued_at")
        (second,) = (a for a in turns if len(a.messages) == 3)
        first = turns.get(messages=second.messages[:1])
        assert second.messages[1] == {"role": "assistant", "content": first.text}


def test_a_run_outlives_its_workers_and_pays_nothing_twice(arena: LiveArena):
    with ModelServer() as server:
        server.behave("fake-small", when="late", held=True)
        early = make_questions(10, slug="deadly")
        early.frozen_at = None
        early.save()
        late = make_set(*([f"Number {one}, late?"] for one in range(10)), slug="deadly")
        contestant = make_paid(server, concurrency=PLACES, judge_only=True)
        run = start(late, contestant, spend_limit=1)
        wait_until(lambda: runs.progress_of(run).done == 10)
        wait_until(lambda: len(held(server)) == PLACES)

        arena.kill("work")
        arena.kill("fetch")
        server.behave("fake-small", when="late")
        arena.start("work")
        arena.start("fetch")
        wait_until(lambda: Run.objects.get(pk=run.pk).state == Run.State.FINISHED)

        assert runs.progress_of(run).done == 20
        finished = Counter(c.digest for c in server.calls if c.outcome == "finished")
        assert len(finished) == 20
        assert set(finished.values()) == {1}
        # What was cut off before its first word is asked once more, and nothing else.
        assert sum(times_asked(server).values()) == 20 + PLACES
        assert not streaming(server.calls)


def held(server: ModelServer) -> list[object]:
    return [call for call in server.calls if call.ended_at is None]
