"""How much wider intervals are because volunteers vote more than once.

Votes of one volunteer lean together. The design effect of a rating (L. Kish, "Survey
Sampling", 1965) is its variance with the votes of each volunteer taken as one piece
over its variance with votes taken as independent:

    K G K  over  K M K,   K = (H + prior)^-1,  M = sum of r^2 x x' over votes,
    G = U'U V / (V - 1),   U[volunteer] = sum of r x over its votes,

with r = score - expected score, x = e_first - e_second and V volunteers (K.-Y. Liang
and S. L. Zeger, "Longitudinal data analysis using generalized linear models", 1986).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.sparse import csr_array
from scipy.special import expit

from evaluations.rating import bradley_terry
from evaluations.rating.refit import Fitted
from evaluations.rating.tallies import ContestantKey, Floats, Integers
from evaluations.rating.votes import Votes

# With fewer the sandwich of clusters is too narrow and too rough to be believed
# (A. C. Cameron and D. L. Miller, "A Practitioner's Guide to Cluster-Robust
# Inference", 2015, put the bound at 20 to 50).
FEW_VOLUNTEERS: Final = 40


@dataclass(frozen=True, slots=True)
class DesignEffects:
    """of: variance over plain variance, at least 1; pooled: for everyone not in it."""

    of: dict[ContestantKey, float]
    pooled: float

    def among(self, names: tuple[ContestantKey, ...]) -> Floats:
        """(n,) effects of these contestants."""
        return np.array([self.of.get(name, self.pooled) for name in names])


def residuals(votes: Votes, strengths: Floats) -> Floats:
    """(v,) points of the first less what was to be expected."""
    expected: Floats = expit(strengths[votes.first] - strengths[votes.second])
    return votes.score - expected


def scores(votes: Votes, strengths: Floats, group: Integers) -> csr_array:
    """Sum r x over the votes of each group; (groups, n), sparse. group: (v,) from 0."""
    r = residuals(votes, strengths)
    rows = np.append(group, group)
    columns = np.append(votes.first, votes.second)
    shape = (int(group.max(initial=-1)) + 1, len(votes.names))
    return csr_array((np.append(r, -r), (rows, columns)), shape=shape)


def clustered_meat(votes: Votes, strengths: Floats) -> Floats:
    """G, (n, n): the spread of the score from volunteer to volunteer."""
    known, group = np.unique(votes.volunteer, return_inverse=True)
    each = scores(votes, strengths, group)
    correction = len(known) / max(len(known) - 1, 1)
    meat: Floats = (each.T @ each).toarray() * correction
    return meat


def volunteers_of_each(votes: Votes) -> Integers:
    """(n,) volunteers who judged each contestant."""
    n = len(votes.names)
    group = np.unique(votes.volunteer, return_inverse=True)[1]
    met = np.unique(np.append(group * n + votes.first, group * n + votes.second))
    return np.bincount(met % n, minlength=n)


def design_effects(votes: Votes, fit: Fitted) -> DesignEffects:
    """Measure the design effects of one group of contestants that votes connect.

    The pooled one is the mean over all directions of strength, tr(K G) / tr(K M), after
    J. N. K. Rao and A. J. Scott, "The analysis of categorical data from complex sample
    surveys" (1981); a contestant judged by fewer than FEW_VOLUNTEERS gets it too.
    """
    pairs, strengths, inverse = fit.pairs, fit.strengths, fit.inverse()
    squares = bradley_terry.score_variance(pairs, strengths)
    plain = bradley_terry.laplacian(pairs.n, pairs.i, pairs.j, squares)
    meat = clustered_meat(votes, strengths)
    pooled = max(_ratio((inverse * meat).sum(), (inverse * plain).sum()), 1.0)
    own = zip(
        votes.names,
        _variances(inverse, meat, fit.anchors).tolist(),
        _variances(inverse, plain, fit.anchors).tolist(),
        (volunteers_of_each(votes) >= FEW_VOLUNTEERS).tolist(),
        strict=True,
    )
    effects = {
        name: max(_ratio(clustered, alone), 1.0) if enough else pooled
        for name, clustered, alone, enough in own
    }
    return DesignEffects(effects, pooled)


def _variances(inverse: Floats, meat: Floats, anchors: Floats) -> Floats:
    covariance = bradley_terry.anchored(inverse @ meat @ inverse, anchors)
    return np.diag(covariance)


def _ratio(clustered: float, plain: float) -> float:
    # Where every vote was foreseen to the point there is no spread to compare.
    return float(clustered / plain) if plain > 0 else 1.0


def inflate(covariance: Floats, effects: Floats, anchors: Floats) -> Floats:
    """Widen a covariance (n, n) of anchored strengths by (n,) design effects.

    Errors grow by the roots of the effects, correlations stay; anchored once more, so
    that it remains the covariance of theta - anchors' theta. Every contestant with the
    same effect gets exactly that multiple. anchors: (n,) weights that add up to one.
    """
    root = np.sqrt(effects)
    return bradley_terry.anchored(covariance * np.outer(root, root), anchors)
