"""What every request passes through."""

from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from evaluations.views.errors import say_no

RETRY_AFTER_SECONDS = 5
SENTENCE = (
    "The database does not answer just now. Nothing of yours is lost; "
    "please try again in a few seconds."
)


class DatabaseAway:
    """Say 503 while the database is away or overloaded: that is no fault of a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        if not isinstance(exception, OperationalError | InterfaceError):
            return None
        response = say_no(request, 503, SENTENCE)
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return response
