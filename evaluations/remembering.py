"""What is dear to count, kept for a while."""

import logging
from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

KEPT_SECONDS = 60

T = TypeVar("T")


def remembered(name: str, count: Callable[[], T], *, seconds: int = KEPT_SECONDS) -> T:
    """What was counted within so many seconds, or what is counted now."""
    # Another version of the code may count other things.
    key = f"arena:{name}:{settings.ARENA_CODE_VERSION}"
    try:
        known: T | None = cache.get(key)
        if known is None:
            known = count()
            cache.set(key, known, timeout=seconds)
    except RedisError:
        logger.warning("Redis is away: %s is counted for each visit", key)
        return count()
    return known
