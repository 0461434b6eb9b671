from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    context = {
        "hold_days": settings.ARENA_DUMP_HOLD_DAYS,
        "undo_seconds": settings.ARENA_UNDO_SECONDS,
        "contact": settings.ARENA_CONTACT,
    }
    return render(request, "privacy.html", context)
