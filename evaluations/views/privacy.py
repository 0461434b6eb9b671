from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evaluations.reservations import PASSED_BY_SECONDS


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    context = {
        "hold_days": settings.ARENA_DUMP_HOLD_DAYS,
        "undo_seconds": settings.ARENA_UNDO_SECONDS,
        "held_minutes": settings.ARENA_RESERVATION_SECONDS // 60,
        "passed_by_hours": PASSED_BY_SECONDS // 3600,
        "contact": settings.ARENA_CONTACT,
        "compares_meaning": bool(settings.ARENA_EMBEDDINGS),
    }
    return render(request, "privacy.html", context)
