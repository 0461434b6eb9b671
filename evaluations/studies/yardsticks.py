"""All that puts models in an order here: people, question sets, judges, benchmarks."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Final, TypeAlias

from django.db.models import F, Q

from evaluations.charts import wilson
from evaluations.judging import is_related
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
from evaluations.models.tallies import ALL, SET
from evaluations.studies import points
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


# Of each judge, by its slug, what it says of models.
ByJudge: TypeAlias = Mapping[str, Mapping[str, Measure]]


@dataclass(frozen=True)
class Yardstick:
    """Measures by the models' slugs; turned: the less, the better.

    kind: people, set, judge or benchmark; own: models related to a judge.
    """

    key: str
    kind: str
    name: str
    unit: str
    measures: Mapping[str, Measure]
    turned: bool = False
    own: Collection[str] = ()

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
    found = [*_tables(), *_of_judges(), *_benchmarks()]
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


def _of_judges() -> Iterator[Yardstick]:
    """Each one's table, its scores and its points; whom it is related to is noted."""
    judges = list(Judge.objects.order_by("name"))
    contestants = list(Contestant.objects.order_by("slug").only("slug", "maker"))
    for kind, title, unit, found in (
        ("judge", "", ELO, _judge_tables()),
        ("scores", ", answer by answer", "of 10", _scores()),
        ("points", ", points", POINTS, _points()),
    ):
        for judge in judges:
            measures = found.get(judge.slug, {})
            own = [c.slug for c in contestants if is_related(judge, c)]
            yield Yardstick(
                key=f"{kind}:{judge.slug}",
                kind="judge",
                name=f"{judge.name}{title}",
                unit=unit,
                measures=measures,
                own=[slug for slug in own if slug in measures],
            )


def _judge_tables() -> ByJudge:
    """The table that each judge's verdicts give, as the newest study of it says."""
    newest = Study.objects.newest_of_all(PREFIX)
    tables = newest.values_list("name", "results__table")
    published = set(Contestant.objects.published().values_list("slug", flat=True))
    return {
        name.removeprefix(PREFIX): {
            line["slug"]: _about(line["rating"], line["reach"])
            for line in table or []
            if line["slug"] in published
        }
        for name, table in tables
    }


def _about(value: float, reach: float) -> Measure:
    return Measure(value, value - reach, value + reach)


def _scores() -> ByJudge:
    """Mean score that a judge gave a model's answers, each alone."""
    return _means(
        points.scores(JudgeScore.objects.filter(_published("answer__contestant")))
    )


def _points() -> ByJudge:
    """Mean points that a judge gave a model beside another, as Vicuna's reviews do."""
    standing = (
        JudgeVerdict.objects.filter(battle__withdrawn_at__isnull=True)
        .filter(_published("battle__contestant_x"), _published("battle__contestant_y"))
        .exclude(battle__contestant_x=F("battle__contestant_y"))
    )
    return _means(points.points(standing))


def _means(given: points.Scores) -> ByJudge:
    return {
        judge: {slug: Measure(of.value, of.low, of.high) for slug, of in models.items()}
        for judge, models in given.items()
    }


def _benchmarks() -> Iterator[Yardstick]:
    """Confirmed scores, of each model the newest, those measured here first."""
    newest = BenchmarkScore.objects.public().newest_of_each()
    newest = newest.filter(benchmark__is_yardstick=True)
    found: dict[int, list[BenchmarkScore]] = defaultdict(list)
    for score in newest.select_related("benchmark", "contestant"):
        found[score.benchmark_id].append(score)
    alike = Counter(str(scores[0].benchmark) for scores in found.values())
    for scores in sorted(found.values(), key=lambda each: str(each[0].benchmark)):
        benchmark = scores[0].benchmark
        name = str(benchmark)
        yield Yardstick(
            f"benchmark:{benchmark.slug}",
            "benchmark",
            f"{name}, {benchmark.metric}" if alike[name] > 1 else name,
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
