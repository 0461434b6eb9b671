"""The rating table as pages show it: lines with intervals on one scale a group."""

from collections.abc import Sequence
from dataclasses import dataclass

from evaluations.charts import Scale, Svg, axis, interval_cell
from evaluations.leaderboard import Group, Row
from evaluations.models import Contestant, Rating
from evaluations.views.choices import Choice
from evaluations.views.columns import ScoreColumn


@dataclass(frozen=True)
class Line:
    place: int
    contestant: Contestant
    rating: Rating
    half_width: float
    interval: Svg
    # In the benchmarks that were asked for, as written.
    scores: tuple[str, ...] = ()


@dataclass(frozen=True)
class Board:
    """One group: its settled lines, and the provisional ones on the same scale."""

    heading: str
    axis: Svg
    lines: list[Line]
    provisional: list[Line]


def boards(
    groups: Sequence[Group], choice: Choice, columns: Sequence[ScoreColumn] = ()
) -> list[Board]:
    """Groups of the same kind get a number, so that each heading is its own.

    Rows that were not looked for are left out, and places stay those of the whole.
    """
    made: list[Board] = []
    for number, group in enumerate(groups):
        same = sum(other.heading == group.heading for other in groups[:number])
        heading = f"{group.heading}, group {same + 1}" if same else group.heading
        made.append(_board(group, choice, heading, columns))
    return [board for board in made if board.lines or board.provisional]


def _board(
    group: Group, choice: Choice, heading: str, columns: Sequence[ScoreColumn]
) -> Board:
    settled, provisional = (
        choice.ordering.sorted([row for row in rows if choice.keeps(row)])
        for rows in (group.rows, group.provisional)
    )
    return Board(
        heading=heading,
        axis=axis(_scale(group)),
        lines=lines_of(settled, group, columns),
        provisional=lines_of(provisional, group, columns),
    )


def lines_of(
    rows: Sequence[Row], group: Group, columns: Sequence[ScoreColumn] = ()
) -> list[Line]:
    """Lines for some of a group's rows, in the order given."""
    scale, leader = _scale(group), (group.rows + group.provisional)[0].rating
    places = {
        row.contestant.pk: place
        for kind in (group.rows, group.provisional)
        for place, row in enumerate(kind, start=1)
    }
    return [
        _line(row, places[row.contestant.pk], scale, leader.rating_low, columns)
        for row in rows
    ]


def _scale(group: Group) -> Scale:
    ratings = [row.rating for row in group.rows + group.provisional]
    return Scale.over(end for r in ratings for end in (r.rating_low, r.rating_high))


def _line(
    row: Row,
    place: int,
    scale: Scale,
    reference: float,
    columns: Sequence[ScoreColumn],
) -> Line:
    rating = row.rating
    return Line(
        place=place,
        contestant=row.contestant,
        rating=rating,
        half_width=(rating.rating_high - rating.rating_low) / 2,
        interval=interval_cell(
            scale,
            low=rating.rating_low,
            rating=rating.rating,
            high=rating.rating_high,
            reference=reference,
        ),
        scores=tuple(column.text(row.contestant) for column in columns),
    )
