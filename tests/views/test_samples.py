"""Which battles of a model its page lets anybody read."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from evaluations.battles import report, withdraw_battle
from evaluations.models import Battle, Contestant, Prompt, Vote
from evaluations.volunteers import Visitor
from tests.factories import (
    cookie_of,
    make_answer,
    make_battle,
    make_contestant,
    make_prompt,
    make_repeat,
    make_visitor,
    vote_for,
)

pytestmark = pytest.mark.django_db


def page(client: Client, contestant: Contestant, visitor: Visitor | None = None) -> str:
    headers = {"cookie": cookie_of(visitor)} if visitor else {}
    response = client.get(f"/models/{contestant.slug}", headers=headers)
    assert response.status_code == 200
    return str(response.content.decode())


def samples(text: str) -> list[str]:
    return [
        unescape(re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", part))).strip()
        for part in re.findall(r'<details class="sample">(.*?)</details>', text, re.S)
    ]


def counted(battle: Battle, verdict: str = "a", **values: Any) -> Vote:
    """A vote whose hold is long over."""
    visitor = values.pop("visitor", None)
    vote = vote_for(battle, verdict, visitor=visitor)
    known = {"state": "counted", "cast_at": timezone.now() - timedelta(days=99)}
    Vote.objects.filter(pk=vote.pk).update(**{**known, **values})
    Battle.objects.filter(pk=battle.pk).update(opened_at=known["cast_at"])
    vote.refresh_from_db()
    return vote


def finished(own: Contestant, text: str = "", **values: Any) -> Battle:
    """Judged as often as was wanted."""
    prompt = values.pop("prompt", None) or make_prompt(text)
    battle = make_battle(own, values.pop("y", None), prompt, **values)
    counted(battle)
    return battle


def test_a_battle_that_is_over_can_be_read(client: Client) -> None:
    own, other = make_contestant(name="Larch"), make_contestant(name="Rowan")
    prompt = make_prompt("Why is the sky <blue>?")
    make_answer(own, prompt, text="Scattering & " + "so on, " * 200)
    make_answer(other, prompt, text="Because it is.")
    battle = make_battle(own, other, prompt, judgements_wanted=3)
    for verdict, left in (("a", "x"), ("b", "x"), ("a", "y")):
        counted(battle, verdict, left=left)

    (sample,) = samples(page(client, own))
    (mirrored,) = samples(page(client, other))

    assert "Larch against Rowan, mathematics." in sample
    assert "Why is the sky <blue>?" in sample
    assert "Scattering & so on," in sample and "…" in sample
    assert len(sample) < 1000
    assert "3 judgements: 1 for Larch, 2 for Rowan" in sample
    assert "3 judgements: 2 for Rowan, 1 for Larch" in mirrored


def test_only_the_newest_few_are_shown(client: Client) -> None:
    own = make_contestant()
    for number in range(5):
        finished(own, f"Question {number}?")

    shown = samples(page(client, own))

    assert [re.findall(r"Question \d", text)[0][-1] for text in shown] == list("432")


def open_battle(own: Contestant) -> Battle:
    battle = make_battle(own, judgements_wanted=2)
    counted(battle)
    return battle


def shares_an_answer(own: Contestant) -> Battle:
    battle = finished(own)
    make_battle(make_contestant(), own, battle.prompt)
    return battle


def shares_with_one_awaited(own: Contestant) -> Battle:
    battle = finished(own)
    make_battle(battle.contestant_y, None, battle.prompt, state="waiting")
    return battle


def withdrawn(own: Contestant) -> Battle:
    battle = finished(own)
    withdraw_battle(battle=battle, reason="personal data")
    return battle


def held(own: Contestant) -> Battle:
    battle = finished(own)
    battle.votes.update(cast_at=timezone.now())
    return battle


def flagged(own: Contestant) -> Battle:
    battle = finished(own)
    battle.votes.update(state="flagged", rule="too fast")
    return battle


def of_a_live_question(own: Contestant) -> Battle:
    prompt = make_prompt(origin=Prompt.Origin.LIVE, state=Prompt.State.PRIVATE)
    battle = finished(own, prompt=prompt)
    Battle.objects.filter(pk=battle.pk).update(mode=Battle.Mode.LIVE)
    return battle


def of_a_rejected_prompt(own: Contestant) -> Battle:
    return finished(own, prompt=make_prompt(state=Prompt.State.REJECTED))


def complained_of(own: Contestant) -> Battle:
    battle = finished(own)
    report(visitor=make_visitor(), battle_id=battle.public_id, reason="private")
    return battle


@pytest.mark.parametrize(
    "made",
    [
        open_battle,
        shares_an_answer,
        shares_with_one_awaited,
        withdrawn,
        held,
        flagged,
        of_a_live_question,
        of_a_rejected_prompt,
        complained_of,
    ],
)
def test_what_may_not_be_read_yet_or_ever_is_left_out(
    client: Client, settings: Settings, made: Any
) -> None:
    settings.ARENA_DUMP_HOLD_DAYS = 30
    own = make_contestant()
    battle = made(own)

    text = page(client, own)

    assert samples(text) == []
    assert battle.prompt.turns[0] not in text


def test_a_battle_in_which_a_model_met_itself_is_no_sample(client: Client) -> None:
    own = make_contestant()
    visitor = make_visitor()
    vote = counted(make_battle(own), visitor=visitor)
    repeat = make_repeat(vote, visitor)
    counted(repeat, visitor=visitor)

    assert len(samples(page(client, own, visitor))) == 1


def test_who_has_judged_a_battle_may_read_it(client: Client) -> None:
    own, visitor = make_contestant(), make_visitor()
    battle = make_battle(own, judgements_wanted=9)
    counted(battle, visitor=visitor)

    assert len(samples(page(client, own, visitor))) == 1
    assert samples(page(client, own, make_visitor())) == []
    assert samples(page(client, own)) == []


def test_the_page_is_kept_for_its_visitor_alone(client: Client) -> None:
    own = make_contestant()

    assert "Cookie" in client.get(f"/models/{own.slug}")["Vary"]


def test_the_number_of_queries_does_not_grow(client: Client) -> None:
    counts = []
    for number in (1, 8):
        own, visitor = make_contestant(), make_visitor()
        for _ in range(number):
            finished(own)
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            page(client, own, visitor)
        counts.append(len(captured))

    assert counts[0] == counts[1]
