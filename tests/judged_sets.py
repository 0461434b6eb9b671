"""Question sets on which a made-up crowd judged models, straight into the ledger."""

import itertools
import secrets
from collections.abc import Sequence
from random import Random

from evaluations import leaderboard
from evaluations.models import Contestant, Prompt, Vote
from tests.crowds import make_models
from tests.factories import make_battle, make_prompt, make_volunteer


def make_prompts(number: int, slug: str, **values: object) -> list[Prompt]:
    return [make_prompt(set=slug, **values) for _ in range(number)]


def judge_prompts(
    models: Sequence[Contestant], prompts: Sequence[Prompt], *, voters: int
) -> None:
    """Everybody judges every pair on every prompt; the later of a pair mostly wins."""
    random, votes = Random(3), []
    people = [make_volunteer() for _ in range(voters)]
    for prompt, (x, y) in itertools.product(prompts, itertools.combinations(models, 2)):
        battle = make_battle(x, y, prompt, judgements=voters)
        for voter in people:
            votes.append(
                Vote(
                    battle=battle,
                    volunteer=voter,
                    verdict=random.choices(["a", "tie", "b"], [2, 1, 4])[0],
                    left="x",
                    idempotency_key=secrets.token_hex(8),
                    state=Vote.State.COUNTED,
                )
            )
    Vote.objects.bulk_create(votes)
    leaderboard.rebuild_tallies()


def judge_set_and_pool() -> list[Contestant]:
    """Three models, 252 votes on six questions of a set, 126 on seven of another."""
    models = make_models(3)
    judge_prompts(models, make_prompts(6, "koala"), voters=14)
    judge_prompts(models, make_prompts(7, "pool"), voters=6)
    return models
