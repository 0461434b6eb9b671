"""Who met whom, and who won: the tallies between some contestants."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from evaluations.models import Contestant, Tally
from evaluations.models.tallies import ALL

SIZE = "size:"
HALF = 0.5
# What the first of a pair gains by each outcome.
POINTS = {"a": 1.0, "b": 0.0, "tie": HALF, "both_bad": HALF}


@dataclass(frozen=True)
class Meeting:
    """Battles of two contestants from the side of one of them."""

    battles: int
    points: float

    @property
    def share(self) -> float:
        """Share of battles won, a tie of either kind being half a win."""
        return self.points / self.battles


def meetings(
    contestants: Sequence[Contestant], *, slice_name: str
) -> dict[tuple[int, int], Meeting]:
    """Every meeting from both sides, keyed by the numbers of the contestants."""
    places = {contestant.pk: number for number, contestant in enumerate(contestants)}
    # Votes are not tallied by size: a size class has those of its models.
    name = ALL if slice_name.startswith(SIZE) else slice_name
    tallies = (
        Tally.objects.filter(slice=name, count__gt=0)
        .filter(first__in=places, second__in=places)
        .values_list("first", "second", "outcome", "count")
    )
    battles: dict[tuple[int, int], int] = defaultdict(int)
    points: dict[tuple[int, int], float] = defaultdict(float)
    for first, second, outcome, count in tallies:
        pair = places[first], places[second]
        for side, gained in (
            (pair, POINTS[outcome]),
            (pair[::-1], 1 - POINTS[outcome]),
        ):
            battles[side] += count
            points[side] += gained * count
    return {pair: Meeting(battles[pair], points[pair]) for pair in battles}
