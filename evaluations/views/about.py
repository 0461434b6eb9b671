from django.conf import settings
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evaluations.models import Battle, Report, Skip, Vote
from evaluations.remembering import remembered
from evaluations.studies.agreement_report import overall
from evaluations.views.agreement_words import headline


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    context = {
        # Taking them reads the whole ledger.
        "counts": remembered("counts", _count),
        "headline": remembered("agreement", lambda: headline(overall())),
        "undo_seconds": settings.ARENA_UNDO_SECONDS,
        "uniform_share": f"{settings.ARENA_UNIFORM_SHARE * 100:g} %",
        "guaranteed_share": f"{settings.ARENA_GUARANTEED_SHARE * 100:g} %",
        "newcomer_error": settings.ARENA_NEWCOMER_ERROR,
    }
    return render(request, "about.html", context)


def _count() -> list[tuple[str, int]]:
    """What became of all votes and battles, in words."""
    state, rule = Vote.State, Q(rule="undo")
    withdrawn, check = Q(state=state.WITHDRAWN), Q(battle__mode=Battle.Mode.CONTROL)
    votes = Vote.objects.aggregate(
        counted=Count("pk", Q(state=state.COUNTED) & ~check),
        checks=Count("pk", Q(state=state.COUNTED) & check),
        pending=Count("pk", Q(state=state.PENDING)),
        undone=Count("pk", withdrawn & rule),
        withdrawn=Count("pk", withdrawn & ~rule),
        flagged=Count("pk", Q(state=state.FLAGGED)),
    )
    return [
        ("Votes that count", votes["counted"]),
        ("Votes on checks, which count in no rating", votes["checks"]),
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
