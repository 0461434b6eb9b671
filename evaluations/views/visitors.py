"""The visitor behind a request: a random token in a signed cookie."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

from evaluations.views.errors import refuse, refuse_method
from evaluations.volunteers import (
    CONSENT_VERSION,
    COOKIE,
    SALT,
    Visitor,
    new_token,
    token_in,
    visitor_with,
)
from evaluations.voting import Refusal

YEAR_SECONDS = 365 * 24 * 3600

P = ParamSpec("P")
VisitorView = Callable[Concatenate[HttpRequest, Visitor, P], HttpResponse]
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def for_visitor(*methods: str) -> Callable[[VisitorView[P]], View[P]]:
    """Hand a view its visitor; tell a refusal in words; keep out of every cache."""

    def decorate(view: VisitorView[P]) -> View[P]:
        @wraps(view)
        def wrapped(
            request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponse:
            if request.method not in methods:
                return refuse_method(request, methods)
            token = token_of(request)
            visitor = visitor_with(token=token or new_token())
            try:
                response = view(request, visitor, *args, **kwargs)
            except Refusal as refusal:
                response = refuse(request, refusal)
            add_never_cache_headers(response)
            if token is None and COOKIE not in response.cookies:
                remember(response, visitor.token)
            return response

        return wrapped

    return decorate


def token_of(request: HttpRequest) -> str | None:
    return token_in(request.COOKIES)


def remember(response: HttpResponse, token: str, *, seconds: int | None = None) -> None:
    """Keep the token in a cookie; without seconds until the browser is closed."""
    response.set_signed_cookie(
        COOKIE,
        token,
        salt=SALT,
        max_age=seconds,
        secure=settings.ARENA_SECURE,
        httponly=True,
        samesite="Lax",
    )


def has_consented(visitor: Visitor) -> bool:
    volunteer = visitor.volunteer
    return volunteer is not None and volunteer.consent_version == CONSENT_VERSION
