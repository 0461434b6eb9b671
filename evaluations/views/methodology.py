from collections.abc import Collection

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import conditional_page, require_safe

from evaluations import leaderboard
from evaluations.leaderboard.slices import SIZE
from evaluations.models.contestants import SIZE_CLASSES
from evaluations.models.tallies import ALL, CATEGORY, LANGUAGE, SET
from evaluations.rating.clusters import FEW_VOLUNTEERS
from evaluations.views.effects import effect_sentences
from evaluations.views.worked_example import worked_example

# One of them, several, and how their slices begin.
KINDS = (
    ("category", "categories", CATEGORY),
    ("language", "languages", LANGUAGE),
    ("question set", "question sets", SET),
    ("size class", "size classes", SIZE),
)


@require_safe
@conditional_page
def show(request: HttpRequest) -> HttpResponse:
    """Tell in plain words how votes become ratings, with an example from the table."""
    newest = leaderboard.latest()
    styled = leaderboard.latest(ALL, "style")
    context = {
        "leaderboard": newest,
        "example": worked_example(leaderboard.groups(leaderboard=newest))
        if newest
        else None,
        "effects": effect_sentences(styled.coefficients) if styled else [],
        "few_volunteers": FEW_VOLUNTEERS,
        "counts": _counts(leaderboard.tables()),
        "size_classes": SIZE_CLASSES,
    }
    return render(request, "methodology.html", context)


def _counts(tables: Collection[tuple[str, str]]) -> list[tuple[int, str]]:
    """How many plain tables there are of each kind, those of no kind left out."""
    plain = [name for name, adjustment in tables if not adjustment]
    counted = [
        (sum(name.startswith(prefix) for name in plain), one, several)
        for one, several, prefix in KINDS
    ]
    return [
        (number, one if number == 1 else several)
        for number, one, several in counted
        if number
    ]
