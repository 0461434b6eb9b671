"""Open pages hear of each new table."""

from functools import partial
from typing import Any

from django.db import transaction

from evaluations import events
from evaluations.models import Leaderboard
from evaluations.simulated import simulation

NEWS = "leaderboard"


def announce(table: Leaderboard) -> None:
    """Tell the open pages, as soon as the table is there for all to see.

    But of a simulation's tables nobody hears: the real arena may share the Redis.
    """
    if simulation():
        return
    message = {"type": "news", "table": told(table)}
    transaction.on_commit(partial(events.announce, NEWS, message))


def told(table: Leaderboard) -> dict[str, Any]:
    """What a page needs to know whether it has this table already."""
    return {
        "table": table.pk,
        "slice": table.slice,
        "adjustment": table.adjustment,
        "votes": table.votes,
    }
