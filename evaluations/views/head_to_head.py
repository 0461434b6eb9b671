"""Two models set against each other: what is expected, and what happened so far."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Q

from evaluations.charts import wilson
from evaluations.leaderboard import (
    Difference,
    Standings,
    difference,
    expected,
    is_order_settled,
    standings,
)
from evaluations.models import Contestant, Rating, Tally
from evaluations.models.tallies import ALL, CATEGORY
from evaluations.rating.rao_kupper import Chances
from evaluations.templatetags.arena import category_name

# Verdicts from the side of the one who stood right.
EXCHANGED = {"a": "b", "b": "a", "tie": "tie", "both_bad": "both_bad"}


@dataclass(frozen=True)
class Meetings:
    """Battles of the two by outcome; a is the first of them, wherever it stood."""

    a_left: dict[str, int] = field(default_factory=dict)
    b_left: dict[str, int] = field(default_factory=dict)

    def count(self, outcome: str) -> int:
        return self.a_left.get(outcome, 0) + self.b_left.get(outcome, 0)

    @property
    def battles(self) -> int:
        return sum(map(self.count, EXCHANGED))

    @property
    def share(self) -> "Share | None":
        """Of the battles, what a won, a tie of either kind being half a win."""
        ties = self.count("tie") + self.count("both_bad")
        return Share.of(self.count("a") + ties / 2, self.battles)


@dataclass(frozen=True)
class Share:
    """A share with its 95 % interval."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, part: float, cases: int) -> "Share | None":
        if not cases:
            return None
        return cls(part / cases, *wilson(part / cases, cases))


@dataclass(frozen=True)
class Outcome:
    """How battles ended so far; expected is None where another line has it."""

    title: str
    expected: float | None
    share: Share | None
    battles: int
    a_left: int
    b_left: int


@dataclass(frozen=True)
class Category:
    """A category in which both have been judged, the two not always together."""

    title: str
    a: Rating
    b: Rating
    difference: Difference | None
    a_usable: Share | None
    b_usable: Share | None
    battles: int

    @property
    def is_provisional(self) -> bool:
        return self.a.provisional or self.b.provisional


@dataclass(frozen=True)
class HeadToHead:
    """Ratings are those among all votes, None where nobody has judged the model."""

    a: Contestant
    b: Contestant
    a_rating: Rating | None
    b_rating: Rating | None
    difference: Difference | None
    is_settled: bool
    chances: Chances | None
    meetings: Meetings
    outcomes: list[Outcome]
    categories: list[Category]


def head_to_head(a: Contestant, b: Contestant) -> HeadToHead:
    """All that the newest tables and the tallies say of the two; in two queries."""
    tables, met = standings([a, b]), _meetings(a, b)
    ratings = tables.get((ALL, ""), {})
    a_rating, b_rating = ratings.get(a.pk), ratings.get(b.pk)
    ahead, chances, is_settled = None, None, False
    if a_rating and b_rating:
        ahead = difference(rating=a_rating, opponent=b_rating)
        chances = expected(rating=a_rating, opponent=b_rating)
        is_settled = is_order_settled(a_rating, b_rating)
    return HeadToHead(
        a=a,
        b=b,
        a_rating=a_rating,
        b_rating=b_rating,
        difference=ahead,
        is_settled=is_settled,
        chances=chances,
        meetings=met[ALL],
        outcomes=_outcomes(a, b, met[ALL], chances),
        categories=_categories(a, b, tables, met),
    )


def _meetings(a: Contestant, b: Contestant) -> dict[str, Meetings]:
    """Where they met, by slice."""
    met: dict[str, Meetings] = defaultdict(Meetings)
    tallies = Tally.objects.filter(
        Q(first=a, second=b) | Q(first=b, second=a), count__gt=0
    )
    for name, first, outcome, count in tallies.values_list(
        "slice", "first", "outcome", "count"
    ):
        if first == a.pk:
            met[name].a_left[outcome] = count
        else:
            met[name].b_left[EXCHANGED[outcome]] = count
    return met


def _outcomes(
    a: Contestant, b: Contestant, met: Meetings, chances: Chances | None
) -> list[Outcome]:
    """Both bad counts as a tie where it is expected, and apart where it happened."""
    lines = (
        ("a", f"{a.name} won", chances and chances.win),
        ("tie", "Tie", chances and chances.tie),
        ("both_bad", "Both bad", None),
        ("b", f"{b.name} won", chances and chances.loss),
    )
    return [
        Outcome(
            title=title,
            expected=chance,
            share=Share.of(met.count(outcome), met.battles),
            battles=met.count(outcome),
            a_left=met.a_left.get(outcome, 0),
            b_left=met.b_left.get(outcome, 0),
        )
        for outcome, title, chance in lines
    ]


def _categories(
    a: Contestant, b: Contestant, tables: Standings, met: Mapping[str, Meetings]
) -> list[Category]:
    found = []
    for (name, adjustment), lines in tables.items():
        if name.startswith(CATEGORY) and not adjustment and len(lines) == 2:
            one, other = lines[a.pk], lines[b.pk]
            made = Category(
                title=category_name(name.removeprefix(CATEGORY)),
                a=one,
                b=other,
                difference=difference(rating=one, opponent=other),
                a_usable=Share.of(one.votes - one.both_bad, one.votes),
                b_usable=Share.of(other.votes - other.both_bad, other.votes),
                battles=met[name].battles if name in met else 0,
            )
            found.append(made)
    return sorted(found, key=lambda category: category.title)
