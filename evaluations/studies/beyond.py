"""Past the fixed set: its ranking beside the pool's, and what more questions do."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from math import floor, log
from typing import Any, Final

import numpy as np
from django.db.models import Count, Sum

from evaluations.auditing.reading import read_votes
from evaluations.models import Leaderboard, Prompt, PromptSet, Tally
from evaluations.models.tallies import ALL, SET
from evaluations.rating.question_curves import Curves, question_curves
from evaluations.rating.questions import (
    Comparison,
    Sample,
    TooLittle,
    compare,
)
from evaluations.rating.tallies import Booleans, Floats
from evaluations.rating.votes import Votes

NAME: Final = "beyond:"
LEAST_QUESTIONS: Final = 5
LEAST_VOTES: Final = 200
# Made anew once the votes of set or pool have grown or shrunk by about so much, and
# on a day on which a table came out.
GROWTH: Final = 1.05
# Errors so far below others are nought but for rounding.
NOUGHT: Final = 1e-6


def names() -> Iterable[str]:
    """Each set with enough judged prompts and votes."""
    votes = votes_of_slices()
    judged = judged_prompts()
    return [
        f"{NAME}{slug}"
        for slug in PromptSet.objects.order_by("slug").values_list("slug", flat=True)
        if votes.get(f"{SET}{slug}", 0) >= LEAST_VOTES
        and judged.get(slug, 0) >= LEAST_QUESTIONS
    ]


def votes_of_slices() -> dict[str, int]:
    """Votes that count, of all and of each set's slice."""
    tallies = Tally.objects.filter(slice__startswith=SET) | Tally.objects.filter(
        slice=ALL
    )
    return dict(tallies.values_list("slice").annotate(Sum("count")))


def judged_prompts() -> dict[str, int]:
    """How many approved prompts of each set have been judged."""
    judged = Prompt.objects.approved().filter(battles__judgements__gt=0)
    counted = judged.values_list("prompt_set__slug").annotate(
        Count("pk", distinct=True)
    )
    return dict(counted)


def digest(name: str) -> str:
    votes = votes_of_slices()
    own = votes.get(f"{SET}{name.removeprefix(NAME)}", 0)
    table = Leaderboard.objects.of_slice().first()
    day = f"{table.published_at:%Y-%m-%d}" if table else ""
    return f"{_step(own)} of {_step(votes.get(ALL, 0))} on {day}"


def _step(votes: int) -> int:
    return floor(log(votes + 1) / log(GROWTH))


def figures(name: str) -> dict[str, Any]:
    """Both comparisons; None where there is too little for one."""
    votes, slug = read_votes(), name.removeprefix(NAME)
    asked = _approved()
    of_set = [pk for pk, (of, _) in asked.items() if of == slug]
    own = {asked[pk][1] for pk in of_set}
    # What asks much the same as a question of the set is no other question.
    of_pool = [pk for pk, (_, cluster) in asked.items() if cluster not in own]
    within = np.isin(votes.prompt, np.array(of_set, dtype=np.int64))
    outside = np.isin(votes.prompt, np.array(of_pool, dtype=np.int64))
    fixed, pool = (_chosen(votes, rows, asked) for rows in (within, outside))
    return {
        "votes": {"set": len(fixed), "pool": len(pool)},
        "questions": {"set": _questions(fixed), "pool": _questions(pool)},
        "comparison": _compared(fixed, pool),
        "curves": _curves(fixed),
    }


def _approved() -> Mapping[int, tuple[str, int]]:
    """Set and cluster of each approved prompt: near duplicates count as one."""
    rows = Prompt.objects.approved().values_list("pk", "prompt_set__slug", "near")
    return {pk: (slug, near or pk) for pk, slug, near in rows}


def _chosen(
    votes: Votes, rows: Booleans, asked: Mapping[int, tuple[str, int]]
) -> Votes:
    prompts = votes.prompt[rows]
    known, place = np.unique(prompts, return_inverse=True)
    clusters = np.array([asked[pk][1] for pk in known.tolist()], dtype=np.int64)
    return Votes.from_columns(
        votes.names,
        votes.first[rows],
        votes.second[rows],
        votes.outcome[rows],
        votes.volunteer[rows],
        votes.day[rows],
        clusters[place] if len(known) else prompts,
    )


def _questions(votes: Votes) -> int:
    return len(np.unique(votes.prompt))


def _compared(fixed: Votes, pool: Votes) -> dict[str, Any] | None:
    try:
        found = compare(fixed, pool)
    except TooLittle:
        return None
    return {
        "set": _sample(found.fixed),
        "pool": _sample(found.pool),
        "models": _models(found),
    }


def _sample(sample: Sample) -> dict[str, Any]:
    """Sizes, and how errors by question relate to others: typical ratios."""
    return {
        "questions": sample.questions,
        "votes": sample.votes,
        "to_plain": _typical(sample.error, sample.plain),
        "to_bootstrap": _typical(sample.error, sample.bootstrap),
    }


def _typical(error: Floats, other: Floats) -> float | None:
    """The median ratio; none where the other errors are nought but for rounding."""
    if (other <= NOUGHT * error).any():
        return None
    return round(float(np.median(error / other)), 3)


def _models(found: Comparison) -> list[dict[str, Any]]:
    one, other, apart = found.fixed, found.pool, found.difference
    columns = {
        "set": (one.rating, *one.bounds()),
        "pool": (other.rating, *other.bounds()),
        "difference": (apart.value, apart.low, apart.high),
    }
    return [
        {
            "slug": slug,
            **{
                name: [round(float(part[place]), 2) for part in parts]
                for name, parts in columns.items()
            },
            "p": float(apart.p[place]),
            "differs": apart.differs[place],
        }
        for place, slug in enumerate(found.names)
    ]


def _curves(votes: Votes) -> dict[str, Any] | None:
    try:
        curves: Curves = question_curves(votes)
    except TooLittle:
        return None
    return asdict(curves)
