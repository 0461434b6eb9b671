"""Judges and what they said, straight into the database."""

import itertools
from collections.abc import Iterable
from random import Random
from typing import Any

from evaluations.models import Battle, Judge, JudgeVerdict, Study
from evaluations.studies import judges
from evaluations.studies.making import make_study

_numbers = itertools.count(1)


def judge_of(**values: Any) -> Judge:
    number = next(_numbers)
    named = {"slug": f"judge-{number}", "name": f"Judge {number}", "maker": "Nobody"}
    return Judge.objects.create(**{**named, **values})


def say(
    judge: Judge, battle: Battle, verdict: str = "a", *, left: str = "x", **values: Any
) -> JudgeVerdict:
    state = "read" if verdict else "unreadable"
    return JudgeVerdict.objects.create(
        judge=judge, battle=battle, left=left, verdict=verdict, state=state, **values
    )


def say_of_all(
    judge: Judge,
    battles: Iterable[Battle],
    *,
    strengths: dict[int, float],
    first: float = 0.5,
    seed: int = 0,
) -> None:
    """Verdicts in both orders, some for the first place, the others by strengths.

    strengths: by the contestants' primary keys; first: share for the first place among
    two alike
    """
    random, said = Random(seed), []
    for battle, left in itertools.product(battles, "xy"):
        lead = strengths[battle.contestant_x_id] - strengths[battle.contestant_y_id]
        odds = 2.718281828 ** (lead if left == "x" else -lead) * first / (1 - first)
        verdict = "a" if random.random() < odds / (1 + odds) else "b"
        said.append(
            JudgeVerdict(
                judge=judge, battle=battle, left=left, verdict=verdict, state="read"
            )
        )
    JudgeVerdict.objects.bulk_create(said)


def study_of(judge: Judge) -> Study:
    """Work its figures out, as the background does."""
    name = f"{judges.PREFIX}{judge.slug}"
    make_study(judges, name)
    made = Study.objects.newest_of(name)
    assert made is not None
    return made
