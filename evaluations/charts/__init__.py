"""Plots as plain SVG text, coloured by CSS classes, readable without a script."""

from evaluations.charts.bars import Bar, bar_plot
from evaluations.charts.curves import Curve, curve_plot
from evaluations.charts.dots import Dot, dot_plot
from evaluations.charts.face import Face
from evaluations.charts.heat import Cell, Words, heat_plot, heat_table
from evaluations.charts.intervals import axis, interval_cell
from evaluations.charts.paired import Pair, pair_plot
from evaluations.charts.scale import Scale, ticks
from evaluations.charts.scatter import Axis, Spot, scatter_plot
from evaluations.charts.shares import wilson
from evaluations.charts.sizes import SizedDot, frontier, size_plot
from evaluations.charts.standalone import standalone
from evaluations.charts.svg import Svg
from evaluations.charts.times import History, Moment, movers, thinned, time_plot

__all__ = [
    "Axis",
    "Bar",
    "Cell",
    "Curve",
    "Dot",
    "Face",
    "History",
    "Moment",
    "Pair",
    "Scale",
    "SizedDot",
    "Spot",
    "Svg",
    "Words",
    "axis",
    "bar_plot",
    "curve_plot",
    "dot_plot",
    "frontier",
    "heat_plot",
    "heat_table",
    "interval_cell",
    "movers",
    "pair_plot",
    "scatter_plot",
    "size_plot",
    "standalone",
    "thinned",
    "ticks",
    "time_plot",
    "wilson",
]
