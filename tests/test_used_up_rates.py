"""What the workers are sent while a contestant's calls a minute are used up."""

import json
import time

import pytest
import redis
from django.core.cache import cache

from evaluations import fetching, tasks
from evaluations.fetching.claims import Claim, claim_next
from evaluations.models import Contestant
from tests.factories import make_contestant
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
