"""How much each pair is worth drawing: small rules behind one signature.

A rule takes the standing of n contestants and gives (m,) weights of the pairs i < j,
in the order of `pairs_of`; they need not add up to one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import log
from typing import Final, TypeAlias

import numpy as np
from scipy.special import expit, ndtr

from evaluations.rating.tallies import Floats, Integers

ELO_PER_LOGIT: Final = 400 / log(10)
# A contestant without a rating is somewhere in N(0, 1): the prior of a young table.
UNRATED_ERROR: Final = 1.0
# Below this standard error (logits) nobody is a newcomer.
SETTLED_ERROR: Final = 15 / ELO_PER_LOGIT

# How much of a newcomer's weight is for its rating, whatever its place.
FOR_RATING: Final = 0.2


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of n contestants.

    strength: (n,) logits; error: (n,) its standard error, logits, above zero;
    family: (n,) how many active variants of one model a contestant is among, itself
    counted; settled: the error, logits, below which nobody is a newcomer
    """

    strength: Floats
    error: Floats
    family: Integers
    settled: float = SETTLED_ERROR

    @property
    def n(self) -> int:
        return len(self.strength)


Rule: TypeAlias = Callable[[Standing], Floats]


@lru_cache(maxsize=8)
def pairs_of(n: int) -> tuple[Integers, Integers]:
    """(m,) first and second of the pairs i < j of n, ordered by (i, j)."""
    i, j = np.triu_indices(n, 1)
    return i, j


def uniform(standing: Standing) -> Floats:
    """Every pair alike."""
    return np.ones(standing.n * (standing.n - 1) // 2)


def information(standing: Standing) -> Floats:
    """Weigh a pair by what one more vote on it tells of the order of the table.

    Phi(-|d| / q) p (1 - p) q: the chance that the two stand the wrong way round, times
    the Fisher information of a vote, times the error q of their difference d, where
    q^2 = e_i^2 + e_j^2. Of the rules tried the one that came to a true order with the
    fewest votes.
    """
    i, j = pairs_of(standing.n)
    difference = np.abs(standing.strength[i] - standing.strength[j])
    error = _error_between(standing.error)
    weight: Floats = ndtr(-difference / error) * _of_a_vote(standing) * error
    return weight


def newcomer(standing: Standing) -> Floats:
    """Weigh by information, and newcomers by q once more.

    A newcomer is known less well than the settled error, and than most. With q0 the q
    that a pair would have if its newcomers had just settled, the weight is information
    q / q0, and a part p (1 - p) (q^2 - q0^2) / q0 for the rating alone: one whose place
    is plain, far above or below all others, would else stay unknown. So nothing jumps
    where a contestant settles.
    """
    typical = float(np.median(standing.error)) if standing.n else 0.0
    settled = max(standing.settled, typical)
    error = _error_between(standing.error)
    known = _error_between(np.minimum(standing.error, settled))
    for_rating = _of_a_vote(standing) * (error**2 - known**2) / known
    return information(standing) * error / known + FOR_RATING * for_rating


def _error_between(error: Floats) -> Floats:
    """(m,) standard errors of the differences, covariances left out."""
    i, j = pairs_of(len(error))
    between: Floats = np.hypot(error[i], error[j])
    return between


def _of_a_vote(standing: Standing) -> Floats:
    """(m,) Fisher information of one vote, p (1 - p), in 1 / logit^2."""
    i, j = pairs_of(standing.n)
    p: Floats = expit(standing.strength[i] - standing.strength[j])
    return p * (1 - p)


RULES: Final[Mapping[str, Rule]] = {
    "uniform": uniform,
    "information": information,
    "newcomer": newcomer,
}


def chances(standing: Standing, rule: Rule, *, uniform_share: float) -> Floats:
    """(m,) chances of the pairs, adding up to one: the rule over a uniform floor.

    Variants of one model share the share of one: a pair counts by one over the sizes
    of both families.
    """
    i, j = pairs_of(standing.n)
    shares = 1 / standing.family
    among = shares[i] * shares[j]
    ruled = rule(standing) * among
    return _normed(ruled) * (1 - uniform_share) + _normed(among) * uniform_share


def _normed(weights: Floats) -> Floats:
    total = weights.sum()
    return weights / total if total > 0 else weights
