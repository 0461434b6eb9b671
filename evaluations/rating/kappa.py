"""How far two voices agree on the same battles: raw share and Cohen's kappa.

An opinion is one of three: x wins, a tie (both_bad is one too), y wins. A table of
agreement counts, by battle, how often the one said h while the other said j; of a
judge asked in both orders each verdict is half of its voice.
"""

from dataclasses import dataclass

import numpy as np

from evaluations.rating.opinions import TIED
from evaluations.rating.shares import Figure, about, share
from evaluations.rating.tallies import Floats

_DECIDED = np.array([choice != TIED for choice in range(3)])


@dataclass(frozen=True, slots=True)
class Agreement:
    """share: same choice of three; decided: of those where neither saw a tie, same
    winner, None where there is none; kappa: None where chance alone gives all or
    nothing; votes: comparisons made"""

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
    battles being what varies.
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
        kappa=_kappa(tables),
        votes=float(tables.sum()),
    )


def _kappa(tables: Floats) -> Figure | None:
    total = tables.sum(axis=0)
    number = total.sum()
    rows, columns = total.sum(axis=1), total.sum(axis=0)
    seen = float(np.trace(total) / number)
    chance = float(rows @ columns / number**2)
    if 1 - chance < 1e-12:
        return None
    by_seen = (np.eye(3) - seen) / number
    by_chance = (columns[:, None] + rows[None, :]) / number**2 - 2 * chance / number
    slope = by_seen / (1 - chance) - by_chance * (1 - seen) / (1 - chance) ** 2
    influence = np.einsum("bhj,hj->b", tables, slope)
    return about(1 - (1 - seen) / (1 - chance), influence, least=-1, most=1)
