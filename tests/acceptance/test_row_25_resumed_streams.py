"""Row 25 of the acceptance table: whatever is cut, pages get all the text."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress

import pytest
import redis
from django.utils import timezone

from evaluations import live
from evaluations.models import Battle, BattleTurn
from tests.factories import make_visitor
from tests.fakes.behaviour import Behaviour
from tests.fakes.model_server import ModelServer
from tests.live import LiveArena, wait_until
from tests.live_battles.faulty import play, players
from tests.live_battles.reading import (
    Page,
    Place,
    TrustingPlace,
    in_places,
    strays,
)

ARENA_PROGRAMS = ("web", "beat", "work", "live")
ARENA_ENVIRON = {
    "ARENA_LIVE_START_MS": "300",
    "ARENA_LIVE_SLOTS": "64",
}
# About eight seconds at the pace of all.
STEADY = Behaviour(tokens=240, rate=24)
CUTS_A_SECOND = 8

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("same_redis")]


@pytest.fixture
def server(arena: LiveArena) -> Iterator[ModelServer]:
    with ModelServer(default=STEADY) as running:
        play(players(running, "steady", 4))
        yield running


@contextmanager
def read(
    arena: LiveArena, number: int, place: type[Place] = Place
) -> Iterator[dict[Battle, Page]]:
    """Battles, and a page on each."""
    with ExitStack() as opened:
        pages = {}
        for _ in range(number):
            visitor, question = make_visitor(), f"Why is {random.random()} so?"
            battle = live.open_battle(visitor=visitor, text=question, publish=False)
            page = Page(arena.url, visitor, battle.public_id, place)
            pages[battle] = opened.enter_context(page)
        yield pages


@contextmanager
def cut_at_random(pages: list[Page]) -> Iterator[None]:
    over = threading.Event()

    def cut() -> None:
        while not over.wait(random.expovariate(CUTS_A_SECOND)):
            random.choice(pages).cut()

    thread = threading.Thread(target=cut)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def check(server: ModelServer, pages: dict[Battle, Page]) -> None:
    sent = {call.text for call in server.calls if call.outcome == "finished"}
    for battle, page in pages.items():
        for place, answer in in_places(battle, page):
            assert answer.text in sent
            assert answer.finish_reason == "stop"
            assert place.html == answer.html
    assert strays(pages) == []


def begin_again(arena: LiveArena, name: str) -> None:
    arena.kill(name)
    arena.start(name)


def flush(arena: LiveArena) -> None:
    with redis.Redis.from_url(arena.valkey.url()) as client:
        client.flushall()


def lose_valkey(arena: LiveArena) -> None:
    assert arena.valkey.process is not None
    arena.valkey.process.kill()
    arena.valkey.process.wait()
    time.sleep(1)
    arena.valkey.start()


def unfinished(pages: dict[Battle, Page]) -> list[tuple[str, str, bool]]:
    """Of the answers that keep a battle from being ready: state, error, leased or not.

    Under a lease a worker holds on to it; without one nobody has picked it up.
    """
    waiting = Battle.objects.filter(pk__in=[each.pk for each in pages])
    turns = BattleTurn.objects.filter(battle__in=waiting.exclude(state="ready"))
    sides = turns.select_related("answer_x", "answer_y")
    answers = [answer for turn in sides for answer in (turn.answer_x, turn.answer_y)]
    now = timezone.now()
    return [
        (one.state, one.error_kind, bool(one.lease_until and one.lease_until > now))
        for one in answers
    ]


def suffer(
    arena: LiveArena,
    server: ModelServer,
    number: int,
    *blows: Callable[[LiveArena], None],
) -> dict[Battle, Page]:
    with read(arena, number) as pages:
        wait_until(lambda: all(page.state == "writing" for page in pages.values()))
        with cut_at_random(list(pages.values())):
            for blow in blows:
                time.sleep(random.uniform(0.5, 2.5))
                blow(arena)
            with suppress(AssertionError):
                wait_until(lambda: not unfinished(pages), seconds=90)
            assert unfinished(pages) == []
        wait_until(
            lambda: all(page.state == "ready" for page in pages.values()), seconds=30
        )
    check(server, pages)
    return pages


def test_twenty_streams_survive_cuts_and_lost_processes(
    arena: LiveArena, server: ModelServer
):
    pages = suffer(
        arena,
        server,
        20,
        lambda arena: begin_again(arena, "web"),
        flush,
        lambda arena: begin_again(arena, "live"),
        lose_valkey,
    )

    # Pages were cut, and the worker was lost in mid-stream, or nothing is shown here.
    assert sum(page.connections for page in pages.values()) > 40
    assert 40 < len(server.calls) <= 80
    assert server.overlapping() == []
    for name in arena.processes:
        # Libraries say at length that Valkey is away; our own code takes it calmly.
        assert "/evaluations/" not in arena.log(name), arena.log(name)[-4000:]


def test_a_page_that_ignores_the_numbers_is_seen_to_differ(
    arena: LiveArena, server: ModelServer
):
    server.behave(tokens=200, rate=40)
    with read(arena, 4, TrustingPlace) as pages, cut_at_random([*pages.values()]):
        wait_until(
            lambda: all(page.state == "ready" for page in pages.values()), seconds=60
        )

    assert strays(pages)


@pytest.mark.parametrize("run", range(5))
def test_two_hundred_streams_survive_it(
    arena: LiveArena, server: ModelServer, run: int
):
    blows = [
        lambda arena: begin_again(arena, "web"),
        lambda arena: begin_again(arena, "live"),
        random.choice([flush, lose_valkey]),
    ]
    random.shuffle(blows)
    suffer(arena, server, 40, *blows)
