"""Row 26 of the acceptance table, with the broker emptied in the same moment."""

import time

from evaluations.models import Answer
from tests.acceptance.fetches import (
    kill_in_mid_fetch,
    order,
    times_asked,
    unfinished,
)
from tests.fakes.behaviour import Behaviour
from tests.fakes.model_server import ModelServer
from tests.live import LiveArena, wait_until

LEASE_SECONDS = 4
# Short leases, so that the test need not wait; the default is tested by itself.
ARENA_PROGRAMS = ("web", "beat", "work", "fetch")
ARENA_ENVIRON = {
    "ARENA_FETCH_SLOTS": "32",
    "ARENA_LEASE_SECONDS": str(LEASE_SECONDS),
    "ARENA_LEASE_RENEW_SECONDS": "1",
}
STEADY = Behaviour(tokens=30, rate=10)


def test_only_the_sweeper_brings_back_what_a_dead_worker_held(arena: LiveArena):
    arena.kill("beat")
    with ModelServer(default=STEADY) as server:
        contestant = order(arena, server, 20)
        kill_in_mid_fetch(arena, server, 15, flush=True)

        # Without the beat nobody sweeps: leases run out and nothing happens.
        time.sleep(LEASE_SECONDS + 3)
        assert unfinished(contestant) >= 15
        assert Answer.objects.stale().count() >= 15

        arena.start("beat")
        wait_until(lambda: not unfinished(contestant), seconds=60)

        assert contestant.answers.filter(state="ready").count() == 20
        assert max(times_asked(server).values()) == 2
        assert server.overlapping() == []
