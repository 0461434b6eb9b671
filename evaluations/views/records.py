"""A contestant's results against each of its opponents."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.db.models import Q

from evaluations.charts import Dot, Face, Scale, Svg, dot_plot, wilson
from evaluations.leaderboard import expected
from evaluations.models import Contestant, Rating, Tally
from evaluations.models.tallies import ALL
from evaluations.rating.rao_kupper import Chances
from evaluations.views.plots import Column, Plot

# More dots than this crowd the plot; the table below it has them all.
MOST_DOTS = 12
OUTCOMES_AS_FIRST = {"a": "wins", "b": "losses", "tie": "ties", "both_bad": "both_bad"}
OUTCOMES_AS_SECOND = OUTCOMES_AS_FIRST | {"a": "losses", "b": "wins"}


@dataclass(frozen=True)
class Record:
    opponent: Contestant
    wins: int = 0
    losses: int = 0
    ties: int = 0
    both_bad: int = 0
    expected: Chances | None = None

    @property
    def votes(self) -> int:
        return self.wins + self.losses + self.ties + self.both_bad

    @property
    def share(self) -> float:
        """Share of battles won, a tie of either kind being half a win."""
        return (self.wins + (self.ties + self.both_bad) / 2) / self.votes


def records(contestant: Contestant, ratings: Mapping[int, Rating]) -> list[Record]:
    """One record for each opponent, the most met first.

    ratings: the newest table's, by contestant; from them follows what to expect.
    """
    tallies = (
        Tally.objects.filter(slice=ALL, count__gt=0)
        .filter(Q(first=contestant) | Q(second=contestant))
        .select_related("first", "second")
    )
    found = [
        replace(record, expected=_expected(contestant, record.opponent, ratings))
        for record in _added_up(contestant, tallies)
    ]
    return sorted(found, key=lambda record: (-record.votes, record.opponent.name))


def _expected(
    contestant: Contestant, opponent: Contestant, ratings: Mapping[int, Rating]
) -> Chances | None:
    if contestant.pk not in ratings or opponent.pk not in ratings:
        return None
    return expected(rating=ratings[contestant.pk], opponent=ratings[opponent.pk])


def _added_up(contestant: Contestant, tallies: Iterable[Tally]) -> list[Record]:
    opponents: dict[int, Contestant] = {}
    counts: dict[int, dict[str, Any]] = defaultdict(lambda: defaultdict(int))
    for tally in tallies:
        is_first = tally.first_id == contestant.pk
        opponent = tally.second if is_first else tally.first
        names = OUTCOMES_AS_FIRST if is_first else OUTCOMES_AS_SECOND
        opponents[opponent.pk] = opponent
        counts[opponent.pk][names[tally.outcome]] += tally.count
    return [Record(opponents[key], **counts[key]) for key in opponents]


def record_plot(found: Sequence[Record]) -> Plot | None:
    """The most met opponents by the share won against them."""
    if not found:
        return None
    most = sorted(found[:MOST_DOTS], key=lambda record: -record.share)
    dots = [_dot(record) for record in most]
    few = len(found) > MOST_DOTS
    drawn = f"; the {MOST_DOTS} opponents it met most are drawn" if few else ""
    return Plot(
        key="record",
        title="Record against each opponent",
        reading="The share of battles it won, a tie being half a win, with a 95 % "
        "interval. Right of the dotted line it wins more than it loses"
        f"{drawn}{f', the table has all {len(found)}' if few else ''}. What to expect "
        "of the next battle follows from all votes on both.",
        description="; ".join(dot.tip for dot in dots),
        columns=(
            Column("opponent", "Opponent"),
            Column("battles", "Battles"),
            Column("share", "Share won"),
            Column("won", "Won"),
            Column("lost", "Lost"),
            Column("tied", "Tied"),
            Column("both_bad", "Both bad"),
        ),
        rows=[
            (r.opponent.name, r.votes, r.share, r.wins, r.losses, r.ties, r.both_bad)
            for r in found
        ],
        draw=partial(_draw, dots),
    )


def _draw(dots: Sequence[Dot], *, face: Face) -> Svg:
    return dot_plot(
        dots,
        scale=Scale(0, 100),
        reference=50,
        face=face,
        unit="\u202f%",
    )


def _dot(record: Record) -> Dot:
    low, high = wilson(record.share, record.votes)
    tip = f"{record.opponent.name}: {record.share:.0%} of {record.votes} battles"
    return Dot(record.opponent.name, 100 * record.share, 100 * low, 100 * high, tip)
