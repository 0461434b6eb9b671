"""Which tables there are: of all votes, a category, a language, a set, a size."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection

from evaluations.models import Contestant
from evaluations.models.contestants import SIZE_CLASSES
from evaluations.models.tallies import ALL

SIZE = "size:"
SIZES = (*(name for _, name in SIZE_CLASSES), "server", "undisclosed")
# A table of one model ranks nothing.
LEAST_OF_A_SIZE = 2

# Skips from one slice to the next along the index, whatever the number of tallies.
_SLICES = """
    WITH RECURSIVE slice AS (
        (SELECT slice AS name FROM evaluations_tally ORDER BY slice LIMIT 1)
        UNION ALL
        SELECT (
            SELECT slice FROM evaluations_tally
            WHERE slice > slice_before.name ORDER BY slice LIMIT 1
        ) FROM slice AS slice_before WHERE slice_before.name IS NOT NULL
    )
    SELECT name FROM slice WHERE name IS NOT NULL
"""


@dataclass(frozen=True)
class Registered:
    """A contestant as far as tables need it."""

    pk: int
    slug: str
    size_class: str
    house_program: bool


def registered() -> dict[int, Registered]:
    """All contestants, by their number."""
    rows = Contestant.objects.only("slug", "parameters_b", "provider")
    return {
        row.pk: Registered(row.pk, row.slug, row.size_class, row.is_house_program)
        for row in rows
    }


def tallied_slices() -> list[str]:
    """Slices of the tallies, that of all votes aside."""
    with connection.cursor() as cursor:
        cursor.execute(_SLICES)
        return [name for (name,) in cursor.fetchall() if name != ALL]


def members_by_size(contestants: Mapping[int, Registered]) -> dict[str, set[str]]:
    """Slugs of the models of each size class that has some to rank."""
    found: dict[str, set[str]] = {f"{SIZE}{name}": set() for name in SIZES}
    for contestant in contestants.values():
        if not contestant.house_program:
            found[f"{SIZE}{contestant.size_class}"].add(contestant.slug)
    return {n: slugs for n, slugs in found.items() if len(slugs) >= LEAST_OF_A_SIZE}
