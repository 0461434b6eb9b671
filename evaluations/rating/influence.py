"""How far the table would move without one volunteer, one day or one question.

Leaving out a group of votes moves the strengths by about

    -(H + prior - H_g)^-1 U_g,   U_g = sum of r x over its votes,

with H_g the group's own part of the curvature taken off: one Newton step from the
strengths known, as for clusters of observations in J. S. Preisser and B. F. Qaqish,
"Deletion diagnostics for generalised estimating equations" (1996). All groups are
screened with the curvature left as it is, the likeliest ones are stepped, and what is
reported comes from a fit without the group.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from evaluations.rating import bradley_terry
from evaluations.rating.clusters import scores
from evaluations.rating.refit import Fitted
from evaluations.rating.tallies import Booleans, Floats, Integers, Pairs
from evaluations.rating.votes import UNKNOWN, Votes

SCREENED: Final = 12
FITTED: Final = 4
_AT_ONCE: Final = 4096


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The table without one group of votes; logits.

    lead_change: of the leader's lead over the next best; leads: whether it still leads
    moved: the contestant whose rating moves most, rating_change: by so much
    """

    group: int
    votes: int
    lead_change: float
    leads: bool
    moved: int
    rating_change: float


@dataclass(frozen=True, slots=True)
class Largest:
    """The group with the most effect on the lead, and that on any rating."""

    groups: int
    on_lead: LeftOut
    on_rating: LeftOut
    turns: LeftOut | None


def largest(
    votes: Votes, fit: Fitted, order: Integers, group: Integers
) -> Largest | None:
    """Find the largest effects of leaving out one group of the votes.

    order: (k,) contestants of the table, best first, at least two; group: (v,) numbers,
    UNKNOWN for votes of no group. None where fewer than two groups are known: without
    the only one nothing would be left.
    """
    numbers, codes = np.unique(group[group != UNKNOWN], return_inverse=True)
    if len(numbers) < 2 or len(order) < 2:
        return None
    known = _kept(votes, group != UNKNOWN)
    likeliest = _screened(known, fit, order, codes)
    stepped = []
    for code in likeliest.tolist():
        own = _kept(known, codes == code).pairs()
        after = fit.strengths + one_step(fit, own)
        stepped.append((code, own, _effect(fit, order, own, after, numbers[code])))
    exact = []
    for by in (_on_lead, _on_rating):
        stepped.sort(key=lambda each: -by(each[2]))
        for code, own, _ in stepped[:FITTED]:
            after = left_out(fit, own).strengths
            exact.append(_effect(fit, order, own, after, numbers[code]))
    turning = [each for each in exact if not each.leads]
    return Largest(
        groups=len(numbers),
        on_lead=max(exact, key=_on_lead),
        on_rating=max(exact, key=_on_rating),
        turns=min(turning, key=lambda each: each.votes, default=None),
    )


def _on_lead(effect: LeftOut) -> float:
    return abs(effect.lead_change)


def _on_rating(effect: LeftOut) -> float:
    return abs(effect.rating_change)


def _kept(votes: Votes, kept: Booleans) -> Votes:
    columns = ("first", "second", "outcome", "volunteer", "day", "prompt")
    return Votes(votes.names, *(getattr(votes, column)[kept] for column in columns))


def _screened(votes: Votes, fit: Fitted, order: Integers, codes: Integers) -> Integers:
    """The groups that may matter most: by effect on lead and ratings, and by size."""
    pushes = scores(votes, fit.strengths, codes)
    inverse = fit.inverse()
    ratings = (inverse - np.outer(inverse @ fit.anchors, np.ones(len(inverse))).T)[
        :, order
    ]
    lead = np.abs(pushes @ (inverse[:, order[0]] - inverse[:, order[1]]))
    rating = np.concatenate(
        [
            np.abs(pushes[start : start + _AT_ONCE] @ ratings).max(axis=1)
            for start in range(0, pushes.shape[0], _AT_ONCE)
        ]
    )
    sizes = np.bincount(codes)
    return np.unique(np.concatenate([_top(v) for v in (lead, rating, sizes)]))


def _top(values: Floats | Integers) -> Integers:
    return np.argsort(-values, kind="stable")[:SCREENED]


def less(pairs: Pairs, own: Pairs) -> Pairs:
    """Take the votes of own, whose pairs are among them, out of the pairs."""
    place = np.searchsorted(pairs.i * pairs.n + pairs.j, own.i * own.n + own.j)
    columns = []
    for name in ("wins", "ties", "losses"):
        column = getattr(pairs, name).copy()
        column[place] -= getattr(own, name)
        columns.append(column)
    return Pairs(pairs.n, pairs.i, pairs.j, *columns)


def one_step(fit: Fitted, own: Pairs) -> Floats:
    """(n,) change of the strengths without these votes, by one Newton step."""
    surplus = own.score - own.battles * bradley_terry.expected_score(own, fit.strengths)
    push = own.sum_at_i(surplus) - own.sum_at_j(surplus)
    rest = bradley_terry.information(less(fit.pairs, own), fit.strengths) + fit.prior
    factor = cho_factor(rest + 1 / len(rest), check_finite=False)
    step: Floats = cho_solve(factor, -push, check_finite=False)
    return step


def left_out(fit: Fitted, own: Pairs) -> Fitted:
    """Fit without these votes."""
    return fit.among(less(fit.pairs, own))


def _effect(
    fit: Fitted, order: Integers, own: Pairs, after: Floats, number: int
) -> LeftOut:
    """Compare strengths; who has no vote left has left the table and moves nowhere."""
    left = fit.pairs.votes > own.votes
    change = after - fit.strengths
    ratings = np.where(left, change - fit.anchors @ change, 0.0)[order]
    moved = int(np.abs(ratings).argmax())
    before = _lead(fit.strengths, order)
    lead = _lead(after, order[left[order]]) if left[order[0]] else -np.inf
    return LeftOut(
        group=int(number),
        votes=int(own.battles.sum()),
        lead_change=lead - before,
        leads=bool(lead >= 0),
        moved=int(order[moved]),
        rating_change=float(ratings[moved]),
    )


def _lead(strengths: Floats, order: Integers) -> float:
    """Of the first of the order over the best of the others."""
    others = strengths[order[1:]]
    return float(strengths[order[0]] - others.max(initial=-np.inf))
