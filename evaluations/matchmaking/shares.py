"""Which part of the draws each kind of prompt gets."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from evaluations.rating.tallies import Floats

ROUNDS: Final = 50


def targets(
    counts: Floats, names: Sequence[str], wanted: Mapping[str, float]
) -> Floats:
    """(k,) parts that add up to one, of kinds with (k,) prompts each.

    What is not named shares the rest by its number of prompts; the part of a kind
    without prompts falls to the others.
    """
    named = np.array([name in wanted for name in names], dtype=bool)
    unnamed = counts[~named].sum()
    rest = max(0.0, 1 - sum(wanted.values()))
    parts = np.array([wanted.get(name, 0.0) for name in names])
    if unnamed:
        parts[~named] = rest * counts[~named] / unnamed
    parts[counts == 0] = 0
    total = parts.sum()
    shares: Floats = parts / total if total else counts / max(counts.sum(), 1)
    return shares


def shared_out(counts: Floats, rows: Floats, columns: Floats) -> Floats:
    """Spread the draws over a table of kinds, (r, c), as even as the shares allow.

    counts: (r, c) prompts; rows: (r,) and columns: (c,) shares, each adding up to one.
    Iterative proportional fitting (W. E. Deming and F. F. Stephan, 1940); where no
    table has both shares, the rows' hold.
    """
    table: Floats = counts / max(counts.sum(), 1)
    for _ in range(ROUNDS):
        table = table * _ratio(columns, table.sum(axis=0))
        table = table * _ratio(rows, table.sum(axis=1))[:, None]
    return table


def _ratio(wanted: Floats, seen: Floats) -> Floats:
    ratio: Floats = np.divide(wanted, seen, out=np.zeros_like(seen), where=seen > 0)
    return ratio
