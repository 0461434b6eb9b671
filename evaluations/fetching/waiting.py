"""Come back when a contestant's rate lets a call through again: one task does."""

import logging
import math

from django.core.cache import cache
from redis.exceptions import RedisError

from evaluations import enqueue
from evaluations.fetching.requests import request_waiting

logger = logging.getLogger(__name__)


def resume_later(*, contestant_id: int, seconds: float) -> bool:
    """Have the fetches resumed after these seconds, unless somebody has already."""
    # A cache forgets after whole seconds; the marker must not outlive its task.
    whole = max(1, math.ceil(seconds))
    try:
        first = cache.add(_marker(contestant_id), 1, timeout=whole)
    except RedisError:
        logger.warning("Redis is away: a used-up rate is left to the next sweep")
        return False
    if first:
        enqueue.now("resume_fetches", contestant_id, countdown=whole)
    return first


def resume(*, contestant_id: int) -> None:
    """Send fetches into the places that are free now."""
    try:
        cache.delete(_marker(contestant_id))
    except RedisError:
        logger.warning("Redis is away: a marker of a used-up rate runs out by itself")
    request_waiting(contestant_id=contestant_id)


def _marker(contestant_id: int) -> str:
    return f"arena:resume:{contestant_id}"
