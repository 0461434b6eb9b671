"""Ask for answers: write the row once, send workers after it."""

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Any

from django.db import connection, transaction
from django.db.models import Count

from evaluations import enqueue
from evaluations.models import Answer, Battle, Contestant
from evaluations.models.prompts import digest_of

# Any number that no other advisory lock of the arena uses.
ASKING_LOCK = 7_300_002


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
    answer, _ = find_or_queue(
        contestant=contestant,
        messages=messages,
        replicate=replicate,
        overrides=overrides,
    )
    return answer


def find_or_queue(
    *,
    contestant: Contestant,
    messages: list[dict[str, str]],
    replicate: int = 0,
    overrides: dict[str, Any] | None = None,
) -> tuple[Answer, bool]:
    """As `request_answer`, and say whether the answer was queued by this call."""
    return Answer.objects.get_or_create(
        contestant=contestant,
        messages_digest=digest_of(messages),
        replicate=replicate,
        defaults={"messages": messages, "overrides": overrides or {}},
    )


def find_answer(
    *, contestant: Contestant, messages: list[dict[str, str]], replicate: int = 0
) -> Answer | None:
    """The answer of a contestant to these messages, however far it is."""
    return Answer.objects.filter(
        contestant=contestant, messages_digest=digest_of(messages), replicate=replicate
    ).first()


def wait_to_ask() -> None:
    """Let one at a time ask for many answers, until its transaction ends.

    In orders of their own two would each wait for what the other has just queued.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ASKING_LOCK])


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
        ids = list(failed.values_list("pk", flat=True))
        queued = queue_anew(answer_ids=ids)
        request_fetches([contestant.pk] * len(queued))
    return len(queued)


def queue_anew(*, answer_ids: Collection[int]) -> set[int]:
    """Queue failed answers again, and the battles that wait for them; return those.

    For a caller that is in a transaction and sends fetches itself.
    """
    failed = Answer.objects.for_queue().filter(
        pk__in=answer_ids, state=Answer.State.FAILED
    )
    ids = set(failed.select_for_update().values_list("pk", flat=True))
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
    return ids


def failure_counts() -> dict[int, int]:
    """Failed answers per contestant."""
    failed = Answer.objects.filter(state=Answer.State.FAILED)
    return dict(failed.values_list("contestant").annotate(Count("pk")))
