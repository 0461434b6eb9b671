"""Who can be compared with whom: the graph of contestants that votes connect."""

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from evaluations.rating.tallies import Floats, Integers, Pairs


def components(pairs: Pairs) -> list[Integers]:
    """Group the contestants that any chain of votes connects.

    The groups come largest first, then by votes, then by the first name; each is
    sorted. Ratings of different groups have no common scale.
    """
    groups = _groups(_adjacency(pairs, pairs.battles, pairs.battles), "weak")
    votes = pairs.votes
    return sorted(groups, key=lambda g: (-len(g), -votes[g].sum(), g[0]))


def strong_components(pairs: Pairs) -> list[Integers]:
    """Group the contestants that beat each other along some chain, a tie both ways.

    Within one group, and only there, the Bradley-Terry likelihood has a finite
    maximum (L. R. Ford, "Solution of a ranking problem from binary comparisons", 1957).
    """
    beats = _adjacency(pairs, pairs.wins + pairs.ties, pairs.losses + pairs.ties)
    return sorted(_groups(beats, "strong"), key=lambda group: int(group[0]))


def _adjacency(pairs: Pairs, i_to_j: Floats, j_to_i: Floats) -> csr_array:
    """Draw an edge wherever its (m,) weight is positive; (n, n), sparse."""
    weights = np.concatenate([i_to_j, j_to_i])
    edge = weights > 0
    heads = np.concatenate([pairs.i, pairs.j])[edge]
    tails = np.concatenate([pairs.j, pairs.i])[edge]
    return csr_array((weights[edge], (heads, tails)), shape=(pairs.n, pairs.n))


def _groups(adjacency: csr_array, connection: str) -> list[Integers]:
    if adjacency.shape[0] == 0:
        return []
    number, labels = connected_components(adjacency, connection=connection)
    return [np.flatnonzero(labels == label) for label in range(number)]
