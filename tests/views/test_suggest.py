from html import unescape

import pytest

from evaluations.models import Prompt
from tests.factories import cookie_of, make_prompt, make_visitor
from tests.views.browsing import Visit

pytestmark = pytest.mark.django_db
ADDRESS = "/prompts/suggest"
GIVEN = {
    "suggestion": "Why is the sky blue?",
    "language": "en",
    "category": "mathematics",
    "publish": "yes",
}


@pytest.fixture
def visitor(client):
    visitor = make_visitor()
    client.cookies.load(cookie_of(visitor))
    return visitor


def send(client, **changes: str):
    fields = {name: value for name, value in (GIVEN | changes).items() if value}
    return client.post(ADDRESS, fields, follow=True)


@pytest.mark.usefixtures("visitor")
def test_a_suggestion_is_thanked_for_and_listed(client):
    make_prompt()

    page = send(client)

    assert "Thank you. Your prompt waits" in page.text
    assert "waits" in page.text and "Take back" in page.text
    prompt = Prompt.objects.get(origin="volunteer")
    assert (prompt.turns, prompt.categories) == ([GIVEN["suggestion"]], ["mathematics"])


def test_the_consent_comes_first_and_the_suggestion_waits_for_it():
    visit = Visit()
    visit.get(ADDRESS)

    visit.send("/suggest", **GIVEN)
    assert "Agree and suggest" in visit.text and not Prompt.objects.exists()
    visit.send("/consent", agree="yes")

    assert "Thank you. Your prompt waits" in visit.text
    assert Prompt.objects.get().turns == [GIVEN["suggestion"]]


@pytest.mark.usefixtures("visitor")
@pytest.mark.parametrize(
    ("changes", "status", "sentence"),
    [
        ({"publish": ""}, 400, "Please agree to the publication first."),
        ({"suggestion": " "}, 400, "Please write a prompt first."),
        ({"language": "xx"}, 400, "language:"),
        ({"suggestion": "Write to ada@lovelace.org"}, 422, "an e-mail address"),
    ],
)
def test_what_is_refused_stays_on_the_page(client, changes, status, sentence):
    response = send(client, **changes)

    assert response.status_code == status
    assert sentence in unescape(response.text)
    assert changes.get("suggestion", GIVEN["suggestion"]).strip() in response.text
    assert not Prompt.objects.exists()


@pytest.mark.usefixtures("visitor")
def test_what_looks_personal_may_be_meant(client):
    send(client, suggestion="Write to ada@lovelace.org", personal_ok="yes")

    assert Prompt.objects.get().turns == ["Write to ada@lovelace.org"]


@pytest.mark.usefixtures("visitor")
def test_a_category_that_the_pool_has_not_is_none(client):
    send(client, category="sailing")

    assert Prompt.objects.get().categories == []


@pytest.mark.usefixtures("visitor")
def test_beyond_a_days_number_it_says_when_to_come_back(client, settings):
    settings.ARENA_SUGGESTIONS_PER_DAY = 1
    send(client)

    response = send(client, suggestion="And the sea?")

    assert response.status_code == 429
    assert response["Retry-After"] == "86400"


@pytest.mark.usefixtures("visitor")
def test_a_suggestion_is_taken_back_with_one_button(client):
    send(client)
    prompt = Prompt.objects.get()

    page = client.post(f"{ADDRESS}/{prompt.public_id}/take-back", follow=True).text

    assert not Prompt.objects.exists()
    assert "What you have suggested" not in page


@pytest.mark.usefixtures("visitor")
def test_another_ones_suggestion_is_not_listed(client):
    send(client)

    other = Visit()
    assert GIVEN["suggestion"] not in other.get(ADDRESS).text


@pytest.mark.usefixtures("visitor")
def test_the_export_has_ones_suggestions(client):
    send(client)

    [told] = client.get("/me/export").json()["suggested"]

    assert (told["prompt"], told["state"]) == ([GIVEN["suggestion"]], "pending")


def test_the_page_of_sets_says_what_the_pool_is_made_of(client):
    head = make_prompt("Why?")
    make_prompt("why", near=head, near_found="wording")
    make_prompt(origin="volunteer")

    page = client.get("/prompts").text

    assert "What the pool is made of" in page
    assert "1 (33\u202f%)" in page
    assert f'href="{ADDRESS}"' in page
