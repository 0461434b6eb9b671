"""A random forest for two classes: what a patient attacker would try first."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Table = NDArray[np.float64]
Classes = NDArray[np.float64]  # 0 or 1
Tree = Callable[[Table], NDArray[np.float64]]

TREES, DEPTH, SMALLEST_LEAF = 150, 10, 2


def learn(
    table: Table, classes: Classes, *, seed: int
) -> Callable[[Table], NDArray[np.bool_]]:
    """Return what says of each row of a table whether it is of class 1."""
    draw = np.random.default_rng(seed)
    trees = []
    for _ in range(TREES):
        chosen = draw.integers(len(classes), size=len(classes))
        trees.append(_grow(table[chosen], classes[chosen], draw, DEPTH))
    return lambda rows: np.mean([tree(rows) for tree in trees], axis=0) > 0.5


def _grow(
    table: Table, classes: Classes, draw: np.random.Generator, depth: int
) -> Tree:
    split = None
    if depth and 0 < classes.mean() < 1:
        split = _best_split(table, classes, draw)
    if split is None:
        share = classes.mean()
        return lambda rows: np.full(len(rows), share)
    column, bound = split
    below = table[:, column] <= bound
    low = _grow(table[below], classes[below], draw, depth - 1)
    high = _grow(table[~below], classes[~below], draw, depth - 1)
    return lambda rows: np.where(rows[:, column] <= bound, low(rows), high(rows))


def _best_split(
    table: Table, classes: Classes, draw: np.random.Generator
) -> tuple[int, float] | None:
    """The column and bound, among some columns, that part the classes best (Gini)."""
    columns = table.shape[1]
    best, found = np.inf, None
    for column in draw.choice(columns, size=int(columns**0.5) + 1, replace=False):
        order = np.argsort(table[:, column], kind="stable")
        values = table[order, column]
        impurity = _impurities(classes[order])
        impurity[values[1:] <= values[:-1]] = np.inf
        place = int(np.argmin(impurity)) if len(impurity) else 0
        if len(impurity) and impurity[place] < best:
            best = float(impurity[place])
            found = int(column), float((values[place] + values[place + 1]) / 2)
    return found


def _impurities(classes: Classes) -> NDArray[np.float64]:
    """What stays mixed after a cut behind each row but the last."""
    number = np.arange(1, len(classes))
    ones = np.cumsum(classes)[:-1]
    rest, rest_ones = len(classes) - number, classes.sum() - ones
    mixed: NDArray[np.float64] = (
        ones * (number - ones) / number + rest_ones * (rest - rest_ones) / rest
    )
    mixed[np.minimum(number, rest) < SMALLEST_LEAF] = np.inf
    return mixed
