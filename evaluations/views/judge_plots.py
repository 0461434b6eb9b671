"""The plots of one judge: agreement by kind of pair, its ratings against people's."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from evaluations.charts import (
    Axis,
    Dot,
    Face,
    Scale,
    Spot,
    Svg,
    dot_plot,
    scatter_plot,
)
from evaluations.rating.kappa import FEWEST_PAIRS
from evaluations.rating.shares import FEWEST_QUESTIONS
from evaluations.studies.judge_report import JudgeReport, ModelLine, Scored
from evaluations.templatetags.arena import category_name
from evaluations.templatetags.figures import percent, points, thousands
from evaluations.views.judge_words import decimal, share
from evaluations.views.plots import WIDE, Column, Plot

Results = Mapping[str, Any]
MINDS = {True: "People all of one mind", False: "People divided"}
# More names than this crowd the drawing; the table has them all.
MOST_DRAWN = 40


def kinds(report: JudgeReport) -> list[tuple[str, Results]]:
    """All pairs, then by category, and by how close people rate the two models, and
    by whether they were of one mind."""
    results = report.results
    if results is None or report.agreement is None:
        return []
    categories = [(category_name(each["name"]), each) for each in results["categories"]]
    closeness = [(closeness_name(each), each) for each in results["closeness"]]
    minds = [(MINDS[each["all_agree"]], each) for each in results["unanimity"]]
    return [("All pairs", report.agreement), *categories, *closeness, *minds]


def closeness_name(found: Results) -> str:
    low, high = found["low"], found["high"]
    if high is None:
        return f"{low:g} Elo points apart and more"
    return (
        f"{low:g} to {high:g} Elo points apart"
        if low
        else f"Under {high:g} Elo points apart"
    )


def by_kind(report: JudgeReport) -> Plot | None:
    """How often judge and single votes chose the same, kind by kind."""
    found = kinds(report)
    if not found:
        return None
    dots = [
        Dot(
            name,
            100 * each["votes"]["share"]["value"],
            100 * each["votes"]["share"]["low"],
            100 * each["votes"]["share"]["high"],
            tip=f"{name}: {share(each['votes']['share'])}",
        )
        for name, each in found
    ]
    people = (report.agreement or {})["people"]
    reference = 100 * people["share"]["value"] if people else dots[0].value
    beside = "two people on one pair agree" if people else "it agrees on all pairs"
    return Plot(
        key="agreement",
        title="Agreement with single votes",
        reading="How often judge and voter chose the same of three: one answer, the "
        f"other, or a tie. The dotted line is how often {beside}.",
        description="; ".join(dot.tip for dot in dots),
        columns=(
            Column("pairs", "Pairs"),
            Column("battles", "Number", thousands),
            Column("agreement", "Agreement", percent),
            Column("agreement_low", "95 % from", percent),
            Column("agreement_high", "to", percent),
            Column("kappa", "Kappa", _decimal),
            Column("kappa_low", "95 % from", _decimal),
            Column("kappa_high", "to", _decimal),
            Column("people", "People among themselves", _percent),
            Column("people_kappa", "Their kappa", _decimal),
        ),
        rows=[(name, *_figures(each)) for name, each in found],
        draw=partial(_draw_dots, dots, reference, unit="%"),
        width=WIDE,
        more=f"There is no kappa of fewer than {FEWEST_PAIRS} pairs, nor where both "
        "only ever said the same one thing.",
    )


def _figures(found: Results) -> tuple[Any, ...]:
    votes, people = found["votes"], found["people"]
    own, theirs = votes["kappa"] or {}, (people or {}).get("kappa") or {}
    return (
        *(votes["share"][name] for name in ("battles", "value", "low", "high")),
        *(own.get(name) for name in ("value", "low", "high")),
        people["share"]["value"] if people else None,
        theirs.get("value"),
    )


def _decimal(value: float | None) -> str:
    return "–" if value is None else decimal(value)


def _percent(value: float | None) -> str:
    return "–" if value is None else percent(value)


def _draw_dots(
    dots: Sequence[Dot], reference: float, *, face: Face, unit: str = ""
) -> Svg:
    ends = [end for dot in dots for end in (dot.low, dot.high)]
    return dot_plot(
        dots,
        scale=Scale.over([reference, *ends]).widened(0.04),
        reference=reference,
        face=face,
        unit=unit,
    )


def by_score(report: JudgeReport) -> Plot | None:
    """Mean score of each model's answers, each scored alone."""
    if not report.scored:
        return None
    dots = [_scored(each) for each in report.scored[:MOST_DRAWN]]
    values = [each.figures["value"] for each in report.scored]
    few = f" The first {MOST_DRAWN} are drawn." if len(values) > MOST_DRAWN else ""
    own = f" A hollow dot is a model of {report.judge.maker}, the judge’s own maker."
    return Plot(
        key="scores",
        title="Its scores of single answers",
        reading="Mean over questions, of 10, with the 95 % interval that so many "
        "questions leave. The dotted line is the mean of all models."
        f"{own if any(dot.is_hollow for dot in dots) else ''}{few}",
        description="; ".join(dot.tip for dot in dots),
        columns=(
            Column("name", "Model"),
            Column("score", "Mean score", _decimal),
            Column("score_low", "95 % from", _decimal),
            Column("score_high", "to", _decimal),
            Column("questions", "Questions", thousands),
            Column("answers", "Answers", thousands),
            Column("own_maker", "Of its maker", _yes),
        ),
        rows=[
            (
                each.contestant.name,
                *(each.figures[name] for name in ("value", "low", "high")),
                each.figures["questions"],
                each.figures["values"],
                each.figures["is_own"],
            )
            for each in report.scored
        ],
        draw=partial(_draw_dots, dots, sum(values) / len(values)),
        width=WIDE,
        more=f"There is no interval of fewer than {FEWEST_QUESTIONS} questions, nor "
        "where all have the same mean.",
    )


def _scored(each: Scored) -> Dot:
    name, value = each.contestant.name, each.figures["value"]
    low, high = each.figures["low"], each.figures["high"]
    ends = f" ({decimal(low)} to {decimal(high)})" if low is not None else ""
    return Dot(
        name,
        value,
        value if low is None else low,
        value if high is None else high,
        tip=f"{name}: {decimal(value)}{ends}",
        is_hollow=each.figures["is_own"],
    )


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "no"


def beside_people(report: JudgeReport) -> Plot | None:
    """The judge's rating of each model against people's."""
    both = [line for line in report.models if line.people]
    if len(both) < 2:
        return None
    name = report.judge.name
    own = f" A hollow dot is a model of {report.judge.maker}, the judge’s own maker."
    return Plot(
        key="ratings",
        title="Its ratings against people’s",
        reading="Both are Elo points with the same mean. A model that lies above the "
        "rise of the others is rated higher by the judge than by people."
        + (own if any(line.is_own for line in both) else ""),
        description=f"{len(both)} models",
        columns=(
            Column("name", "Model"),
            Column("people", "People", points),
            Column("people_low", "95 % from", points),
            Column("people_high", "to", points),
            Column("judge", name, points),
            Column("judge_low", "95 % from", points),
            Column("judge_high", "to", points),
            Column("own_maker", "Of its maker", _yes),
        ),
        rows=[_row(line) for line in both],
        draw=partial(
            scatter_plot,
            [_spot(line, name) for line in _telling(both)],
            across=Axis("People’s rating"),
            up=Axis(f"{name}’s rating"),
        ),
        width=WIDE,
    )


def _telling(lines: Sequence[ModelLine]) -> list[ModelLine]:
    """Its own maker's first, then those it moves most: they get their names sooner."""
    return sorted(lines, key=lambda line: (not line.is_own, -_apart(line)))


def _apart(line: ModelLine) -> float:
    return abs(line.judge.rating - line.people.rating) if line.people else 0.0


def _row(line: ModelLine) -> tuple[Any, ...]:
    people, judge = line.people, line.judge
    return (
        (
            line.contestant.name,
            *_ends(people.rating, people.reach),
            *_ends(judge.rating, judge.reach),
            line.is_own,
        )
        if people
        else ()
    )


def _ends(rating: float, reach: float) -> tuple[float, float, float]:
    return rating, rating - reach, rating + reach


def _spot(line: ModelLine, name: str) -> Spot:
    judge, people = line.judge, line.people or line.judge
    _, *people_ends = _ends(people.rating, people.reach)
    _, *judge_ends = _ends(judge.rating, judge.reach)
    told = f"people {people.rating:.0f}, {name} {judge.rating:.0f}"
    return Spot(
        label=line.contestant.name,
        x=people.rating,
        y=judge.rating,
        x_ends=(people_ends[0], people_ends[1]),
        y_ends=(judge_ends[0], judge_ends[1]),
        tip=f"{line.contestant.name}: {told}",
        is_hollow=line.is_own,
    )
