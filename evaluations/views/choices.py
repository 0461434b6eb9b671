"""What a reader of the leaderboard chose: which table, which rows, in which order."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from operator import itemgetter
from urllib.parse import urlencode

from evaluations.leaderboard import Group, Row
from evaluations.models.contestants import SIZE_CLASSES
from evaluations.models.tallies import ALL, SET
from evaluations.templatetags.arena import billions, category_name, language_name
from evaluations.views.ordering import Ordering

# A table is of one of these at a time, and corrected in one way.
KINDS = {
    "category": "Category",
    "language": "Language",
    "set": "Question set",
    "size": "Size",
}
ADJUSTMENTS = {
    "style": "Correct for length and style",
    "reliability": "Weigh judges by reliability",
}
EVERYTHING = {
    "category": "All prompts",
    "language": "All languages",
    "set": "All question sets",
    "size": "Any size",
}
SHARES, BATTLES = "", "battles"
ON = "on"


@dataclass(frozen=True)
class Choice:
    """One address of the leaderboard; notes say where it is not what was asked for.

    titles: of the question sets, by their slugs
    columns: slugs of the benchmarks that stand beside the ratings
    """

    slice: str
    adjustment: str
    words: str
    open_only: bool
    cells: str
    ordering: Ordering
    notes: tuple[str, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    columns: tuple[str, ...] = ()

    @classmethod
    def asked(
        cls,
        given: Mapping[str, str],
        tables: Collection[tuple[str, str]],
        titles: Mapping[str, str],
    ) -> "Choice":
        """The choice of a request, of the tables there are by slice and adjustment."""
        name, notes = _slice(given, {name for name, _ in tables})
        adjustment, further = _adjustment(given, name, tables)
        return cls(
            slice=name,
            adjustment=adjustment,
            words=given.get("q", "").strip()[:100],
            open_only=given.get("open") == ON,
            cells=BATTLES if given.get("cells") == BATTLES else SHARES,
            ordering=Ordering.asked(given.get("sort", "")),
            notes=(*notes, *further),
            titles=titles,
        )

    @property
    def fields(self) -> dict[str, str]:
        """What differs from the plain page, as an address says it."""
        kind, _, value = self.slice.partition(":")
        chosen = {
            **({kind: value} if value else {}),
            **({self.adjustment: ON} if self.adjustment else {}),
            "q": self.words,
            "open": ON if self.open_only else "",
            "cells": self.cells,
            "sort": self.ordering.asked_by,
        }
        return {name: value for name, value in chosen.items() if value}

    @property
    def is_of_all(self) -> bool:
        """Whether nothing is left out, of the votes or of the rows."""
        return self.slice == ALL and not self.words and not self.open_only

    @property
    def query(self) -> str:
        columns = [("columns", slug) for slug in self.columns]
        pairs = [*self.fields.items(), *columns]
        return f"?{urlencode(pairs)}" if pairs else ""

    @property
    def address_of_shares(self) -> str:
        return replace(self, cells=SHARES).query or "?"

    @property
    def address_of_battles(self) -> str:
        return replace(self, cells=BATTLES).query

    @property
    def title(self) -> str:
        """What the table is of, where it is not of all votes."""
        kind, _, value = self.slice.partition(":")
        return f"{KINDS[kind]}: {self.label(kind, value)}" if value else ""

    @property
    def set_alone(self) -> str:
        """The slug of the question set whose table it is, if it is of one."""
        return self.slice.removeprefix(SET) if self.slice.startswith(SET) else ""

    def label(self, kind: str, value: str) -> str:
        """What a slice of a kind is called."""
        if kind == "category":
            return category_name(value)
        if kind == "language":
            return language_name(value)
        if kind == "set":
            return self.titles.get(value, value)
        limits = {name: f", up to {billions(limit)}" for limit, name in SIZE_CLASSES}
        return f"{value.capitalize()}{limits.get(value, '')}"

    def keeps(self, row: Row) -> bool:
        """Whether the row is among those looked for."""
        contestant = row.contestant
        known_as = " ".join([contestant.name, contestant.maker, *contestant.aliases])
        found = all(
            word in known_as.casefold() for word in self.words.casefold().split()
        )
        return found and (contestant.open_weights or not self.open_only)

    def of_weights(self, group: Group) -> list[Row]:
        """The settled rows of a group that its plots show."""
        return [
            row
            for row in group.rows
            if row.contestant.open_weights or not self.open_only
        ]


def _slice(given: Mapping[str, str], known: set[str]) -> tuple[str, list[str]]:
    asked = [f"{kind}:{given[kind]}" for kind in KINDS if given.get(kind)]
    found = [name for name in asked if name in known]
    notes = []
    if len(found) < len(asked):
        shown = "" if found else " All votes are shown."
        notes.append(f"There is no table of that choice yet.{shown}")
    if len(found) > 1:
        # A form without a script names what it showed: the other one is the new wish.
        found = [name for name in found if name != given.get("was")]
        notes.append(
            "A table is of one category, one language, one question set or one size at "
            "a time; the others were put back."
        )
    return (found[0] if found else ALL), notes


def _adjustment(
    given: Mapping[str, str], name: str, tables: Collection[tuple[str, str]]
) -> tuple[str, list[str]]:
    asked = [each for each in ADJUSTMENTS if given.get(each) == ON]
    found = [each for each in asked if (name, each) in tables]
    notes = []
    if len(found) < len(asked):
        notes.append(
            "Of this choice there is no corrected table; it shows the plain one."
        )
    if len(found) > 1:
        notes.append("A table is corrected in one way at a time; the first is shown.")
    return (found[0] if found else ""), notes


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Select:
    name: str
    label: str
    options: list[Option]


@dataclass(frozen=True)
class Switch:
    name: str
    label: str
    on: bool


def selects(choice: Choice, tables: Collection[tuple[str, str]]) -> list[Select]:
    """Those of category, language, set and size for which there are tables."""
    made = []
    for kind, label in KINDS.items():
        options = [
            Option(value, label, choice.slice == f"{kind}:{value}")
            for value, label in _values(kind, {name for name, _ in tables}, choice)
        ]
        everything = Option("", EVERYTHING[kind], not any(o.chosen for o in options))
        if options:
            made.append(Select(kind, label, [everything, *options]))
    return made


def switches(choice: Choice, tables: Collection[tuple[str, str]]) -> list[Switch]:
    offered = {adjustment for _, adjustment in tables}
    return [
        Switch(name, label, choice.adjustment == name)
        for name, label in ADJUSTMENTS.items()
        if name in offered
    ]


def _values(kind: str, names: set[str], choice: Choice) -> list[tuple[str, str]]:
    """Values and labels: sizes from the smallest, all others by their labels."""
    values = [name.partition(":")[2] for name in names if name.startswith(f"{kind}:")]
    labelled = [(value, choice.label(kind, value)) for value in values]
    if kind != "size":
        return sorted(labelled, key=itemgetter(1, 0))
    order = [*(name for _, name in SIZE_CLASSES), "server", "undisclosed"]
    return sorted(labelled, key=lambda pair: order.index(pair[0]))
