"""Row 26 of the acceptance table: a killed worker loses no answer, asks none thrice."""

import pytest

from tests.acceptance.fetches import (
    kill_in_mid_fetch,
    order,
    times_asked,
    unfinished,
)
from tests.fakes.behaviour import Behaviour
from tests.fakes.model_server import ModelServer
from tests.live import LiveArena, wait_until

# The leases and all else are as they come; only this has to hold fifty calls at once.
ARENA_PROGRAMS = ("web", "beat", "work", "fetch")
ARENA_ENVIRON = {"ARENA_FETCH_SLOTS": "64"}
STEADY = Behaviour(tokens=40, rate=10)


def test_fifty_fetches_survive_the_death_of_their_worker(arena: LiveArena):
    with ModelServer(default=STEADY) as server:
        contestant = order(arena, server, 50)
        kill_in_mid_fetch(arena, server, 40)

        wait_until(lambda: not unfinished(contestant), seconds=60)

        assert contestant.answers.filter(state="ready").count() == 50
        asked = times_asked(server)
        assert len(asked) == 50
        assert 40 <= sum(asked.values()) - 50 <= 50
        assert max(asked.values()) == 2
        assert server.overlapping() == []


@pytest.mark.slow
@pytest.mark.parametrize("flush", [False, True])
@pytest.mark.parametrize("run", range(3))
def test_fifty_fetches_survive_it_again_and_again(
    arena: LiveArena, flush: bool, run: int
):
    with ModelServer(default=STEADY) as server:
        contestant = order(arena, server, 50)
        kill_in_mid_fetch(arena, server, 25, flush=flush)

        wait_until(lambda: not unfinished(contestant), seconds=60)

        assert max(times_asked(server).values()) == 2
        assert server.overlapping() == []
