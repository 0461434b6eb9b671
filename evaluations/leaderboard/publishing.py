"""From tallies to published tables."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import transaction

from evaluations.leaderboard.cells import read_tallies
from evaluations.leaderboard.slices import (
    Registered,
    members_by_size,
    tallied_slices,
)
from evaluations.leaderboard.tallying import locked_mark, roll_up
from evaluations.leaderboard.writing import Desk, Estimates
from evaluations.models import Leaderboard
from evaluations.models.tallies import ALL
from evaluations.rating.groups import estimate_groups
from evaluations.rating.table import ESTABLISHED_VOTES, FEW_VOTES
from evaluations.rating.tallies import digest


def publish() -> Leaderboard | None:
    """Publish the table of all votes anew if they or the code have changed."""
    roll_up()
    with _desk() as desk:
        if desk.is_current(ALL):
            return None
        return _publish_all(desk, _estimates(ALL, desk.contestants))


def publish_slices(*, careful: bool = False) -> int:
    """Publish all tables that have changed; return how many.

    With care their rank ranges are made by step-down, which takes a fraction of a
    second each: a task for the background.
    """
    roll_up()
    published = _publish_overall(careful=careful)
    for name in tallied_slices():
        # One by one: meanwhile the table of all votes may be published again.
        with _desk(careful=careful) as desk:
            published.append(desk.publish(name, _estimates(name, desk.contestants)))
    return sum(table is not None for table in published)


@contextmanager
def _desk(*, careful: bool = False) -> Iterator[Desk]:
    """Hold the mark to the end: two workers never publish the same state twice."""
    with transaction.atomic():
        yield Desk.at(locked_mark().transaction, careful=careful)


def _publish_overall(*, careful: bool) -> list[Leaderboard | None]:
    """The table of all votes, and what is taken from it."""
    with _desk(careful=careful) as desk:
        overall = _estimates(ALL, desk.contestants)
        sizes = members_by_size(desk.contestants)
        return [
            _publish_all(desk, overall),
            *(desk.publish(n, overall, among=them) for n, them in sizes.items()),
        ]


def _publish_all(desk: Desk, estimates: Estimates) -> Leaderboard | None:
    if not estimates.groups and (ALL, "") not in desk.newest:
        return None
    return desk.publish(ALL, estimates)


def _estimates(name: str, contestants: Mapping[int, Registered]) -> Estimates:
    tallies = read_tallies(name, {pk: each.slug for pk, each in contestants.items()})
    groups = estimate_groups(
        tallies, established_votes=ESTABLISHED_VOTES, few_votes=FEW_VOTES
    )
    return Estimates(groups, tallies.votes, digest(tallies))
