"""What every request passes through."""

from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from evaluations.simulated import REFUSAL, simulation_if_known
from evaluations.views.errors import say_no

RETRY_AFTER_SECONDS = 5
WRITING = {"POST", "PUT", "PATCH", "DELETE"}
SENTENCE = (
    "The database does not answer just now. Nothing of yours is lost; "
    "please try again in a few seconds."
)


class OnlyToLookAt:
    """Take no votes and no questions into the database of a simulation.

    The panel stays open: its admins see what they change.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        writes = request.method in WRITING and not _in_panel(request)
        if writes and simulation_if_known():
            return say_no(request, 403, REFUSAL, reason="simulation")
        return self.get_response(request)


def _in_panel(request: HttpRequest) -> bool:
    return request.path.startswith(reverse("admin:index"))


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
