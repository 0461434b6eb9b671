"""The plots of one model's page: by category and language, over time, reasons."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from evaluations.charts import (
    Bar,
    Dot,
    Face,
    History,
    Scale,
    Svg,
    bar_plot,
    dot_plot,
    time_plot,
)
from evaluations.models import Rating
from evaluations.models.tallies import CATEGORY, LANGUAGE
from evaluations.templatetags.arena import category_name, language_name
from evaluations.templatetags.figures import percent, thousands
from evaluations.views.plots import RATING, Column, Plot
from evaluations.views.reasons import Reasons

# More lines than these crowd the plot; the table behind it has all.
MOST_LINES = 20


@dataclass(frozen=True)
class Kind:
    """What slices there are of one kind, and how each is called."""

    key: str
    prefix: str
    name_of: Callable[[str], str]


KINDS = (
    Kind("category", CATEGORY, category_name),
    Kind("language", LANGUAGE, language_name),
)


def by_slice(
    kind: Kind, ratings: Sequence[tuple[str, Rating]], overall: Rating
) -> Plot | None:
    """The model's lines in the tables of one kind, by slice, beside that of all votes.

    None where there is but one slice and it has all votes.
    """
    lines = [
        (kind.name_of(name.removeprefix(kind.prefix)), rating)
        for name, rating in ratings
        if name.startswith(kind.prefix)
    ]
    if all(rating.votes == overall.votes for _, rating in lines):
        return None
    most = sorted(lines, key=lambda line: -line[1].votes)[:MOST_LINES]
    dots = [_dot(*line) for line in sorted(most, key=lambda line: -line[1].rating)]
    few = f" The {MOST_LINES} with most are drawn." if len(lines) > MOST_LINES else ""
    return Plot(
        key=kind.key,
        title=f"Rating by {kind.key}",
        reading="The dot is the rating, the bar its 95 % interval, the number that of "
        f"the judgements; the dotted line is the rating in all. A hollow dot is "
        f"provisional.{few}",
        description="; ".join(dot.tip for dot in dots),
        columns=(
            Column(kind.key, kind.key.capitalize()),
            *RATING,
            Column("votes", "Judgements", thousands),
            Column("provisional", "Provisional", lambda yes: "yes" if yes else "no"),
        ),
        rows=[
            (
                *(title, rating.rating, rating.rating_low, rating.rating_high),
                *(rating.votes, rating.provisional),
            )
            for title, rating in sorted(lines, key=lambda line: -line[1].rating)
        ],
        draw=partial(_draw, dots, overall.rating),
    )


def _dot(title: str, rating: Rating) -> Dot:
    low, high = rating.rating_low, rating.rating_high
    tip = f"{title}: {rating.rating:.0f} ({low:.0f} to {high:.0f})"
    return Dot(
        *(title, rating.rating, low, high, tip),
        is_hollow=rating.provisional,
        note=thousands(rating.votes),
    )


def _draw(dots: Sequence[Dot], reference: float, *, face: Face) -> Svg:
    ends = [end for dot in dots for end in (dot.low, dot.high)]
    return dot_plot(
        dots,
        scale=Scale.over([reference, *ends]).widened(0.04),
        reference=reference,
        face=face,
    )


def over_time(histories: Sequence[History]) -> Plot | None:
    """The last table of each day; None before there are two such days."""
    moments = histories[0].moments if histories else []
    if len(moments) < 2:
        return None
    first, last = moments[0], moments[-1]
    return Plot(
        key="time",
        title="Rating over time",
        reading="The rating in the last table of each day, with its 95 % interval. "
        "Days on which it was provisional are left out.",
        description=f"From {first.value:.0f} on {first.on:%d %B %Y} "
        f"to {last.value:.0f} on {last.on:%d %B %Y}",
        columns=(Column("date", "Day"), *RATING),
        rows=[(m.on, m.value, m.low, m.high) for m in reversed(moments)],
        draw=partial(time_plot, histories, []),
    )


def of_reasons(won: Reasons, lost: Reasons) -> list[Plot]:
    """Two drawings on one scale, of those for which there are any votes."""
    greatest = max(map(_greatest, (won, lost)))
    made = (
        ("won", "Why people preferred it", "preferred its answer", won),
        ("lost", "Why people preferred the other", "preferred the other answer", lost),
    )
    return [
        _of_reasons(key, title, which, given, greatest)
        for key, title, which, given in made
        if given.votes
    ]


def _greatest(given: Reasons) -> float:
    return max(given.given.values()) / given.votes if given.votes else 0.0


def _of_reasons(
    key: str, title: str, which: str, given: Reasons, greatest: float
) -> Plot:
    most = sorted(given.given.items(), key=lambda pair: -pair[1])
    judgements = "judgement" if given.votes == 1 else "judgements"
    bars = [
        Bar(name, count / given.votes, percent(count / given.votes))
        for name, count in most
    ]
    return Plot(
        key=key,
        title=title,
        reading=f"Of the {thousands(given.votes)} {judgements} that {which} and said "
        "why, the share that gave each reason. One may give several.",
        description="; ".join(f"{bar.label} {bar.text}" for bar in bars),
        columns=(
            Column("reason", "Reason"),
            Column("votes", "Judgements", thousands),
            Column("share", "Share", percent),
        ),
        rows=[(name, count, count / given.votes) for name, count in most],
        draw=partial(_bars, bars, greatest),
    )


def _bars(bars: Sequence[Bar], greatest: float, *, face: Face) -> Svg:
    return bar_plot(bars, face=face, greatest=greatest)
