import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from evaluations.models import Prompt
from evaluations.models.prompts import digest_of
from tests.factories import make_battle, make_prompt

pytestmark = pytest.mark.django_db

ADD = "/admin/evaluations/prompt/add/"


@pytest.fixture
def admin(client):
    client.force_login(User.objects.create_superuser("ada", password="x"))
    return client


def page_of(prompt: Prompt) -> str:
    return reverse("admin:evaluations_prompt_change", args=[prompt.pk])


def form_of(prompt: Prompt, **changes: str) -> dict[str, str]:
    return {
        "prompt_set": str(prompt.prompt_set_id),
        "turns": prompt.turns[0],
        "language": "en",
        "categories": "mathematics",
        "reference": "",
        "origin": "set",
        "state": "approved",
        **changes,
    }


def test_saving_a_prompt_keeps_its_commas_and_lines(admin):
    prompt = make_prompt("One, two, three:\nwhat follows, and why?")

    assert prompt.turns[0] in admin.get(page_of(prompt)).content.decode()
    sent = prompt.turns[0].replace("\n", "\r\n")
    response = admin.post(page_of(prompt), form_of(prompt, turns=sent, language="de"))

    assert response.status_code == 302
    saved = Prompt.objects.get()
    assert (saved.turns, saved.digest) == (prompt.turns, prompt.digest)
    assert saved.language == "de"


def test_a_line_of_dashes_separates_turns(admin):
    prompt = make_prompt("Name a bird.")

    admin.post(
        page_of(prompt), form_of(prompt, turns="Name a bird.\r\n---\r\n  Why, then?")
    )

    saved = Prompt.objects.get()
    assert saved.turns == ["Name a bird.", "  Why, then?"]
    assert saved.digest == digest_of(saved.turns)
    page = admin.get(page_of(prompt)).content.decode()
    assert "Name a bird.\n---\n  Why, then?" in page


def test_a_turn_that_holds_such_a_line_itself_is_kept_whole(admin):
    prompt = make_prompt("Above\n---\nbelow")

    admin.post(page_of(prompt), form_of(prompt, turns="Above\r\n---\r\nbelow"))

    assert Prompt.objects.get().turns == ["Above\n---\nbelow"]


@pytest.mark.parametrize(
    ("turns", "sentence"),
    [
        ("Why?\n---\n \n", "A turn is empty."),
        ("Why?\n---\n" + "y" * 51, "A turn has 51 characters; 50 are allowed."),
        ("Why\0?", "Null characters are not allowed."),
        ("Taken, already?", "The set has a prompt of the same words already."),
    ],
)
def test_bad_turns_are_refused_in_words(admin, settings, turns, sentence):
    settings.ARENA_PROMPT_CHARS = 50
    prompt = make_prompt("Taken, already?")

    response = admin.post(ADD, form_of(prompt, turns=turns))

    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert Prompt.objects.count() == 1


def test_what_a_battle_asked_is_not_changed_any_more(admin):
    prompt = make_battle().prompt
    page = admin.get(page_of(prompt)).content.decode()
    assert prompt.turns[0] in page
    assert 'name="turns"' not in page

    response = admin.post(page_of(prompt), form_of(prompt, turns="Another?"))

    assert response.status_code == 302
    assert Prompt.objects.get().turns == prompt.turns
