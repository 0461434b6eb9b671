from html import unescape

import pytest
from django.contrib.auth.models import Permission, User

from evaluations.models import Decision, Prompt
from tests.factories import make_prompt
from tests.live_battles.making import make_live

pytestmark = pytest.mark.django_db
ADDRESS = "/admin/evaluations/prompt/moderate/"


def waiting(text: str = "", **values) -> Prompt:
    return make_prompt(text, state="pending", origin="volunteer", **values)


def page(client, at: Prompt | None = None) -> str:
    return unescape(client.get(f"{ADDRESS}?at={at.pk}" if at else ADDRESS).text)


def act(client, name: str, prompt: Prompt, **fields: str) -> str:
    sent = {"act": name, "prompt": prompt.pk, **fields}
    return unescape(client.post(ADDRESS, sent, follow=True).text)


def state(prompt: Prompt) -> str:
    return Prompt.objects.get(pk=prompt.pk).state


def test_nothing_waits(admin):
    assert "Nothing waits" in page(admin)


def test_one_at_a_time_with_the_next_after_each_decision(admin):
    first, second, third = (waiting(f"Prompt number {n}?") for n in (1, 2, 3))
    shown = page(admin)
    assert "<b>1</b> of <b>3</b>" in shown and "number 1" in shown
    assert "number 2" not in shown
    assert f"?at={second.pk}" in shown

    shown = act(admin, "approve", first)
    assert state(first) == "approved"
    assert "Approved." in shown and "Prompt number 2?" in shown

    shown = act(admin, "unclear", second)
    assert state(second) == "rejected"
    assert "Prompt number 3?" in shown and "rejected (cannot be judged)" in shown
    assert state(third) == "pending"


def test_each_decision_is_on_record_and_undone_by_a_button(admin):
    prompt = waiting("Undo this?")
    act(admin, "personal", prompt)

    shown = act(admin, "undo", prompt)

    assert state(prompt) == "pending"
    assert "It is no longer rejected: it is pending." in shown
    assert "Undo this?" in shown
    assert "Rejected (personal data) by ada" in shown
    decision = Decision.objects.get()
    assert decision.undone_by == decision.decided_by == User.objects.get()
    assert "nothing of yours to undo" in act(admin, "undo", prompt)
    listed = admin.get("/admin/evaluations/decision/").text
    assert "Undo this?" in listed


def test_language_and_category_are_edited_in_place(admin):
    prompt = waiting()

    shown = act(admin, "edit", prompt, language="de", categories="coding, maths")

    prompt.refresh_from_db()
    assert (prompt.language, prompt.categories) == ("de", ["coding", "maths"])
    assert "Edited." in shown and "German" in shown
    assert "language: This field is required." in act(admin, "edit", prompt)


def test_what_does_not_wait_any_more_is_left_as_it_is(admin):
    prompt = make_prompt("Long approved")
    private = make_live(None, "Asked for oneself").battle.prompt

    for each in (prompt, private):
        assert "does not wait any more" in act(admin, "other", each)

    assert (state(prompt), state(private)) == ("approved", "private")
    assert not Decision.objects.exists()


def test_duplicates_and_personal_data_stand_beside_it(admin):
    make_prompt("Who is Ada, ada@lovelace.org?", set="older")
    prompt = waiting("who is ada, ada@lovelace.org")
    make_prompt("Something quite different")

    shown = page(admin, prompt)

    assert "This looks as if it held an e-mail address." in shown
    assert "the same words" in shown and "Who is Ada, ada@lovelace.org?" in shown
    assert "quite different" not in shown


def test_live_questions_wait_in_the_same_queue_beside_their_answers(admin):
    live = make_live(None, "Asked for others", publish=True)
    make_live(None, "Asked for oneself")

    shown = page(admin)

    assert "A live question" in shown and "Asked for others" in shown
    assert live.battle.turns.get().answer_x.text in shown
    assert live.battle.contestant_x.name not in shown
    assert "<b>1</b> of <b>1</b>" in shown


def test_bulk_actions_are_on_record_as_well(admin):
    prompt = waiting()

    chosen = {"action": "reject", "_selected_action": prompt.pk}
    admin.post("/admin/evaluations/prompt/", chosen)

    decision = Decision.objects.get()
    assert (decision.kind, decision.decided_by) == ("reject", User.objects.get())


def test_whoever_may_only_look_decides_nothing(client):
    looker = User.objects.create_user("bea", is_staff=True)
    looker.user_permissions.add(Permission.objects.get(codename="view_prompt"))
    client.force_login(looker)
    prompt = waiting()

    assert client.get(ADDRESS).status_code == 403
    client.post(ADDRESS, {"act": "approve", "prompt": prompt.pk})

    assert state(prompt) == "pending"


def test_the_first_page_leads_to_what_waits(admin):
    waiting()

    shown = admin.get("/admin/").text

    assert "Prompts that wait" in shown and f'href="{ADDRESS}"' in shown


def test_changed_words_leave_their_group(admin):
    head = make_prompt("Why?")
    prompt = make_prompt("why", near=head, near_found="wording")
    sent = {
        "prompt_set": prompt.prompt_set_id,
        "turns": "How?",
        "language": "en",
        "categories": "mathematics",
        "references": "",
        "origin": "set",
        "state": "approved",
    }

    admin.post(f"/admin/evaluations/prompt/{prompt.pk}/change/", sent)

    prompt.refresh_from_db()
    assert (prompt.turns, prompt.near, prompt.near_found) == (["How?"], None, "")
