"""All that puts models in an order here: people, question sets, judges, benchmarks."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite, sqrt
from typing import Any, Final

from django.db.models import (
    Avg,
    Case,
    Count,
    ExpressionWrapper,
    F,
    FloatField,
    Q,
    StdDev,
    Sum,
    When,
)

from evaluations.charts import wilson
from evaluations.models import (
    BenchmarkScore,
    Contestant,
    Judge,
    JudgeScore,
    JudgeVerdict,
    Leaderboard,
    PromptSet,
    Rating,
    Study,
)
from evaluations.models.judging import Reading
from evaluations.models.tallies import ALL, SET
from evaluations.rating.table import REACH
from evaluations.studies.judges import PREFIX

PEOPLE: Final = "people"
STYLED: Final = "people:style"
ELO, POINTS = "Elo points", "points"
# Differences below this are rounding, not order.
DECIMALS: Final = 6


@dataclass(frozen=True)
class Measure:
    """What a yardstick says of one model; the 95 % interval where it is known."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Yardstick:
    """Measures by the models' slugs; turned: the less, the better.

    kind: people, set, judge or benchmark; maker: whose models a judge may favour.
    """

    key: str
    kind: str
    name: str
    unit: str
    measures: dict[str, Measure]
    turned: bool = False
    maker: str = ""

    @property
    def order(self) -> dict[str, float]:
        """The more, the better."""
        sign = -1 if self.turned else 1
        return {
            model: sign * round(measure.value, DECIMALS)
            for model, measure in self.measures.items()
        }


def yardsticks() -> list[Yardstick]:
    """Each that has a model, over published models alone."""
    found = [*_tables(), *_judges(), *_scores(), *_points(), *_benchmarks()]
    return [each for each in found if each.measures]


def _published(path: str = "contestant") -> Q:
    """Those whose models visitors may read about."""
    return Q(**{f"{path}__in": Contestant.objects.published()})


def _tables() -> Iterator[Yardstick]:
    """The newest tables of people's votes: of all, and of each question set.

    Groups that no vote connects are not comparable: that with most votes stands.
    """
    style = Leaderboard.Adjustment.STYLE
    wanted = Q(slice=ALL, adjustment__in=["", style])
    wanted |= Q(slice__startswith=SET, adjustment="")
    newest = {table.pk: table for table in Leaderboard.objects.filter(wanted).newest()}
    lines: dict[int, dict[int, list[Rating]]] = defaultdict(lambda: defaultdict(list))
    ratings = Rating.objects.filter(_published(), leaderboard__in=newest)
    for line in ratings.select_related("contestant"):
        lines[line.leaderboard_id][line.group].append(line)
    titles = dict(PromptSet.objects.values_list("slug", "title"))
    for number, table in sorted(newest.items(), key=lambda item: _place(item[1])):
        groups = lines[number].values()
        largest = max(groups, key=lambda each: sum(r.votes for r in each), default=[])
        key, kind, name = _named(table, titles)
        yield Yardstick(key, kind, name, ELO, dict(map(_of_rating, largest)))


def _named(table: Leaderboard, titles: Mapping[str, str]) -> tuple[str, str, str]:
    """Key, kind and name of a table as a yardstick."""
    if table.slice != ALL:
        slug = table.slice.removeprefix(SET)
        return table.slice, "set", f"People on {titles.get(slug) or slug}"
    if table.adjustment:
        return STYLED, PEOPLE, "People, style held equal"
    return PEOPLE, PEOPLE, "People"


def _place(table: Leaderboard) -> tuple[bool, str, str]:
    """The table of all votes first."""
    return table.slice != ALL, table.slice, table.adjustment


def _of_rating(line: Rating) -> tuple[str, Measure]:
    measure = Measure(line.rating, line.rating_low, line.rating_high)
    return line.contestant.slug, measure


def _judges() -> Iterator[Yardstick]:
    """The table that each judge's verdicts give, as the newest study of it says."""
    newest = Study.objects.filter(name__startswith=PREFIX).newest()
    tables = dict(newest.values_list("name", "results__table"))
    published = set(Contestant.objects.published().values_list("slug", flat=True))
    for judge in Judge.objects.order_by("name"):
        key = f"{PREFIX}{judge.slug}"
        measures = {
            line["slug"]: _about(line["rating"], line["reach"])
            for line in tables.get(key) or []
            if line["slug"] in published
        }
        yield Yardstick(key, "judge", judge.name, ELO, measures, maker=judge.maker)


def _about(value: float, reach: float) -> Measure:
    return Measure(value, value - reach, value + reach)


def _verdicts() -> Any:
    """Those that could be read, of two published models whose battle stands."""
    return (
        JudgeVerdict.objects.read()
        .filter(_published("battle__contestant_x"), _published("battle__contestant_y"))
        .filter(battle__withdrawn_at__isnull=True)
        .exclude(battle__contestant_x=F("battle__contestant_y"))
    )


def _scores() -> Iterator[Yardstick]:
    """Mean score that a judge gave a model's answers, each alone."""
    read = JudgeScore.objects.filter(
        _published("answer__contestant"), state=Reading.READ
    )
    means = (
        read.values_list(
            *("judge__slug", "judge__name", "judge__maker", "answer__contestant__slug")
        )
        .annotate(mean=Avg("score"), count=Count("pk"))
        .annotate(spread=StdDev("score", sample=True))
        .order_by("judge__name")
    )
    found: dict[tuple[str, str, str], dict[str, Measure]] = defaultdict(dict)
    for slug, name, maker, model, mean, count, spread in means:
        found[slug, name, maker][model] = _mean(mean, count, spread)
    for (slug, name, maker), measures in found.items():
        title = f"{name}, answer by answer"
        yield Yardstick(
            f"scores:{slug}", "judge", title, "of 10", measures, maker=maker
        )


def _points() -> Iterator[Yardstick]:
    """Mean points that a judge gave a model beside another, as Vicuna's reviews do."""
    found: dict[tuple[str, str, str], dict[str, Measure]] = defaultdict(dict)
    for (slug, name, maker, model), sums in sorted(_sums_of_points().items()):
        count, total, squares = sums
        mean = total / count
        varies = max(0.0, squares - count * mean**2) / max(1, count - 1)
        found[slug, name, maker][model] = _mean(mean, int(count), sqrt(varies))
    for (slug, name, maker), measures in found.items():
        title = f"{name}, points"
        yield Yardstick(f"points:{slug}", "judge", title, POINTS, measures, maker=maker)


def _sums_of_points() -> dict[tuple[str, str, str, str], list[float]]:
    """How many points there are of judge and model, their sum and that of squares."""
    sums: dict[tuple[str, str, str, str], list[float]] = {}
    given = _verdicts().filter(score_a__isnull=False).order_by()
    for score, x_shown in (("score_a", "x"), ("score_b", "y")):
        model = Case(
            When(left=x_shown, then=F("battle__contestant_x__slug")),
            default=F("battle__contestant_y__slug"),
        )
        square = ExpressionWrapper(F(score) * F(score), output_field=FloatField())
        rows = given.values_list(
            *("judge__slug", "judge__name", "judge__maker"), model
        ).annotate(given=Count("pk"), total=Sum(score), squares=Sum(square))
        for *key, count, total, squares in rows:
            known = sums.setdefault((key[0], key[1], key[2], key[3]), [0.0, 0.0, 0.0])
            known[:] = known[0] + count, known[1] + total, known[2] + squares
    return sums


def _mean(mean: float, count: int, spread: float | None) -> Measure:
    """With the interval that so many cases of such a spread leave."""
    if count < 2 or spread is None:
        return Measure(mean)
    return _about(mean, REACH * spread / sqrt(count))


def _benchmarks() -> Iterator[Yardstick]:
    """Confirmed scores, of each model the newest, those measured here first."""
    newest = BenchmarkScore.objects.public().newest_of_each()
    found: dict[int, list[BenchmarkScore]] = defaultdict(list)
    for score in newest.select_related("benchmark", "contestant"):
        found[score.benchmark_id].append(score)
    for scores in sorted(found.values(), key=lambda each: str(each[0].benchmark)):
        benchmark = scores[0].benchmark
        yield Yardstick(
            f"benchmark:{benchmark.slug}",
            "benchmark",
            str(benchmark),
            benchmark.metric,
            {s.contestant.slug: _of_score(s) for s in scores if isfinite(s.value)},  # type: ignore[union-attr]
            turned=not benchmark.higher_is_better,
        )


def _of_score(score: BenchmarkScore) -> Measure:
    """With Wilson's interval where it was counted here, in the score's own unit."""
    if not score.items or score.correct is None:
        return Measure(score.value)
    share = score.correct / score.items
    # What is counted here is a percentage; nought of it tells no unit.
    unit = score.value / share if share else 100.0
    low, high = wilson(share, score.items)
    return Measure(score.value, low * unit, high * unit)
