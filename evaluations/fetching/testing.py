"""Try a contestant's connection with one small real request."""

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.functions import Now

from evaluations import enqueue
from evaluations.fetching.asking import ask
from evaluations.models import ConnectionTest, Contestant
from evaluations.providers.base import Completion, ProviderError, Request, Timeouts

QUESTION = "What is the capital of France? Answer in one short sentence."
TIMEOUTS = Timeouts(connect=5, first_token=30, between_tokens=15, total=60)


def request_test(*, contestant: Contestant, by: User | None) -> ConnectionTest:
    """Have a worker try the connection; the row shows how far it is."""
    with transaction.atomic():
        test = ConnectionTest.objects.create(contestant=contestant, by=by)
        enqueue.on_commit("test_contestant", test.pk)
    return test


def run_test(*, test_id: int) -> None:
    """Try it; a task that comes twice finds it begun and asks nothing."""
    begun = ConnectionTest.objects.filter(
        pk=test_id, state=ConnectionTest.State.QUEUED
    ).update(state=ConnectionTest.State.RUNNING)
    if not begun:
        return
    test = ConnectionTest.objects.select_related("contestant").get(pk=test_id)
    try:
        completion = ask(test.contestant, _request(test.contestant))
    except ProviderError as error:
        _failed(test, error)
    else:
        _passed(test, completion)


def _request(contestant: Contestant) -> Request:
    return Request(
        messages=[{"role": "user", "content": QUESTION}],
        parameters=contestant.parameters,
        timeouts=TIMEOUTS,
    )


def _passed(test: ConnectionTest, completion: Completion) -> None:
    ConnectionTest.objects.filter(pk=test.pk).update(
        state=ConnectionTest.State.PASSED,
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
        state=ConnectionTest.State.FAILED,
        finished_at=Now(),
        error_kind=error.kind,
        error=error.message,
    )
