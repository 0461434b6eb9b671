"""Who has which battle open, and what they passed by: kept in Redis, may be lost."""

import hashlib
import logging
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

PASSED_BY_SECONDS = 24 * 3600
REMEMBERED = 200


def reserve(*, token: str, battle_id: UUID) -> bool:
    """Keep a battle for this visitor; say whether nobody else has it open."""
    key, seconds = _reserved(battle_id), settings.ARENA_RESERVATION_SECONDS
    holder = _digest(token)
    try:
        if not cache.add(key, holder, timeout=seconds) and cache.get(key) != holder:
            return False
        cache.set(_held(token), battle_id, timeout=seconds)
    except RedisError:
        # Without Redis two volunteers may get the same pair; both votes count.
        logger.warning("Redis is away: battles are offered without reservation")
    return True


def release(*, token: str, battle_id: UUID) -> None:
    """Let others have a battle that this visitor had open."""
    try:
        if cache.get(_reserved(battle_id)) == _digest(token):
            cache.delete(_reserved(battle_id))
        if cache.get(_held(token)) == battle_id:
            cache.delete(_held(token))
    except RedisError:
        logger.warning("Redis is away: no reservation is released")


def held_by(*, token: str) -> UUID | None:
    """The battle this visitor reserved last."""
    try:
        held: UUID | None = cache.get(_held(token))
    except RedisError:
        return None
    return held


def _digest(token: str) -> str:
    """Redis keeps only this: a copy of it opens no session, names no volunteer."""
    return hashlib.sha256(f"reservation:{token}".encode()).hexdigest()


def _reserved(battle_id: UUID) -> str:
    return f"arena:reserved:{battle_id}"


def _held(token: str) -> str:
    return f"arena:held:{_digest(token)}"


def passed_by(*, token: str) -> set[UUID]:
    """The battles this visitor skipped or reported lately."""
    try:
        return set(cache.get(_list(token)) or ())
    except RedisError:
        logger.warning("Redis is away: skipped battles are not remembered")
        return set()


def pass_by(*, token: str, battle_id: UUID) -> None:
    """Remember that this visitor skipped or reported a battle."""
    try:
        seen = [*(cache.get(_list(token)) or ()), battle_id]
        cache.set(_list(token), seen[-REMEMBERED:], timeout=PASSED_BY_SECONDS)
    except RedisError:
        logger.warning("Redis is away: skipped battles are not remembered")


def _list(token: str) -> str:
    return f"arena:passed:{_digest(token)}"
