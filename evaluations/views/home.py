from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from evaluations import leaderboard
from evaluations.battles import offer
from evaluations.leaderboard import Group
from evaluations.models import Contestant
from evaluations.views.rating_table import Line, lines_of
from evaluations.views.visitors import for_visitor, has_consented
from evaluations.volunteers import Visitor

TOP = 5


@for_visitor("GET", "HEAD")
def show(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Show a pair that can be judged at once, and what judging has led to."""
    newest = leaderboard.latest()
    ballot = offer(visitor=visitor, reserving=False)
    # Beside a pair that is still to be judged no model is named, whichever it is.
    groups = leaderboard.groups(leaderboard=newest) if newest and not ballot else []
    context = {
        "ballot": ballot,
        "idempotency_key": uuid4(),
        "consented": has_consented(visitor),
        "leaderboard": newest,
        "needed": leaderboard.votes_needed(leaderboard=newest) if newest else 0,
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
