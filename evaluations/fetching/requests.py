"""Ask for answers: write the row once, send workers after it."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Count

from evaluations import enqueue
from evaluations.models import Answer, Battle, Contestant
from evaluations.models.prompts import digest_of


def request_answer(
    *,
    contestant: Contestant,
    messages: list[dict[str, str]],
    replicate: int = 0,
    overrides: dict[str, Any] | None = None,
) -> Answer:
    """Find or queue the answer of a contestant to these messages.

    The overrides go before the contestant's own parameters.
    """
    answer, _ = Answer.objects.get_or_create(
        contestant=contestant,
        messages_digest=digest_of(messages),
        replicate=replicate,
        defaults={"messages": messages, "overrides": overrides or {}},
    )
    return answer


def request_fetches(contestant_ids: Iterable[int]) -> None:
    """Send one fetch per answer wanted, up to a contestant's free places."""
    wanted = Counter(contestant_ids)
    held = dict(
        Answer.objects.held()
        .filter(contestant__in=wanted)
        .values_list("contestant")
        .annotate(Count("pk"))
    )
    for contestant in Contestant.objects.active().filter(pk__in=wanted):
        free = contestant.concurrency - held.get(contestant.pk, 0)
        for _ in range(min(wanted[contestant.pk], free)):
            enqueue.on_commit("fetch_answers", contestant.pk)


def request_waiting(*, contestant_id: int | None = None) -> None:
    """Send fetches after all queued answers, or after those of one contestant."""
    queued = Answer.objects.for_queue().filter(state=Answer.State.QUEUED)
    if contestant_id is not None:
        queued = queued.filter(contestant=contestant_id)
    counted = dict(queued.values_list("contestant").annotate(Count("pk")))
    request_fetches(Counter(counted).elements())


def retry_failed(*, contestant: Contestant) -> int:
    """Queue a contestant's failed answers anew, and the battles that wait for them."""
    with transaction.atomic():
        failed = Answer.objects.for_queue().filter(
            contestant=contestant, state=Answer.State.FAILED
        )
        ids = list(failed.select_for_update().values_list("pk", flat=True))
        Answer.objects.filter(pk__in=ids).update(
            state=Answer.State.QUEUED,
            claims=0,
            finished_at=None,
            error_kind="",
            error="",
        )
        Battle.objects.filter(state=Battle.State.FAILED).with_any_answer(ids).update(
            state=Battle.State.WAITING
        )
        request_fetches([contestant.pk] * len(ids))
    return len(ids)


def failure_counts() -> dict[int, int]:
    """Failed answers per contestant."""
    failed = Answer.objects.filter(state=Answer.State.FAILED)
    return dict(failed.values_list("contestant").annotate(Count("pk")))
