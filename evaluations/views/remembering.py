"""What is dear to count, kept for a minute."""

import logging
from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

KEPT_SECONDS = 60

T = TypeVar("T")


def remembered(key: str, count: Callable[[], T]) -> T:
    """What was counted within the last minute, or what is counted now."""
    try:
        known: T | None = cache.get(key)
        if known is None:
            known = count()
            cache.set(key, known, timeout=KEPT_SECONDS)
    except RedisError:
        logger.warning("Redis is away: %s is counted for each visit", key)
        return count()
    return known
