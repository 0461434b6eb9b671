"""A contestant's results against each of its opponents."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q

from evaluations.charts import Dot, Scale, Svg, dot_plot, wilson
from evaluations.leaderboard import expected
from evaluations.models import Contestant, Rating, Tally
from evaluations.models.tallies import ALL
from evaluations.rating.rao_kupper import Chances

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


def record_plot(found: Sequence[Record], *, width: int, style: str) -> Svg:
    """The most met opponents by the share won against them."""
    shown = sorted(found[:MOST_DOTS], key=lambda record: -record.share)
    return dot_plot(
        [_dot(record) for record in shown],
        scale=Scale(0, 100),
        reference=50,
        title="Share of battles won against each opponent",
        description="; ".join(
            f"{record.opponent.name} {record.share:.0%} of {record.votes}"
            for record in shown
        ),
        width=width,
        style=style,
        unit="\u202f%",
    )


def _dot(record: Record) -> Dot:
    low, high = wilson(record.share, record.votes)
    tip = f"{record.opponent.name}: {record.share:.0%} of {record.votes} battles"
    return Dot(record.opponent.name, 100 * record.share, 100 * low, 100 * high, tip)
