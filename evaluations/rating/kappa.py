"""How far two voices agree on the same battles: raw share and Cohen's kappa.

An opinion is one of three: x wins, a tie (both_bad is one too), y wins. A table of
agreement counts, by battle, how often the one said h while the other said j; of a
judge asked in both orders each verdict is half of its voice.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from evaluations.rating.opinions import TIED
from evaluations.rating.shares import NOUGHT, Figure, about, share, variance
from evaluations.rating.tallies import Floats

# Of fewer pairs of answers, what chance alone would give is hardly known.
FEWEST_PAIRS: Final = 10
_DECIDED = np.array([choice != TIED for choice in range(3)])


@dataclass(frozen=True, slots=True)
class Agreement:
    """share: same choice of three; decided: of those where neither saw a tie, same
    winner, None where there is none; kappa: None of too few pairs, or where
    chance alone gives all; votes: comparisons made"""

    share: Figure
    decided: Figure | None
    kappa: Figure | None
    votes: float


def against_votes(people: Floats, judge: Floats) -> Floats:
    """(b, 3, 3) each vote of people, in rows, against the judge's voice.

    people, judge: (b, 3) votes for each choice; the judge's voice is 1 a battle.
    """
    voice = judge / judge.sum(axis=1, keepdims=True)
    tables: Floats = people[:, :, None] * voice[:, None, :]
    return tables


def against_majority(people: Floats, judge: Floats) -> Floats:
    """(b, 3, 3) what most people chose, in rows, against the judge's voice.

    All nought where fewer than two voted or where two choices share the lead.
    """
    lead = people == people.max(axis=1, keepdims=True)
    clear = (lead.sum(axis=1) == 1) & (people.sum(axis=1) >= 2)
    return against_votes(np.where(lead & clear[:, None], 1.0, 0.0), judge)


def among(people: Floats) -> Floats:
    """(b, 3, 3) each vote of people against the mean of the others on its battle.

    All nought where nobody else voted.
    """
    votes = people.sum(axis=1)
    others = people[:, :, None] * people[:, None, :]
    others = others - people[:, :, None] * np.eye(3)
    tables: Floats = others / np.maximum(votes - 1, 1)[:, None, None]
    return tables


def agreement(tables: Floats) -> Agreement | None:
    """Agreement over (b, 3, 3) tables of battles; None where all are nought.

    Kappa is 1 - (1 - p) / (1 - e), with p the share that agrees and e the share that
    would by chance, from both margins (J. Cohen, "A coefficient of agreement for
    nominal scales", 1960). Its interval is by the delta method on the table, the
    battles being what varies; where they do not, it is that of p with e as it is.
    """
    tables = tables[tables.sum(axis=(1, 2)) > 0]
    same = np.einsum("bii->bi", tables)
    agreed = share(same.sum(axis=1), tables.sum(axis=(1, 2)))
    firm = tables[:, _DECIDED][:, :, _DECIDED]
    if agreed is None:
        return None
    return Agreement(
        share=agreed,
        decided=share(np.einsum("bii->b", firm), firm.sum(axis=(1, 2))),
        kappa=_kappa(tables, agreed),
        votes=float(tables.sum()),
    )


def _kappa(tables: Floats, agreed: Figure) -> Figure | None:
    total = tables.sum(axis=0)
    number = total.sum()
    rows, columns = total.sum(axis=1), total.sum(axis=0)
    seen = agreed.value
    chance = float(rows @ columns / number**2)
    if len(tables) < FEWEST_PAIRS or 1 - chance < NOUGHT:
        return None
    by_seen = (np.eye(3) - seen) / number
    by_chance = (columns[:, None] + rows[None, :]) / number**2 - 2 * chance / number
    slope = by_seen / (1 - chance) - by_chance * (1 - seen) / (1 - chance) ** 2
    influence = np.einsum("bhj,hj->b", tables, slope)
    if variance(influence) < NOUGHT:
        ends = (agreed.value, agreed.low, agreed.high)
        value, low, high = (1 - (1 - end) / (1 - chance) for end in ends)
        return Figure(value, max(-1.0, low), high, len(tables))
    return about(1 - (1 - seen) / (1 - chance), influence, least=-1, most=1)
