"""Which prompt a pair meets on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

import numpy as np

from evaluations.matchmaking.shares import shared_out, targets
from evaluations.rating.tallies import Booleans, Floats, Integers

# How much rather a new prompt is drawn, so that it gets its first votes soon.
FIRST_VOTES: Final = 10.0


@dataclass(frozen=True, slots=True)
class PromptRow:
    """What a draw knows of a prompt.

    wording: equal for prompts of equal wording, empty where it is not known; fresh:
    no battle was drawn on it yet; weight: of its set, above 0
    """

    pk: int
    digest: str
    wording: str
    category: str
    language: str
    fresh: bool
    weight: float = 1.0


class NoPromptOpen(LookupError):
    """A pair was drawn that has no prompt to meet on."""


@dataclass(frozen=True, slots=True)
class DrawnPrompt:
    pk: int
    probability: float


class PromptPool:
    """Prompts to draw from, made ready for many draws.

    Drawn is first the kind, a category in a language, by the shares set for them; then
    of its wordings one that the pair has met on least often, rather one that is
    new; then one of the prompts in that wording. Prompts count as much as their sets
    weigh, in what no share was set for and within a kind.
    """

    def __init__(
        self,
        rows: Sequence[PromptRow],
        *,
        categories: Mapping[str, float],
        languages: Mapping[str, float],
    ) -> None:
        self._ids = np.array([row.pk for row in rows], dtype=np.int64)
        self._asking: dict[str, list[int]] = {}
        for number, row in enumerate(rows):
            self._asking.setdefault(row.digest, []).append(number)
        self._place = {row.pk: number for number, row in enumerate(rows)}
        self._wording = _numbered([row.wording or f"prompt {row.pk}" for row in rows])
        first = np.unique(self._wording, return_index=True)[1]
        self._weight = np.array([row.weight for row in rows], dtype=np.float64)
        # A wording is of the kind of the first prompt that has it.
        kinds = [(rows[n].category, rows[n].language) for n in first]
        self._kind_of_wording, self._shares = _kinds(
            kinds, self._weights_of_wordings(), categories, languages
        )
        self._kind = self._kind_of_wording[self._wording]
        self._fresh = np.ones(len(first), dtype=bool)
        for row, wording in zip(rows, self._wording, strict=True):
            self._fresh[wording] &= row.fresh

    def __len__(self) -> int:
        return len(self._ids)

    def _weights_of_wordings(self) -> Floats:
        """(w,) means: prompts of one wording count as one together."""
        sums = np.bincount(self._wording, weights=self._weight)
        means: Floats = sums / np.bincount(self._wording)
        return means

    def places_of(self, digests: set[str]) -> Booleans:
        """(p,) mask of the prompts that these digests ask."""
        asked = np.zeros(len(self), dtype=bool)
        for digest in digests:
            asked[self._asking.get(digest, [])] = True
        return asked

    def _open(self, closed: Booleans | None) -> Booleans:
        return np.ones(len(self), dtype=bool) if closed is None else ~closed

    def draw(
        self, random: Random, *, closed: Booleans | None, met: Mapping[int, int]
    ) -> DrawnPrompt:
        """Draw a prompt; raises NoPromptOpen where all are closed.

        closed: (p,) mask of those that one of the pair failed on; met: how often the
        pair has met on a prompt
        """
        open_ = self._open(closed)
        shares = self._open_shares(open_)
        kind = _pick(shares, random)
        members = np.flatnonzero(open_ & (self._kind == kind))
        members = members[self._least_met(members, met)]
        weights = self._weights(members)
        place = _pick(weights, random)
        chosen = int(members[place])
        self._fresh[self._wording[chosen]] = False
        return DrawnPrompt(int(self._ids[chosen]), float(shares[kind] * weights[place]))

    def _open_shares(self, open_: Booleans) -> Floats:
        """(k,) shares of the kinds, those of closed kinds fallen to the others."""
        counts = np.bincount(
            self._kind[open_], weights=self._weight[open_], minlength=len(self._shares)
        )
        if not counts.any():
            raise NoPromptOpen
        shares = np.where(counts > 0, self._shares, 0.0)
        if not shares.any():
            shares = counts
        ratio: Floats = shares / shares.sum()
        return ratio

    def _least_met(self, members: Integers, met: Mapping[int, int]) -> Booleans:
        times = np.zeros(len(self._kind_of_wording))
        for pk, often in met.items():
            if pk in self._place:
                times[self._wording[self._place[pk]]] += often
        of_members = times[self._wording[members]]
        least: Booleans = of_members == of_members.min()
        return least

    def _weights(self, members: Integers) -> Floats:
        """(k,) chances within a kind: prompts of one wording count as one together."""
        wording = self._wording[members]
        alike = np.bincount(wording, minlength=len(self._fresh))[wording]
        weights = np.where(self._fresh[wording], FIRST_VOTES, 1.0) / alike
        weights *= self._weight[members]
        ratio: Floats = weights / weights.sum()
        return ratio


def _numbered(names: Sequence[str]) -> Integers:
    """(k,) numbers from 0, equal for equal names."""
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    return np.array([numbers[name] for name in names], dtype=np.int64)


def _kinds(
    kinds: Sequence[tuple[str, str]],
    weights: Floats,
    categories: Mapping[str, float],
    languages: Mapping[str, float],
) -> tuple[Integers, Floats]:
    """(w,) kinds of the wordings of (w,) weights, and the share (k,) of each kind."""
    rows = sorted({category for category, _ in kinds})
    columns = sorted({language for _, language in kinds})
    row = np.array([rows.index(category) for category, _ in kinds], dtype=np.int64)
    column = np.array(
        [columns.index(language) for _, language in kinds], dtype=np.int64
    )
    kind = row * len(columns) + column
    of_kind = np.bincount(kind, weights=weights, minlength=len(rows) * len(columns))
    counts: Floats = of_kind.astype(np.float64).reshape(len(rows), len(columns))
    table = shared_out(
        counts,
        targets(counts.sum(axis=1), rows, categories),
        targets(counts.sum(axis=0), columns, languages),
    )
    return kind, table.ravel()


def _pick(chances: Floats, random: Random) -> int:
    """A place drawn by chances that add up to one."""
    sums = chances.cumsum()
    place = np.searchsorted(sums, random.random() * sums[-1], side="right")
    return int(min(place, np.searchsorted(sums, sums[-1])))
