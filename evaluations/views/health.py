"""Is the process up, and can it do its work?"""

from collections.abc import Callable

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from evaluations import events
from evaluations.models import Battle


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the process answers; no service is asked."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Say what is missing for a visitor to vote."""
    missing = [name for name, holds in CONDITIONS.items() if not holds()]
    body = {"ready": not missing, "missing": missing}
    return JsonResponse(body, status=503 if missing else 200)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _redis_answers() -> bool:
    try:
        cache.has_key(events.HEARTBEAT)
    except RedisError:
        return False
    return True


def _battle_is_ready() -> bool:
    try:
        return Battle.objects.offered().exists()
    except DatabaseError:
        return False


CONDITIONS: dict[str, Callable[[], bool]] = {
    "database": _database_answers,
    "redis": _redis_answers,
    "a worker's heartbeat": events.worker_is_alive,
    "a battle to judge": _battle_is_ready,
}
