"""What people and judges said of battles, out of the database and into columns."""

from dataclasses import dataclass

import numpy as np

from evaluations.auditing.reading import columns_of
from evaluations.models import Contestant, Judge, Prompt
from evaluations.models.ledger import (
    BATTLE_VOTE_COLUMNS,
    NOT_MEASURED,
    VERDICT_COLUMNS,
    stream_battle_votes,
    stream_verdicts,
)
from evaluations.rating.opinions import Opinions
from evaluations.rating.style_tallies import UNIT
from evaluations.rating.tallies import Floats, Integers


@dataclass(frozen=True)
class Known:
    """Contestants by their place in all columns, the (n,) primary keys sorted."""

    keys: Integers
    slugs: tuple[str, ...]

    def places(self, keys: Integers) -> Integers:
        return np.searchsorted(self.keys, keys).astype(np.int64)


@dataclass(frozen=True)
class Verdicts:
    """opinions: of one judge, (v,); question: (v,) the same for battle and template

    prompt: (v,) primary keys; longer: (v,) by how much x is longer, (x - y) / (x + y),
    nan where an answer was not measured
    """

    opinions: Opinions
    question: Integers
    prompt: Integers
    longer: Floats


def known_contestants() -> Known:
    slugs = dict(Contestant.objects.order_by("pk").values_list("pk", "slug"))
    return Known(np.array(list(slugs), dtype=np.int64), tuple(slugs.values()))


def read_people(known: Known) -> Opinions:
    """All votes that count: rows of one battle, side and choice are one row."""
    columns = columns_of(stream_battle_votes(), BATTLE_VOTE_COLUMNS)
    return _opinions(known, columns, columns[5].astype(np.float64))


def read_verdicts(judge: Judge, known: Known) -> Verdicts:
    """All verdicts that could be read, each weighing 1."""
    columns = columns_of(stream_verdicts(judge.pk), VERDICT_COLUMNS)
    battle, template, prompt, longer = columns[0], columns[5], columns[6], columns[7]
    asked = np.unique(np.stack([battle, template]), axis=1, return_inverse=True)[1]
    measured = longer != NOT_MEASURED
    return Verdicts(
        opinions=_opinions(known, columns, np.ones(len(battle))),
        question=np.ravel(asked),
        prompt=prompt,
        longer=np.where(measured, longer / UNIT, np.nan),
    )


def read_categories(prompts: Integers) -> dict[int, list[str]]:
    """Categories of these prompts, by primary key."""
    wanted = Prompt.objects.filter(pk__in=np.unique(prompts).tolist())
    return dict(wanted.values_list("pk", "categories"))


def _opinions(known: Known, columns: Integers, weight: Floats) -> Opinions:
    battle, x, y, first, choice = columns[:5]
    sides = known.places(x), known.places(y)
    return Opinions(len(known.keys), battle, *sides, first, choice, weight)
