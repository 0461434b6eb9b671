"""How far volunteers agree on the pairs that several judged: in all, and set by set."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any, Final

import numpy as np
from django.db import connection

from evaluations.models import TallyMark
from evaluations.rating.inter_rater import inter_rater

NAME: Final = "volunteers"

# How many battles were judged so, by set and categories. The values are the side that
# was preferred, whichever stood left, a tie and both bad.
_JUDGED = """
    SELECT prompt_set.slug, prompt.categories, x, y, tie, bad, count(*)
    FROM (
        SELECT battle.prompt_id,
            count(*) FILTER (WHERE vote.verdict = 'a' AND vote."left" = 'x'
                OR vote.verdict = 'b' AND vote."left" = 'y') AS x,
            count(*) FILTER (WHERE vote.verdict = 'a' AND vote."left" = 'y'
                OR vote.verdict = 'b' AND vote."left" = 'x') AS y,
            count(*) FILTER (WHERE vote.verdict = 'tie') AS tie,
            count(*) FILTER (WHERE vote.verdict = 'both_bad') AS bad
        FROM evaluations_vote vote
        JOIN evaluations_battle battle ON battle.id = vote.battle_id
        WHERE vote.state = 'counted' AND battle.mode <> 'control'
          AND battle.withdrawn_at IS NULL
        GROUP BY battle.id HAVING count(*) > 1
    ) AS judged
    JOIN evaluations_prompt prompt ON prompt.id = judged.prompt_id
    JOIN evaluations_promptset prompt_set ON prompt_set.id = prompt.prompt_set_id
    GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
"""
Judged = tuple[str, Sequence[str], int, int, int, int, int]


def names() -> Iterable[str]:
    return [NAME]


def digest(name: str) -> str:
    """The mark of the tallies: it moves with every vote that comes to count or not."""
    mark = TallyMark.objects.first()
    return f"{name} below {mark.transaction}" if mark else name


def figures(name: str) -> dict[str, Any]:
    """Agreement of all, of each set, and of each category in it."""
    rows = _judged()
    slugs = dict.fromkeys(row[0] for row in rows)
    return {
        "all": _measured(rows),
        "sets": {slug: _of_set([r for r in rows if r[0] == slug]) for slug in slugs},
    }


def _judged() -> list[Judged]:
    with connection.cursor() as cursor:
        cursor.execute(_JUDGED)
        rows: list[Judged] = cursor.fetchall()
        return rows


def _of_set(rows: list[Judged]) -> dict[str, Any]:
    categories = sorted({category for row in rows for category in row[1]})
    return {
        **(_measured(rows) or {}),
        "categories": {
            category: _measured([row for row in rows if category in row[1]])
            for category in categories
        },
    }


def _measured(rows: list[Judged]) -> dict[str, Any] | None:
    table = np.array([row[2:] for row in rows], dtype=np.int64).reshape(-1, 5)
    found = inter_rater(table[:, :4], table[:, 4])
    return asdict(found) if found else None
