"""The columns of the rating table and the order that `?sort=` asks for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from evaluations.leaderboard import Row


@dataclass(frozen=True)
class Column:
    """One that a button sorts; style says on which screens it stays."""

    key: str
    title: str
    value: Callable[[Row], Any]
    style: str = ""
    falls_first: bool = True


COLUMNS = {
    column.key: column
    for column in (
        Column("rank", "Rank", lambda row: row.rating.rank_low, "", False),
        Column("name", "Model", lambda row: row.contestant.name.casefold(), "", False),
        Column("rating", "Rating", lambda row: row.rating.rating, "n"),
        Column("win_rate", "Win rate", lambda row: row.rating.win_rate, "n opt2"),
        Column("usable", "Usable", lambda row: row.rating.usable_share, "n opt2"),
        Column("votes", "Judgements", lambda row: row.rating.votes, "n opt2"),
        Column("size", "Size", lambda row: row.contestant.parameters_b, "n opt"),
        Column("added", "Added", lambda row: row.contestant.created_at, "n opt"),
    )
}


@dataclass(frozen=True)
class Ordering:
    """A column, and whether its great values come first."""

    column: Column
    falling: bool

    @classmethod
    def asked(cls, text: str) -> "Ordering":
        """The order of a request: a column's key, with a minus for great ones first."""
        column = COLUMNS.get(text.removeprefix("-"))
        if column is None:
            return cls(COLUMNS["rating"], falling=True)
        return cls(column, falling=text.startswith("-"))

    @property
    def asked_by(self) -> str:
        """How an address asks for it; nothing for the usual order."""
        if self == Ordering.asked(""):
            return ""
        return f"-{self.column.key}" if self.falling else self.column.key

    @property
    def aria(self) -> str:
        return "descending" if self.falling else "ascending"

    def sorted(self, rows: Sequence[Row]) -> list[Row]:
        """Rows without a value come last, whichever way the others go."""
        value = self.column.value
        known = [row for row in rows if value(row) is not None]
        unknown = [row for row in rows if value(row) is None]
        return sorted(known, key=value, reverse=self.falling) + unknown


@dataclass(frozen=True)
class Head:
    """One header cell; pressing it asks for `then`."""

    column: Column
    aria_sort: str
    then: str


def heads(ordering: Ordering) -> list[Head]:
    return [_head(column, ordering) for column in COLUMNS.values()]


def _head(column: Column, ordering: Ordering) -> Head:
    active = column is ordering.column
    falling_next = not ordering.falling if active else column.falls_first
    then = f"-{column.key}" if falling_next else column.key
    return Head(column, ordering.aria if active else "", then)
