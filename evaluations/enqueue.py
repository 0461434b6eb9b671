"""Send a task by its name once the running transaction has committed."""

import logging

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def on_commit(task: str, *args: int | str, countdown: float | None = None) -> None:
    """Enqueue on commit; while the broker is away the beat's sweeps make up for it."""
    transaction.on_commit(lambda: now(task, *args, countdown=countdown))


def now(
    task: str,
    *args: int | str,
    countdown: float | None = None,
    expires: float | None = None,
) -> None:
    try:
        current_app.send_task(
            f"evaluations.{task}", args=args, countdown=countdown, expires=expires
        )
    except OperationalError:
        logger.warning("the broker is away: %s is left to the next sweep", task)
