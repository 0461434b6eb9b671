"""What is announced through Redis; all of it may be lost without harm."""

import time

from django.core.cache import cache
from redis.exceptions import RedisError

HEARTBEAT = "arena:worker-heartbeat"


def beat_heart() -> None:
    """Say that a worker takes and does tasks."""
    cache.set(HEARTBEAT, time.time(), timeout=3600)


def heartbeat_age() -> float | None:
    """Seconds since a worker last did a task; None where unknown."""
    try:
        beaten_at = cache.get(HEARTBEAT)
    except RedisError:
        return None
    return None if beaten_at is None else time.time() - beaten_at
