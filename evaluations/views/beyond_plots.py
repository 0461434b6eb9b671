"""The plots of a set's ranking beside the pool's, and of its uncertainty."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from evaluations.charts import Curve, Face, Pair, Scale, Svg, curve_plot, pair_plot
from evaluations.models import Contestant
from evaluations.rating.question_curves import FEW_QUESTIONS
from evaluations.templatetags.figures import points, signed, thousands
from evaluations.views.plots import BROAD, Column, Plot

# More names than this crowd the drawing; the table has them all.
MOST_DRAWN = 40
# As the figures are headed; the lines themselves are named in one word.
QUESTIONS, VOTES = "More questions", "More votes"


@dataclass(frozen=True)
class Bounds:
    """In Elo points, with the ends of the 95 % interval."""

    value: float
    low: float
    high: float

    @property
    def triple(self) -> tuple[float, float, float]:
        return self.value, self.low, self.high


@dataclass(frozen=True)
class Line:
    """One model rated by the set and by the pool; differs: beyond chance."""

    contestant: Contestant
    of_set: Bounds
    of_pool: Bounds
    difference: Bounds
    p: float
    differs: bool


def lines_of(
    comparison: Mapping[str, Any] | None, known: Mapping[str, Contestant]
) -> list[Line]:
    """Those of published contestants, the pool's best first."""
    return [
        Line(
            known[model["slug"]],
            Bounds(*model["set"]),
            Bounds(*model["pool"]),
            Bounds(*model["difference"]),
            model["p"],
            model["differs"],
        )
        for model in (comparison["models"] if comparison else ())
        if model["slug"] in known
    ]


def by_model(lines: Sequence[Line]) -> Plot | None:
    if not lines:
        return None
    few = f" The first {MOST_DRAWN} are drawn." if len(lines) > MOST_DRAWN else ""
    pairs = [
        Pair(line.contestant.name, line.of_set.triple, line.of_pool.triple, _tip(line))
        for line in lines[:MOST_DRAWN]
    ]
    return Plot(
        key="ratings",
        title="Rating by the set and by the pool",
        reading="Each with its 95 % interval, about the mean of the models shown. "
        f"Bars that overlap may still differ; the table says which do.{few}",
        description="; ".join(pair.tip for pair in pairs),
        columns=(
            Column("name", "Model"),
            Column("set_rating", "Set", points),
            Column("set_low", "95 % from", points),
            Column("set_high", "to", points),
            Column("pool_rating", "Pool", points),
            Column("pool_low", "95 % from", points),
            Column("pool_high", "to", points),
            Column("difference", "Difference", signed),
            Column("difference_low", "95 % from", signed),
            Column("difference_high", "to", signed),
            Column("p", "p", "{:.3f}".format),
            Column("differs", "Beyond chance", _yes),
        ),
        rows=[
            (
                line.contestant.name,
                *line.of_set.triple,
                *line.of_pool.triple,
                *line.difference.triple,
                line.p,
                line.differs,
            )
            for line in lines
        ],
        draw=partial(pair_plot, pairs),
        width=BROAD,
    )


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "no"


def _tip(line: Line) -> str:
    one, other = line.of_set, line.of_pool
    return (
        f"{line.contestant.name}: set {one.value:.0f} ({one.low:.0f} to "
        f"{one.high:.0f}), pool {other.value:.0f} ({other.low:.0f} to {other.high:.0f})"
    )


def of_uncertainty(curves: Mapping[str, Any] | None) -> list[Plot]:
    if curves is None:
        return []
    return [_half_widths(curves), _taus(curves)]


def few_questions(curves: Mapping[str, Any]) -> int:
    """To how many questions the third line keeps."""
    return min(int(curves["questions"]), FEW_QUESTIONS)


def _half_widths(curves: Mapping[str, Any]) -> Plot:
    few = few_questions(curves)
    drawn = [
        Curve("Questions", _points(curves["by_questions"], "half_width")),
        Curve("Votes", _points(curves["by_votes"], "half_width")),
        Curve(f"{few} questions", [tuple(point) for point in curves["few"]]),
    ]
    return Plot(
        key="half-width",
        title="How wide the intervals are",
        reading="Half the width of a typical model’s 95 % interval, in Elo points, "
        "over the votes behind it. Dotted: what is left on all questions of this set "
        "with votes without end.",
        description=_ways(drawn, unit=" points"),
        columns=(
            *_AMOUNTS,
            Column("by_questions", QUESTIONS, points),
            Column("by_questions_low", "half of the models from", points),
            Column("by_questions_high", "to", points),
            Column("by_votes", VOTES, points),
            Column("by_votes_low", "half of the models from", points),
            Column("by_votes_high", "to", points),
            Column("few_questions", f"{few} questions", points),
        ),
        rows=[
            (*row, few_width)
            for row, (_, few_width) in zip(
                _rows(curves, "half_width"), curves["few"], strict=True
            )
        ],
        draw=partial(_draw, drawn, floor=curves["floor"]),
    )


def _taus(curves: Mapping[str, Any]) -> Plot:
    drawn = [
        Curve("Questions", _points(curves["by_questions"], "tau")),
        Curve("Votes", _points(curves["by_votes"], "tau")),
    ]
    return Plot(
        key="tau",
        title="How alike two such rankings are",
        reading="Kendall’s tau between two rankings, each from a draw of so many "
        "votes: 1 is the same order, 0 no likeness.",
        description=_ways(drawn),
        columns=(
            *_AMOUNTS,
            Column("by_questions", QUESTIONS, _two),
            Column("by_questions_low", "95 % from", _two),
            Column("by_questions_high", "to", _two),
            Column("by_votes", VOTES, _two),
            Column("by_votes_low", "95 % from", _two),
            Column("by_votes_high", "to", _two),
        ),
        rows=list(_rows(curves, "tau")),
        draw=partial(_draw, drawn, up=Scale(0, 1)),
    )


_AMOUNTS = (Column("questions", "Questions"), Column("votes", "Votes", thousands))


def _two(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def _points(points_: Sequence[Mapping[str, Any]], what: str) -> list[tuple[Any, Any]]:
    return [(point["votes"], point[what]["value"]) for point in points_]


def _rows(curves: Mapping[str, Any], what: str) -> list[tuple[Any, ...]]:
    both = zip(curves["by_questions"], curves["by_votes"], strict=True)
    return [
        (one["questions"], one["votes"], *_bounded(one[what]), *_bounded(other[what]))
        for one, other in both
    ]


def _bounded(figure: Mapping[str, float]) -> tuple[float, ...]:
    """By name: the database keeps keys in an order of its own."""
    return tuple(figure[name] for name in ("value", "low", "high"))


def _ways(curves: Sequence[Curve], unit: str = "") -> str:
    def end(point: tuple[float, float]) -> str:
        digits = 0 if unit else 2
        return f"{point[1]:.{digits}f}{unit} at {point[0]:.0f} votes"

    return "; ".join(
        f"{curve.label}: {end(curve.points[0])}, {end(curve.points[-1])}"
        for curve in curves
    )


def _draw(
    curves: Sequence[Curve],
    *,
    face: Face,
    up: Scale | None = None,
    floor: float | None = None,
) -> Svg:
    highest = max(y for curve in curves for _, y in curve.points)
    return curve_plot(curves, face=face, up=up or Scale(0, highest), reference=floor)
