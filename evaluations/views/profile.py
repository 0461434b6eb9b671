"""All that a model's page says of how it did."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from evaluations import auditing, leaderboard
from evaluations.auditing import SwapLine
from evaluations.leaderboard import Group, Row, Standings, group_sizes, standings
from evaluations.leaderboard.slices import SIZE
from evaluations.matchmaking import ContestantExposure, recent_exposure
from evaluations.models import Contestant, Leaderboard, Rating
from evaluations.models.tallies import ALL
from evaluations.remembering import remembered
from evaluations.views.history import histories
from evaluations.views.model_plots import KINDS, by_slice, of_reasons, over_time
from evaluations.views.plots import Plot
from evaluations.views.rating_table import Line, lines_of
from evaluations.views.reasons import reasons
from evaluations.views.records import Record, record_plot, records


@dataclass(frozen=True)
class Place:
    """A line in another table than that of all votes: in a group of so many."""

    title: str
    rating: Rating
    size: int

    @property
    def half_width(self) -> float:
        return (self.rating.rating_high - self.rating.rating_low) / 2


@dataclass(frozen=True)
class Profile:
    line: Line | None
    size: int
    groups: int
    neighbour: Contestant | None
    in_its_size: Place | None
    adjusted: list[Place]
    records: list[Record]
    plots: list[Plot]
    record_plot: Plot | None
    exposure: ContestantExposure | None
    swaps: list[SwapLine]

    def plot(self, key: str) -> Plot | None:
        drawn = [*self.plots, self.record_plot]
        return next((plot for plot in drawn if plot and plot.key == key), None)


def profile(contestant: Contestant) -> Profile:
    """Read the newest tables, the tallies and the ledger, in about ten queries."""
    newest = leaderboard.latest()
    groups = leaderboard.groups(leaderboard=newest) if newest else []
    members = [row for group in groups for row in group.rows + group.provisional]
    found = records(contestant, {row.contestant.pk: row.rating for row in members})
    tables = standings([contestant])
    return Profile(
        **_standing(contestant, groups),
        **_places(contestant, tables),
        groups=len(groups),
        records=found,
        record_plot=record_plot(found),
        plots=_plots(contestant, tables, newest),
        exposure=_exposure(contestant),
        swaps=auditing.swaps_of(contestant=contestant),
    )


def _standing(contestant: Contestant, groups: Sequence[Group]) -> dict[str, Any]:
    """The contestant's own line in the newest table, on its group's scale."""
    for group in groups:
        members = group.rows + group.provisional
        own = [row for row in members if row.contestant == contestant]
        if own:
            (line,) = lines_of(own, group)
            return {
                "line": line,
                "size": len(members),
                "neighbour": _neighbour(own[0], members),
            }
    return {"line": None, "size": 0, "neighbour": None}


def _neighbour(own: Row, members: list[Row]) -> Contestant:
    """The next better one of its group; of the best one, the second."""
    best_first = sorted(members, key=lambda row: -row.rating.rating)
    place = best_first.index(own)
    return (best_first[place - 1] if place else best_first[:2][-1]).contestant


def _places(contestant: Contestant, tables: Standings) -> dict[str, Any]:
    """Its line among models of its size, and those with corrections."""
    lines = {name: rated.get(contestant.pk) for name, rated in tables.items()}
    of_size = lines.get((f"{SIZE}{contestant.size_class}", ""))
    adjusted = [
        lines[ALL, str(adjustment)]
        for adjustment in Leaderboard.Adjustment
        if adjustment and lines.get((ALL, str(adjustment)))
    ]
    shown = [rating for rating in (of_size, *adjusted) if rating is not None]
    sizes = group_sizes(shown)
    places = {rating.pk: _place(rating, sizes) for rating in shown}
    return {
        "in_its_size": places[of_size.pk] if of_size else None,
        "adjusted": [places[rating.pk] for rating in adjusted if rating],
    }


def _place(rating: Rating, sizes: dict[tuple[int, int], int]) -> Place:
    title = rating.leaderboard.get_adjustment_display()
    return Place(title, rating, sizes[rating.leaderboard_id, rating.group])


def _plots(
    contestant: Contestant, tables: Standings, newest: Leaderboard | None
) -> list[Plot]:
    own = tables.get((ALL, ""), {}).get(contestant.pk)
    if own is None or newest is None:
        return []
    lines = [
        (name, rated[contestant.pk])
        for (name, adjustment), rated in tables.items()
        if not adjustment and contestant.pk in rated
    ]
    # A scan of all votes on the model.
    given = remembered(f"reasons:{contestant.pk}", lambda: reasons(contestant))
    made = [
        *(by_slice(kind, lines, own) for kind in KINDS),
        over_time(histories(newest, [Row(contestant, own)])),
        *of_reasons(*given),
    ]
    return [plot for plot in made if plot is not None]


def _exposure(contestant: Contestant) -> ContestantExposure | None:
    """None where it is newer than the figures, which are kept for a minute."""
    known = recent_exposure()
    lines = (*known.active, *known.resting)
    return next((line for line in lines if line.slug == contestant.slug), None)
