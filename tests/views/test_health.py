import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Never

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client
from pytest_django import Settings

from evaluations import events
from tests.factories import make_battle

NOWHERE = "redis://127.0.0.1:1/1"


@pytest.fixture(autouse=True)
def heartbeat() -> Iterator[None]:
    events.beat_heart()
    yield
    cache.delete(events.HEARTBEAT)


@contextmanager
def no_database() -> Iterator[None]:
    def refuse(*args: Any) -> Never:
        raise OperationalError("the server is away")

    with connection.execute_wrapper(refuse):
        yield


def missing(client: Client) -> list[str]:
    response = client.get("/readyz")

    body = response.json()
    assert response.status_code == (503 if body["missing"] else 200)
    assert body["ready"] == (not body["missing"])
    missing: list[str] = body["missing"]
    return missing


def test_healthz_asks_no_service(client: Client, settings: Settings) -> None:
    # Not marked for the database: a query would fail the test.
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": NOWHERE}}

    response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.django_db
def test_an_arena_with_a_battle_and_a_worker_is_ready(client: Client) -> None:
    make_battle()

    assert missing(client) == []


@pytest.mark.django_db
def test_an_arena_without_a_battle_says_so(client: Client) -> None:
    make_battle(judgements=1, judgements_wanted=1)
    make_battle(state="waiting")

    assert missing(client) == ["a battle to judge"]


@pytest.mark.django_db
@pytest.mark.parametrize(("age", "is_alive"), [(29, True), (31, False), (None, False)])
def test_a_worker_is_alive_for_half_a_minute(
    client: Client, age: int | None, is_alive: bool
) -> None:
    make_battle()
    cache.delete(events.HEARTBEAT)
    if age is not None:
        cache.set(events.HEARTBEAT, time.time() - age)

    assert missing(client) == ([] if is_alive else ["a worker's heartbeat"])


@pytest.mark.django_db
def test_without_redis_the_worker_is_unknown_too(
    client: Client, settings: Settings
) -> None:
    make_battle()
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": NOWHERE}}

    assert missing(client) == ["redis", "a worker's heartbeat"]


@pytest.mark.django_db
def test_without_a_database_nothing_is_an_error(client: Client) -> None:
    with no_database():
        assert missing(client) == ["database", "a battle to judge"]


@pytest.mark.django_db
def test_health_is_only_read_and_never_kept(client: Client) -> None:
    assert client.post("/healthz").status_code == 405
    assert "no-store" in client.get("/readyz").headers["Cache-Control"]
