import pytest
from django.db.models import Sum
from django.urls import reverse
from django.utils.html import escape

from evaluations import leaderboard
from evaluations.models import Answer, Battle, Prompt, PromptSet, Report, Tally
from evaluations.models.prompts import digest_of
from tests.factories import make_battle, make_prompt
from tests.live_battles.making import make_live
from tests.test_leaderboard import count_votes

pytestmark = pytest.mark.django_db

LIST = "/admin/evaluations/prompt/"
ADD = f"{LIST}add/"


def page_of(prompt: Prompt) -> str:
    return reverse("admin:evaluations_prompt_change", args=[prompt.pk])


def form_of(prompt: Prompt, **changes: str) -> dict[str, str]:
    return {
        "prompt_set": str(prompt.prompt_set_id),
        "turns": prompt.turns[0],
        "language": "en",
        "categories": "mathematics",
        "references": "",
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


def list_of_prompts(admin, query: str = "") -> str:
    return admin.get(f"{LIST}{query}").content.decode()


def act(admin, action: str, prompt: Prompt, query: str = "") -> str:
    chosen = {"action": action, "_selected_action": prompt.pk}
    return admin.post(f"{LIST}{query}", chosen, follow=True).content.decode()


def test_what_waits_for_approval_is_found_first(admin):
    waiting = make_live(None, "Asked for others", publish=True)
    make_live(None, "Asked, but still open", publish=True, end="")
    make_live(None, "Asked for oneself")
    make_prompt("Suggested", state="pending")
    make_prompt("Approved long ago")

    page = list_of_prompts(admin, "?waiting=all")
    assert "Asked for others" in page and "Suggested" in page
    assert "still open" not in page and "long ago" not in page
    assert "Suggested" not in list_of_prompts(admin, "?waiting=live")

    page = act(admin, "approve", waiting.battle.prompt, "?waiting=all")
    assert "Prompts approved: 1." in page
    assert "Asked for others" not in page


def test_private_questions_are_on_no_page_of_prompts(admin):
    private = make_live(None, "Asked for oneself").battle.prompt

    assert "Asked for oneself" not in list_of_prompts(admin)
    assert "Asked for oneself" not in list_of_prompts(admin, "?q=oneself")
    assert admin.get(page_of(private), follow=True).redirect_chain
    act(admin, "approve", private)
    act(admin, "reject", private)

    private.refresh_from_db()
    assert private.state == "private"


def test_a_live_question_stands_beside_its_raw_answers(admin):
    live = make_live(None, "Why <b>so</b>?", "And then?", publish=True)
    turns = live.battle.turns.all()
    Answer.objects.filter(pk=turns[0].answer_x_id).update(text="<script>x()</script>")

    page = admin.get(page_of(live.battle.prompt)).content.decode()

    assert "Why &lt;b&gt;so&lt;/b&gt;?" in page
    assert "&lt;script&gt;x()&lt;/script&gt;" in page
    assert escape(turns[1].answer_y.text) in page
    for contestant in (live.battle.contestant_x, live.battle.contestant_y):
        assert contestant.name not in page


def test_it_is_decided_on_where_it_is_read(admin):
    live = make_live(None, "Why?", publish=True)
    other = make_live(None, "Why?", publish=True)
    page = page_of(live.battle.prompt)
    fields = {"language": "en", "categories": "everyday", "references": ""}
    # What the page does not offer is not taken either.
    forged = {"state": "rejected", "origin": "set", "turns": "Another?"}

    for battle in (live, other):
        button = "evaluations_prompt_approve_this"
        page = page_of(battle.battle.prompt)
        response = admin.post(page, fields | forged | {button: "1"})
        assert response.status_code == 302

    for prompt in Prompt.objects.all():
        assert (prompt.state, prompt.origin) == ("approved", "live")
        assert (prompt.turns, prompt.categories) == (["Why?"], ["everyday"])
    assert Battle.objects.filter(mode="queue").count() == 2

    admin.post(page, fields | {"evaluations_prompt_reject_this": "1"})
    assert Battle.objects.filter(withdrawn_at__isnull=False).count() == 1


def test_what_cannot_be_approved_is_said(admin):
    live = make_live(None, "Still open", publish=True, end="")

    page = act(admin, "approve", live.battle.prompt)

    assert "Left as they are: 1" in page
    assert Prompt.objects.get().state == "pending"


def test_a_private_battle_is_read_only_once_it_is_reported(admin):
    live = make_live(None, "Asked for oneself")
    page = reverse("admin:evaluations_battle_change", args=[live.battle.pk])
    answer = live.battle.turns.get().answer_x
    texts = ("Asked for oneself", answer.text)

    def read(address: str) -> list[str]:
        shown = admin.get(address).content.decode()
        return [text for text in texts if escape(text) in shown]

    assert read(page) == []
    assert read(reverse("admin:evaluations_answer_change", args=[answer.pk])) == []
    Report.objects.create(battle=live.battle, reason="unsafe")
    assert read(page) == list(texts)


def test_the_slug_of_a_set_is_for_its_maker_to_choose_once(admin):
    made = make_prompt().prompt_set
    page = f"/admin/evaluations/promptset/{made.pk}/change/"

    form = {"slug": "other", "title": "Renamed", "licence": "CC0", "source": "here"}
    admin.post(page, {**form, "version": "1", "queue_weight": "3"})

    made.refresh_from_db()
    assert (made.slug, made.title, made.queue_weight) == ("made", "Renamed", 3)
    assert 'name="slug"' in admin.get("/admin/evaluations/promptset/add/").text


def test_the_weights_of_sets_are_set_in_the_list(admin):
    made = make_prompt().prompt_set
    sent = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "form-0-id": made.pk}

    admin.post(
        "/admin/evaluations/promptset/",
        {**sent, "form-0-queue_weight": "0", "_save": "Save"},
    )

    made.refresh_from_db()
    assert made.queue_weight == 0


def test_a_prompt_that_changes_its_category_takes_its_votes_along(admin):
    prompt = make_prompt()
    count_votes(make_battle(prompt=prompt), ["a", "b"])
    leaderboard.roll_up()

    changed = form_of(prompt, categories="coding", language="fr")
    page = admin.post(page_of(prompt), changed, follow=True).content.decode()

    assert "All tallies have been counted anew." in page
    counted = Tally.objects.values_list("slice").annotate(votes=Sum("count"))
    names = ("all", "language:fr", "category:coding", "set:made")
    assert dict(counted) == dict.fromkeys(names, 2)


def freeze(admin, prompt: Prompt) -> str:
    chosen = {"action": "freeze", "_selected_action": str(prompt.prompt_set_id)}
    answer = admin.post("/admin/evaluations/promptset/", chosen, follow=True)
    return str(answer.content.decode())


def test_an_admin_freezes_a_set(admin):
    prompt = make_prompt()

    assert "Made is frozen at version 1." in freeze(admin, prompt)

    assert PromptSet.objects.get().frozen_at is not None


def test_a_set_without_questions_is_not_frozen(admin):
    prompt = make_prompt(state="pending")

    assert "no approved question to freeze" in freeze(admin, prompt)


@pytest.mark.parametrize("changes", [{"turns": "Other?"}, {"references": "4"}])
def test_a_question_of_a_frozen_set_stays_and_the_form_says_so(admin, changes):
    prompt = make_prompt("Why?")
    freeze(admin, prompt)

    page = admin.post(page_of(prompt), form_of(prompt, **changes)).content.decode()

    assert "Made is frozen at version 1: its questions stay as they are." in page


def test_a_frozen_set_takes_no_question_by_the_form(admin):
    prompt = make_prompt("Why?")
    freeze(admin, prompt)

    page = admin.post(ADD, form_of(prompt, turns="Other?")).content.decode()

    assert "its questions stay as they are." in page


def test_a_question_moves_neither_into_nor_out_of_a_frozen_set(admin):
    frozen, free = make_prompt("Why?"), make_prompt("How?", set="free")
    freeze(admin, frozen)

    for prompt, other in ((frozen, free), (free, frozen)):
        sent = form_of(prompt, prompt_set=str(other.prompt_set_id))
        page = admin.post(page_of(prompt), sent).content.decode()
        assert "its questions stay as they are." in page


def test_a_question_of_a_frozen_set_may_change_its_category(admin):
    prompt = make_prompt("Why?\nAnd how?")
    freeze(admin, prompt)
    sent = form_of(prompt, turns="Why?\r\nAnd how?", categories="reasoning")

    assert admin.post(page_of(prompt), sent).status_code == 302
    assert Prompt.objects.get().categories == ["reasoning"]
