"""How the arena says no: a page for people, problem details (RFC 9457) for programs."""

import re
from collections.abc import Collection
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from evaluations.live import ComeBackLater
from evaluations.voting import Refusal

# Each has a template of its own; the others are told by the nearest.
PAGES = {400, 403, 404, 405, 409, 410, 429, 500, 503}
HTML, JSON, PROBLEM = "text/html", "application/json", "application/problem+json"


def wants_json(request: HttpRequest) -> bool:
    """Say whether the client asked for JSON, or sent it and named no wish."""
    if "Accept" not in request.headers or request.headers["Accept"] == "*/*":
        return request.content_type == JSON
    return request.get_preferred_type([HTML, JSON, PROBLEM]) in (JSON, PROBLEM)


def problem(
    status: int, sentence: str, *, reason: str = "", **members: object
) -> JsonResponse:
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    body |= {"detail": sentence} | ({"reason": reason} if reason else {}) | members
    return JsonResponse(body, status=status, content_type=PROBLEM)


def say_no(
    request: HttpRequest, status: int, sentence: str = "", *, reason: str = ""
) -> HttpResponse:
    if wants_json(request):
        return problem(
            status, sentence or HTTPStatus(status).description, reason=reason
        )
    page = f"{status if status in PAGES else 400}.html"
    return render(request, page, {"sentence": sentence}, status=status)


def refuse(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    told = say_no(request, refusal.status, refusal.sentence, reason=reason_of(refusal))
    return told_when(told, refusal)


def told_when(response: HttpResponse, refusal: Refusal | None) -> HttpResponse:
    """Name the seconds after which there is room again, where that is known."""
    if isinstance(refusal, ComeBackLater):
        response["Retry-After"] = str(refusal.retry_after)
    return response


def reason_of(refusal: Refusal) -> str:
    """The refusal's name as programs like it: consent-needed."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", type(refusal).__name__).lower()


def refuse_method(request: HttpRequest, methods: Collection[str]) -> HttpResponse:
    response = say_no(request, 405)
    response["Allow"] = ", ".join(methods)
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return say_no(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return say_no(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return say_no(request, 404)


def failed(request: HttpRequest) -> HttpResponse:
    return say_no(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's secret is missing or old, which a fresh page mends."""
    sentence = "The page had been open for too long, or cookies are blocked."
    return say_no(request, 403, sentence, reason="csrf")
