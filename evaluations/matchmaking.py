"""Which pair meets on which prompt, and with what probability it was drawn."""

import random
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from django.conf import settings
from django.db.models import Count, Q

from evaluations.models import Answer, Battle, Contestant, Prompt

Pair = tuple[int, int]
# How many battles each contestant has been in.
Exposure = Mapping[int, int]
# A rule gives every pair of n contestants a weight; weights need not add up to one.
Rule = Callable[[Exposure], dict[Pair, float]]


@dataclass(frozen=True)
class Draw:
    """A pair in random order, its prompt, and the probability of just this draw."""

    contestant_x: Contestant
    contestant_y: Contestant
    prompt: Prompt
    rule: str
    probability: float


@dataclass(frozen=True)
class PairDraw:
    """A pair in random order for somebody's own question."""

    contestant_x: Contestant
    contestant_y: Contestant
    rule: str
    probability: float


def uniform(exposure: Exposure) -> dict[Pair, float]:
    """Every pair alike."""
    return dict.fromkeys(combinations(sorted(exposure), 2), 1.0)


def exposure_floor(exposure: Exposure) -> dict[Pair, float]:
    """Every pair alike, but first those with a contestant that was seldom seen."""
    floor = settings.ARENA_EXPOSURE_FLOOR
    seldom = {one for one, battles in exposure.items() if battles < floor}
    pairs = uniform(exposure)
    return {pair: 1.0 for pair in pairs if not seldom or seldom & set(pair)}


RULES: dict[str, Rule] = {"uniform": uniform, "exposure_floor": exposure_floor}


@dataclass(frozen=True)
class Stock:
    """What battles are drawn from, read once for many draws."""

    playing: dict[int, Contestant]
    exposure: Exposure
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
        weights = RULES[rule](self.exposure)
        return {p: w for p, w in weights.items() if any(self.prompts_for(p))}


def read_stock() -> Stock:
    playing = {c.pk: c for c in Contestant.objects.active()}
    prompts = Prompt.objects.approved().values_list("pk", "first_digest")
    failed: dict[int, set[str]] = {pk: set() for pk in playing}
    # An answer that names its model is as useless as none.
    useless = Q(state=Answer.State.FAILED) | ~Q(leak="")
    failures = Answer.objects.for_queue().filter(useless, contestant__in=playing)
    for contestant, digest in failures.values_list("contestant", "messages_digest"):
        failed[contestant].add(digest)
    return Stock(playing, exposure_of(playing), list(prompts), failed)


def exposure_of(contestants: Collection[int]) -> Exposure:
    """In how many battles each has been, withdrawn ones aside."""
    seen = dict.fromkeys(contestants, 0)
    standing = Battle.objects.filter(withdrawn_at__isnull=True)
    for side in ("contestant_x", "contestant_y"):
        of_side = standing.filter(**{f"{side}__in": contestants})
        for one, battles in of_side.values_list(side).annotate(Count("pk")):
            seen[one] += battles
    return seen


def draw_pair(
    *, among: Collection[Contestant], rule: str = "exposure_floor"
) -> PairDraw | None:
    """Draw who answers a volunteer's own question; None where there are no two."""
    by_id = {contestant.pk: contestant for contestant in among}
    weights = RULES[rule](exposure_of(by_id))
    if not weights:
        return None
    pair = random.choices(list(weights), list(weights.values()))[0]  # noqa: S311
    x, y = random.sample(pair, 2)
    probability = weights[pair] / sum(weights.values())
    return PairDraw(by_id[x], by_id[y], rule, probability)


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
