"""Which contestants are slower than the pace at which live answers go out."""

from datetime import timedelta

from django.conf import settings
from django.db.models import F, Sum
from django.db.models.functions import Now

from evaluations.models import Answer, Contestant

LOOKED_AT = timedelta(days=7)


def slower_than_pace() -> list[tuple[str, float]]:
    """Active contestants that hold the pace up, with their tokens a second."""
    lately = Answer.objects.ready().filter(
        contestant__state=Contestant.State.ACTIVE,
        finished_at__gte=Now() - LOOKED_AT,
        completion_tokens__gt=0,
        total_ms__gt=F("first_token_ms"),
    )
    speeds = lately.values("contestant__name").annotate(
        tokens=Sum("completion_tokens"), ms=Sum(F("total_ms") - F("first_token_ms"))
    )
    rates = {s["contestant__name"]: 1000 * s["tokens"] / s["ms"] for s in speeds}
    pace = settings.ARENA_LIVE_TOKENS_PER_SECOND
    return sorted((name, rate) for name, rate in rates.items() if rate < pace)
