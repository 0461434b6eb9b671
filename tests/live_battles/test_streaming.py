"""Live battles over real processes: answered, asked further, stopped and deleted."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from django.core import serializers

from evaluations import live
from evaluations.live.announcing import asked_key
from evaluations.live.erasing import delete
from evaluations.live.turning import calls_under_way
from evaluations.markdown import render_safely
from evaluations.models import Answer, Battle, LiveBattle, LiveTurn, Prompt, Vote
from evaluations.volunteers import Visitor
from tests.factories import make_visitor, vote_for
from tests.fakes.behaviour import Behaviour
from tests.fakes.model_server import ModelServer
from tests.live import LiveArena, wait_until
from tests.live_battles.faulty import play, players
from tests.live_battles.reading import Page, strays
from tests.live_battles.steps import answers, live_turn, state_of

ARENA_PROGRAMS = ("web", "live")
ARENA_ENVIRON = {"ARENA_LIVE_START_MS": "300", "ARENA_LIVE_LEASE_SECONDS": "4"}
LONG = Behaviour(tokens=600, rate=60)
CANARY = "canary-52bc"

pytestmark = pytest.mark.usefixtures("same_redis")


@pytest.fixture
def server(arena: LiveArena) -> Iterator[ModelServer]:
    with ModelServer(default=LONG) as running:
        play(players(running, "long", 2))
        yield running


@pytest.fixture
def asker(arena: LiveArena) -> Visitor:
    return make_visitor()


def ask(asker: Visitor) -> Battle:
    return live.open_battle(visitor=asker, text="Why is it so?", publish=False)


def stop(asker: Visitor, battle: Battle) -> None:
    live.stop(visitor=asker, battle_id=battle.public_id)


def wait_for(asker: Visitor, battle: Battle, state: str, seconds: float = 20) -> None:
    wait_until(lambda: state_of(asker, battle.public_id) == state, seconds=seconds)


def shows(page: Page, signs: int = 60) -> bool:
    return all(len(place.html) > signs for place in page.places.values())


def test_a_question_is_answered_further_asked_and_judged(
    arena: LiveArena, server: ModelServer, asker: Visitor
):
    server.behave(tokens=30, rate=60)
    battle = ask(asker)
    with Page(arena.url, asker, battle.public_id) as page:
        wait_until(lambda: page.state == "ready")
        first = {side: place.html for side, place in page.places.items()}
        assert strays({battle: page}) == []
        live.say(visitor=asker, battle_id=battle.public_id, text="And then?")
        wait_until(lambda: page.state == "writing")
        wait_until(lambda: page.state == "ready")

    assert {place.html for place in page.places.values()} == {
        answer.html for answer in answers(battle)
    }
    assert first["a"] != first["b"]
    asked = [call.payload["messages"] for call in server.calls[-2:]]
    roles = ["user", "assistant", "user"]
    assert [[m["role"] for m in messages] for messages in asked] == [roles, roles]
    # Each has seen its own answer alone.
    assert asked[0][1] != asked[1][1]
    vote = vote_for(Battle.objects.get(pk=battle.pk), visitor=asker)
    assert vote.state == Vote.State.PENDING
    assert LiveBattle.objects.get(pk=battle.pk).end == LiveBattle.End.VOTED


def test_both_are_cut_at_what_was_shown_and_can_be_judged(
    arena: LiveArena, server: ModelServer, asker: Visitor
):
    battle = ask(asker)
    with Page(arena.url, asker, battle.public_id) as page:
        wait_until(lambda: shows(page))
        stop(asker, battle)
        wait_until(lambda: page.state == "ready", seconds=5)

    sent = {call.model: call.text for call in server.calls}
    stored = answers(battle)
    for answer in stored:
        assert sent[answer.contestant.api_model].startswith(answer.text)
        assert (answer.finish_reason, answer.state) == ("stopped", "ready")
        assert answer.html == render_safely(answer.text).html
    assert {place.html for place in page.places.values()} == {a.html for a in stored}
    x, y = (len(answer.text) for answer in stored)
    assert abs(x - y) <= 8
    server.wait_until_idle()
    assert {call.outcome for call in server.calls} == {"client_left"}
    assert calls_under_way() == 0
    vote_for(battle, visitor=asker)


def test_before_anything_was_shown_a_stop_closes_the_battle(
    arena: LiveArena, server: ModelServer, asker: Visitor
):
    server.behave(first_token_seconds=60)
    battle = ask(asker)
    wait_until(lambda: len(server.calls) == 2)

    stop(asker, battle)

    wait_for(asker, battle, "closed")
    server.wait_until_idle()
    wait_until(lambda: calls_under_way() == 0, seconds=8)
    assert LiveBattle.objects.get(battle=battle).end == LiveBattle.End.LEFT


def test_a_stop_whose_word_is_lost_is_found_in_the_database(
    arena: LiveArena, server: ModelServer, asker: Visitor, settings: Any
):
    battle = ask(asker)
    with Page(arena.url, asker, battle.public_id) as page:
        wait_until(lambda: shows(page))
        # Nobody listens at this address.
        settings.REDIS_URL = "redis://127.0.0.1:9/0"
        stop(asker, battle)

        wait_until(lambda: page.state == "ready", seconds=8)

    assert {a.finish_reason for a in answers(battle)} == {"stopped"}


def test_a_stop_that_comes_too_late_does_not_stop_the_next_turn(
    arena: LiveArena, server: ModelServer, asker: Visitor
):
    server.behave(tokens=10)
    battle = ask(asker)
    wait_for(asker, battle, "ready")
    stop(asker, battle)
    with redis.Redis.from_url(arena.valkey.url()) as client:
        assert client.scard(asked_key(battle.public_id)) == 1

    live.say(visitor=asker, battle_id=battle.public_id, text="And then?")

    wait_for(asker, battle, "ready")
    assert {a.finish_reason for a in answers(battle)} == {"stop"}
    assert battle.turns.count() == 2


def test_a_stop_while_one_has_failed_leaves_the_retry(
    arena: LiveArena, server: ModelServer, asker: Visitor
):
    first, second = players(server, "half", 2)
    play([first, second])
    server.behave(first.api_model, tokens=600, rate=60, disconnect_after=40)
    server.behave(second.api_model, tokens=600, rate=60)
    battle = ask(asker)
    with Page(arena.url, asker, battle.public_id) as page:
        wait_until(lambda: failed(battle, first) and shows(page))
        stop(asker, battle)
        wait_until(lambda: page.state == "failed", seconds=8)

    assert Battle.objects.get(pk=battle.pk).state == Battle.State.WAITING
    assert live_turn(battle).stop_asked_at is None
    server.behave(first.api_model, tokens=20)
    live.retry(visitor=asker, battle_id=battle.public_id)
    wait_for(asker, battle, "ready")
    reasons = {a.contestant_id: a.finish_reason for a in answers(battle)}
    assert reasons == {first.pk: "stop", second.pk: "stopped"}


def failed(battle: Battle, contestant: Any) -> bool:
    return any(
        answer.contestant_id == contestant.pk and answer.state == Answer.State.FAILED
        for answer in answers(battle)
    )


def test_a_battle_that_is_left_asks_for_nothing_more(
    arena: LiveArena, server: ModelServer, asker: Visitor
):
    battle = ask(asker)
    with Page(arena.url, asker, battle.public_id) as page:
        wait_until(lambda: shows(page))
        live.leave(visitor=asker, battle_id=battle.public_id)
        wait_until(lambda: page.state == "closed", seconds=8)
        time.sleep(0.5)

    server.wait_until_idle()
    wait_until(lambda: calls_under_way() == 0, seconds=8)
    assert page.state == "closed"


def test_a_battle_deleted_in_mid_stream_leaves_no_word(
    arena: LiveArena, server: ModelServer, asker: Visitor
):
    battle = live.open_battle(visitor=asker, text=CANARY, publish=True)
    with Page(arena.url, asker, battle.public_id) as page:
        wait_until(lambda: live_turn(battle).html_x)

        delete(visitor=asker, battle_id=battle.public_id)

        wait_until(lambda: page.state == "closed", seconds=10)
        server.wait_until_idle()
        shown = [len(place.seen) for place in page.places.values()]
        # Longer than a saving, and than the lease that was taken away.
        time.sleep(5)
        # What was on its way when the battle was deleted may still have come.
        for place, before in zip(page.places.values(), shown, strict=True):
            assert len(place.seen) <= before + 1

    assert CANARY not in kept()
    assert [(a.text, a.html, a.state) for a in answers(battle)] == [
        ("", "", "ready")
    ] * 2
    turn = live_turn(battle)
    assert (turn.html_x, turn.html_y) == ("", "")


def kept() -> str:
    """Of all live battles, what stands in the tables."""
    rows = [*Prompt.objects.all(), *Answer.objects.all(), *LiveTurn.objects.all()]
    return json.dumps(serializers.serialize("json", rows))
