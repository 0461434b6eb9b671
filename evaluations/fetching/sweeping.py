"""Pick up what fell: lost workers, lost tasks, battles that nobody settled."""

import logging

from django.db import transaction
from django.db.models.functions import Now

from evaluations.fetching.requests import request_waiting
from evaluations.fetching.storing import settle_battles, settle_missed
from evaluations.fetching.testing import fail_lost_tests
from evaluations.models import Answer

logger = logging.getLogger(__name__)

# The database holds it too: an answer is asked for once more at most.
MAX_CLAIMS = 2

LOST = "The worker that fetched this answer was lost, and so was the one after it."


def sweep() -> int:
    """Queue stale claims anew or give them up, and send fetches after what waits."""
    with transaction.atomic():
        stale = list(
            Answer.objects.for_queue().stale().select_for_update(skip_locked=True)
        )
        again = [a.pk for a in stale if a.claims < MAX_CLAIMS]
        lost = [a.pk for a in stale if a.claims >= MAX_CLAIMS]
        no_lease = {"lease_token": None, "lease_until": None}
        Answer.objects.filter(pk__in=again).update(
            state=Answer.State.QUEUED, **no_lease
        )
        Answer.objects.filter(pk__in=lost).update(
            state=Answer.State.FAILED,
            error_kind="lost",
            error=LOST,
            finished_at=Now(),
            **no_lease,
        )
        settle_battles(lost)
    if stale:
        logger.warning("%d answers had lost their worker", len(stale))
    settle_missed()
    if lost_tests := fail_lost_tests():
        logger.warning("%d connection tests had lost their worker", lost_tests)
    request_waiting()
    return len(stale)
