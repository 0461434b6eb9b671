from django.conf import settings
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evaluations.models import Battle, Report, Skip, Vote


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    context = {"counts": _counts(), "undo_seconds": settings.ARENA_UNDO_SECONDS}
    return render(request, "about.html", context)


def _counts() -> list[tuple[str, int]]:
    """What became of all votes and battles, in words."""
    state, rule = Vote.State, Q(rule="undo")
    withdrawn = Q(state=state.WITHDRAWN)
    votes = Vote.objects.aggregate(
        counted=Count("pk", Q(state=state.COUNTED)),
        pending=Count("pk", Q(state=state.PENDING)),
        undone=Count("pk", withdrawn & rule),
        withdrawn=Count("pk", withdrawn & ~rule),
        flagged=Count("pk", Q(state=state.FLAGGED)),
    )
    return [
        ("Votes that count", votes["counted"]),
        ("Votes that can still be undone", votes["pending"]),
        ("Votes undone at once", votes["undone"]),
        ("Votes withdrawn later", votes["withdrawn"]),
        ("Votes flagged", votes["flagged"]),
        ("Pairs skipped", Skip.objects.count()),
        ("Reports", Report.objects.count()),
        (
            "Battles withdrawn",
            Battle.objects.filter(withdrawn_at__isnull=False).count(),
        ),
    ]
