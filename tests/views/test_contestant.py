import re
from html import unescape

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evaluations.contestants import change_state
from evaluations.models import Contestant, Tally
from tests.factories import make_contestant
from tests.views.reading import section
from tests.views.tables import publish_table, rate

pytestmark = pytest.mark.django_db


def page(client: Client, contestant: Contestant) -> str:
    response = client.get(f"/models/{contestant.slug}")
    assert response.status_code == 200
    return unescape(response.content.decode())


def tally(first: Contestant, second: Contestant, **outcomes: int) -> None:
    for outcome, count in outcomes.items():
        Tally.objects.create(first=first, second=second, outcome=outcome, count=count)


def pairs(text: str) -> dict[str, str]:
    found = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", text, re.DOTALL)
    return {re.sub("<[^>]+>", "", key): re.sub("<[^>]+>", "", v) for key, v in found}


@pytest.mark.parametrize("state", ["active", "paused", "retired"])
def test_a_published_model_has_a_page(client: Client, state: str) -> None:
    text = page(client, make_contestant(state=state, maker="Somebody"))

    assert pairs(section(text, "facts"))["State"] == state
    assert "Not judged yet" in text


def test_a_draft_has_none(client: Client) -> None:
    draft = make_contestant(state="draft")

    assert client.get(f"/models/{draft.slug}").status_code == 404
    assert client.get("/models/nobody").status_code == 404


def test_the_rating_stands_with_interval_range_and_counts(client: Client) -> None:
    table = publish_table()
    own = rate(table, 1150.4, width=30, rank_low=2, rank_high=4)
    for rating in (1200, 1100, 900):
        rate(table, rating)
    rate(table, 1500, group=2)

    text = section(page(client, own.contestant), "rating")

    assert "1150 <small>±30</small>" in text
    assert "95 % interval 1120 to 1180" in text
    shown = pairs(text)
    assert shown["Rank range"] == "2–4 of 4"
    assert (shown["Won"], shown["Lost"], shown["Tied"]) == ("60", "30", "6")
    assert (shown["Both bad"], shown["Usable answers"]) == ("4", "96\u202f%")
    assert "not ranked against them" in text


def test_the_judgements_still_needed_are_told_roughly(client: Client) -> None:
    table = publish_table()
    best = rate(table, 1200, votes_to_median=0, votes_to_separate=None)
    next_to_it = rate(table, 1150, votes_to_median=1234, votes_to_separate=98765)
    rate(table, 1000, votes_to_median=0, votes_to_separate=0)

    of_best = pairs(section(page(client, best.contestant), "rating"))
    of_next = pairs(section(page(client, next_to_it.contestant), "rating"))

    known = "Until it is as well known as the median model"
    assert (of_best[known], of_next[known]) == ("none", "about 1\u202f200")
    apart = f"Until it is surely apart from {next_to_it.contestant.name}"
    assert of_best[apart] == "more than can be hoped for"
    apart = f"Until it is surely apart from {best.contestant.name}"
    assert of_next[apart] == "about 99\u202f000"


def test_where_none_come_or_none_were_counted_none_are_needed(client: Client) -> None:
    older = rate(publish_table(), 1200)
    table = publish_table()
    retired = rate(
        table, 1100, votes_to_median=5, contestant=make_contestant(state="retired")
    )
    active = rate(table, 1000, votes_to_median=5)

    assert "still needed" not in page(client, retired.contestant)
    assert "still needed" in page(client, active.contestant)
    table.delete()
    assert "still needed" not in page(client, older.contestant)


def test_the_record_counts_both_sides_as_the_model_saw_them(client: Client) -> None:
    own, other, third = (make_contestant(provider="openai") for _ in range(3))
    tally(own, other, a=10, b=3, tie=2, both_bad=1)
    tally(other, own, a=4, b=20)
    tally(third, own, b=1)
    tally(third, other, a=99)

    text = section(page(client, own), "record")

    rows = re.findall(r"<tr>(.*?)</tr>", text.partition("<tbody>")[2], re.DOTALL)
    cells = [re.findall(r'class="n">([^<]*)</td>', row) for row in rows]
    # battles, share, won, lost, tied, both bad
    assert cells == [
        ["40", "79\u202f%", "30", "7", "2", "1"],
        ["1", "100\u202f%", "1", "0", "0", "0"],
    ]
    assert f'href="/models/{other.slug}"' in rows[0]


def test_the_record_says_what_to_expect_within_a_group(client: Client) -> None:
    table = publish_table()
    told = {"tie_threshold": 0.5}
    own = rate(table, 1100, tie_strength=1.0, **told)
    other = rate(table, 1000, tie_strength=-0.5, **told)
    apart = rate(table, 1000, group=2, tie_strength=0.0, **told)
    for met in (other, apart):
        tally(own.contestant, met.contestant, a=5)

    text = section(page(client, own.contestant), "record")

    # 1 / (1 + exp(-(1.5 - 0.5))) = 0.731; 1 / (1 + exp(1.5 + 0.5)) = 0.119
    assert text.count("73\u202f% · 15\u202f% · 12\u202f%") == 1
    assert text.count("not to be said") == 1


def test_the_plot_draws_the_most_met_and_the_table_has_all(client: Client) -> None:
    own = make_contestant(provider="openai")
    for number in range(1, 21):
        tally(own, make_contestant(provider="openai"), a=number)

    text = section(page(client, own), "record")

    assert text.count('class="plot wide"') == text.count('class="plot narrow"') == 1
    assert text.count('<circle class="pt"') == 2 * 12
    assert text.partition("<tbody>")[2].count("<tr>") == 20
    assert "the 12 opponents it met most are drawn" in text


def test_the_log_shows_each_change_of_state_with_its_note(client: Client) -> None:
    contestant = make_contestant(state="draft")
    change_state(contestant=contestant, to="active")
    change_state(contestant=contestant, to="paused", note="Too slow <today>.")

    log = section(page(client, contestant), "log")

    words = [re.sub(r"<[^>]+>|\s+", " ", item) for item in log.split("<li>")[1:]]
    assert ["paused" in w for w in words] == [True, False, False]
    assert "Too slow" in words[0] and "draft →" in words[1]
    assert "registered" in words[2]


def test_nothing_of_the_connection_is_on_the_page(client: Client) -> None:
    contestant = make_contestant(
        provider="openai",
        base_url="https://canary-url.example/v1",
        api_model="canary-api-model",
        key_variable="CANARY_VARIABLE",
        parameters={"temperature": 0.7, "api_key": "canary-parameter", "seed": 3},
    )
    contestant.store_key("canary-key")
    contestant.save()

    text = page(client, contestant)

    assert "canary" not in text.lower()
    assert pairs(section(text, "facts"))["temperature"] == "0.7"


def test_facts_that_are_known_are_shown(client: Client) -> None:
    base = make_contestant(name="Base", provider="openai")
    contestant = make_contestant(
        provider="openai",
        licence="Apache-2.0",
        parameters_b=46.7,
        active_parameters_b=12.9,
        context_tokens=32768,
        aliases=["m-8x7b", "mixed"],
        homepage="https://model.example/",
        variant_of=base,
    )

    shown = pairs(section(page(client, contestant), "facts"))

    assert shown["Licence"] == "Apache-2.0"
    assert shown["Size"] == "46.7B, 12.9B active, workstation"
    assert shown["Context"] == "32\u202f768 tokens"
    assert shown["Also called"] == "m-8x7b, mixed"
    assert shown["Variant of"] == "Base"
    assert shown["Homepage"] == "https://model.example/"


def test_a_house_program_is_called_one(client: Client) -> None:
    text = page(client, make_contestant(provider="house"))

    assert "house program</span>" in text
    assert "not a language model" in text


def test_the_number_of_queries_does_not_grow_with_the_opponents(
    client: Client,
) -> None:
    counts = []
    for opponents in (2, 30):
        own = make_contestant()
        table = publish_table()
        rate(table, 1000, contestant=own)
        for number in range(opponents):
            other = rate(table, 900 + number).contestant
            tally(own, other, a=3, b=2)
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            page(client, own)
        counts.append(len(captured))

    assert counts[0] == counts[1] <= 18
