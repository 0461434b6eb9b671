"""Claims: at most one worker asks for an answer, and only while its lease lives."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from evaluations.fetching.rates import wait_seconds
from evaluations.models import Answer, Contestant


@dataclass(frozen=True)
class Claim:
    """The right to ask once for an answer, as long as the lease is renewed."""

    answer: Answer
    contestant: Contestant
    token: uuid.UUID


@dataclass(frozen=True)
class Wait:
    """The contestant's rate is used up for these seconds."""

    seconds: float


def claim_next(*, contestant_id: int) -> Claim | Wait | None:
    """Claim a contestant's oldest queued answer; None where there is nothing to do."""
    with transaction.atomic():
        # The row lock makes counting its calls and adding one a single step for all
        # workers; NO KEY, as votes that name the contestant need not wait.
        contestant = (
            Contestant.objects.active()
            .select_for_update(no_key=True)
            .filter(pk=contestant_id)
            .first()
        )
        if contestant is None:
            return None
        if contestant.answers.held().count() >= contestant.concurrency:
            return None
        answer = (
            contestant.answers.filter(state=Answer.State.QUEUED)
            .order_by("queued_at")
            .select_for_update(skip_locked=True)
            .first()
        )
        if answer is None:
            return None
        if seconds := wait_seconds(contestant):
            return Wait(seconds)
        return _claim(answer, contestant)


def _claim(answer: Answer, contestant: Contestant) -> Claim:
    token = uuid.uuid4()
    Answer.objects.filter(pk=answer.pk).update(
        state=Answer.State.FETCHING,
        claims=F("claims") + 1,
        lease_token=token,
        lease_until=lease_end(),
        started_at=Now(),
        parameters=contestant.parameters,
    )
    return Claim(answer=answer, contestant=contestant, token=token)


def lease_end() -> object:
    """The end of a lease given now, by the database's clock."""
    return Now() + timedelta(seconds=settings.ARENA_LEASE_SECONDS)


def renew(tokens: list[uuid.UUID]) -> set[uuid.UUID]:
    """Prolong the leases that still live; return those."""
    with transaction.atomic():
        living = list(
            Answer.objects.held()
            .filter(lease_token__in=tokens)
            .select_for_update()
            .values_list("lease_token", flat=True)
        )
        Answer.objects.held().filter(lease_token__in=living).update(
            lease_until=lease_end()
        )
    return {token for token in living if token is not None}
