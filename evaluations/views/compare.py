from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import conditional_page, require_safe

from evaluations.charts import Dot, Face, Scale, Svg, dot_plot, interval_cell
from evaluations.leaderboard import Difference
from evaluations.models import Contestant, Rating
from evaluations.templatetags.figures import points, signed, thousands
from evaluations.views.head_to_head import Category, HeadToHead, head_to_head
from evaluations.views.plot_files import files_of
from evaluations.views.plots import Column, Plot


@dataclass(frozen=True)
class Asked:
    """What an address asks to compare; sentence says why there is nothing to show."""

    a: Contestant | None
    b: Contestant | None
    sentence: str = ""
    status: int = 200

    @classmethod
    def by(cls, given: Mapping[str, str], known: Mapping[str, Contestant]) -> "Asked":
        """From slugs, of the contestants that visitors may read about."""
        wanted = [given.get(side, "") for side in "ab"]
        a, b = (known.get(slug) for slug in wanted)
        if missing := [slug for slug in wanted if slug and slug not in known]:
            return cls(a, b, f"There is no model called “{missing[0][:80]}”.", 404)
        if a is not None and a == b:
            return cls(a, None, "A model cannot be compared with itself: choose two.")
        return cls(a, b)

    @property
    def query(self) -> str:
        sides = (("a", self.a), ("b", self.b))
        return urlencode({side: model.slug for side, model in sides if model})

    @property
    def both(self) -> tuple[Contestant, Contestant] | None:
        return (self.a, self.b) if self.a and self.b else None


@dataclass(frozen=True)
class Line:
    """One of the two in the table of all votes."""

    contestant: Contestant
    rating: Rating | None
    interval: Svg | None

    @property
    def half_width(self) -> float:
        rating = self.rating
        return (rating.rating_high - rating.rating_low) / 2 if rating else 0.0


@require_safe
@conditional_page
def show(request: HttpRequest) -> HttpResponse:
    known = _known()
    asked = Asked.by(request.GET.dict(), known)
    found = head_to_head(*asked.both) if asked.both else None
    context = {
        "asked": asked,
        "contestants": known.values(),
        "found": found,
        "lines": _lines(found) if found else [],
        "plot": _by_category(found) if found else None,
    }
    return render(request, "compare.html", context, status=asked.status)


def _known() -> dict[str, Contestant]:
    """By slug, in the order of their names."""
    published = Contestant.objects.published().defer("key_token", "description")
    return {contestant.slug: contestant for contestant in published}


def _plot(request: HttpRequest) -> Plot:
    asked = Asked.by(request.GET.dict(), _known())
    plot = _by_category(head_to_head(*asked.both)) if asked.both else None
    if plot is None:
        raise Http404
    return plot


drawing, figures = files_of(_plot)


def _lines(found: HeadToHead) -> list[Line]:
    """Both on one scale, the first one's rating marked on it."""
    sides = ((found.a, found.a_rating), (found.b, found.b_rating))
    rated = [rating for _, rating in sides if rating]
    if not rated or found.difference is None:
        return [Line(contestant, rating, None) for contestant, rating in sides]
    scale = Scale.over(end for r in rated for end in (r.rating_low, r.rating_high))
    reference = rated[0].rating
    return [
        Line(contestant, rating, _interval(scale, rating, reference))
        for contestant, rating in sides
    ]


def _interval(scale: Scale, rating: Rating | None, reference: float) -> Svg | None:
    if rating is None:
        return None
    low, high = rating.rating_low, rating.rating_high
    return interval_cell(
        scale, low=low, rating=rating.rating, high=high, reference=reference
    )


def _by_category(found: HeadToHead) -> Plot | None:
    """By how much the first is ahead, where the two can be compared."""
    shown = [c for c in found.categories if c.difference is not None]
    dots = [_dot(c, c.difference) for c in shown if c.difference is not None]
    if not dots:
        return None
    a, b = found.a.name, found.b.name
    return Plot(
        key="categories",
        title="Difference by category",
        reading=f"Right of the dotted line {a} is ahead, left of it {b}. Where the bar "
        "reaches across the line, the category may have either in front. A hollow dot "
        "is provisional.",
        description="; ".join(dot.tip for dot in dots),
        columns=(
            Column("category", "Category"),
            Column("difference", "Points apart", signed),
            Column("difference_low", "95 % from", signed),
            Column("difference_high", "to", signed),
            Column("rating_a", a, points),
            Column("rating_b", b, points),
            Column("battles", "Battles of the two", thousands),
            Column("provisional", "Provisional", lambda yes: "yes" if yes else "no"),
        ),
        rows=[
            (
                *(category.title, dot.value, dot.low, dot.high),
                *(category.a.rating, category.b.rating, category.battles),
                category.is_provisional,
            )
            for category, dot in zip(shown, dots, strict=True)
        ],
        draw=partial(_draw, dots),
    )


def _dot(category: Category, apart: Difference) -> Dot:
    tip = f"{category.title}: {signed(apart.points)} "
    tip += f"({signed(apart.low)} to {signed(apart.high)})"
    return Dot(
        *(category.title, apart.points, apart.low, apart.high),
        tip=tip,
        is_hollow=category.is_provisional,
    )


def _draw(dots: list[Dot], *, face: Face) -> Svg:
    ends = [end for dot in dots for end in (dot.low, dot.high)]
    return dot_plot(
        dots,
        scale=Scale.over([0, *ends]).widened(0.04),
        reference=0,
        face=face,
    )
