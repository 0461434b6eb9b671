"""What all addresses under /api/v1/ share: cross-origin reading and problem details."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Annotated, Any, TypeVar

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import conditional_page
from ninja import NinjaAPI, Router
from ninja.decorators import decorate_view
from ninja.errors import HttpError, ValidationError
from pydantic import StringConstraints

View = Callable[..., HttpResponse]
# What a registered view returns, the framework turns into a response.
Operation = TypeVar("Operation", bound=Callable[..., object])
Slug = Annotated[str, StringConstraints(pattern="^[-a-zA-Z0-9_]{1,80}$")]
READ = ["GET", "HEAD"]
WRITE = ["POST", "PUT", "PATCH", "DELETE"]
EVERY_METHOD = [*READ, *WRITE, "OPTIONS"]


def open_to_all(view: View) -> View:
    """Let pages of other origins read; let caches keep what they check each time."""

    @wraps(view)
    def wrapped(
        request: HttpRequest, /, *args: object, **kwargs: object
    ) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag"
        if response.status_code == HTTPStatus.OK:
            patch_cache_control(response, public=True, no_cache=True)
            patch_vary_headers(response, ["Accept"])
        return response

    return wrapped


api = NinjaAPI(
    title="Open Arena",
    version="1",
    description="Ratings and dumps of this arena. Data under CC BY 4.0.",
    docs_url=None,
    docs_decorator=open_to_all,
    urls_namespace="api",
)


def readable(
    router: Router, path: str, **options: Any
) -> Callable[[Operation], Operation]:
    """Register a view for reading; other methods get a refusal or a preflight."""

    def register(view: Operation) -> Operation:
        shared = decorate_view(conditional_page, open_to_all)
        router.api_operation(READ, path, **options)(shared(view))
        router.api_operation(WRITE, path, include_in_schema=False)(_only_reading)
        router.api_operation(["OPTIONS"], path, include_in_schema=False)(_preflight)
        return view

    return register


@decorate_view(open_to_all)
def _only_reading(request: HttpRequest) -> HttpResponse:
    response = problem(405, "This interface is read only.")
    response["Allow"] = ", ".join([*READ, "OPTIONS"])
    return response


@decorate_view(open_to_all)
def _preflight(request: HttpRequest) -> HttpResponse:
    headers = {"Allow": ", ".join([*READ, "OPTIONS"])}
    headers["Access-Control-Allow-Methods"] = ", ".join(READ)
    headers["Access-Control-Allow-Headers"] = "If-None-Match"
    return HttpResponse(status=204, headers=headers)


def problem(status: int, detail: str, **members: object) -> HttpResponse:
    """Describe an error as RFC 9457 does."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    kind = "application/problem+json"
    return JsonResponse(body | members, status=status, content_type=kind)


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem(404, "There is nothing at this address.")


@api.exception_handler(HttpError)
def _refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(error.status_code, error.message)


@api.exception_handler(ValidationError)
def _not_understood(request: HttpRequest, error: ValidationError) -> HttpResponse:
    wrong = [
        {"name": str(each["loc"][-1]), "reason": str(each["msg"])}
        for each in error.errors
    ]
    return problem(422, "A parameter could not be understood.", errors=wrong)
