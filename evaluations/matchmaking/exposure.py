"""Who was drawn, shown and judged how often, and how often each is to be expected."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from django.conf import settings
from django.db.models import Count, F, Sum

from evaluations.matchmaking.guarantee import WINDOW, Guarantee
from evaluations.matchmaking.standings import (
    chances_of,
    family_sizes,
    newest_table,
    roots_of,
)
from evaluations.matchmaking.stock import RULE, queue_draws
from evaluations.models import Battle, Contestant
from evaluations.rating.tallies import Floats
from evaluations.remembering import remembered


@dataclass(frozen=True)
class Seen:
    """Battles drawn for a contestant and judged, views of them and votes on them.

    A battle that is still to be judged is in none of the figures.
    """

    battles: int = 0
    views: int = 0
    votes: int = 0

    def __add__(self, other: Self) -> "Seen":
        return Seen(
            self.battles + other.battles,
            self.views + other.views,
            self.votes + other.votes,
        )


@dataclass(frozen=True)
class ContestantExposure:
    """One contestant. Shares are of all places in draws, of which each draw has two.

    recent_share is that of the newest draws, expected_share that of the next one,
    floor_share what is guaranteed: nought for those that do not play.
    """

    slug: str
    name: str
    maker: str
    licence: str
    size_class: str
    house_program: bool
    state: str
    family: str
    family_size: int
    seen: Seen
    recent_share: float = 0.0
    expected_share: float = 0.0
    floor_share: float = 0.0


@dataclass(frozen=True)
class SummedExposure:
    """Several active contestants together."""

    name: str
    contestants: int
    seen: Seen
    recent_share: float
    expected_share: float
    floor_share: float


@dataclass(frozen=True)
class Exposure:
    """Active contestants, those at rest, and sums over the active.

    window: draws of the queue in which the floor is kept; recent_draws: the newest ones
    that were looked at, at most that many
    """

    active: list[ContestantExposure]
    resting: list[ContestantExposure]
    makers: list[SummedExposure]
    licences: list[SummedExposure]
    sizes: list[SummedExposure]
    families: list[SummedExposure]
    window: int
    recent_draws: int


def recent_exposure() -> Exposure:
    """The figures of the last minute: taking them reads all battles."""
    return remembered("exposure", exposure)


def exposure() -> Exposure:
    """Count battles, views and votes, and set the chances of the next draw beside."""
    seen = _seen()
    published = Contestant.objects.published().select_related("variant_of")
    lines = {one.pk: _line(one, seen.get(one.pk, Seen())) for one in published}
    active = {pk: lines[pk] for pk in sorted(lines) if lines[pk].state == "active"}
    players = {one.pk: one.variant_of_id for one in published if one.pk in active}
    guarantee, drawn = _with_shares(active, players)
    playing = sorted(
        active.values(), key=lambda line: (-line.expected_share, line.name)
    )
    return Exposure(
        active=playing,
        resting=[line for line in lines.values() if line.state != "active"],
        makers=_summed(playing, lambda line: line.maker),
        licences=_summed(playing, lambda line: line.licence or "not stated"),
        sizes=_summed(playing, lambda line: line.size_class),
        families=[
            family
            for family in _summed(playing, lambda line: line.family)
            if family.contestants > 1
        ],
        window=guarantee.horizon or WINDOW,
        recent_draws=drawn,
    )


def _seen() -> dict[int, Seen]:
    """Of drawn battles that were judged; a control is a check and no exposure.

    Not of those still open: whoever looks before and after a pair is opened for them
    would see whose figures have moved.
    """
    drawn = Battle.objects.filter(
        origin=Battle.Origin.DRAW,
        mode__in=(Battle.Mode.QUEUE, Battle.Mode.LIVE),
        judgements__gte=F("judgements_wanted"),
        withdrawn_at__isnull=True,
    )
    seen: dict[int, Seen] = {}
    for side in ("contestant_x", "contestant_y"):
        sums = drawn.values_list(side).annotate(
            Count("pk"), Sum("shown"), Sum("judgements")
        )
        for contestant, battles, views, votes in sums.order_by():
            of_side = Seen(battles, views, votes)
            seen[contestant] = seen.get(contestant, Seen()) + of_side
    return seen


def _line(contestant: Contestant, seen: Seen) -> ContestantExposure:
    root = contestant.variant_of or contestant
    return ContestantExposure(
        slug=contestant.slug,
        name=contestant.name,
        maker=contestant.maker,
        licence=contestant.licence,
        size_class=contestant.size_class,
        house_program=contestant.is_house_program,
        state=contestant.state,
        family=root.name,
        family_size=1,
        seen=seen,
    )


def _with_shares(
    active: dict[int, ContestantExposure], players: dict[int, int | None]
) -> tuple[Guarantee, int]:
    """Fill in the shares of those that play; what is guaranteed, and draws seen."""
    roots = roots_of((pk, players[pk]) for pk in active)
    family = family_sizes(roots)
    guarantee = Guarantee(
        share=settings.ARENA_GUARANTEED_SHARE, family=family, able=family > 0
    )
    drawn = queue_draws(guarantee.horizon or WINDOW)
    recent = dict.fromkeys(active, 0)
    for pk in (one for pair in drawn for one in pair if one in recent):
        recent[pk] += 1
    chances = chances_of(roots, rule=RULE, table=newest_table())
    floor = guarantee.rate / 2
    expected = lifted(chances.matrix.sum(axis=1), floor)
    for number, pk in enumerate(roots):
        active[pk] = replace(
            active[pk],
            family_size=int(family[number]),
            recent_share=recent[pk] / max(1, 2 * len(drawn)),
            expected_share=float(expected[number]),
            floor_share=float(floor[number]),
        )
    return guarantee, len(drawn)


def lifted(weights: Floats, floor: Floats) -> Floats:
    """(n,) shares by weight, those below their floor lifted to it by all others."""
    low = np.zeros(len(weights), dtype=bool)
    shares = floor.copy()
    while True:
        rest = weights[~low].sum()
        shares[~low] = weights[~low] * (1 - floor[low].sum()) / (rest or 1)
        below = ~low & (shares < floor)
        if not below.any():
            return shares
        low |= below
        shares[low] = floor[low]


def _summed(
    lines: Sequence[ContestantExposure], kind: Callable[[ContestantExposure], str]
) -> list[SummedExposure]:
    """Sums over the lines of one kind, the largest expected share first."""
    kinds: dict[str, list[ContestantExposure]] = {}
    for line in lines:
        kinds.setdefault(kind(line), []).append(line)
    summed = [
        SummedExposure(
            name=name,
            contestants=len(members),
            seen=sum((line.seen for line in members), Seen()),
            recent_share=_total(line.recent_share for line in members),
            expected_share=_total(line.expected_share for line in members),
            floor_share=_total(line.floor_share for line in members),
        )
        for name, members in kinds.items()
    ]
    return sorted(summed, key=lambda line: (-line.expected_share, line.name))


def _total(shares: Iterable[float]) -> float:
    return float(sum(shares))
