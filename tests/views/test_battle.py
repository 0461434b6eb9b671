"""Live battles without JavaScript, and as programs see them."""

import json
from uuid import UUID

import pytest
from django.core.cache import cache

from evaluations.models import Answer, Battle, LiveBattle, Prompt, Vote
from tests.factories import make_visitor
from tests.views import asking
from tests.views.asking import ask_as, make_players, make_starters
from tests.views.browsing import Visit, judge_with_consent

pytestmark = pytest.mark.django_db

QUESTION = "Why is the sea salty?\r\nAnd lakes?"
MAIL = "Write to ada.byron@harbour-mail.com for me."


@pytest.fixture(autouse=True)
def _forget_counts():
    cache.clear()


@pytest.fixture
def players():
    return make_players()


@pytest.fixture
def visit(players):
    return judge_with_consent()


def on_live_page(visit):
    return visit.address.startswith("/battle/") and visit.response.status_code == 200


def the_battle():
    return Battle.objects.get(mode=Battle.Mode.LIVE)


def post_json(visit, address, body=None):
    token = visit.client.cookies["csrftoken"].value
    return visit.client.post(
        address,
        json.dumps(body or {}),
        content_type="application/json",
        headers={"Accept": "application/json", "X-CSRFToken": token},
    )


def test_a_question_opens_a_battle_of_its_own(visit):
    visit.get("/battle")
    visit.send("/battle", prompt=QUESTION)

    assert on_live_page(visit)
    assert "Why is the sea salty?\nAnd lakes?" in visit.text
    assert visit.text.count("is being written") + visit.text.count("writing …") >= 2
    assert the_battle().prompt.state == Prompt.State.PRIVATE


def test_only_the_tick_gives_the_question_to_others(visit):
    visit.get("/battle")
    assert 'name="publish" value="yes">' in visit.text

    visit.send("/battle", prompt=QUESTION, publish="yes")

    assert the_battle().prompt.state == Prompt.State.PENDING
    assert "shared once approved" in visit.text


def test_the_first_question_waits_for_the_consent_and_goes_on(players):
    visit = Visit()
    visit.get("/battle")

    visit.send("/battle", prompt=QUESTION, publish="yes")
    assert visit.response.status_code == 403
    assert "Agree and ask" in visit.text
    assert not Battle.objects.exists()

    visit.send("/consent", agree="yes")
    assert on_live_page(visit)
    assert the_battle().prompt.turns == ["Why is the sea salty?\nAnd lakes?"]
    assert the_battle().live.publish


def test_who_does_not_tick_the_consent_keeps_the_question(players):
    visit = Visit()
    visit.get("/battle")
    visit.send("/battle", prompt=QUESTION)

    visit.send("/consent")
    visit.send("/consent", agree="yes")

    assert on_live_page(visit)


@pytest.mark.parametrize("text", ["", " \n", "x" * 201])
def test_a_bad_question_comes_back_with_words_and_text(visit, settings, text):
    settings.ARENA_PROMPT_CHARS = 200
    visit.get("/battle")

    visit.send("/battle", prompt=text)

    assert visit.response.status_code == 400
    assert 'role="alert"' in visit.text
    assert f">\n{text}</textarea>" in visit.text
    assert not Battle.objects.exists()


def test_personal_data_is_asked_about_before_they_are_sent(visit):
    visit.get("/battle")
    visit.send("/battle", prompt=MAIL)
    assert visit.response.status_code == 422
    assert MAIL in visit.text
    assert "Send anyway" in visit.text
    assert not Battle.objects.exists()

    visit.send("/battle", prompt=MAIL, personal_ok="yes")

    assert on_live_page(visit)
    assert the_battle().prompt.turns == [MAIL]


def test_a_second_question_is_told_of_the_open_battle(visit):
    battle = ask_as(visit)
    visit.get("/battle")
    assert "You have a battle open" in visit.text

    visit.send("/battle", prompt=QUESTION)

    assert visit.response.status_code == 409
    assert f'href="/battle/{battle.public_id}">Go back to it' in visit.text
    assert "Why is the sea salty?" in visit.text
    assert "Give it up and ask this" in visit.text


def test_giving_a_battle_up_asks_the_new_question_at_once(visit):
    battle = ask_as(visit)
    visit.get("/battle")

    token = visit.client.cookies["csrftoken"].value
    fields = {"csrfmiddlewaretoken": token, "prompt": QUESTION}
    address = f"/battle/{battle.public_id}/leave"
    response = visit.client.post(address, fields, follow=True)

    assert LiveBattle.objects.get(battle=battle).end == LiveBattle.End.LEFT
    newest = Battle.objects.latest("pk")
    assert newest.pk != battle.pk
    assert response.redirect_chain[-1][0] == f"/battle/{newest.public_id}"


def test_giving_a_battle_up_leads_to_a_new_question(visit):
    battle = ask_as(visit)
    visit.get(f"/battle/{battle.public_id}")

    visit.send("/leave")

    assert visit.address == "/battle"
    assert "You have a battle open" not in visit.text


def test_too_many_questions_are_told_when_to_go_on(visit, settings):
    settings.ARENA_LIVE_MESSAGES_PER_MINUTE = 0
    visit.get("/battle")

    visit.send("/battle", prompt=QUESTION)

    assert visit.response.status_code == 429
    assert int(visit.response["Retry-After"]) > 0
    assert "Why is the sea salty?" in visit.text


def test_a_full_arena_says_when_there_is_room(visit, settings):
    settings.ARENA_LIVE_CALLS = 0
    visit.get("/battle")

    visit.send("/battle", prompt=QUESTION)

    assert visit.response.status_code == 503
    assert int(visit.response["Retry-After"]) > 0
    assert "half a minute" in visit.text
    assert "Why is the sea salty?" in visit.text


def test_without_models_the_judge_queue_is_offered():
    visit = judge_with_consent()
    visit.get("/battle")
    assert "Judge pairs that are already answered" in visit.text

    visit.send("/battle", prompt=QUESTION)

    assert visit.response.status_code == 503
    assert "Judge pairs that are already answered" in visit.text
    assert "Why is the sea salty?" in visit.text


def test_starters_are_four_of_different_categories(visit):
    make_starters()

    shown = visit.get("/battle").context["starters"]

    assert len({starter.category for starter in shown}) == 4
    fragment = visit.client.get("/battle/starters").content.decode()
    assert fragment.count("data-starter") == 4
    assert "<html" not in fragment


def test_a_starters_link_writes_it_down_without_scripts(visit):
    make_starters()
    starter = visit.get("/battle").context["starters"][0]

    visit.get(f"/battle?prompt={starter.public_id}")

    assert f">\n{starter.turns[0]}</textarea>" in visit.text


def test_no_link_writes_down_what_somebody_else_asked(visit):
    other = judge_with_consent()
    battle = ask_as(other, "A private matter of mine")

    for asked in (
        f"prompt={battle.prompt.public_id}",
        f"again={battle.public_id}",
        "prompt=x",
        "again=x",
    ):
        visit.get(f"/battle?{asked}")
        assert visit.response.status_code == 200
        assert "A private matter" not in visit.text


def test_ones_own_question_can_be_asked_again(visit):
    battle = ask_as(visit, "What is a fen?")
    asking.close(battle)
    page = f"/battle/{battle.public_id}"
    visit.get(page)
    assert "did not answer" in visit.text

    visit.get(f"/battle?again={battle.public_id}")

    assert ">\nWhat is a fen?</textarea>" in visit.text


def test_makers_of_all_who_may_answer_are_named_before_one_asks(visit):
    visit.get("/battle")

    assert "Kestrel Labs, Osprey Labs" in visit.text


def test_the_page_refreshes_itself_only_while_answers_are_written(visit):
    battle = ask_as(visit)
    page, refresh = f"/battle/{battle.public_id}", '<meta http-equiv="refresh"'
    asking.begin(battle)

    assert f"<noscript>{refresh}" in visit.get(page).content.decode()
    assert visit.text.count(" disabled>") == 4
    asking.answer(battle)
    assert refresh not in visit.get(page).content.decode()
    assert " disabled>" not in visit.text.split("data-stop")[0]


def test_nothing_on_the_page_names_a_model_before_the_vote(visit, players):
    battle = ask_as(visit)
    page = f"/battle/{battle.public_id}"

    for step in (lambda battle: None, asking.begin, asking.answer):
        step(battle)
        for address in (page, f"{page}/state"):
            response = visit.client.get(address)
            text = f"{response.headers}{response.content.decode()}".lower()
            assert not any(name.lower() in text for name in asking.NAMES)


def test_the_state_for_programs_is_the_snapshot(visit):
    battle = ask_as(visit)
    asking.begin(battle)

    told = visit.client.get(f"/battle/{battle.public_id}/state").json()

    assert set(told) == {
        *("battle", "state", "sentence", "seq", "turns", "left"),
        *("turns_left", "can_retry", "can_stop", "publish"),
    }
    assert (told["state"], told["seq"], told["can_stop"]) == ("writing", 7, True)
    assert {told["turns"][0][side]["html"] for side in "ab"} == {
        "<p>On</p>",
        "<p>Tw</p>",
    }


@pytest.mark.parametrize("name", ["", "/state", "/say", "/stop", "/retry", "/leave"])
def test_somebody_elses_battle_is_not_to_be_found(visit, name):
    battle = ask_as(judge_with_consent())
    asking.answer(battle)
    address = f"/battle/{battle.public_id}{name}"

    if name in ("", "/state"):
        response = visit.client.get(address)
    else:
        response = post_json(visit, address, {"prompt": "And?"})

    assert response.status_code == 404


def test_a_further_question_stands_between_the_answers(visit):
    battle = ask_as(visit)
    asking.answer(battle)
    visit.get(f"/battle/{battle.public_id}")

    visit.send("/say", prompt="And a bog?")
    asking.answer(battle, ("Three.", "Four."))
    visit.get(f"/battle/{battle.public_id}")

    assert visit.text.count("<b>Then:</b> <span>And a bog?</span>") == 2
    assert all(text in visit.text for text in ("One.", "Two.", "Three.", "Four."))
    assert "<span data-turns-left>3</span>" in visit.text


def test_a_further_question_too_early_is_refused_and_kept(visit):
    battle = ask_as(visit)
    visit.get(f"/battle/{battle.public_id}")

    visit.send("/say", prompt="And a bog?")

    assert visit.response.status_code == 409
    assert ">\nAnd a bog?</textarea>" in visit.text
    assert "Both answers must be complete" in visit.text


def test_a_further_question_is_looked_at_for_personal_data(visit):
    battle = ask_as(visit)
    asking.answer(battle)
    visit.get(f"/battle/{battle.public_id}")

    visit.send("/say", prompt=MAIL)
    told = post_json(visit, f"/battle/{battle.public_id}/say", {"prompt": MAIL})

    assert visit.response.status_code == 422
    assert "Send anyway" in visit.text
    assert (told.status_code, told.json()["reason"]) == (422, "personal-data-found")
    assert Battle.objects.get(pk=battle.pk).turns.count() == 1


def test_a_failed_side_says_so_and_can_be_tried_again(visit):
    battle = ask_as(visit)
    asking.begin(battle)
    asking.fail(battle)
    visit.get(f"/battle/{battle.public_id}")
    assert "answer didn’t arrive" in visit.text
    assert "<p>Tw</p>" in visit.text

    visit.send("/retry")

    assert on_live_page(visit)
    assert asking.last_turn(battle).answer_x.state == Answer.State.QUEUED


def test_stopping_is_noted(visit):
    battle = ask_as(visit)
    visit.get(f"/battle/{battle.public_id}")

    visit.send("/stop")

    assert asking.last_turn(battle).live.stop_asked_at is not None
    assert on_live_page(visit)


def test_vote_reveal_and_undo_are_those_of_the_judge_queue(visit):
    battle = ask_as(visit)
    asking.answer(battle)
    visit.get(f"/battle/{battle.public_id}")

    visit.send("/vote", verdict="a")
    assert visit.address == f"/judge/{battle.public_id}"
    assert all(name in visit.text for name in asking.NAMES)
    assert 'href="/battle" data-next' in visit.text
    assert 'href="/judge">Judge pairs' in visit.text

    visit.get(f"/battle/{battle.public_id}")
    assert visit.address == f"/judge/{battle.public_id}"

    visit.send("/undo")
    assert visit.address == f"/battle/{battle.public_id}"
    visit.send("/vote", verdict="tie")
    assert Vote.objects.standing().get().verdict == "tie"


def test_after_a_vote_taken_back_nothing_further_is_asked(visit):
    battle = ask_as(visit)
    asking.answer(battle)
    visit.get(f"/battle/{battle.public_id}")
    visit.send("/vote", verdict="a")
    visit.send("/undo")

    assert "data-further hidden" in visit.text


def test_a_program_gets_the_next_question_and_no_pair(visit):
    battle = ask_as(visit)
    asking.answer(battle)
    visit.get(f"/battle/{battle.public_id}")
    form = next(f for f in visit.forms() if f["action"].endswith("/vote"))["fields"]
    fields = {"verdict": "a", "next": "1"} | {
        name: form[name] for name in ("left", "idempotency_key")
    }

    told = post_json(visit, f"/judge/{battle.public_id}/vote", fields).json()

    assert told["next"] == {"url": "/battle"}
    assert "Ask another" in told["html"]["bar"]


def test_an_answer_that_names_its_model_is_told_after_the_vote(visit):
    battle = ask_as(visit)
    asking.answer(battle)
    Answer.objects.filter(pk=asking.last_turn(battle).answer_x_id).update(leak="claim")
    visit.get(f"/battle/{battle.public_id}")
    assert "named its model" not in visit.text

    visit.send("/vote", verdict="b")

    assert "An answer named its model, so this vote won’t count." in visit.text


def test_programs_ask_and_are_refused_in_json(visit):
    made = post_json(visit, "/battle", {"prompt": QUESTION})
    second = post_json(visit, "/battle", {"prompt": QUESTION})
    empty = post_json(judge_with_consent(), "/battle", {"prompt": ""})

    assert made.status_code == 201
    assert UUID(made.json()["battle"]) == the_battle().public_id
    assert (second.status_code, second.json()["reason"]) == (409, "open-battle-exists")
    assert (empty.status_code, empty.json()["reason"]) == (400, "prompt-refused")


def test_a_battle_is_for_its_volunteer_alone(visit):
    battle = ask_as(visit)
    assert make_visitor().volunteer is not None

    assert Visit().get(f"/battle/{battle.public_id}").status_code == 404
    assert Visit().get(f"/judge/{battle.public_id}").status_code == 404
