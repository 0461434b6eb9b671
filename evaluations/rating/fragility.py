"""How few votes, taken out, would turn the order of two contestants.

To drop one vote with residual r on the pair x = e_i - e_j moves the strengths by about

    -r K x / (1 - h),   K = (H + prior)^-1,   h = p (1 - p) x' K x,

the one-step influence of R. D. Cook and S. Weisberg, "Residuals and Influence in
Regression" (1982). The votes that pull a lead down most are taken first, as T.
Broderick, R. Giordano and R. Meager do in "An automatic finite-sample robustness
metric" (2020), and a fit without them decides whether the order has turned. Because
influence changes on the way, it is measured again where the order turns, until no fewer
votes do. What is found so always turns the order; only a search of all smaller sets
can tell that no fewer would.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import Final

import numpy as np

from evaluations.rating import bradley_terry
from evaluations.rating.ranks import RESOLUTION
from evaluations.rating.refit import Fitted
from evaluations.rating.tallies import Floats, Integers, Pairs

MOST_SEARCHED: Final = 3
# So many sets are fitted anew for a pair of neighbours before the search gives up.
MOST_FITS: Final = 600
ROUNDS: Final = 6
RIVALS: Final = 3
# What the one-step influence of so many votes may be off by, per vote and leverage.
_MARGIN: Final = 10.0
_POINTS: Final = np.array([1.0, 0.5, 0.0])


@dataclass(frozen=True, slots=True)
class Swap:
    """What it takes to put `behind` before `ahead`, both indices of contestants.

    votes: so many votes, taken out, do it; None where no removal does
    at_least: no fewer do it; an estimate from influence unless exact
    """

    ahead: int
    behind: int
    votes: int | None
    at_least: int
    exact: bool


def neighbour_swaps(fit: Fitted, order: Integers) -> Iterator[Swap]:
    """Give the swap of each with the next in order, (k,) contestants, best first."""
    inverse = fit.inverse()
    for ahead, behind in zip(order[:-1].tolist(), order[1:].tolist(), strict=True):
        yield _Search(fit, inverse, ahead, behind).swap()


def leader_swap(fit: Fitted, order: Integers) -> Swap | None:
    """Find what puts anyone before the leader; None where there is no one else.

    The few rivals that influence finds nearest are tried.
    """
    inverse, leader = fit.inverse(), int(order[0])
    searches = [_Search(fit, inverse, leader, rival) for rival in order[1:].tolist()]
    if not searches:
        return None
    searches.sort(key=lambda search: search.estimate())
    swaps = [search.swap() for search in searches[:RIVALS]]
    nearest = min(swaps, key=_size)
    least = min(swap.at_least for swap in swaps)
    exact = nearest.exact and least == nearest.votes
    return Swap(leader, nearest.behind, nearest.votes, least, exact)


def _size(swap: Swap) -> float:
    return np.inf if swap.votes is None else swap.votes


def without(pairs: Pairs, removed: Floats) -> Pairs:
    """Take (m, 3) wins, ties and losses out of the pairs."""
    wins, ties, losses = pairs.wins, pairs.ties, pairs.losses
    less = (wins - removed[:, 0], ties - removed[:, 1], losses - removed[:, 2])
    return Pairs(pairs.n, pairs.i, pairs.j, *less)


def pulls(fit: Fitted, inverse: Floats, ahead: int, behind: int) -> Floats:
    """(m, 3) logits by which the lead falls with one win, tie or loss less."""
    i, j = fit.pairs.i, fit.pairs.j
    p = bradley_terry.expected_score(fit.pairs, fit.strengths)
    diagonal = np.diag(inverse)
    leverage = p * (1 - p) * (diagonal[i] + diagonal[j] - 2 * inverse[i, j])
    reach = inverse[:, ahead] - inverse[:, behind]
    each = (reach[i] - reach[j]) / (1 - leverage).clip(min=0.1)
    pull: Floats = (_POINTS - p[:, None]) * each[:, None]
    return pull


class _Search:
    """The kinds of vote, (3 m,): wins, ties and losses of each pair, pair by pair."""

    def __init__(self, fit: Fitted, inverse: Floats, ahead: int, behind: int) -> None:
        pairs = fit.pairs
        self.fit, self.ahead, self.behind = fit, ahead, behind
        self.counts = np.stack([pairs.wins, pairs.ties, pairs.losses], axis=1).ravel()
        self.lead = self._lead(fit)
        self.pull = pulls(fit, inverse, ahead, behind).ravel()
        p = bradley_terry.expected_score(pairs, fit.strengths)
        diagonal = np.diag(inverse)
        spread = diagonal[pairs.i] + diagonal[pairs.j]
        spread = spread - 2 * inverse[pairs.i, pairs.j]
        self.leverage = float((p * (1 - p) * spread).max(initial=0.0))

    def _lead(self, fit: Fitted) -> float:
        return float(fit.strengths[self.ahead] - fit.strengths[self.behind])

    def estimate(self, pull: Floats | None = None) -> int:
        """Votes whose influence adds up to the lead; all that pull, if none do."""
        pull = self.pull if pull is None else pull
        order = self._order(pull)
        counts = self.counts[order]
        reached = np.cumsum(counts * pull[order])
        step = int(np.searchsorted(reached, self.lead))
        if step == len(order):
            return int(counts.sum()) + 1
        before = reached[step - 1] if step else 0.0
        rest = np.ceil((self.lead - before) / pull[order[step]])
        return max(int(counts[:step].sum() + rest), 1)

    def swap(self) -> Swap:
        """Take out greedily, then search small sets for one that needs fewer votes."""
        found, end = self._greedy()
        top = int(self.counts.sum()) if found is None else found
        estimate = self.estimate()
        if end is not None:
            last = pulls(end, end.inverse(), self.ahead, self.behind).ravel()
            estimate = min(estimate, self.estimate(np.maximum(self.pull, last)))
        cleared = 0
        for size in range(1, min(MOST_SEARCHED, top - 1) + 1):
            sets = self._sets(size)
            if sets is None:
                break
            if any(self._turned(self._without(kinds)) for kinds in sets):
                return self._made(size, size, exact=True)
            cleared = size
        if found is not None and cleared == found - 1:
            return self._made(found, found, exact=True)
        least = max(min(estimate, top), cleared + 1)
        return self._made(found, least, exact=False)

    def _made(self, votes: int | None, least: int, *, exact: bool) -> Swap:
        return Swap(self.ahead, self.behind, votes, least, exact)

    def _order(self, pull: Floats) -> Integers:
        """The kinds that pull the lead down, the strongest first."""
        useful = np.flatnonzero((self.counts > 0) & (pull > 0))
        return useful[np.argsort(-pull[useful], kind="stable")]

    def _greedy(self) -> tuple[int | None, Fitted | None]:
        """The fewest votes found, and the fit without them."""
        best, end, pull = None, None, self.pull
        guess = self.estimate()
        for _ in range(ROUNDS):
            votes, fit = self._least(pull, guess)
            if votes is None or fit is None or (best is not None and votes >= best):
                break
            best, end = votes, fit
            pull = pulls(fit, fit.inverse(), self.ahead, self.behind).ravel()
            guess = votes
        return best, end

    def _least(self, pull: Floats, guess: int) -> tuple[int | None, Fitted | None]:
        """The fewest votes, taken in this order, after which the order has turned.

        The lead falls nearly in a straight line: false position, kept in its bracket.
        """
        order = self._order(pull)
        most = int(self.counts[order].sum())
        low, low_lead, tried = 0, self.lead, min(guess, most)
        fit = self._fit(self._first(order, tried))
        while not self._turned(fit):
            if tried == most:
                return None, None
            low, low_lead = tried, self._lead(fit)
            tried = min(tried + tried // 4 + 1, most)
            fit = self._fit(self._first(order, tried), start=fit)
        high, high_lead, end = tried, self._lead(fit), fit
        near = high - 1
        while high - low > 1:
            share = low_lead / (low_lead - high_lead)
            tried = low + int(np.ceil(share * (high - low)))
            # False position creeps along a bent line: look next door as well.
            tried = tried if low < tried < high else near
            fit = self._fit(self._first(order, tried), start=end)
            if self._turned(fit):
                high, high_lead, end = tried, self._lead(fit), fit
                near = high - 1
            else:
                low, low_lead = tried, self._lead(fit)
                near = low + 1
        return high, end

    def _first(self, order: Integers, votes: int) -> Floats:
        """(m, 3) removal of so many votes, in this order of kinds."""
        removed, counts = np.zeros(len(self.counts)), self.counts[order]
        before = np.cumsum(counts) - counts
        removed[order] = np.clip(votes - before, 0, counts)
        return removed.reshape(-1, 3)

    def _without(self, kinds: Iterable[int]) -> Fitted:
        removed = np.zeros(len(self.counts))
        np.add.at(removed, list(kinds), 1)
        return self._fit(removed.reshape(-1, 3))

    def _fit(self, removed: Floats, start: Fitted | None = None) -> Fitted:
        return (start or self.fit).among(without(self.fit.pairs, removed))

    def _turned(self, fit: Fitted) -> bool:
        """Whether the other is before; without a vote it would not be in the table."""
        turned = self._lead(fit) < -RESOLUTION
        return turned and bool(fit.pairs.votes[self.behind] > 0)

    def _sets(self, size: int) -> list[tuple[int, ...]] | None:
        """Sets of votes, as kinds, that may turn the order; None where too many.

        Left out are those whose influence falls short by more than it can be wrong.
        """
        order = self._order(self.pull)
        needed = self.lead * (1 - min(_MARGIN * size * self.leverage, 0.5))
        if not len(order):
            return []
        strongest = self.pull[order[0]]
        order = order[self.pull[order] >= needed - (size - 1) * strongest]
        sets = []
        for kinds in combinations_with_replacement(order.tolist(), size):
            if sum(self.pull[list(kinds)]) < needed:
                continue
            if all(kinds.count(kind) <= self.counts[kind] for kind in set(kinds)):
                sets.append(kinds)
            if len(sets) > MOST_FITS:
                return None
        return sets
