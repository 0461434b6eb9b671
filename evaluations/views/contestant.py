from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import conditional_page, require_safe

from evaluations import leaderboard
from evaluations.leaderboard import Group, Row
from evaluations.models import Contestant
from evaluations.views.rating_table import lines_of
from evaluations.views.records import MOST_DOTS, record_plot, records

# How answers are drawn is public; anything else in the parameters may be the
# provider's own business.
PUBLIC_PARAMETERS = (
    "temperature",
    "top_p",
    "top_k",
    "min_p",
    "max_tokens",
    "max_completion_tokens",
    "seed",
    "frequency_penalty",
    "presence_penalty",
    "repetition_penalty",
    "reasoning_effort",
)


@require_safe
@conditional_page
def show(request: HttpRequest, slug: str) -> HttpResponse:
    contestant = get_object_or_404(
        Contestant.objects.published().select_related("variant_of"), slug=slug
    )
    newest = leaderboard.latest()
    groups = leaderboard.groups(leaderboard=newest) if newest else []
    members = [row for group in groups for row in group.rows + group.provisional]
    found = records(contestant, {row.contestant.pk: row.rating for row in members})
    context = {
        "contestant": contestant,
        "parameters": _public_parameters(contestant),
        "changes": contestant.changes.all(),
        "records": found,
        "plots": [
            record_plot(found, width=width, style=style)
            for width, style in ((620, "wide"), (350, "narrow"))
            if found
        ],
        "dots": min(len(found), MOST_DOTS),
        **_standing(contestant, groups),
    }
    return render(request, "contestant.html", context)


def _public_parameters(contestant: Contestant) -> dict[str, Any]:
    given = contestant.parameters
    return {name: given[name] for name in PUBLIC_PARAMETERS if name in given}


def _standing(contestant: Contestant, groups: list[Group]) -> dict[str, object]:
    """The contestant's own line in the newest table, on its group's scale."""
    for group in groups:
        members = group.rows + group.provisional
        own = [row for row in members if row.contestant == contestant]
        if own:
            (line,) = lines_of(own, group)
            return {
                "line": line,
                "size": len(members),
                "groups": len(groups),
                "neighbour": _neighbour(own[0], members),
            }
    return {}


def _neighbour(own: Row, members: list[Row]) -> Contestant:
    """The next better one of its group; of the best one, the second."""
    best_first = sorted(members, key=lambda row: -row.rating.rating)
    place = best_first.index(own)
    return (best_first[place - 1] if place else best_first[:2][-1]).contestant
