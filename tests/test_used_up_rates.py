"""Calls a minute: when they are used up, and when nobody can say."""

import json
import threading
import time

import pytest
import redis
from django.core.cache import cache
from django.db import transaction

from evaluations import fetching, tasks
from evaluations.fetching.claims import Claim, Wait, claim_next
from evaluations.fetching.rates import pace
from evaluations.models import Answer, Contestant
from tests.factories import make_contestant
from tests.races import in_thread
from tests.test_fetching import queue_answer

pytestmark = pytest.mark.django_db(transaction=True)

FETCH, RESUME = "evaluations.fetch_answers", "evaluations.resume_fetches"


class Broker:
    """The real broker's queues, read in a worker's stead."""

    def __init__(self, url: str) -> None:
        self.client = redis.Redis.from_url(url)
        self.empty()

    def names(self) -> list[str]:
        return sorted(message["headers"]["task"] for message in self._messages())

    def countdowns(self) -> list[str]:
        return [m["headers"]["eta"] for m in self._messages() if m["headers"]["eta"]]

    def empty(self) -> None:
        self.client.delete("fetch", "work")

    def _messages(self) -> list[dict]:
        queues = ("fetch", "work")
        return [json.loads(m) for q in queues for m in self.client.lrange(q, 0, -1)]


@pytest.fixture
def broker(settings):
    cache.clear()
    broker = Broker(settings.REDIS_URL)
    yield broker
    broker.empty()
    broker.client.close()


@pytest.fixture
def contestant():
    """Its one call of this minute is on its way; five more answers are queued."""
    contestant = make_contestant(concurrency=3, requests_per_minute=1)
    for _ in range(6):
        queue_answer(contestant)
    assert isinstance(claim_next(contestant_id=contestant.pk), Claim)
    return contestant


def test_one_task_comes_back_however_many_find_the_rate_used_up(broker, contestant):
    for _ in range(5):
        fetching.sweep()
        tasks.fetch_answers(contestant.pk)
        tasks.fetch_answers(contestant.pk)

    assert broker.names().count(RESUME) == 1
    assert len(broker.countdowns()) == 1


def test_the_task_that_comes_back_fills_the_free_places(broker, contestant):
    tasks.fetch_answers(contestant.pk)
    broker.empty()

    tasks.resume_fetches(contestant.pk)
    assert broker.names() == [FETCH, FETCH]
    tasks.fetch_answers(contestant.pk)

    assert broker.names() == [FETCH, FETCH, RESUME]


def test_a_lost_task_is_made_up_for_when_its_time_is_over(broker, contestant):
    fetching.resume_later(contestant_id=contestant.pk, seconds=0.2)
    fetching.resume_later(contestant_id=contestant.pk, seconds=0.2)
    assert broker.names() == [RESUME]
    broker.empty()

    time.sleep(1.1)
    fetching.resume_later(contestant_id=contestant.pk, seconds=0.2)

    assert broker.names() == [RESUME]


def test_the_sweep_sends_no_more_fetches_than_there_are_free_places(broker, contestant):
    fetching.sweep()
    assert broker.names() == [FETCH, FETCH]
    broker.empty()

    Contestant.objects.filter(pk=contestant.pk).update(concurrency=1)
    fetching.sweep()

    assert broker.names() == []


def test_a_place_that_no_call_was_made_for_is_given_back():
    contestant = make_contestant(requests_per_minute=1)
    queue_answer(contestant)
    locked, tried = threading.Event(), threading.Event()

    def hold_the_answer():
        with transaction.atomic():
            Answer.objects.select_for_update().get()
            locked.set()
            tried.wait(10)

    thread = in_thread(hold_the_answer)
    locked.wait(10)
    assert claim_next(contestant_id=contestant.pk) is None
    tried.set()
    thread.join()

    assert isinstance(claim_next(contestant_id=contestant.pk), Claim)


def test_nothing_is_locked_while_redis_is_slow(broker):
    contestant = make_contestant()
    queue_answer(contestant)
    claims: list[object] = []
    broker.client.execute_command("CLIENT", "PAUSE", "1500", "ALL")

    thread = in_thread(lambda: claims.append(claim_next(contestant_id=contestant.pk)))
    time.sleep(0.5)
    assert claims == []
    with transaction.atomic():
        Contestant.objects.select_for_update(nowait=True).get(pk=contestant.pk)
    thread.join()

    assert isinstance(claims[0], Claim)


def test_nothing_is_asked_while_redis_is_away(settings, caplog):
    contestant, there = make_contestant(), settings.REDIS_URL
    answer = queue_answer(contestant)
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    assert claim_next(contestant_id=contestant.pk) is None
    assert pace(contestant) > 0
    answer.refresh_from_db()
    assert (answer.state, answer.claims) == ("queued", 0)
    assert "Redis is away, nothing is asked" in caplog.text

    settings.REDIS_URL = there
    assert isinstance(claim_next(contestant_id=contestant.pk), Claim)


def test_a_connection_test_waits_for_a_place_in_the_minute(broker, contestant):
    test = fetching.request_test(contestant=contestant, by=None)
    broker.empty()

    tasks.test_contestant(test.pk)

    test.refresh_from_db()
    assert test.state == "queued"
    assert broker.names() == ["evaluations.test_contestant"]
    assert len(broker.countdowns()) == 1


def test_a_connection_test_takes_a_place_in_the_minute():
    contestant = make_contestant(requests_per_minute=1)
    queue_answer(contestant)
    test = fetching.request_test(contestant=contestant, by=None)

    assert fetching.run_test(test_id=test.pk) is None

    test.refresh_from_db()
    assert test.state == "passed"
    assert isinstance(claim_next(contestant_id=contestant.pk), Wait)


def test_a_connection_test_says_that_redis_is_away(settings):
    test = fetching.request_test(contestant=make_contestant(), by=None)
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    fetching.run_test(test_id=test.pk)

    test.refresh_from_db()
    assert (test.state, "Redis is away" in test.error) == ("failed", True)
