from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evaluations.matchmaking import recent_exposure


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    exposure = recent_exposure()
    sums = (
        ("maker", "Makers", exposure.makers),
        ("licence", "Licences", exposure.licences),
        ("size", "Size classes", exposure.sizes),
    )
    context = {
        "exposure": exposure,
        "sums": sums,
        "guaranteed_share": f"{settings.ARENA_GUARANTEED_SHARE * 100:g} %",
    }
    return render(request, "exposure.html", context)
