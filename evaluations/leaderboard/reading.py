"""Published tables, as pages, the interface and others read them."""

from dataclasses import dataclass, field
from itertools import groupby

from django.db.models import Sum

from evaluations.models import Contestant, Leaderboard, PromptSet, Rating
from evaluations.models.contestants import heading_of
from evaluations.models.tallies import ALL
from evaluations.rating.rao_kupper import Chances, chances


@dataclass(frozen=True)
class Row:
    contestant: Contestant
    rating: Rating


@dataclass(frozen=True)
class Group:
    """Contestants that votes connect; ranks hold within it and nowhere else."""

    number: int
    heading: str
    rows: list[Row] = field(default_factory=list)
    provisional: list[Row] = field(default_factory=list)


def latest(name: str = ALL, adjustment: str = "") -> Leaderboard | None:
    if "\0" in name + adjustment:
        # No table is called so, and the database refuses to look.
        return None
    return Leaderboard.objects.of_slice(name, adjustment).first()


def tables() -> list[tuple[str, str]]:
    """Slice and adjustment of all tables that have votes."""
    newest = Leaderboard.objects.newest().values_list("slice", "adjustment", "votes")
    return [(name, adjustment) for name, adjustment, votes in newest if votes]


def set_titles() -> dict[str, str]:
    """What each set of prompts is called, by the slug that its slice is named after."""
    return dict(PromptSet.objects.values_list("slug", "title"))


def groups(*, leaderboard: Leaderboard) -> list[Group]:
    """The table for a page: unconnected groups apart, the best first in each."""
    ratings = leaderboard.ratings.select_related("contestant")
    made = []
    for number, members in groupby(ratings, key=lambda rating: rating.group):
        rows = [Row(rating.contestant, rating) for rating in members]
        group = Group(number, heading_of([row.contestant for row in rows]))
        for row in rows:
            (group.provisional if row.rating.provisional else group.rows).append(row)
        made.append(group)
    return made


def expected(*, rating: Rating, opponent: Rating) -> Chances | None:
    """What to expect of a battle; None where nothing connects the two."""
    own, other = rating.tie_strength, opponent.tie_strength
    threshold = rating.tie_threshold
    if own is None or other is None or threshold is None:
        return None
    return chances(own - other, threshold) if rating.group == opponent.group else None


def votes_needed(*, leaderboard: Leaderboard) -> int:
    """How many would make every active contestant as well known as the median one.

    A vote serves two.
    """
    active = leaderboard.ratings.filter(contestant__state=Contestant.State.ACTIVE)
    needed: int = active.aggregate(sum=Sum("votes_to_median"))["sum"] or 0
    return (needed + 1) // 2


def unrated(*, leaderboard: Leaderboard | None) -> list[Contestant]:
    """Published contestants that have no line in the table yet."""
    published = Contestant.objects.published()
    if leaderboard is not None:
        published = published.exclude(ratings__leaderboard=leaderboard)
    return list(published)
