"""How many questions a volunteer may ask in a minute."""

import logging

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

from evaluations.live.refusals import TooManyMessages
from evaluations.models import Volunteer

logger = logging.getLogger(__name__)

MINUTE = 60


def count_message(volunteer: Volunteer) -> None:
    """Count one question of a volunteer; raise TooManyMessages beyond the limit.

    Without Redis nothing is counted: that calls cost money is the budget's business.
    """
    key = f"arena:asked:{volunteer.pk}"
    try:
        cache.add(key, 0, timeout=MINUTE)
        asked = cache.incr(key)
    except (RedisError, ValueError):
        # The count may end between the two steps: then this is the first of a new one.
        logger.info("a question was not counted")
        return
    if asked > settings.ARENA_LIVE_MESSAGES_PER_MINUTE:
        raise TooManyMessages(
            "That were many questions at once. You can go on in a minute; what you "
            "wrote is kept here.",
            retry_after=MINUTE,
        )
