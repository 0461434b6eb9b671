import re
from html import unescape
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from evaluations.battles import skip, withdraw_battle
from evaluations.models import Vote
from evaluations.voting import undo_vote, withdraw_vote
from tests.factories import make_battle, make_control, make_visitor, vote_for

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forget_counts() -> None:
    cache.clear()


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return unescape(response.content.decode())


def counts(client: Client) -> dict[str, str]:
    text = text_of(client, "/about").partition('class="counts"')[2]
    return dict(re.findall(r'<th scope="row">(.*?)</th><td class="n">(.*?)</td>', text))


def test_what_became_of_the_votes_is_counted(client: Client) -> None:
    battle, visitor = make_battle(), make_visitor()
    vote_for(battle, visitor=visitor)
    undo_vote(visitor=visitor, battle_id=battle.public_id)
    vote_for(battle)
    counted, flagged = vote_for(battle), vote_for(battle)
    check = vote_for(make_control())
    Vote.objects.filter(pk__in=[counted.pk, check.pk]).update(state="counted")
    Vote.objects.filter(pk=flagged.pk).update(state="flagged", rule="too fast")
    withdrawn = vote_for(battle, visitor=visitor)
    withdraw_vote(visitor=visitor, vote_id=withdrawn.public_id)
    skip(visitor=make_visitor(), battle_id=battle.public_id)
    withdraw_battle(battle=make_battle(), reason="personal data")

    assert counts(client) == {
        "Votes that count": "1",
        "Votes on checks, which count in no rating": "1",
        "Votes that can still be undone": "1",
        "Votes undone at once": "1",
        "Votes withdrawn later": "1",
        "Votes flagged": "1",
        "Pairs skipped": "1",
        "Reports": "0",
        "Battles withdrawn": "1",
    }


def test_a_second_visit_within_a_minute_does_not_count_again(
    client: Client, django_assert_num_queries: Any
) -> None:
    first = counts(client)
    vote_for(make_battle())

    with django_assert_num_queries(0):
        assert counts(client) == first

    cache.clear()
    assert counts(client) != first


def test_the_counts_are_there_without_redis(client: Client, settings: Settings) -> None:
    nobody = {"LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": {**settings.CACHES["default"], **nobody}}
    vote_for(make_battle())

    assert counts(client)["Votes that can still be undone"] == "1"


def test_links_to_places_within_these_pages_lead_somewhere(client: Client) -> None:
    pages = ("/about", "/about/methodology", "/about/robustness")
    texts = {page: text_of(client, page) for page in pages}

    links = [
        (target or page, place)
        for page, text in texts.items()
        for target, place in re.findall(r'href="(/about[^"#]*)?#([a-z]+)"', text)
    ]

    assert len(links) > 10
    assert [link for link in links if f'id="{link[1]}"' not in texts[link[0]]] == []
    for place in ("draw", "checks", "rules", "house", "limits", "check", "meaning"):
        assert f'id="{place}"' in texts["/about"]


@pytest.mark.parametrize("contact", ["arena@example.org", ""])
def test_the_data_notice_names_the_operators_contact(
    client: Client, settings: Settings, contact: str
) -> None:
    settings.ARENA_CONTACT = contact

    text = text_of(client, "/privacy")

    assert ("has not given a contact" in text) == (not contact)
    assert contact in text


def test_the_data_notice_names_every_cookie_and_what_redis_keeps(
    client: Client, settings: Settings
) -> None:
    settings.ARENA_RESERVATION_SECONDS = 7 * 60
    make_battle()
    client.get("/judge", follow=True)

    text = text_of(client, "/privacy")

    assert set(client.cookies) == {"arena_visitor", "csrftoken"}
    assert all(f"<code>{name}</code>" in text for name in client.cookies)
    assert "the open pair 7 minutes" in text
    assert "passed by 24 hours" in text


def test_the_data_notice_tells_the_hold_and_the_undo_window(
    client: Client, settings: Settings
) -> None:
    settings.ARENA_DUMP_HOLD_DAYS, settings.ARENA_UNDO_SECONDS = 17, 9

    text = text_of(client, "/privacy")

    assert "17 days after the vote" in text
    assert "for 9 seconds" in text


def test_the_data_notice_tells_what_becomes_of_live_battles(client: Client) -> None:
    text = text_of(client, "/privacy")

    assert "What you ask in a live battle" in text
    assert "sent to the operators of the two models" in text
    assert "Delete a live battle there" in text


def test_the_notice_names_a_server_that_compares_meaning(client, settings):
    words = "compares their meaning"
    assert words not in text_of(client, "/privacy")

    settings.ARENA_EMBEDDINGS = "http://127.0.0.1:11434/v1"

    assert words in text_of(client, "/privacy")
