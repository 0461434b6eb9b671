from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evaluations import leaderboard
from evaluations.leaderboard import Group
from evaluations.models import Contestant
from evaluations.views.rating_table import Line, lines_of

TOP = 5


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    newest = leaderboard.latest()
    groups = leaderboard.groups(leaderboard=newest) if newest else []
    context = {
        "leaderboard": newest,
        "models": Contestant.objects.published().count(),
        "top": _top(groups),
        "apart": len(groups) > 1,
    }
    return render(request, "home.html", context)


def _top(groups: list[Group]) -> list[Line]:
    """The best of the group that has most votes; provisional ones where all are."""
    if not groups:
        return []
    group = max(groups, key=_votes)
    return lines_of((group.rows or group.provisional)[:TOP], group)


def _votes(group: Group) -> int:
    return sum(row.rating.votes for row in group.rows + group.provisional)
