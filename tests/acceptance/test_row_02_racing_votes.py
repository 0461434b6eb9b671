"""Row 2 of the acceptance table: eight racing votes of one volunteer are one vote."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from itertools import chain
from typing import Any
from uuid import UUID

import httpx2
import psycopg

from evaluations.models import Vote
from tests.acceptance.visiting import Person
from tests.factories import make_battle, make_contestant, make_prompt
from tests.live import LiveArena, database_url

ARENA_PROGRAMS = ("web",)
BATTLES = 300
# Key, verdict and how it is sent. Two pairs are the same vote sent twice.
RACERS = [
    ("one", "a", "form"),
    ("one", "a", "json"),
    ("one", "a", "header"),
    ("one", "b", "json"),
    ("two", "tie", "form"),
    ("two", "tie", "json"),
    ("three", "b", "json"),
    ("four", "both_bad", "form"),
]

Racer = tuple[str, str, str]
Send = Callable[[Any, Racer], Awaitable[Any]]


def test_eight_racing_votes_are_one_vote(arena: LiveArena):
    sides = [make_contestant() for _ in range(2)]
    battles = [make_battle(*sides, make_prompt()).public_id for _ in range(BATTLES)]
    with Person(arena.url) as person:
        replies = asyncio.run(race_over_http(arena, person, battles))

    stored = {
        battle: (key, verdict)
        for battle, key, verdict in Vote.objects.values_list(
            "battle__public_id", "idempotency_key", "verdict"
        )
    }
    assert doubled(Vote.objects.values_list("battle__public_id", flat=True)) == []
    assert stored.keys() == set(battles)
    for battle, racer, reply in replies:
        key, verdict, how = racer
        counted = stored[battle] == (f"{battle}-{key}", verdict)
        taken = 302 if how == "form" else 200
        assert reply.status_code == (taken if counted else 409), (racer, reply.text)
        assert not counted or told_of(reply, battle) in (verdict, None)


def test_the_same_race_doubles_votes_where_no_constraint_holds(arena: LiveArena):
    replies = asyncio.run(race_at_a_naive_table(list(range(30))))

    accepted = [battle for battle, _, taken in replies if taken]
    assert len(doubled(accepted)) > 15


def doubled(battles: Iterable[Any]) -> list[Any]:
    """The battles that one volunteer has voted on more than once."""
    return [battle for battle, votes in Counter(battles).items() if votes > 1]


def told_of(reply: Any, battle: UUID) -> str | None:
    if reply.status_code == 302:
        assert reply.headers["Location"] == f"/judge/{battle}"
        return None
    return str(reply.json()["verdict"])


async def race(battles: list[Any], send: Send) -> list[tuple[Any, Racer, Any]]:
    """Two battles at a time, for each all racers at once."""
    lanes = asyncio.Semaphore(2)

    async def one(battle: Any) -> list[tuple[Any, Racer, Any]]:
        racers = random.sample(RACERS, len(RACERS))
        async with lanes:
            replies = await asyncio.gather(*(send(battle, racer) for racer in racers))
        return [(battle, *pair) for pair in zip(racers, replies, strict=True)]

    return list(chain.from_iterable(await asyncio.gather(*map(one, battles))))


async def race_over_http(
    arena: LiveArena, person: Person, battles: list[UUID]
) -> list[tuple[Any, Racer, Any]]:
    async with httpx2.AsyncClient(
        base_url=arena.url, headers=person.headers, timeout=60
    ) as http:

        async def send(battle: UUID, racer: Racer) -> Any:
            key, verdict, how = racer
            key, address = f"{battle}-{key}", f"/judge/{battle}/vote"
            vote = {"verdict": verdict, "left": person.left(battle)}
            if how == "form":
                return await http.post(address, data=vote | {"idempotency_key": key})
            headers = {"Accept": "application/json"}
            if how == "header":
                headers["Idempotency-Key"] = key
            else:
                vote["idempotency_key"] = key
            return await http.post(address, json=vote, headers=headers)

        return await race(battles, send)


async def race_at_a_naive_table(
    battles: list[int],
) -> list[tuple[Any, Racer, Any]]:
    """Read, test, insert, as is often done; say which votes were accepted."""
    url, pool = database_url(), asyncio.Queue[Any]()
    connections = [
        await psycopg.AsyncConnection.connect(url, autocommit=True) for _ in range(16)
    ]
    await connections[0].execute("CREATE TABLE naive (battle int, verdict text)")
    for connection in connections:
        pool.put_nowait(connection)

    async def send(battle: int, racer: Racer) -> bool:
        connection = await pool.get()
        found = await connection.execute(
            "SELECT 1 FROM naive WHERE battle = %s", [battle]
        )
        is_new = await found.fetchone() is None
        if is_new:
            await connection.execute(
                "INSERT INTO naive VALUES (%s, %s)", [battle, racer[1]]
            )
        pool.put_nowait(connection)
        return is_new

    try:
        return await race(battles, send)
    finally:
        for connection in connections:
            await connection.close()
