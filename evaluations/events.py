"""What is announced through Redis; all of it may be lost without harm."""

import functools
import logging
import time
from collections.abc import Mapping
from typing import Any

import redis
from channels_redis.serializers import registry
from django.conf import settings
from django.core.cache import cache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)

HEARTBEAT = "arena:worker-heartbeat"
HEARTBEAT_SECONDS = 30
MOST_ASKED = 8
ASKED_SECONDS = 60
_LAYER_PREFIX = "asgi"


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


def worker_is_alive() -> bool:
    age = heartbeat_age()
    return age is not None and age < HEARTBEAT_SECONDS


def announce(group: str, message: Mapping[str, Any], *, asked: str = "") -> set[str]:
    """Send a message to a group's open pages, as the channel layer would.

    Redis is spoken to directly, in the layer's own form: from a thread the layer itself
    costs fifty times as much. With the key `asked` the same round trip fetches what
    pages have asked for since the last time. What Redis loses is lost.
    """
    try:
        with _redis(settings.REDIS_URL).pipeline(transaction=False) as pipe:
            if message:
                pipe.publish(f"{_LAYER_PREFIX}__group__{group}", _packed(message))
            if asked:
                pipe.spop(asked, MOST_ASKED)
            replies = pipe.execute()
    except RedisError:
        logger.warning("Redis is away: an announcement is lost")
        return set()
    return {word.decode() for word in replies[-1]} if asked else set()


def ask(key: str, word: str) -> None:
    """Leave a word for whoever announces with this key."""
    try:
        with _redis(settings.REDIS_URL).pipeline(transaction=False) as pipe:
            pipe.sadd(key, word)
            pipe.expire(key, ASKED_SECONDS)
            pipe.execute()
    except RedisError:
        logger.warning("Redis is away: nobody is asked")


def _packed(message: Mapping[str, Any]) -> bytes:
    packed: bytes = registry.get_serializer("msgpack").serialize(message)
    return packed


@functools.cache
def _redis(url: str) -> redis.Redis:
    return redis.Redis.from_url(
        url,
        socket_timeout=2,
        socket_connect_timeout=1,
        max_connections=512,
        retry=Retry(NoBackoff(), 0),
    )
