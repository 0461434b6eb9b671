import re

import pytest
from django.contrib.admin import site
from django.contrib.auth.models import User
from django.urls import reverse

from evaluations.models import ConnectionTest, Contestant, Judge
from tests.factories import make_contestant

pytestmark = pytest.mark.django_db

KEY = "sk-canary-7300000001"
FORM = {
    "name": "Heron",
    "slug": "heron",
    "maker": "Wetlands",
    "licence": "Apache-2.0",
    "aliases": "heron-7b, Grey Heron",
    "provider": "openai",
    "api_model": "heron-7b",
    "base_url": "http://127.0.0.1:9999/v1",
    "parameters": '{"temperature": 0.7}',
    "concurrency": "2",
    "requests_per_minute": "30",
    "key": KEY,
    "changes-TOTAL_FORMS": "0",
    "changes-INITIAL_FORMS": "0",
    "connection_tests-TOTAL_FORMS": "0",
    "connection_tests-INITIAL_FORMS": "0",
}
ADD = "/admin/evaluations/contestant/add/"


def page_of(contestant: Contestant) -> str:
    return reverse("admin:evaluations_contestant_change", args=[contestant.pk])


def errors_of(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def test_an_admin_enters_a_contestant_as_a_draft(admin):
    response = admin.post(ADD, FORM | {"_save": "Save"})

    assert response.status_code == 302, errors_of(response)
    contestant = Contestant.objects.get()
    # Where the buttons are that test and activate it.
    assert response.url == page_of(contestant)
    assert contestant.state == Contestant.State.DRAFT
    assert contestant.aliases == ["heron-7b", "Grey Heron"]
    assert contestant.parameters == {"temperature": 0.7}
    assert contestant.stored_key() == KEY
    assert KEY not in contestant.key_token


def test_the_key_is_never_shown_again(admin):
    admin.post(ADD, FORM)
    contestant = Contestant.objects.get()

    pages = [
        admin.get(page_of(contestant)),
        admin.get("/admin/evaluations/contestant/"),
        admin.get(
            reverse("admin:evaluations_contestant_history", args=[contestant.pk])
        ),
        admin.post(page_of(contestant), {**FORM, "name": ""}),
    ]

    for page in pages:
        assert page.status_code == 200
        assert KEY not in page.content.decode()
        assert contestant.key_token not in page.content.decode()
    assert "A key is stored." in pages[0].content.decode()


def test_an_empty_key_leaves_the_stored_one(admin):
    admin.post(ADD, FORM)
    contestant = Contestant.objects.get()

    admin.post(page_of(contestant), {**FORM, "key": "", "maker": "Marsh"})

    contestant.refresh_from_db()
    assert contestant.maker == "Marsh"
    assert contestant.stored_key() == KEY


def test_a_stored_key_can_be_removed(admin):
    admin.post(ADD, FORM)
    contestant = Contestant.objects.get()

    admin.post(page_of(contestant), {**FORM, "key": "", "remove_key": "on"})

    contestant.refresh_from_db()
    assert contestant.stored_key() == ""


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"parameters": "[1]"}, "Write an object"),
        ({"parameters": '{"stream": false}'}, "leave it out"),
        ({"base_url": "http://169.254.169.254/v1"}, "169.254.169.254"),
        ({"provider": "house", "api_model": "nobody"}, "no such house program"),
        ({"key_variable": "ARENA_PROVIDER_KEY_HERON"}, "not both"),
        ({"key": "", "key_variable": "SECRET_KEY"}, "Write ARENA_PROVIDER_KEY_"),
        ({"key": "", "key_variable": "ARENA_PROVIDER_KEY_"}, "Write ARENA_PROVIDER"),
        ({"key": "", "key_variable": "XARENA_PROVIDER_KEY_A"}, "Write ARENA_PROVID"),
        ({"concurrency": "0"}, "greater than or equal to 1"),
    ],
)
def test_bad_input_is_refused_in_words(admin, changes, sentence):
    response = admin.post(ADD, {**FORM, **changes})

    assert response.status_code == 200
    assert sentence in errors_of(response)
    assert not Contestant.objects.exists()


def test_a_variable_of_the_right_name_is_taken(admin):
    admin.post(ADD, {**FORM, "key": "", "key_variable": "ARENA_PROVIDER_KEY_HERON_2"})

    assert Contestant.objects.get().key_variable == "ARENA_PROVIDER_KEY_HERON_2"
    assert "ARENA_PROVIDER_KEY_." in admin.get(ADD).content.decode()


@pytest.mark.parametrize(
    "changes",
    [
        {"base_url": "https://127.0.0.1:9999/v1"},
        {"base_url": "http://127.0.0.2:9999/v1"},
        {"base_url": "http://127.0.0.1:9998/v1"},
        {"base_url": ""},
        {"provider": "anthropic"},
    ],
)
def test_a_stored_key_goes_to_no_other_server(admin, changes):
    admin.post(ADD, FORM)
    contestant = Contestant.objects.get()
    moved = {**FORM, **changes, "key": ""}

    response = admin.post(page_of(contestant), moved)

    assert response.status_code == 200
    assert "Enter the key again: the server has changed." in errors_of(response)
    for mended in ({"key": "sk-another"}, {"remove_key": "on"}):
        response = admin.post(page_of(contestant), {**moved, **mended})
        assert response.status_code == 302, errors_of(response)
        admin.post(page_of(contestant), FORM)


def test_a_stored_key_stays_when_only_the_path_changes(admin):
    admin.post(ADD, FORM)
    contestant = Contestant.objects.get()
    moved = {**FORM, "key": "", "base_url": "http://127.0.0.1:9999/v2"}

    assert admin.post(page_of(contestant), moved).status_code == 302

    contestant.refresh_from_db()
    assert contestant.base_url.endswith("/v2")
    assert contestant.stored_key() == KEY


def test_saving_undoes_nothing_that_happened_meanwhile(admin, rf):
    admin.post(ADD, FORM)
    opened = Contestant.objects.get()
    meanwhile = Contestant.objects.get()
    meanwhile.state, meanwhile.failures_in_row = "paused", 5
    meanwhile.store_key("sk-rotated")
    meanwhile.save()

    save(opened, rf, maker="Marsh", key="")

    contestant = Contestant.objects.get()
    assert (contestant.state, contestant.failures_in_row) == ("paused", 5)
    assert (contestant.maker, contestant.stored_key()) == ("Marsh", "sk-rotated")
    save(opened, rf, key="sk-entered")
    assert Contestant.objects.get().stored_key() == "sk-entered"
    save(opened, rf, key="", remove_key="on")
    assert Contestant.objects.get().stored_key() == ""


def save(opened: Contestant, rf, **changes: str) -> None:
    """Save the form over the row as it was when the request read it."""
    request = rf.post(page_of(opened), {**FORM, **changes})
    request.user = User.objects.get()
    page = site.get_model_admin(Contestant)
    form = page.get_form(request, opened, change=True)(request.POST, instance=opened)
    assert form.is_valid(), form.errors
    page.save_model(request, page.save_form(request, form, True), form, True)


def test_a_local_server_is_refused_where_the_setting_does_not_allow_it(admin, settings):
    settings.ARENA_ALLOW_LOCAL_PROVIDERS = False

    response = admin.post(ADD, FORM)

    assert response.status_code == 200
    assert not Contestant.objects.exists()


def test_states_are_changed_by_actions_and_logged(admin):
    contestant = make_contestant(state="draft")
    where = "/admin/evaluations/contestant/"
    chosen = {"_selected_action": contestant.pk}

    for action in ("activate", "pause", "activate", "retire"):
        admin.post(where, {"action": action, **chosen})

    log = contestant.changes.order_by("id").values_list("to_state", "by__username")
    assert [state for state, _ in log] == ["active", "paused", "active", "retired"]
    assert {by for _, by in log} == {"ada"}


def test_a_refused_change_is_said_in_words(admin):
    contestant = make_contestant(state="draft")

    page = admin.post(
        "/admin/evaluations/contestant/",
        {"action": "pause", "_selected_action": contestant.pk},
        follow=True,
    )

    assert "is draft and cannot become paused" in page.content.decode()
    assert not contestant.changes.exists()


def test_save_and_test_leads_to_the_tests_page(admin):
    admin.post(ADD, {**FORM, "key": ""})
    contestant = Contestant.objects.get()

    response = admin.post(
        page_of(contestant),
        {**FORM, "evaluations_contestant_save_and_test": "1"},
    )
    page = admin.get(response.url)

    test = ConnectionTest.objects.get()
    assert str(test.pk) in response.url
    assert page.headers["Refresh"] == "2"
    ConnectionTest.objects.update(state="passed", answer="<b>Paris</b>")
    page = admin.get(response.url)
    assert "Refresh" not in page.headers
    assert "&lt;b&gt;Paris&lt;/b&gt;" in page.content.decode()


def test_only_a_draft_can_be_deleted(admin):
    active, draft = make_contestant(), make_contestant(state="draft")
    delete = {"action": "delete_selected", "post": "yes"}
    where = "/admin/evaluations/contestant/"

    admin.post(where, {**delete, "_selected_action": [active.pk, draft.pk]})
    assert Contestant.objects.count() == 2

    admin.post(where, {**delete, "_selected_action": [draft.pk]})
    assert list(Contestant.objects.all()) == [active]


def test_a_visitor_sees_no_admin_page(client):
    response = client.get("/admin/evaluations/contestant/")

    assert response.status_code == 302
    assert "/admin/login/" in response.url


def test_a_contestant_is_made_a_judge_unless_its_name_is_taken(admin):
    gpt, heron = make_contestant(name="GPT-4"), make_contestant(name="Heron")
    draft = make_contestant(name="Egret", state="draft")
    Judge.objects.create(slug="gpt-4", name="GPT-4", maker="OpenAI")
    chosen = {"action": "make_judges", "_selected_action": [gpt.pk, heron.pk, draft.pk]}

    page = admin.post("/admin/evaluations/contestant/", chosen, follow=True)

    assert "Heron can be asked under Judges." in page.content.decode()
    assert "Egret can be asked under Judges, once" in page.content.decode()
    assert "There is a judge called GPT-4" in page.content.decode()
    made = Judge.objects.exclude(contestant=None)
    assert {judge.contestant for judge in made} == {heron, draft}
