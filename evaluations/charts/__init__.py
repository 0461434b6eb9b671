"""Plots as plain SVG text, coloured by CSS classes, readable without a script."""

from evaluations.charts.dots import Dot, dot_plot
from evaluations.charts.intervals import axis, interval_cell
from evaluations.charts.scale import Scale, ticks
from evaluations.charts.shares import wilson
from evaluations.charts.svg import Svg

__all__ = [
    "Dot",
    "Scale",
    "Svg",
    "axis",
    "dot_plot",
    "interval_cell",
    "ticks",
    "wilson",
]
