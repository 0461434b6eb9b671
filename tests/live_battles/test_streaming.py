"""Live battles over real processes: two servers stream, a page reads the frames."""

from typing import Any
from uuid import UUID

import pytest

from evaluations import live
from evaluations.models import Answer, Battle, Contestant, LiveBattle, Vote
from tests.factories import make_contestant, make_visitor, vote_for
from tests.fakes.behaviour import Behaviour
from tests.fakes.model_server import ModelServer
from tests.live import LiveArena
from tests.live_battles.watching import Watcher

ARENA_ENVIRON = {"ARENA_LIVE_START_MS": "300", "ARENA_LIVE_TOKENS_PER_SECOND": "60"}
STEADY = Behaviour(tokens=60, rate=40)


@pytest.fixture(autouse=True)
def same_redis(arena: LiveArena, settings: Any) -> None:
    """What is asked for in this process is heard in the arena's."""
    settings.REDIS_URL = arena.valkey.url()


def two_models(server: ModelServer, *names: str) -> list[Contestant]:
    Contestant.objects.update(state=Contestant.State.RETIRED)
    return [
        make_contestant(
            provider="openai",
            base_url=server.url,
            api_model=name,
            concurrency=50,
            requests_per_minute=6000,
        )
        for name in names or ("fake-small", "fake-large")
    ]


def answers_of(battle_id: UUID) -> list[Answer]:
    battle = Battle.objects.get(public_id=battle_id)
    turn = battle.turns.select_related("answer_x", "answer_y").last()
    assert turn is not None
    return [turn.answer_x, turn.answer_y]


def test_a_question_is_answered_further_asked_and_judged(arena: LiveArena):
    visitor = make_visitor()
    with ModelServer(default=STEADY) as server:
        two_models(server)
        battle = live.open_battle(visitor=visitor, text="Why is it so?", publish=False)
        with Watcher(arena.url, visitor, battle.public_id) as page:
            page.wait_for("ready")
            first = {side: shown.html for side, shown in page.sides.items()}
            live.say(visitor=visitor, battle_id=battle.public_id, text="And then?")
            page.wait_for("writing")
            page.wait_for("ready")

        assert page.doubled == 0
        html = {answer.html for answer in answers_of(battle.public_id)}
        assert {shown.html for shown in page.sides.values()} == html
        assert first["a"] != first["b"]
        last = [call.payload["messages"] for call in server.calls[-2:]]
        assert [[m["role"] for m in messages] for messages in last] == [
            ["user", "assistant", "user"]
        ] * 2
        assert last[0][1] != last[1][1]

    vote = vote_for(Battle.objects.get(pk=battle.pk), visitor=visitor)
    assert vote.state == Vote.State.PENDING
    assert LiveBattle.objects.get(pk=battle.pk).end == LiveBattle.End.VOTED
