"""Pick up live battles that a worker, or their volunteer, has left lying."""

import logging
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from evaluations import enqueue
from evaluations.live.turning import close, give_up
from evaluations.models import Answer, LiveBattle, LiveTurn

logger = logging.getLogger(__name__)

# The database holds it too: an answer is asked for once more at most.
MAX_CLAIMS = 2
# The task that was sent with the question has its chance first.
PATIENCE = timedelta(seconds=4)
EXPIRES_SECONDS = 6
LOST = "The worker that fetched this answer was lost, and so was the one after it."


def sweep() -> int:
    """Free what lost its worker, send workers after what waits, close the idle."""
    freed = _free_stale()
    if freed:
        logger.warning("%d live turns had lost their worker", freed)
    _send_workers()
    _close_idle()
    return freed


def _free_stale() -> int:
    with transaction.atomic():
        stale = list(LiveTurn.objects.stale().select_for_update(skip_locked=True))
        free = {"lease_token": None, "lease_until": None}
        held = Answer.objects.filter(
            state=Answer.State.FETCHING,
            origin=Answer.Origin.LIVE,
            lease_token__in=[live.lease_token for live in stale],
        )
        give_up(held.filter(lease_token__in=_of_ended(stale)))
        held.filter(claims__lt=MAX_CLAIMS).update(state=Answer.State.QUEUED, **free)
        held.update(
            state=Answer.State.FAILED,
            error_kind="lost",
            error=LOST,
            finished_at=Now(),
            **free,
        )
        LiveTurn.objects.filter(pk__in=[live.pk for live in stale]).update(**free)
    return len(stale)


def _of_ended(stale: list[LiveTurn]) -> list[UUID | None]:
    """The claims on turns whose battle is over: nothing is asked for them again."""
    ended = LiveTurn.objects.filter(turn__battle__live__ended_at__isnull=False)
    of_stale = ended.filter(pk__in=[live.pk for live in stale])
    return list(of_stale.values_list("lease_token", flat=True))


def _send_workers() -> None:
    """A task may have been lost with the broker; one too many finds nothing to do."""
    ready, queued = Answer.State.READY, Answer.State.QUEUED
    waiting = LiveTurn.objects.waiting().filter(
        Q(turn__answer_x__state=queued)
        | Q(turn__answer_y__state=queued)
        | Q(turn__answer_x__state=ready, turn__answer_y__state=ready)
        | Q(stop_asked_at__isnull=False),
        turn__battle__live__ended_at__isnull=True,
        turn__battle__live__acted_at__lt=Now() - PATIENCE,
    )
    for turn_id in waiting.values_list("pk", flat=True):
        # Where workers are short of time, tasks of every sweep would pile up.
        enqueue.now("stream_turn", turn_id, expires=EXPIRES_SECONDS)


def _close_idle() -> None:
    idle = LiveBattle.objects.idle(seconds=settings.ARENA_LIVE_IDLE_SECONDS)
    for live in idle.select_related("battle"):
        with transaction.atomic():
            close(live.battle, LiveBattle.End.IDLE)
