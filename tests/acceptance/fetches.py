"""Many answers on their way, and what a model server saw of it when a worker died."""

from collections import Counter
from collections.abc import Collection

import redis

from evaluations import fetching
from evaluations.models import Answer, Contestant
from tests.factories import make_contestant
from tests.fakes.journal import Call
from tests.fakes.model_server import ModelServer
from tests.live import LiveArena, wait_until

FINISHED = (Answer.State.READY, Answer.State.FAILED)


def order(arena: LiveArena, server: ModelServer, number: int) -> Contestant:
    """Queue so many answers of a new model and send the worker after them."""
    contestant = make_contestant(
        provider="openai",
        base_url=f"{server.url}/v1",
        api_model="steady",
        concurrency=number,
        requests_per_minute=10_000,
    )
    for count in range(number):
        messages = [{"role": "user", "content": f"Question {count}"}]
        fetching.request_answer(contestant=contestant, messages=messages)
    for _ in range(number):
        arena.send_task("evaluations.fetch_answers", contestant.pk)
    return contestant


def kill_in_mid_fetch(
    arena: LiveArena, server: ModelServer, number: int, *, flush: bool = False
) -> None:
    """kill -9 the worker while so many calls stream, and start it again."""
    wait_until(lambda: len(streaming(server.calls)) >= number, pause=0.02)
    arena.kill("fetch")
    if flush:
        with redis.Redis.from_url(arena.valkey.url()) as broker:
            broker.flushall()
    arena.start("fetch")


def streaming(calls: Collection[Call]) -> list[Call]:
    return [call for call in calls if call.tokens and call.ended_at is None]


def unfinished(contestant: Contestant) -> int:
    return contestant.answers.exclude(state__in=FINISHED).count()


def times_asked(server: ModelServer) -> Counter[str]:
    return Counter(call.digest for call in server.calls)
