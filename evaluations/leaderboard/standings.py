"""Where some contestants stand in all tables, and how two of them compare."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import hypot

from django.db.models import Count

from evaluations.models import Contestant, Leaderboard, Rating
from evaluations.rating.table import REACH

# Slice and adjustment of a table; then the contestant's number.
TableName = tuple[str, str]
Standings = Mapping[TableName, Mapping[int, Rating]]


def standings(contestants: Collection[Contestant]) -> Standings:
    """The lines that these have in the newest table of each kind."""
    found: dict[TableName, dict[int, Rating]] = defaultdict(dict)
    ratings = Rating.objects.filter(
        leaderboard__in=Leaderboard.objects.newest().values("pk"),
        contestant__in=contestants,
    ).select_related("leaderboard")
    for rating in ratings.order_by():
        table = rating.leaderboard
        found[table.slice, table.adjustment][rating.contestant_id] = rating
    return found


def group_sizes(ratings: Collection[Rating]) -> dict[tuple[int, int], int]:
    """How many are in the groups of these lines, by table and group."""
    members = Rating.objects.filter(leaderboard__in={r.leaderboard_id for r in ratings})
    counted = members.order_by().values_list("leaderboard", "group")
    return {
        (leaderboard, group): size
        for leaderboard, group, size in counted.annotate(size=Count("pk"))
    }


@dataclass(frozen=True)
class Difference:
    """By how many points the one is ahead of the other, with a 95 % interval."""

    points: float
    low: float
    high: float

    @property
    def is_sure(self) -> bool:
        """Whether the interval leaves no doubt which of the two is ahead."""
        return self.low > 0 or self.high < 0


def difference(*, rating: Rating, opponent: Rating) -> Difference | None:
    """None where no vote connects the two.

    Of quasi standard errors the squares add up to the difference's variance; without
    them the errors of the ratings stand in, which take no account of what they share.
    """
    if not are_comparable(rating, opponent):
        return None
    own, other = rating.comparison_error, opponent.comparison_error
    if own is None or other is None:
        own, other = rating.standard_error, opponent.standard_error
    points, reach = rating.rating - opponent.rating, REACH * hypot(own, other)
    return Difference(points, points - reach, points + reach)


def are_comparable(rating: Rating, opponent: Rating) -> bool:
    """Whether votes connect the two in the table that both are in."""
    own = rating.leaderboard_id, rating.group
    return own == (opponent.leaderboard_id, opponent.group)


def is_order_settled(rating: Rating, opponent: Rating) -> bool:
    """Whether the rank ranges, which hold for all at once, leave each its side."""
    apart = rating.rank_high < opponent.rank_low or opponent.rank_high < rating.rank_low
    return are_comparable(rating, opponent) and apart
