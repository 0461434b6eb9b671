"""The plots of the leaderboard: what each shows, in words, figures and a drawing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from evaluations.charts import (
    Bar,
    Cell,
    Dot,
    Face,
    History,
    Moment,
    Scale,
    SizedDot,
    Svg,
    bar_plot,
    dot_plot,
    frontier,
    heat_plot,
    heat_table,
    movers,
    size_plot,
    thinned,
    time_plot,
)
from evaluations.leaderboard import Group, Row
from evaluations.models import Leaderboard
from evaluations.templatetags.arena import billions
from evaluations.templatetags.figures import percent, points, thousands
from evaluations.views.choices import BATTLES, Choice
from evaluations.views.history import histories
from evaluations.views.meetings import Meeting, meetings

# More than these crowd a plot or weigh down the page; the files have all.
MOST_MET, MOST_BARS, MOST_DAYS = 25, 25, 30
NARROW, WIDE, BROAD = 350, 620, 1240


@dataclass(frozen=True)
class Column:
    """Of the figures behind a plot: its name in files, its title and form on pages."""

    name: str
    title: str
    text: Callable[[Any], str] = str


@dataclass(frozen=True)
class Plot:
    """`rows` are all figures, for files; `shown` of them the page has."""

    key: str
    title: str
    reading: str
    description: str
    columns: tuple[Column, ...]
    rows: Sequence[tuple[Any, ...]]
    draw: Callable[..., Svg]
    shown: Sequence[tuple[Any, ...]] | None = None
    width: int = WIDE
    table: Svg | None = None
    more: str = ""

    @property
    def is_broad(self) -> bool:
        return self.width == BROAD

    @property
    def drawings(self) -> list[Svg]:
        wide = Face(self.key, self.title, self.description, self.width)
        narrow = Face(self.key, self.title, self.description, NARROW, "narrow")
        return [self.draw(face=wide), self.draw(face=narrow)]

    @property
    def alone(self) -> Svg:
        """The drawing for a file."""
        return self.draw(face=Face(self.key, self.title, self.description, self.width))

    @property
    def lines(self) -> list[tuple[str, list[str]]]:
        """The figures as the page writes them: the first is the line's head."""
        rows = self.rows if self.shown is None else self.shown
        made = []
        for row in rows:
            head, *cells = (
                column.text(value)
                for column, value in zip(self.columns, row, strict=True)
            )
            made.append((head, cells))
        return made


RATING = (
    Column("rating", "Rating", points),
    Column("rating_low", "95 % from", points),
    Column("rating_high", "to", points),
)


def plots(newest: Leaderboard, groups: Sequence[Group], choice: Choice) -> list[Plot]:
    """Those for which there is enough to see, of the group with most votes."""
    group = max(groups, key=_votes)
    rows = choice.of_weights(group)
    made = [
        by_size(rows),
        over_time(newest, rows),
        who_beats_whom(newest, rows, choice),
        judgements([row for each in groups for row in each.rows + each.provisional]),
    ]
    return [plot for plot in made if plot is not None]


def _votes(group: Group) -> int:
    return sum(row.rating.votes for row in group.rows + group.provisional)


def by_rating(groups: Sequence[Group], choice: Choice) -> Plot | None:
    """The column of intervals of the table, to take away."""
    rows = choice.of_weights(max(groups, key=_votes))
    if not rows:
        return None
    figures = [
        (r.contestant.name, r.rating.rating, r.rating.rating_low, r.rating.rating_high)
        for r in rows
    ]
    dots = [Dot(*figure, tip=_tip(*figure)) for figure in figures]
    return Plot(
        key="rating",
        title="Ratings with 95 % intervals",
        reading="",
        description="; ".join(dot.tip for dot in dots),
        columns=(Column("name", "Model"), *RATING),
        rows=figures,
        draw=partial(_dots, dots),
    )


def _dots(dots: Sequence[Dot], *, face: Face) -> Svg:
    return dot_plot(
        dots,
        scale=Scale.over(end for dot in dots for end in (dot.low, dot.high)),
        reference=max(dots, key=lambda dot: dot.value).low,
        face=face,
    )


def _tip(name: str, rating: float, low: float, high: float) -> str:
    return f"{name}: {rating:.0f} ({low:.0f} to {high:.0f})"


def by_size(rows: Sequence[Row]) -> Plot | None:
    dots = [_sized(row) for row in rows if row.contestant.parameters_b]
    if len(dots) < 2:
        return None
    best = frontier(dots)
    steps = ", ".join(f"{d.label} ({billions(d.size)}) at {d.value:.0f}" for d in best)
    return Plot(
        key="size",
        title="Rating by size",
        reading="The dashed line is the frontier: the best rating to be had at that "
        "size or below. Models of undisclosed size are not in it.",
        description=f"{len(dots)} models. The frontier: {steps}.",
        columns=(
            Column("name", "Model"),
            Column("parameters_b", "Size", billions),
            Column("open_weights", "Weights", _weights),
            *RATING,
        ),
        rows=[(d.label, d.size, d.is_open, d.value, d.low, d.high) for d in dots],
        draw=partial(size_plot, dots),
    )


def _weights(are_open: bool) -> str:
    return "open" if are_open else "not known to be open"


def _sized(row: Row) -> SizedDot:
    contestant, rating = row.contestant, row.rating
    size = float(contestant.parameters_b or 0)
    tip = _tip(contestant.name, rating.rating, rating.rating_low, rating.rating_high)
    return SizedDot(
        contestant.name,
        size,
        rating.rating,
        rating.rating_low,
        rating.rating_high,
        contestant.open_weights,
        f"{tip}, {billions(size)}",
    )


def over_time(newest: Leaderboard, rows: Sequence[Row]) -> Plot | None:
    every = histories(newest, rows)
    if len({moment.on for history in every for moment in history.moments}) < 2:
        return None
    moved = movers(every)
    others = [history for history in every if history not in moved]
    return Plot(
        key="time",
        title="Rating over time",
        reading=f"The {len(moved)} models that moved most, with their 95 % intervals; "
        "others in grey.",
        description="; ".join(map(_way, moved)),
        columns=(Column("name", "Model"), Column("date", "Day"), *RATING),
        rows=[_day(h, m) for h in every for m in h.moments],
        shown=[_day(h, m) for h in moved for m in thinned(h.moments, MOST_DAYS)],
        draw=partial(time_plot, moved, others),
        more="The models in colour, on some days; the file has all, day by day.",
    )


def _day(history: History, moment: Moment) -> tuple[Any, ...]:
    return history.label, moment.on, moment.value, moment.low, moment.high


def _way(history: History) -> str:
    first, last = history.moments[0], history.moments[-1]
    return f"{history.label} from {first.value:.0f} to {last.value:.0f}"


def who_beats_whom(
    newest: Leaderboard, rows: Sequence[Row], choice: Choice
) -> Plot | None:
    contestants = [row.contestant for row in rows]
    names = [contestant.name for contestant in contestants]
    met = meetings(contestants, slice_name=newest.slice)
    if not met:
        return None
    shown = names[:MOST_MET]
    cells = {
        pair: _cell(meeting, names[pair[0]], names[pair[1]], choice.cells)
        for pair, meeting in met.items()
        if max(pair) < MOST_MET
    }
    figures = "Battles" if choice.cells == BATTLES else "Win rate, in per cent,"
    first = f"of the first {MOST_MET} models " if len(names) > MOST_MET else ""
    return Plot(
        key="pairs",
        title="Who beats whom",
        reading="Share of battles that the row’s model won against the column’s, a tie "
        "being half a win. Blue: the row wins more; orange: it loses more.",
        description=f"{figures} {first}of each row’s model against each column’s",
        columns=(
            Column("model_a", "Model"),
            Column("model_b", "Against"),
            Column("battles", "Battles", thousands),
            Column("win_rate", "Win rate", percent),
        ),
        rows=[(names[a], names[b], m.battles, m.share) for (a, b), m in met.items()],
        draw=partial(heat_plot, shown, cells),
        width=BROAD,
        table=heat_table(
            shown,
            cells,
            caption=f"{figures} {first}of each row’s model against each column’s",
        ),
        more=f"The first {MOST_MET} by rating; the CSV file has all pairs."
        if len(names) > MOST_MET
        else "",
    )


def _cell(meeting: Meeting, name: str, opponent: str, cells: str) -> Cell:
    share = f"{100 * meeting.share:.0f}"
    text = thousands(meeting.battles) if cells == BATTLES else share
    tip = f"{name} won {share} % of {thousands(meeting.battles)} against {opponent}"
    return Cell(meeting.share, text, tip)


def judgements(rows: Sequence[Row]) -> Plot | None:
    most = sorted(rows, key=lambda row: -row.rating.votes)
    figures = [(row.contestant.name, row.rating.votes) for row in most]
    bars = [Bar(name, votes, thousands(votes)) for name, votes in figures]
    few = f" The {MOST_BARS} with most are drawn." if len(bars) > MOST_BARS else ""
    return Plot(
        key="judgements",
        title="Judgements per model",
        reading="New models are shown more often until their interval is as narrow as "
        f"the others’.{few}",
        description="; ".join(f"{bar.label} {bar.text}" for bar in bars[:MOST_BARS]),
        columns=(Column("name", "Model"), Column("votes", "Judgements", thousands)),
        rows=figures,
        draw=partial(bar_plot, bars[:MOST_BARS]),
        width=BROAD,
    )
