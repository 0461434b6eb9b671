"""Published rating tables for the pages, made without the thousands of votes."""

from itertools import count
from typing import Any

from evaluations.models import Contestant, Leaderboard, Rating
from tests.factories import make_contestant

_watermarks = count(1)


def publish_table(**values: Any) -> Leaderboard:
    defaults = {
        "method": "bradley-terry",
        "parameters": {"few_votes": 50},
        "watermark": next(_watermarks),
        "code_version": "abc1234",
        "digest": "d" * 64,
        "votes": 1234,
        "volunteers": 56,
    }
    return Leaderboard.objects.create(**{**defaults, **values})


def rate(
    leaderboard: Leaderboard,
    rating: float,
    *,
    contestant: Contestant | None = None,
    width: float = 20,
    **values: Any,
) -> Rating:
    """One line; 60 wins, 30 losses, 6 ties and 4 times both bad unless told."""
    record = {"wins": 60, "losses": 30, "ties": 6, "both_bad": 4}
    record |= {name: values.pop(name) for name in record.keys() & values.keys()}
    defaults = {
        "group": 1,
        "rating_low": rating - width,
        "rating_high": rating + width,
        "standard_error": width / 1.96,
        "rank_low": 1,
        "rank_high": 3,
        "votes": sum(record.values()),
        "provisional": False,
    }
    return Rating.objects.create(
        leaderboard=leaderboard,
        contestant=contestant or make_contestant(provider="openai"),
        rating=rating,
        **record,
        **{**defaults, **values},
    )
