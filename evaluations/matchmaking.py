"""Which pair meets on which prompt, and with what probability it was drawn."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from evaluations.models import Answer, Contestant, Prompt

# A rule gives every pair of n contestants a weight; weights need not add up to one.
Pair = tuple[int, int]
Rule = Callable[[Sequence[int]], dict[Pair, float]]


@dataclass(frozen=True)
class Draw:
    """A pair in random order, its prompt, and the probability of just this draw."""

    contestant_x: Contestant
    contestant_y: Contestant
    prompt: Prompt
    rule: str
    probability: float


def uniform(contestants: Sequence[int]) -> dict[Pair, float]:
    """Every pair alike."""
    ids = sorted(contestants)
    return {(i, j): 1.0 for n, i in enumerate(ids) for j in ids[n + 1 :]}


RULES: dict[str, Rule] = {"uniform": uniform}


def draw(*, rule: str = "uniform") -> Draw | None:
    """Draw the next battle; None where fewer than two contestants or no prompt play."""
    playing = {c.pk: c for c in Contestant.objects.active()}
    weights = RULES[rule](list(playing))
    if not weights:
        return None
    pairs = list(weights)
    pair = random.choices(pairs, [weights[p] for p in pairs])[0]  # noqa: S311
    prompts = _prompts_for(pair)
    if not prompts:
        return None
    x, y = random.sample(pair, 2)
    return Draw(
        contestant_x=playing[x],
        contestant_y=playing[y],
        prompt=Prompt.objects.get(pk=random.choice(prompts)),  # noqa: S311
        rule=rule,
        probability=weights[pair] / sum(weights.values()) / len(prompts),
    )


def _prompts_for(pair: Pair) -> list[int]:
    """Prompts that this pair has met on least often, without failed answers."""
    met = Q(battles__contestant_x__in=pair, battles__contestant_y__in=pair)
    failed = Answer.objects.filter(
        contestant__in=pair, state=Answer.State.FAILED
    ).values("messages_digest")
    counted = list(
        Prompt.objects.approved()
        .exclude(first_digest__in=failed)
        .annotate(met=Count("battles", filter=met))
        .values_list("pk", "met")
    )
    fewest = min((met for _, met in counted), default=0)
    return [pk for pk, met in counted if met == fewest]
