"""A battle is deleted while a real worker streams it: nothing is written back."""

import json
import time
from typing import Any

import pytest
from django.core import serializers

from evaluations import live
from evaluations.live.erasing import delete
from evaluations.models import Answer, LiveTurn, Prompt
from tests.factories import make_visitor
from tests.fakes.behaviour import Behaviour
from tests.fakes.model_server import ModelServer
from tests.live import LiveArena, wait_until
from tests.live_battles.test_streaming import two_models
from tests.live_battles.watching import Watcher

ARENA_ENVIRON = {"ARENA_LIVE_START_MS": "300", "ARENA_LIVE_LEASE_SECONDS": "4"}
CANARY = "canary-52bc"


@pytest.fixture(autouse=True)
def same_redis(arena: LiveArena, settings: Any) -> None:
    """What is asked for in this process is heard in the arena's."""
    settings.REDIS_URL = arena.valkey.url()


def kept() -> str:
    """Of all live battles, what stands in the tables."""
    rows = [*Prompt.objects.all(), *Answer.objects.all(), *LiveTurn.objects.all()]
    return json.dumps(serializers.serialize("json", rows))


def test_a_battle_deleted_in_mid_stream_leaves_no_word(arena: LiveArena) -> None:
    visitor = make_visitor()
    with ModelServer(default=Behaviour(tokens=400, rate=30)) as server:
        two_models(server)
        battle = live.open_battle(visitor=visitor, text=CANARY, publish=True)
        with Watcher(arena.url, visitor, battle.public_id) as page:
            wait_until(lambda: len(page.frames) > 12)
            wait_until(lambda: LiveTurn.objects.exclude(html_x="").exists())

            delete(visitor=visitor, battle_id=battle.public_id)

            page.wait_for("closed", seconds=10)
            wait_until(lambda: all(c.outcome != "open" for c in server.calls))
            shown = len(page.frames)
            # Longer than two savings, and than the lease that was taken away.
            time.sleep(5)
            assert len(page.frames) <= shown + 2

    assert CANARY not in kept()
    assert not Answer.objects.exclude(text="", html="").exists()
    assert not LiveTurn.objects.exclude(html_x="", html_y="").exists()
    assert {answer.state for answer in Answer.objects.all()} == {"ready"}
