"""Which pair meets on which prompt, and with what probability it was drawn."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Count

from evaluations.models import Answer, Battle, Contestant, Prompt

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


@dataclass(frozen=True)
class Stock:
    """What battles are drawn from, read once for many draws."""

    playing: dict[int, Contestant]
    # Approved prompts with the digest of their first messages.
    prompts: list[tuple[int, str]]
    # Digests of the messages that a contestant failed to answer.
    failed: dict[int, set[str]]

    def prompts_for(self, pair: Pair) -> Iterator[int]:
        """Approved prompts that neither of the pair failed on."""
        failed = self.failed[pair[0]] | self.failed[pair[1]]
        return (pk for pk, digest in self.prompts if digest not in failed)

    def weights(self, rule: str) -> dict[Pair, float]:
        """Of every pair that has a prompt; the chances of the others fall to them."""
        weights = RULES[rule](list(self.playing))
        return {p: w for p, w in weights.items() if any(self.prompts_for(p))}


def read_stock() -> Stock:
    playing = {c.pk: c for c in Contestant.objects.active()}
    prompts = Prompt.objects.approved().values_list("pk", "first_digest")
    failed: dict[int, set[str]] = {pk: set() for pk in playing}
    failures = Answer.objects.filter(state=Answer.State.FAILED, contestant__in=playing)
    for contestant, digest in failures.values_list("contestant", "messages_digest"):
        failed[contestant].add(digest)
    return Stock(playing, list(prompts), failed)


def draw(*, rule: str = "uniform", of: int | None = None) -> Draw | None:
    """Draw one battle; None where no two contestants and a prompt play."""
    return next(draws(rule=rule, of=of), None)


def draws(*, rule: str = "uniform", of: int | None = None) -> Iterator[Draw]:
    """Draw battles without end from what is there now, or those `of` one contestant."""
    stock = read_stock()
    weights = stock.weights(rule)
    if of is not None:
        weights = {pair: w for pair, w in weights.items() if of in pair}
    pairs, total = list(weights), sum(weights.values())
    while pairs:
        pair = random.choices(pairs, list(weights.values()))[0]  # noqa: S311
        prompts = _least_met(pair, list(stock.prompts_for(pair)))
        x, y = random.sample(pair, 2)
        yield Draw(
            contestant_x=stock.playing[x],
            contestant_y=stock.playing[y],
            prompt=Prompt.objects.get(pk=random.choice(prompts)),  # noqa: S311
            rule=rule,
            probability=weights[pair] / total / len(prompts),
        )


def _least_met(pair: Pair, prompts: list[int]) -> list[int]:
    """Those that this pair has met on least often."""
    battles = Battle.objects.filter(contestant_x__in=pair, contestant_y__in=pair)
    met = dict(battles.values_list("prompt").annotate(Count("pk")))
    fewest = min(met.get(prompt, 0) for prompt in prompts)
    return [prompt for prompt in prompts if met.get(prompt, 0) == fewest]
