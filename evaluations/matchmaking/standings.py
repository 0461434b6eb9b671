"""How contestants stand for the next draws: from the newest published table."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from django.conf import settings
from django.db.models.functions import Coalesce

from evaluations.matchmaking.pairs import Chances
from evaluations.matchmaking.rules import (
    ELO_PER_LOGIT,
    RULES,
    UNRATED_ERROR,
    Standing,
    chances,
)
from evaluations.models import Leaderboard, Rating
from evaluations.rating.table import CENTRE
from evaluations.rating.tallies import Integers

# No published error is nought, but a rounded one might be.
LEAST_ERROR = 0.1 / ELO_PER_LOGIT


@dataclass(frozen=True)
class Table:
    """The newest published table: its number, 0 where there is none, and its votes."""

    pk: int
    votes: int


def newest_table() -> Table:
    found = Leaderboard.objects.of_slice().values_list("pk", "votes").first()
    return Table(*found) if found else Table(0, 0)


# Of each contestant that plays the model that it is a variant of, or itself.
Roots: TypeAlias = Mapping[int, int]


def roots_of(playing: Iterable[tuple[int, int | None]]) -> Roots:
    """Of rows of a contestant and what it is a variant of, ordered by contestant."""
    return {pk: variant_of or pk for pk, variant_of in playing}


def family_sizes(roots: Roots) -> Integers:
    """(n,) how many of these are variants of the same model, each itself counted."""
    sizes = Counter(roots.values())
    return np.array([sizes[root] for root in roots.values()], dtype=np.int64)


def chances_of(roots: Roots, *, rule: str, table: Table) -> Chances:
    """The chances of all pairs of these, as the table has them."""
    # What was published does not change, so that each table is weighed up once.
    return _weighed(
        tuple(roots),
        tuple(family_sizes(roots).tolist()),
        rule,
        table.pk,
        settings.ARENA_UNIFORM_SHARE,
        settings.ARENA_NEWCOMER_ERROR,
    )


@lru_cache(maxsize=2)
def _weighed(
    ids: tuple[int, ...],
    family: tuple[int, ...],
    rule: str,
    table: int,
    uniform_share: float,
    newcomer_elo: int,
) -> Chances:
    standing = _standing(ids, family, table, newcomer_elo)
    weights = chances(standing, RULES[rule], uniform_share=uniform_share)
    return Chances.of_pairs(len(ids), weights)


def _standing(
    ids: tuple[int, ...], family: tuple[int, ...], table: int, newcomer_elo: int
) -> Standing:
    """Strengths and errors; who is not in the largest group counts as unrated.

    Between groups no difference is known, and the next battles should join them.
    """
    strength, error = np.zeros(len(ids)), np.full(len(ids), UNRATED_ERROR)
    place = {pk: number for number, pk in enumerate(ids)}
    for pk, rating, standard_error in _largest_group(table, ids):
        strength[place[pk]] = (rating - CENTRE) / ELO_PER_LOGIT
        error[place[pk]] = max(standard_error / ELO_PER_LOGIT, LEAST_ERROR)
    sizes = np.array(family, dtype=np.int64)
    return Standing(strength, error, sizes, settled=newcomer_elo / ELO_PER_LOGIT)


def _largest_group(table: int, ids: Collection[int]) -> list[tuple[int, float, float]]:
    # Where there is one, the error made for differences: it has no anchor in it.
    error = Coalesce("comparison_error", "standard_error")
    ratings = Rating.objects.filter(leaderboard=table, contestant__in=ids).order_by()
    rows = list(ratings.values_list("group", "contestant", "rating", error))
    groups = Counter(group for group, *_ in rows)
    largest = min(groups, key=lambda group: (-groups[group], group), default=None)
    return [(pk, rating, se) for group, pk, rating, se in rows if group == largest]
