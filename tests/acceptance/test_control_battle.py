"""One model against itself, from the queue to the published figure, in a real arena."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest

from evaluations.fetching import EQUAL_ANSWERS
from evaluations.models import Answer, Battle, Contestant, Leaderboard, Tally, Vote
from tests.acceptance.visiting import Person
from tests.factories import make_contestant, make_prompt
from tests.fakes.model_server import ModelServer
from tests.live import LiveArena, wait_until

ARENA_PROGRAMS = ("web", "beat", "work", "fetch")
# Every battle that is opened is a control.
ARENA_ENVIRON = {
    "ARENA_CONTROL_SHARE": "1",
    "ARENA_READY_BATTLES": "2",
    "ARENA_UNDO_SECONDS": "1",
}


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    with ModelServer() as server:
        server.behave("brook", varied=True)
        server.behave("stone", text="The same each time.")
        yield server


def make_model(server: ModelServer, name: str) -> Contestant:
    return make_contestant(
        name=name.title(),
        provider="openai",
        base_url=f"{server.url}/v1",
        api_model=name,
        requests_per_minute=10_000,
    )


def controls_of(contestant: Contestant) -> Iterator[Battle]:
    controls = Battle.objects.same_model()
    return controls.filter(contestant_x=contestant, state="ready").iterator()


def test_a_model_meets_itself_and_is_told_after_the_vote(
    arena: LiveArena, server: ModelServer
):
    Contestant.objects.update(state="paused")
    for _ in range(3):
        make_prompt()
    brook = make_model(server, "brook")
    arena.send_task("evaluations.fill_queue")
    wait_until(lambda: next(controls_of(brook), None))

    with Person(arena.url) as judge:
        place = judge.get("/judge").headers["Location"]
        page = judge.get(place)
        battle = UUID(place.rpartition("/")[2])
        assert "Answer A" in page.text
        assert "Brook" not in page.text
        told = vote(judge, battle).json()
        assert (told["check"], told["a"]["name"]) == ("same_model", "Brook")
        assert told["a"] == told["b"]

        wait_until(lambda: Vote.objects.get().state == Vote.State.COUNTED)
        arena.send_task("evaluations.publish_leaderboard")
        floor = judge.get("/api/v1/noise-floor").json()

    assert floor["same_model_left"]["cases"] == 1
    texts = Answer.objects.filter(contestant=brook).values_list("text", flat=True)
    assert len(set(texts)) == len(texts) >= 2
    assert not Tally.objects.exists()
    assert not Leaderboard.objects.exists()


def vote(judge: Person, battle: UUID):
    fields = {
        "verdict": "a",
        "left": judge.left(battle),
        "idempotency_key": str(uuid4()),
    }
    return judge.post(f"/judge/{battle}/vote", fields, json=True)


def test_a_model_that_always_says_the_same_is_not_shown_against_itself(
    arena: LiveArena, server: ModelServer
):
    Contestant.objects.update(state="paused")
    make_prompt()
    stone = make_model(server, "stone")
    arena.send_task("evaluations.fill_queue")

    wait_until(lambda: next(controls_of(stone), None))

    controls = list(controls_of(stone))
    assert {control.withdrawn_reason for control in controls} == {EQUAL_ANSWERS}
    with Person(arena.url) as judge:
        for control in controls:
            assert judge.get(f"/judge/{control.public_id}").status_code == 410
