"""Try a contestant's connection with one small real request."""

import logging
from datetime import timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.functions import Now
from redis.exceptions import RedisError

from evaluations import enqueue
from evaluations.fetching.asking import ask
from evaluations.fetching.claims import Wait
from evaluations.fetching.rates import pace, wait_seconds
from evaluations.models import ConnectionTest, Contestant
from evaluations.providers.base import Completion, ProviderError, Request, Timeouts

QUESTION = "What is the capital of France? Answer in one short sentence."
TIMEOUTS = Timeouts(connect=5, first_token=30, between_tokens=15, total=60)
# A minute for a place in the contestant's rate, and a minute for the call.
LOST_AFTER = timedelta(minutes=2)
LOST_TEST = (
    "No worker brought a result within two minutes. Look whether the workers run, and "
    "whether the calls a minute are used up; then test again."
)
NO_REDIS = "Redis is away, so that nobody knows how many calls a minute are left."

State = ConnectionTest.State
logger = logging.getLogger(__name__)


def request_test(*, contestant: Contestant, by: User | None) -> ConnectionTest:
    """Have a worker try the connection; the row shows how far it is."""
    with transaction.atomic():
        test = ConnectionTest.objects.create(contestant=contestant, by=by)
        enqueue.on_commit("test_contestant", test.pk)
    return test


def run_test(*, test_id: int) -> Wait | None:
    """Try it once, within the contestant's rate; a task that comes twice asks nothing.

    Where the rate is used up the test stays queued and is to be run again.
    """
    tests = ConnectionTest.objects.filter(pk=test_id, state=State.QUEUED)
    test = tests.select_related("contestant").first()
    if test is None:
        return None
    try:
        if seconds := wait_seconds(test.contestant):
            return Wait(seconds)
    except RedisError:
        logger.warning("Redis is away, no connection is tried")
        _failed(test, ProviderError("transport", NO_REDIS))
        return None
    if tests.update(state=State.RUNNING):
        _try(test)
    return None


def _try(test: ConnectionTest) -> None:
    try:
        completion = ask(test.contestant, _request(test.contestant))
    except ProviderError as error:
        _failed(test, error)
    else:
        _passed(test, completion)


def fail_lost_tests() -> int:
    """End the tests whose worker died or whose task was lost."""
    return ConnectionTest.objects.filter(
        state__in=[State.QUEUED, State.RUNNING],
        requested_at__lt=Now() - LOST_AFTER,
    ).update(state=State.FAILED, finished_at=Now(), error_kind="lost", error=LOST_TEST)


def _request(contestant: Contestant) -> Request:
    return Request(
        messages=[{"role": "user", "content": QUESTION}],
        parameters=contestant.parameters,
        timeouts=TIMEOUTS,
        pace=lambda: pace(contestant),
    )


def _passed(test: ConnectionTest, completion: Completion) -> None:
    ConnectionTest.objects.filter(pk=test.pk).update(
        # It may have been given up for lost; the answer says that it was not.
        state=State.PASSED,
        error_kind="",
        error="",
        finished_at=Now(),
        answer=completion.text,
        served_model=completion.served_model[:200],
        finish_reason=completion.finish_reason,
        first_token_ms=completion.first_token_ms,
        total_ms=completion.total_ms,
        prompt_tokens=completion.prompt_tokens,
        completion_tokens=completion.completion_tokens,
    )


def _failed(test: ConnectionTest, error: ProviderError) -> None:
    ConnectionTest.objects.filter(pk=test.pk).update(
        state=State.FAILED,
        finished_at=Now(),
        error_kind=error.kind,
        error=error.message,
    )
