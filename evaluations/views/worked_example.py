"""Two or three models of the newest table, to show how votes become ratings."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from evaluations.charts import wilson
from evaluations.leaderboard import Group, Row
from evaluations.models import Tally
from evaluations.models.tallies import ALL
from evaluations.views.head_to_head import EXCHANGED

# Of the models most judged, two that met so often are worth an example.
AMONG, LEAST = 12, 20
# So many points multiply the odds by ten.
POINTS_PER_DECADE = 400


@dataclass(frozen=True)
class Encounter:
    """What the ratings predict of two models, and what their battles gave."""

    ahead: Row
    behind: Row
    wins: int = 0
    losses: int = 0
    ties: int = 0
    both_bad: int = 0

    @property
    def battles(self) -> int:
        return self.wins + self.losses + self.ties + self.both_bad

    @property
    def score(self) -> float:
        return self.wins + (self.ties + self.both_bad) / 2

    @property
    def share(self) -> float:
        return self.score / self.battles

    @property
    def low(self) -> float:
        return wilson(self.share, self.battles)[0]

    @property
    def high(self) -> float:
        return wilson(self.share, self.battles)[1]

    @property
    def points_apart(self) -> float:
        return self.ahead.rating.rating - self.behind.rating.rating

    @property
    def expected(self) -> float:
        """The share that the one ahead is to take, a tie being half a win."""
        return float(1 / (1 + 10 ** (-self.points_apart / POINTS_PER_DECADE)))

    @property
    def fits(self) -> bool:
        """Whether chance alone may part the two shares."""
        return self.low <= self.expected <= self.high


@dataclass(frozen=True)
class WorkedExample:
    """rows: the best first; first: of the two that met most; others: with the third."""

    rows: list[Row]
    first: Encounter
    others: list[Encounter]


def worked_example(groups: Sequence[Group]) -> WorkedExample | None:
    """The two that met most, and who met these most; in one query.

    None before two models with settled ratings have met often enough.
    """
    rows = [row for group in groups for row in group.rows]
    judged = sorted(rows, key=lambda row: -row.rating.votes)[:AMONG]
    met = _encounters(judged)
    if not met:
        return None
    first = max(met.values(), key=lambda each: each.battles)
    if first.battles < LEAST:
        return None
    pair = (first.ahead, first.behind)
    chosen = _best_first([*pair, *_third(pair, met.values())])
    others = [
        met.get(_key(*both), Encounter(*both)) for both in combinations(chosen, 2)
    ]
    return WorkedExample(chosen, first, [each for each in others if each != first])


def _key(ahead: Row, behind: Row) -> tuple[int, int]:
    return ahead.contestant.pk, behind.contestant.pk


def _best_first(rows: Sequence[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: -row.rating.rating)


def _encounters(rows: Sequence[Row]) -> dict[tuple[int, int], Encounter]:
    """Who met whom, by the numbers of the one ahead and the one behind."""
    ordered = {row.contestant.pk: row for row in _best_first(rows)}
    place = {pk: number for number, pk in enumerate(ordered)}
    tallies = Tally.objects.filter(
        slice=ALL, count__gt=0, first__in=ordered, second__in=ordered
    )
    found: dict[tuple[int, int], Counter[str]] = defaultdict(Counter)
    for first, second, outcome, count in tallies.values_list(
        "first", "second", "outcome", "count"
    ):
        if place[first] < place[second]:
            found[first, second][outcome] += count
        else:
            found[second, first][EXCHANGED[outcome]] += count
    return {
        (ahead, behind): Encounter(
            ordered[ahead],
            ordered[behind],
            wins=said["a"],
            losses=said["b"],
            ties=said["tie"],
            both_bad=said["both_bad"],
        )
        for (ahead, behind), said in found.items()
    }


def _third(pair: tuple[Row, Row], met: Iterable[Encounter]) -> list[Row]:
    """Who met the two most, if anybody did."""
    battles: Counter[int] = Counter()
    rows: dict[int, Row] = {}
    for each in met:
        sides = (each.ahead, each.behind)
        known = [row for row in sides if row in pair]
        if len(known) == 1:
            (other,) = (row for row in sides if row not in pair)
            battles[other.contestant.pk] += each.battles
            rows[other.contestant.pk] = other
    return [rows[pk] for pk, _ in battles.most_common(1)]
