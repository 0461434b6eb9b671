"""Calls a minute over all workers: a log of the last minute's calls in Redis."""

import functools
import uuid

import redis
from django.conf import settings

from evaluations.models import Contestant

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


@functools.cache
def _script() -> "redis.commands.core.Script":
    return redis.Redis.from_url(settings.REDIS_URL).register_script(_SCRIPT)


def wait_seconds(contestant: Contestant) -> float:
    """Take a place among this minute's calls, or say how long there is none."""
    milliseconds = _script()(
        keys=[f"arena:calls:{contestant.pk}"],
        args=[contestant.requests_per_minute, uuid.uuid4().hex],
    )
    return max(0.0, float(milliseconds) / 1000)
