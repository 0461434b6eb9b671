"""What a judge is worth: one study for each, called judge:<slug>."""

import hashlib
from collections.abc import Iterable
from math import floor, log
from typing import Any, Final

import numpy as np
from django.db.models import Count, Exists, Max, OuterRef, Q

from evaluations.judging import related_ids
from evaluations.models import Judge, JudgeScore, JudgeVerdict, Leaderboard
from evaluations.models.judging import Reading
from evaluations.studies.judge_figures import Said, figures_of
from evaluations.studies.opinions import (
    known_contestants,
    read_categories,
    read_people,
    read_verdicts,
)
from evaluations.studies.points import pair_points, scores

PREFIX: Final = "judge:"
# A judge's figures rest on all votes, and are made anew where these have grown so much.
GROWTH: Final = 0.02


def names() -> Iterable[str]:
    """Those that have said something, of two answers or of one."""
    said = [
        Exists(each.objects.filter(judge=OuterRef("pk")))
        for each in (JudgeVerdict, JudgeScore)
    ]
    slugs = Judge.objects.filter(said[0] | said[1]).order_by("slug")
    return [f"{PREFIX}{slug}" for slug in slugs.values_list("slug", flat=True)]


def digest(name: str) -> str:
    """Of what it said, its maker, how many votes there are in steps, and the day.

    The day is that of the newest table, so that nothing is made anew without a vote.
    """
    judge = Judge.objects.get(slug=name.removeprefix(PREFIX))
    standing = Q(state=Reading.READ, battle__withdrawn_at__isnull=True)
    said = JudgeVerdict.objects.filter(judge=judge).aggregate(
        read=Count("pk", standing), all=Count("pk"), last=Max("pk")
    )
    scored = JudgeScore.objects.filter(judge=judge, state=Reading.READ).aggregate(
        read=Count("pk"), last=Max("pk")
    )
    newest = Leaderboard.objects.of_slice().first()
    votes = (newest.votes, newest.published_at.date()) if newest else (0, None)
    own = sorted(related_ids(judge))
    of_votes = _step(votes[0]), votes[1]
    marks = (*said.values(), *scored.values(), *of_votes, own)
    return hashlib.sha256(" ".join(map(str, marks)).encode()).hexdigest()


def _step(votes: int) -> int:
    """How often the votes have grown by GROWTH; while they are few, by about one."""
    return floor(log(1 + votes * GROWTH) / GROWTH)


def figures(name: str) -> dict[str, Any]:
    judge = Judge.objects.get(slug=name.removeprefix(PREFIX))
    known = known_contestants()
    verdicts = read_verdicts(judge, known)
    said = Said(
        slugs=known.slugs,
        own=np.isin(known.keys, sorted(related_ids(judge))),
        people=read_people(known),
        verdicts=verdicts,
        categories=read_categories(verdicts.prompt),
        scores=scores(judge.scores.all()).get(judge.slug, {}),
        pairs=pair_points(judge.verdicts.filter(battle__withdrawn_at__isnull=True)),
    )
    return {"states": _states(judge), **figures_of(said)}


def _states(judge: Judge) -> dict[str, int]:
    counted = judge.verdicts.values_list("state").annotate(count=Count("pk"))
    return dict.fromkeys(Reading.values, 0) | dict(counted.order_by())
