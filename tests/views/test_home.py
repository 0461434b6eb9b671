import re
from html import unescape

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from evaluations.models import Battle, Vote
from tests.factories import make_answer, make_battle, make_contestant, make_prompt
from tests.views.tables import publish_table, rate

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_reserved(settings: Settings) -> None:
    settings.ARENA_IMPORTED_SHARE = 0.0
    cache.clear()


def page(client: Client) -> str:
    response = client.get("/")
    assert response.status_code == 200
    return unescape(response.content.decode())


def pair() -> Battle:
    """A battle between two models whose every name is telling."""
    prompt = make_prompt("What is a canary?")
    sides = [
        make_contestant(name=f"Tattle{n}", maker=f"Telltale{n}", slug=f"blab{n}")
        for n in (1, 2)
    ]
    for side, text in zip(sides, ("A bird.", "A yellow bird."), strict=True):
        make_answer(side, prompt, text=text)
    return make_battle(*sides, prompt)


def fields(text: str) -> dict[str, str]:
    form = text.partition("data-vote>")[2].partition("</form>")[0]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))


def test_the_first_pair_is_there_and_nothing_tells_who_wrote_it(
    client: Client,
) -> None:
    pair()

    text = page(client)

    assert "What is a canary?" in text
    assert "A bird." in text and "A yellow bird." in text
    for telling in ("tattle", "telltale", "blab"):
        assert telling not in text.lower()


def test_it_says_how_many_judgements_are_still_needed(client: Client) -> None:
    table = publish_table()
    for needed in (0, 301, 2200):
        rate(table, 1000, votes_to_median=needed)
    retired = make_contestant(state="retired")
    rate(table, 900, votes_to_median=9999, contestant=retired)

    # Each judgement serves two models.
    assert "About 1\u202f300 more judgements would make every model" in page(client)


def test_where_enough_are_in_it_asks_for_none(client: Client) -> None:
    rate(publish_table(), 1000, votes_to_median=0)

    assert "more judgement" not in page(client)


def test_beside_an_open_pair_no_model_of_the_table_is_named(client: Client) -> None:
    table = publish_table(votes=10, volunteers=2)
    named = rate(table, 1100).contestant.name
    assert named in page(client)

    pair()

    assert named not in page(client)


def test_it_can_be_voted_on_at_once_by_a_plain_form(client: Client) -> None:
    battle = pair()
    vote = {**fields(page(client)), "verdict": "a"}

    asked = client.post(f"/judge/{battle.public_id}/vote", vote)
    carried = dict(
        re.findall(
            r'<input type="hidden" name="(\w+)" value="([^"]*)"', asked.content.decode()
        )
    )
    revealed = client.post("/consent", {**carried, "agree": "yes"}, follow=True)

    assert asked.status_code == 403
    assert Vote.objects.get().battle == battle
    assert b"Tattle1" in revealed.content and b"Tattle2" in revealed.content


def test_looking_at_the_page_takes_the_pair_from_nobody() -> None:
    battle = pair()
    for _ in range(5):
        assert "What is a canary?" in page(Client())

    judge = Client().get("/judge")

    assert judge.headers["Location"] == f"/judge/{battle.public_id}"


def test_without_a_pair_the_page_leads_to_the_judge_page(client: Client) -> None:
    text = page(client)

    assert 'class="btn primary big" href="/judge"' in text
    assert "data-vote" not in text
    assert "Nobody has judged yet" in text


def test_the_page_is_kept_by_no_cache(client: Client) -> None:
    assert "no-store" in client.get("/").headers["Cache-Control"]


def test_three_facts_and_the_five_in_front(client: Client) -> None:
    table = publish_table(votes=8931, volunteers=124)
    names = [rate(table, 1100 - n).contestant.name for n in range(7)]
    make_contestant(state="draft")

    text = page(client)

    facts = re.findall(r"<dt>(\w+)</dt><dd>([^<]+)</dd>", text)
    assert facts == [
        ("judgements", "8\u202f931"),
        ("judges", "124"),
        ("models", "7"),
    ]
    shown = re.findall(r'<a href="/models/[^"]+">([^<]+)</a>', text)
    assert shown == names[:5]


def test_the_group_with_most_judgements_is_shown(client: Client) -> None:
    table = publish_table()
    rate(table, 1300, group=1)
    busy = rate(table, 1000, group=2, wins=500)

    text = page(client)

    assert f">{busy.contestant.name}</a>" in text
    assert text.count('class="ci"') == 1
    assert "the others have tables of their own" in text


def test_the_number_of_queries_does_not_grow_with_the_models(client: Client) -> None:
    counts = []
    page(client)
    for models in (2, 30):
        table = publish_table()
        for number in range(models):
            rate(table, 1000 + number)
        # First in the offered order, so that one look always finds it.
        pair_of_this_size = make_battle(shuffle=1.0)
        with CaptureQueriesContext(connection) as captured:
            page(client)
        pair_of_this_size.turns.all().delete()
        Battle.objects.all().delete()
        counts.append(len(captured))

    assert counts[0] == counts[1] <= 12
