"""Compute published tables once more: every figure must come out to the last bit."""

from collections.abc import Iterator

from django.db import transaction

from evaluations.leaderboard.estimating import estimates_of
from evaluations.leaderboard.reading import latest
from evaluations.leaderboard.slices import SIZE, registered
from evaluations.leaderboard.tallying import locked_mark
from evaluations.leaderboard.writing import STORED, is_complete
from evaluations.models import Audit, Leaderboard, Rating
from evaluations.models.tallies import ALL
from evaluations.rating.table import RatingRow, RatingTable, table_of


def verify(name: str = ALL, adjustment: str = "") -> list[str]:
    """Say what of the newest table does not come out again; nothing where all does."""
    with transaction.atomic():
        # Held, so that the tallies stay as they are.
        locked_mark()
        table = latest(name, adjustment)
        if table is None:
            return ["There is no such table."]
        return list(_differences(table))


def _differences(published: Leaderboard) -> Iterator[str]:
    if not is_complete(published):
        yield "It was published by former code: publish it anew."
        return
    audit = Audit.objects.filter(pk=published.parameters["audit"]).first()
    of_size = published.slice.startswith(SIZE)
    estimates = estimates_of(
        ALL if of_size else published.slice,
        slugs={number: each.slug for number, each in registered().items()},
        effects=audit.design_effects if audit else None,
        with_style=bool(published.adjustment),
    )[published.adjustment]
    if estimates.digest != published.digest:
        yield "The tallies have changed since it was published: publish it anew."
        return
    lines = {line.contestant.slug: line for line in _lines(published)}
    table = table_of(
        estimates.groups,
        among=lines if of_size else None,
        bounds=published.parameters["rank_bounds"],
        ranks=published.parameters["rank_ranges"],
    )
    yield from _unlike(table, lines)


def _lines(published: Leaderboard) -> list[Rating]:
    return list(published.ratings.select_related("contestant"))


def _unlike(table: RatingTable, lines: dict[str, Rating]) -> Iterator[str]:
    rows = {str(row.key): row for group in table.groups for row in group.rows}
    for slug in sorted(rows.keys() ^ lines.keys()):
        yield f"{slug} stands in one of the two only."
    for slug in sorted(rows.keys() & lines.keys()):
        yield from (
            f"{slug}: {name} is {now}, published was {then}."
            for name, now, then in _figures(rows[slug], lines[slug])
            if now != then
        )


def _figures(row: RatingRow, line: Rating) -> Iterator[tuple[str, object, object]]:
    for name, stored in STORED.items():
        yield stored, getattr(row, name), getattr(line, stored)
