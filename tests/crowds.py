"""Votes of a made-up crowd, counted at once and straight into the ledger."""

import itertools
import secrets
from collections.abc import Sequence
from datetime import timedelta
from random import Random

from django.utils import timezone

from evaluations import leaderboard
from evaluations.models import Battle, Contestant, Prompt, Volunteer, Vote
from tests.factories import make_battle, make_contestant, make_prompt


def make_models(count: int) -> list[Contestant]:
    return [
        make_contestant(slug=f"m{number}", name=f"Model {number:02}")
        for number in range(count)
    ]


def judge_all(
    models: Sequence[Contestant],
    *,
    strengths: Sequence[float],
    volunteers: int,
    rounds: int = 1,
    seed: int = 0,
) -> list[Volunteer]:
    """Every volunteer judges every pair on each round's prompt, and it is published."""
    # From an evening on, so that they are of two days at whatever hour this runs.
    evening = timezone.now().replace(hour=18, minute=0) - timedelta(days=3)
    random = Random(seed)
    prompts = [make_prompt() for _ in range(rounds)]
    people = Volunteer.objects.bulk_create(_stranger() for _ in range(volunteers))
    votes = []
    for prompt, (x, y) in itertools.product(
        prompts, itertools.combinations(range(len(models)), 2)
    ):
        battle = make_battle(models[x], models[y], prompt)
        for number, volunteer in enumerate(people):
            lead = strengths[x] - strengths[y]
            chance, score = random.random(), 1 / (1 + 2.718281828**-lead)
            choice = "tie" if abs(chance - score) < 0.1 else "x"
            if choice != "tie" and chance > score:
                choice = "y"
            left = random.choice("xy")
            verdict = {"tie": "tie", left: "a"}.get(choice, "b")
            when = evening + timedelta(hours=number)
            votes.append(_vote(battle, volunteer, verdict, left, when))
    Vote.objects.bulk_create(votes)
    leaderboard.rebuild_tallies()
    leaderboard.publish()
    return people


def adore(model: Contestant, others: Sequence[Contestant], *, times: int) -> Volunteer:
    """One volunteer prefers one model, so many times over each of the others."""
    fan = _stranger()
    fan.save()
    votes = []
    for other in others:
        for _ in range(times):
            prompt: Prompt = make_prompt()
            battle: Battle = make_battle(model, other, prompt)
            votes.append(_vote(battle, fan, "a", "x", timezone.now()))
    Vote.objects.bulk_create(votes)
    leaderboard.rebuild_tallies()
    leaderboard.publish()
    return fan


def _stranger() -> Volunteer:
    return Volunteer(
        origin=Volunteer.Origin.IMPORT,
        external_id=f"made:{secrets.token_hex(8)}",
        has_judged=True,
    )


def _vote(battle, volunteer, verdict, left, when) -> Vote:
    return Vote(
        battle=battle,
        volunteer=volunteer,
        verdict=verdict,
        left=left,
        cast_at=when,
        state=Vote.State.COUNTED,
    )
