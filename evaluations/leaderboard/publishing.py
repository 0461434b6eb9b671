"""From tallies to published tables."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from evaluations.leaderboard.estimating import PLAIN, estimates_of
from evaluations.leaderboard.reading import tables
from evaluations.leaderboard.slices import members_by_size, tallied_slices
from evaluations.leaderboard.tallying import locked_mark, roll_up
from evaluations.leaderboard.writing import Desk
from evaluations.models import Leaderboard
from evaluations.models.tallies import ALL, CATEGORY, LANGUAGE, SET


def publish() -> Leaderboard | None:
    """Publish the tables of all votes anew if they or the code have changed.

    Return the one as judged, where it is new.
    """
    roll_up()
    with _desk() as desk:
        if desk.is_current(ALL):
            return None
        return next(iter(_publish_all(desk)), None)


def publish_slices(*, careful: bool = False) -> int:
    """Publish all tables that have changed; return how many.

    With care their rank ranges are made by step-down, which takes a fraction of a
    second each, and each slice is corrected for style: a task for the background.
    """
    roll_up()
    with _desk(careful=careful) as desk:
        published = _publish_all(desk, sizes=True)
    for name in _names():
        # One by one: meanwhile the tables of all votes may be published again.
        with _desk(careful=careful) as desk:
            published += _publish_slice(desk, name, with_style=careful)
    return sum(table is not None for table in published)


def _names() -> list[str]:
    """Slices of the tallies, and those that a moved prompt has left without votes."""
    moving = (CATEGORY, LANGUAGE, SET)
    former = {name for name, _ in tables() if name.startswith(moving)}
    return sorted(former.union(tallied_slices()))


@contextmanager
def _desk(*, careful: bool = False) -> Iterator[Desk]:
    """Hold the mark to the end: two workers never publish the same state twice."""
    with transaction.atomic():
        yield Desk.at(locked_mark().transaction, careful=careful)


def _publish_all(desk: Desk, *, sizes: bool = False) -> list[Leaderboard | None]:
    """The tables of all votes, and of each size: the same ratings, its own ranks."""
    by_size = members_by_size(desk.contestants) if sizes else {}
    return _publish_slice(desk, ALL, with_style=True, by_size=by_size)


def _publish_slice(
    desk: Desk,
    name: str,
    *,
    with_style: bool,
    by_size: dict[str, set[str]] | None = None,
) -> list[Leaderboard | None]:
    estimates = estimates_of(
        name, slugs=desk.slugs, effects=desk.effects, with_style=with_style
    )
    if not estimates[PLAIN].groups and (name, PLAIN) not in desk.newest:
        return []
    return [
        desk.publish(each, made, adjustment=adjustment, among=members)
        for adjustment, made in estimates.items()
        for each, members in {name: None, **(by_size or {})}.items()
    ]
