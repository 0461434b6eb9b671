"""Draw battles: a pair, the order of its sides, a prompt, and the probability."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from random import Random

import numpy as np

from evaluations.matchmaking.pairs import DrawnPair, draw_with
from evaluations.matchmaking.standings import chances_of, newest_table, roots_of
from evaluations.matchmaking.stock import (
    AVAILABLE,
    CHOSEN_SET,
    RULE,
    Stock,
    read_guarantee,
    read_stock,
)
from evaluations.models import Battle, Contestant, Prompt, PromptSet


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


def draw(*, rule: str = RULE, of: int | None = None) -> Draw | None:
    """Draw one battle; None where no two contestants and a prompt play."""
    drawn = draws(rule=rule) if of is None else draws_of([of], rule=rule)
    return next(drawn, None)


def draws(*, rule: str = RULE, random: Random | None = None) -> Iterator[Draw]:
    """Draw battles without end, from what was there within the last minute.

    A simulation brings chances of its own, which can be had again.
    """
    random = random or Random()  # noqa: S311
    stock = read_stock(rule=rule)
    while pair := stock.draw_pair(random):
        yield _with_prompt(stock, pair, rule, random)
        if stock.is_stale():
            stock = read_stock(rule=rule)


def draws_on(prompt_set: PromptSet, *, number: int) -> Iterator[Draw]:
    """Draw so many battles on prompts of one set, the pairs as for the mix of all."""
    stock, random = read_stock(prompt_set=prompt_set), Random()  # noqa: S311
    for _ in range(number):
        if pair := stock.draw_pair(random):
            yield _with_prompt(stock, pair, CHOSEN_SET, random)


def draws_of(contestants: Collection[int], *, rule: str = RULE) -> Iterator[Draw]:
    """Draw one battle of each of these, out of turn."""
    if not contestants:
        return
    stock, random = read_stock(rule=rule), Random()  # noqa: S311
    for contestant in contestants:
        if pair := stock.draw_pair_with(contestant, random):
            yield _with_prompt(stock, pair, rule, random)


def _with_prompt(stock: Stock, drawn: DrawnPair, rule: str, random: Random) -> Draw:
    x, y = random.sample([stock.playing[drawn.i], stock.playing[drawn.j]], 2)
    prompt = stock.draw_prompt((x.pk, y.pk), random)
    return Draw(
        contestant_x=x,
        contestant_y=y,
        prompt=Prompt.objects.get(pk=prompt.pk),
        rule=rule,
        probability=drawn.probability * prompt.probability,
    )


def draw_pair(*, among: Collection[Contestant], rule: str = RULE) -> PairDraw | None:
    """Draw who answers a volunteer's own question; None where there are no two.

    The chances of all that play, kept to those with room; whoever is due comes first.
    """
    available, random = {one.pk: one for one in among}, Random()  # noqa: S311
    roots = roots_of(
        Contestant.objects.playing().order_by("pk").values_list("pk", "variant_of")
    )
    chances = chances_of(roots, rule=rule, table=newest_table())
    due, behind = read_guarantee(roots, chances, mode=Battle.Mode.LIVE).due()
    playing = list(roots)
    members = [n for n, pk in enumerate(playing) if pk in available]
    drawn = draw_with(
        chances.among(np.array(members, dtype=np.int64)),
        np.flatnonzero(np.isin(members, due)),
        behind,
        random,
    )
    if drawn is None:
        return None
    sides = random.sample([playing[members[n]] for n in (drawn.i, drawn.j)], 2)
    x, y = (available[pk] for pk in sides)
    return PairDraw(x, y, AVAILABLE, drawn.probability)
