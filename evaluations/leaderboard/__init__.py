"""From the ledger's changes to tallies, and from tallies to published tables."""

from evaluations.leaderboard.announcing import NEWS, told
from evaluations.leaderboard.history import thin_out
from evaluations.leaderboard.publishing import publish, publish_slices
from evaluations.leaderboard.reading import (
    Group,
    Row,
    expected,
    groups,
    latest,
    set_titles,
    tables,
    unrated,
    votes_needed,
)
from evaluations.leaderboard.standings import (
    Difference,
    Standings,
    are_comparable,
    difference,
    group_sizes,
    is_order_settled,
    standings,
)
from evaluations.leaderboard.tallying import count_again, rebuild_tallies, roll_up
from evaluations.leaderboard.verifying import verify

__all__ = [
    "NEWS",
    "Difference",
    "Group",
    "Row",
    "Standings",
    "are_comparable",
    "count_again",
    "difference",
    "expected",
    "group_sizes",
    "groups",
    "is_order_settled",
    "latest",
    "publish",
    "publish_slices",
    "rebuild_tallies",
    "roll_up",
    "set_titles",
    "standings",
    "tables",
    "thin_out",
    "told",
    "unrated",
    "verify",
    "votes_needed",
]
