"""The arena's own words for what goes wrong."""

import pytest
from django.test import RequestFactory

from evaluations.views.errors import PAGES, failed, say_no

REQUEST = RequestFactory()


@pytest.mark.parametrize("status", sorted(PAGES))
def test_each_status_has_a_page_that_says_what_to_do(status):
    response = say_no(REQUEST.get("/"), status)
    page = response.content.decode()

    assert response.status_code == status
    assert f">{status}</p>" in page
    assert 'href="/judge"' in page


def test_a_status_without_a_page_is_told_by_another():
    response = say_no(REQUEST.get("/"), 422, "This one is rare.")

    assert response.status_code == 422
    assert "This one is rare." in response.content.decode()


def test_a_failure_needs_no_database_to_be_told():
    page = failed(REQUEST.get("/"))
    program = failed(REQUEST.get("/", headers={"Accept": "application/json"}))

    assert page.status_code == program.status_code == 500
    assert "The arena stumbled" in page.content.decode()
    assert program["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({}, "text/html"),
        ({"Accept": "*/*"}, "text/html"),
        ({"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}, "text/html"),
        ({"Accept": "application/json, text/plain, */*"}, "application/problem+json"),
        ({"Accept": "application/problem+json"}, "application/problem+json"),
        ({"Accept": "image/png"}, "text/html"),
        ({"Accept": "nonsense"}, "text/html"),
    ],
)
def test_who_asks_for_json_gets_problem_details(headers, kind):
    response = say_no(REQUEST.get("/", headers=headers), 404)

    assert response["Content-Type"].partition(";")[0] == kind


def test_who_sends_json_without_a_wish_gets_json():
    request = REQUEST.post("/", "{}", content_type="application/json")

    assert say_no(request, 400)["Content-Type"] == "application/problem+json"
