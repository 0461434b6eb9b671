"""A judge's habits, beside what people say of the same battles."""

from dataclasses import dataclass

import numpy as np

from evaluations.rating.opinions import POINTS, TIED, X_WINS, Opinions
from evaluations.rating.shares import Figure, mean, share
from evaluations.rating.tallies import Booleans, Floats, Integers, sums_at


def first_preferred(opinions: Opinions) -> Figure | None:
    """Share of the decided opinions that prefer the answer shown first.

    Those of which the order is not known are left out. One half where the place does
    not matter, if either contestant stands first as often; None where nothing was
    decided.
    """
    battles, place = np.unique(opinions.battle, return_inverse=True)
    won = np.where(opinions.first > 0, opinions.score, 1 - opinions.score)
    told = (opinions.choice != TIED) & (opinions.first != 0)
    decided = np.where(told, opinions.weight, 0.0)
    return share(
        sums_at(place, decided * won, len(battles)),
        sums_at(place, decided, len(battles)),
    )


@dataclass(frozen=True, slots=True)
class Swapped:
    """What becomes of a verdict when the answers change places: shares of the cases.

    same: same winner, or a tie, in both orders; first, second: the answer in that
    place in both orders, so that the winner changed; half: a winner in one order only
    """

    cases: int
    same: Figure
    first: Figure
    second: Figure
    half: Figure


def swapped(opinions: Opinions, question: Integers) -> Swapped | None:
    """Compare what was said in both orders to the same question; None without a case.

    question: (v,) any numbers, the same where battle and template are; in each there
    is one opinion an order at most.
    """
    order = np.lexsort((-opinions.first, question))
    one, other = order[:-1], order[1:]
    pairs = (question[one] == question[other]) & (
        (opinions.first[one] > 0) & (opinions.first[other] < 0)
    )
    # x stands first in the one, y in the other.
    a, b = opinions.choice[one[pairs]], opinions.choice[other[pairs]]
    every = np.ones(len(a))

    def among_all(hits: Booleans) -> Figure | None:
        return share(hits.astype(np.float64), every)

    turned = (a != b) & (a != TIED) & (b != TIED)
    same, first = among_all(a == b), among_all(turned & (a == X_WINS))
    second = among_all(turned & (a != X_WINS))
    half = among_all((a != b) & ((a == TIED) | (b == TIED)))
    if same is None or first is None or second is None or half is None:
        return None
    return Swapped(len(a), same, first, second, half)


@dataclass(frozen=True, slots=True)
class Favour:
    """Mean points, a tie being half a one, of some side with judge and people."""

    judge: Figure
    people: Figure
    more: Figure


def favour(people: Floats, judge: Floats, side: Floats) -> Favour | None:
    """How many more points a side gets from the judge than from people.

    people, judge: (b, 3) votes for each choice on the same battles; side: (b,) 1 where
    x is the side in question, -1 where y is, 0 where neither or both are. Each battle
    counts once; the difference is taken battle by battle, so that it has no part in
    what makes battles differ. None without a battle.
    """
    kept = side != 0
    of_people, of_judge = (
        _points(choices[kept], side[kept]) for choices in (people, judge)
    )
    every = np.ones(len(of_judge))
    given, taken = share(of_judge, every), share(of_people, every)
    more = mean(of_judge - of_people)
    if given is None or taken is None or more is None:
        return None
    return Favour(given, taken, more)


def _points(choices: Floats, side: Floats) -> Floats:
    points = choices @ POINTS / choices.sum(axis=1)
    turned: Floats = np.where(side > 0, points, 1 - points)
    return turned
