"""The plots of agreement: each yardstick against each, and two of them in full."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from evaluations.charts import (
    Axis,
    Cell,
    Spot,
    Words,
    heat_plot,
    heat_table,
    scatter_plot,
)
from evaluations.studies.agreement_report import Agreement, Figure, Pair
from evaluations.studies.yardsticks import Measure, Yardstick
from evaluations.templatetags.figures import percent, thousands
from evaluations.views.agreement_words import number, with_interval
from evaluations.views.plots import BROAD, Column, Plot

SPEARMAN, KENDALL = "spearman", "kendall"
TITLES = {SPEARMAN: "Spearman", KENDALL: "Kendall"}
# Four shades over the way from 0 to 1.
STEP = 0.125
WORDS = Words("Yardstick", "the same yardstick", "no figure")


@dataclass(frozen=True)
class Line:
    """One pair, as the table writes it."""

    x: str
    y: str
    models: int
    spearman: str
    kendall: str
    query: str


def figure_of(pair: Pair, by: str) -> Figure | None:
    return pair.kendall if by == KENDALL else pair.spearman


def query_of(x: str, y: str, by: str) -> str:
    """The address of a pair; Spearman goes without saying."""
    return f"?{urlencode({'x': x, 'y': y} | ({'by': by} if by == KENDALL else {}))}"


def lines(agreement: Agreement, by: str) -> list[Line]:
    return [
        Line(
            x=pair.x.name,
            y=pair.y.name,
            models=pair.models,
            spearman=_written(pair, pair.spearman),
            kendall=_written(pair, pair.kendall),
            query=query_of(pair.x.key, pair.y.key, by),
        )
        for pair in agreement.pairs
    ]


def _written(pair: Pair, figure: Figure | None) -> str:
    return with_interval(figure) if figure else pair.outcome


def matrix(agreement: Agreement, by: str) -> Plot:
    """Each yardstick against each."""
    places = {key: place for place, key in enumerate(agreement.yardsticks)}
    names = [each.name for each in agreement.yardsticks.values()]
    cells = {
        (places[pair.y.key], places[pair.x.key]): _cell(pair, figure, by)
        for pair in agreement.pairs
        if (figure := figure_of(pair, by))
    }
    caption = (
        f"{TITLES[by]}’s rank correlation of each row’s yardstick with each column’s, "
        "and the number of models in common"
    )
    return Plot(
        key="agreement",
        title="Each yardstick against each",
        reading="1 is the same order, 0 none in common, −1 the opposite. The small "
        "figure is the number of models that both have. Follow a figure to its models.",
        description="; ".join(cell.tip for cell in cells.values()),
        columns=(
            Column("x", "Yardstick"),
            Column("y", "With"),
            Column("models", "Models", thousands),
            Column("outcome", "Outcome"),
            *_columns(SPEARMAN),
            *_columns(KENDALL),
        ),
        rows=[
            (
                *(pair.x.name, pair.y.name, pair.models, pair.outcome),
                *_row(pair.spearman),
                *_row(pair.kendall),
            )
            for pair in agreement.pairs
        ],
        draw=partial(heat_plot, names, cells),
        width=BROAD,
        table=heat_table(names, cells, caption=caption, words=WORDS, is_half=True),
    )


def _columns(by: str) -> tuple[Column, Column, Column]:
    title = TITLES[by]
    return (
        Column(by, title),
        Column(f"{by}_low", "95 % from"),
        Column(f"{by}_high", "to"),
    )


def _row(figure: Figure | None) -> tuple[float | None, ...]:
    return (figure.value, figure.low, figure.high) if figure else (None, None, None)


def _cell(pair: Pair, figure: Figure, by: str) -> Cell:
    return Cell(
        share=(1 + figure.value) / 2,
        text=number(figure.value),
        tip=f"{pair.x.name} and {pair.y.name}: {with_interval(figure)} over "
        f"{pair.models} models",
        step=STEP,
        href=f"{query_of(pair.x.key, pair.y.key, by)}#pair-h",
        note=str(pair.models),
    )


def scatter(pair: Pair, agreement: Agreement) -> Plot:
    """The models that both have, one yardstick across and one upwards."""
    shared = [each.model for each in pair.disagreements]
    known = [model for model in shared if model in agreement.names]
    spots = [_spot(model, pair, agreement) for model in known]
    marked = " Hollow: a model of the judge’s own maker."
    ends = (_ends(measure) for measure in (pair.x.measures, pair.y.measures))
    return Plot(
        key="pair",
        title=f"{pair.x.name} and {pair.y.name}",
        reading="Better is right and up; thin lines are 95 % intervals, where they are "
        f"known.{marked if any(spot.is_hollow for spot in spots) else ''}",
        description="; ".join(spot.tip for spot in spots),
        columns=(
            Column("name", "Model"),
            *_measured("x", pair.x.name, next(ends)),
            *_measured("y", pair.y.name, next(ends)),
            Column("x_place", f"{pair.x.name}: ahead of", percent),
            Column("y_place", f"{pair.y.name}: ahead of", percent),
        ),
        rows=[
            (
                agreement.names[each.model],
                *_figures(pair.x.measures[each.model]),
                *_figures(pair.y.measures[each.model]),
                each.first_place,
                each.second_place,
            )
            for each in pair.disagreements
            if each.model in agreement.names
        ],
        draw=partial(scatter_plot, spots, across=_axis(pair.x), up=_axis(pair.y)),
        width=BROAD * 2 // 3,
    )


def _ends(measures: Mapping[str, Measure]) -> Callable[[float | None], str]:
    """How values of this yardstick are written: whole where they are large."""
    large = max((abs(each.value) for each in measures.values()), default=0) >= 200
    return partial(_value, digits=0 if large else 2)


def _value(value: float | None, digits: int) -> str:
    return "–" if value is None else f"{value:.{digits}f}".replace("-", "−")


def _measured(
    axis: str, name: str, text: Callable[[Any], str]
) -> tuple[Column, Column, Column]:
    return (
        Column(axis, name, text),
        Column(f"{axis}_low", "95 % from", text),
        Column(f"{axis}_high", "to", text),
    )


def _figures(measure: Measure) -> tuple[float, float | None, float | None]:
    return measure.value, measure.low, measure.high


def _axis(yardstick: Yardstick) -> Axis:
    less = ", less is better" if yardstick.turned else ""
    return Axis(f"{yardstick.name} ({yardstick.unit}{less})", yardstick.turned)


def _spot(model: str, pair: Pair, agreement: Agreement) -> Spot:
    x, y = pair.x.measures[model], pair.y.measures[model]
    name = agreement.names[model]
    written = (
        f"{yardstick.name} {_ends(yardstick.measures)(measure.value)}"
        for yardstick, measure in ((pair.x, x), (pair.y, y))
    )
    return Spot(
        label=name,
        x=x.value,
        y=y.value,
        x_ends=_interval(x),
        y_ends=_interval(y),
        tip=f"{name}: {', '.join(written)}",
        is_hollow=model in pair.x.own or model in pair.y.own,
    )


def _interval(measure: Measure) -> tuple[float, float]:
    if measure.low is None or measure.high is None:
        return measure.value, measure.value
    return measure.low, measure.high
