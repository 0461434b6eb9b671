"""Claims: at most one worker asks for an answer, and only while its lease lives."""

import logging
import time
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import redis
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from evaluations.fetching.rates import give_back, wait_seconds
from evaluations.models import Answer, Contestant
from evaluations.models.answers import AnswerQuerySet

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Claim:
    """The right to ask once for an answer, as long as the lease is renewed."""

    answer: Answer
    contestant: Contestant
    token: uuid.UUID
    asked_at: float  # monotonic seconds before the lease was given

    @property
    def parameters(self) -> dict[str, Any]:
        """The contestant's own, and over them those this answer is asked with."""
        return {**self.contestant.parameters, **self.answer.overrides}


@dataclass(frozen=True)
class Wait:
    """The contestant's rate is used up for these seconds."""

    seconds: float


def claim_next(*, contestant_id: int) -> Claim | Wait | None:
    """Claim a contestant's oldest queued answer; None where there is nothing to do."""
    contestant = Contestant.objects.active().filter(pk=contestant_id).first()
    if contestant is None or not _has_work(contestant):
        return None
    # Redis is asked before anything is locked: it may be slow, or away.
    place = uuid.uuid4().hex
    try:
        seconds = wait_seconds(contestant, place=place)
    except redis.RedisError as error:
        logger.warning("Redis is away, nothing is asked: %s", type(error).__name__)
        return None
    if seconds:
        return Wait(seconds)
    claim = None
    try:
        claim = _claim_oldest(contestant_id)
    finally:
        if claim is None:
            give_back(contestant, place=place)
    return claim


def _has_work(contestant: Contestant) -> bool:
    """Look without a lock; whether it is still so is seen under one."""
    return _has_place(contestant) and _queued(contestant).exists()


def _has_place(contestant: Contestant) -> bool:
    return contestant.answers.held().count() < contestant.concurrency


def _queued(contestant: Contestant) -> AnswerQuerySet:
    queued = Answer.objects.for_queue().filter(state=Answer.State.QUEUED)
    return queued.filter(contestant=contestant)


def _claim_oldest(contestant_id: int) -> Claim | None:
    asked_at = time.monotonic()
    with transaction.atomic():
        # The row lock makes counting its calls and adding one a single step for all
        # workers; NO KEY, as votes that name the contestant need not wait.
        contestant = (
            Contestant.objects.active()
            .select_for_update(no_key=True)
            .filter(pk=contestant_id)
            .first()
        )
        if contestant is None or not _has_place(contestant):
            return None
        answer = (
            _queued(contestant)
            .order_by("queued_at")
            .select_for_update(skip_locked=True)
            .first()
        )
        return _claim(answer, contestant, asked_at) if answer else None


def _claim(answer: Answer, contestant: Contestant, asked_at: float) -> Claim:
    token = uuid.uuid4()
    claim = Claim(answer, contestant, token, asked_at)
    Answer.objects.filter(pk=answer.pk).update(
        state=Answer.State.FETCHING,
        claims=F("claims") + 1,
        lease_token=token,
        lease_until=lease_end(),
        started_at=Now(),
        parameters=claim.parameters,
    )
    return claim


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
