"""Calls a minute over all workers: a log of the last minute's calls in Redis."""

import functools
import logging
import uuid

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from evaluations.models import Contestant

logger = logging.getLogger(__name__)

# One step for all workers, by Redis's own clock: forget what is older than a minute,
# then let the call in or say how long until the oldest one is.
_SCRIPT = """
local now = redis.call('TIME')
local ms = now[1] * 1000 + math.floor(now[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ms - 60000)
if redis.call('ZCARD', KEYS[1]) < tonumber(ARGV[1]) then
    redis.call('ZADD', KEYS[1], ms, ARGV[2])
    redis.call('PEXPIRE', KEYS[1], 60000)
    return 0
end
local oldest = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
return oldest[2] + 60000 - ms
"""


# While Redis is away a call that is under way asks again after so many seconds.
AWAY_SECONDS = 2.0


@functools.cache
def _client(url: str) -> redis.Redis:
    # No task may hang, nor a lease run out, because Redis does not answer.
    return redis.Redis.from_url(
        url,
        socket_timeout=5,
        socket_connect_timeout=2,
        retry=Retry(NoBackoff(), 1),
    )


@functools.cache
def _script(url: str) -> "redis.commands.core.Script":
    return _client(url).register_script(_SCRIPT)


def wait_seconds(contestant: Contestant, *, place: str = "") -> float:
    """Take a place among this minute's calls, or say how long there is none."""
    milliseconds = _script(settings.REDIS_URL)(
        keys=[_calls(contestant)],
        args=[contestant.requests_per_minute, place or uuid.uuid4().hex],
    )
    return max(0.0, float(milliseconds) / 1000)


def pace(contestant: Contestant) -> float:
    """Take a place for asking once more; without Redis nobody knows and all wait."""
    try:
        return wait_seconds(contestant)
    except redis.RedisError as error:
        logger.warning("Redis is away, a call waits: %s", type(error).__name__)
        return AWAY_SECONDS


def give_back(contestant: Contestant, *, place: str) -> None:
    """Free a place that no call was made for; without Redis it is free in a minute."""
    try:
        _client(settings.REDIS_URL).zrem(_calls(contestant), place)
    except redis.RedisError as error:
        logger.warning("Redis is away, a place is lost: %s", type(error).__name__)


def _calls(contestant: Contestant) -> str:
    return f"arena:calls:{contestant.pk}"
