"""Judging the questions of one set."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from evaluations import battles
from evaluations.battles.controls import REPEATED_AFTER
from evaluations.matchmaking.stock import CHOSEN_SET
from evaluations.models import Answer, Battle, Contestant, Prompt, PromptSet
from tests.factories import (
    make_answer,
    make_battle,
    make_contestant,
    make_prompt,
    make_repeat,
    make_visitor,
    vote_for,
)
from tests.views.browsing import Visit, judge_with_consent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forget_reservations(settings: Settings) -> None:
    cache.clear()
    settings.ARENA_CONTROL_SHARE = 0.0
    settings.ARENA_REPEAT_SHARE = 0.0


def on_koala(number: int = 1) -> list[Battle]:
    return [make_battle(prompt=make_prompt(set="koala")) for _ in range(number)]


def answered_prompts(number: int, *, of: str) -> None:
    """Prompts of a set, to each of which two models have answered."""
    models = [make_contestant(), make_contestant()]
    for prompt in [make_prompt(set=of) for _ in range(number)]:
        for model in models:
            make_answer(model, prompt)


def at(battle: Battle) -> str:
    return f"/judge/{battle.public_id}?set=koala"


def shown(visit: Visit) -> Battle:
    path, _, query = visit.address.partition("?")
    assert query == "set=koala"
    return Battle.objects.get(public_id=path.rpartition("/")[2])


def koala() -> PromptSet:
    return PromptSet.objects.get(slug="koala")


def test_the_choice_of_a_set_is_kept_from_pair_to_pair() -> None:
    for _ in range(5):
        make_battle()
    wanted = {battle.pk for battle in on_koala(4)}
    visit = Visit()

    visit.get("/judge?set=koala")
    seen = {shown(visit).pk}
    assert "Questions of <b>Made</b> alone" in visit.text
    assert visit.text.count("/report?set=koala") == 2
    visit.send("/vote?set=koala", verdict="a")
    visit.send("/consent?set=koala", agree="yes")
    assert shown(visit).pk in seen
    assert 'href="/judge?set=koala" data-next' in visit.text
    visit.send("/undo?set=koala")
    visit.send("/vote?set=koala", verdict="b")
    for act, fields in (("skip", {}), ("report", {"reason": "other"}), ("skip", {})):
        visit.get("/judge?set=koala")
        seen.add(shown(visit).pk)
        if act == "report":
            visit.get(visit.address.replace("?", "/report?"))
            visit.send("", **fields)
        else:
            visit.send("/skip?set=koala")

    assert seen == wanted


def test_the_next_pair_for_scripts_is_of_the_same_set() -> None:
    make_battle()
    first, second = on_koala(2)
    visit = judge_with_consent()
    visit.get("/judge?set=koala")
    first, second = (first, second) if shown(visit) == first else (second, first)
    form = next(form for form in visit.forms() if "/vote" in form["action"])
    fields = form["fields"] | {"verdict": "tie", "next": "1"}

    told = visit.client.post(
        form["action"], fields, headers={"accept": "application/json"}
    ).json()

    assert told["next"]["url"] == at(second)
    assert f"{second.public_id}/vote?set=koala" in told["next"]["bar"]
    assert f"{second.public_id}/skip?set=koala" in told["next"]["pair"]
    assert "Questions of <b>Made</b> alone" in told["next"]["pair"]
    PromptSet.objects.filter(slug="koala").update(queue_weight=0)
    skipped = visit.client.post(
        f"/judge/{second.public_id}/skip?set=koala",
        {"csrfmiddlewaretoken": form["fields"]["csrfmiddlewaretoken"]},
        headers={"accept": "application/json"},
    ).json()
    assert skipped["next"] == {"url": "/judge?set=koala"}


def unknown() -> None:
    PromptSet.objects.update(slug="other")


def without_prompts() -> None:
    Prompt.objects.all().delete()


def not_approved() -> None:
    Prompt.objects.update(state=Prompt.State.PENDING)


def on_hold() -> None:
    Prompt.objects.update(origin=Prompt.Origin.LIVE)


def out_of_the_queue() -> None:
    PromptSet.objects.update(queue_weight=0)


@pytest.mark.parametrize(
    "why", [unknown, without_prompts, not_approved, on_hold, out_of_the_queue]
)
def test_a_set_that_is_not_judged_is_said_to_be_none(
    client: Client, settings: Settings, why: Any
) -> None:
    settings.ARENA_DUMP_HOLD_DAYS = 30
    make_contestant(), make_contestant()
    make_prompt(set="koala")
    why()

    response = client.get("/judge", {"set": "koala\0"})

    text = response.content.decode()
    assert response.status_code == 404
    assert "No such set of questions is judged here" in text
    assert '<a class="btn primary" href="/judge">' in text
    assert "Made" not in text
    assert "/judge?set=koala" not in client.get("/prompts/koala").content.decode()
    assert not Battle.objects.exists()


def test_pairs_of_a_set_are_opened_where_none_is_left(settings: Settings) -> None:
    settings.ARENA_SESSION_LENGTH, settings.ARENA_READY_BATTLES = 2, 3
    settings.ARENA_SHARED_BATTLES = 1.0
    answered_prompts(4, of="koala")
    awaited = make_battle(*Contestant.objects.all(), state=Battle.State.WAITING)
    visit = Visit()

    visit.get("/judge?set=koala")
    first = shown(visit)
    drawn = Battle.objects.filter(draw_rule=CHOSEN_SET).order_by("pk")
    assert [battle.draw_probability for battle in drawn] == pytest.approx(
        [1 / 4, 1 / 3]
    )
    for _ in range(3):
        visit.send("/skip?set=koala")

    assert "Nothing left to judge" in visit.text
    assert "every pair on questions of Made there is" in visit.text
    assert '<a class="btn primary" href="/judge">Judge all sets</a>' in visit.text
    assert Battle.objects.exclude(pk=awaited.pk).on_set(koala()).count() == 3
    vote_for(first)
    assert battles.fill_set(prompt_set=koala()) == 1


def test_answers_of_a_set_are_awaited_once(client: Client, settings: Settings) -> None:
    settings.ARENA_SESSION_LENGTH = 2
    make_contestant(provider="openai"), make_contestant(provider="openai")
    for _ in range(5):
        make_prompt(set="koala")

    client.get("/judge?set=koala")
    response = client.get("/judge?set=koala")

    assert "Answers are being fetched" in response.content.decode()
    assert response["Refresh"] == "3"
    assert Answer.objects.filter(state=Answer.State.QUEUED).count() == 2 * 2


def test_checks_are_of_the_chosen_set_too(settings: Settings) -> None:
    make_contestant(provider="openai"), make_contestant(provider="openai")
    for name in ("koala", "made", "made", "made"):
        make_prompt(set=name)
    settings.ARENA_CONTROL_SHARE = 1.0

    battles.fill_set(prompt_set=koala())

    controls = Battle.objects.filter(mode=Battle.Mode.CONTROL)
    assert controls.count() == controls.on_set(koala()).count() == 2


def test_within_a_set_no_pair_of_another_comes_again(settings: Settings) -> None:
    settings.ARENA_REPEAT_SHARE = 1.0
    visitor = make_visitor()
    early = [make_battle(), make_battle()]
    votes = [vote_for(battle, visitor=visitor) for battle in early]
    (known, *_) = judged = on_koala(REPEATED_AFTER)
    for battle in judged:
        vote_for(battle, visitor=visitor)
    on_koala(9)
    make_repeat(votes[0], visitor)

    def offered() -> Battle:
        ballot = battles.offer(visitor=visitor, prompt_set=koala())
        assert ballot is not None
        battles.skip(visitor=visitor, battle_id=ballot.public_id)
        return Battle.objects.get(public_id=ballot.public_id)

    assert [offered().repeat_of for _ in range(3)] == [None] * 3
    assert not Battle.objects.filter(repeat_of=early[1]).exists()
    vote_for(offered(), visitor=visitor)
    # The next offer opens the repeat, at a time of its own.
    assert [offered().repeat_of for _ in range(2)] == [None, known]


def test_going_from_set_to_set_does_not_use_the_queue_up() -> None:
    others = [make_battle() for _ in range(4)]
    on_koala(4)
    visitor, other = make_visitor(), make_visitor()
    for _ in range(4):
        battles.offer(visitor=visitor, prompt_set=koala())
        battles.offer(visitor=visitor, prompt_set=others[0].prompt.prompt_set)

    for _ in range(4):
        ballot = battles.offer(visitor=other, prompt_set=koala())
        assert ballot is not None
        battles.skip(visitor=other, battle_id=ballot.public_id)


def test_a_sets_page_leads_to_its_pairs(client: Client) -> None:
    make_prompt(set="koala")

    assert (
        '<a href="/judge?set=koala">Judge this set</a>'
        in client.get("/prompts/koala").content.decode()
    )
