from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import conditional_page, require_safe

from evaluations import leaderboard
from evaluations.views.ordering import Ordering, heads
from evaluations.views.rating_table import boards


@require_safe
@conditional_page
def show(request: HttpRequest) -> HttpResponse:
    ordering = Ordering.asked(request.GET.get("sort", ""))
    newest = leaderboard.latest()
    groups = leaderboard.groups(leaderboard=newest) if newest else []
    context = {
        "leaderboard": newest,
        "models": sum(len(group.rows) + len(group.provisional) for group in groups),
        "boards": boards(groups, ordering),
        "heads": heads(ordering),
        "unrated": leaderboard.unrated(leaderboard=newest),
    }
    return render(request, "leaderboard.html", context)
