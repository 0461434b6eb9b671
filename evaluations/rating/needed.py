"""How many more votes a contestant needs, coming as its votes have come so far.

The variance of a rating falls as one over the number of votes: to halve an interval
takes four times as many. Both figures take that law at its word; they are estimates.
"""

import numpy as np

from evaluations.rating.ranks import RESOLUTION
from evaluations.rating.tallies import Floats


def votes_to_median_error(votes: Floats, errors: Floats) -> Floats:
    """(n,) votes until each standard error is the median one; 0 where it is.

    votes: (n,) so far; errors: (n,) standard errors in any unit.
    """
    growth, median = np.ones_like(errors), np.median(errors)
    np.divide(errors, median, out=growth, where=median > 0)
    return _more(votes, growth**2)


def votes_to_separate(
    votes: Floats, strengths: Floats, covariance: Floats, *, bound: float
) -> Floats:
    """(n,) votes of each until it is surely apart from the next better contestant.

    The best one is held against the second. Infinite where there is no lead to build
    on; as many votes of the neighbour, in proportion, are taken to come along. votes:
    (n,) so far; strengths: (n,) logits; covariance: (n, n) logit^2; bound: standard
    errors by which two must differ. Infinite for one who is alone.
    """
    if len(votes) == 1:
        return np.full(1, np.inf)
    order = np.argsort(-strengths, kind="stable")
    neighbour = np.empty_like(order)
    neighbour[order] = np.append(order[1], order[:-1])
    lead = np.abs(strengths - strengths[neighbour])
    variance = np.diag(covariance)
    shared = covariance[np.arange(len(votes)), neighbour]
    error = np.sqrt((variance + variance[neighbour] - 2 * shared).clip(min=0))
    growth = np.full(len(votes), np.inf)
    np.divide(bound * error, lead, out=growth, where=lead > RESOLUTION)
    return _more(votes, growth**2)


def _more(votes: Floats, growth: Floats) -> Floats:
    more: Floats = np.ceil(votes * (growth - 1)).clip(min=0)
    return more
