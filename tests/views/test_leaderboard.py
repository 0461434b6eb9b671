import re
from datetime import timedelta
from html import unescape
from itertools import permutations
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from evaluations.models import Contestant, Tally
from tests.factories import make_contestant
from tests.views.tables import publish_table, rate

pytestmark = pytest.mark.django_db


def page(client: Client, address: str = "/leaderboard") -> str:
    response = client.get(address)
    assert response.status_code == 200
    return unescape(response.content.decode())


def names(text: str) -> list[str]:
    return re.findall(r'<a href="/models/[^"]+">([^<]+)</a>', text)


def rated(*ratings: float, **values: object) -> list[str]:
    """Publish a table with these ratings and return the models' names in order."""
    table = publish_table()
    return [rate(table, rating, **values).contestant.name for rating in ratings]


def test_before_any_vote_the_page_says_what_to_do(client: Client) -> None:
    text = page(client)

    assert "No judgement has been counted yet" in text
    assert 'href="/judge"' in text
    assert "<table" not in text


def test_a_line_has_rank_range_rating_interval_and_shares(client: Client) -> None:
    rate(publish_table(), 1203.4, width=11.6, rank_low=2, rank_high=5)

    row = re.sub(r"<svg.*?</svg>", "", page(client).partition("<tbody>")[2])
    first = row.partition("</tr>")[0]
    cells = re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", first, re.DOTALL)
    words = [re.sub(r"<[^>]+>", "", cell) for cell in cells]
    assert words[0] == "1rank range 2–5"
    assert words[2] == "1203 ±12"
    assert words[4:7] == ["65\u202f%", "96\u202f%", "100"]


def test_the_facts_name_votes_judges_time_and_code(client: Client) -> None:
    table = publish_table(votes=28417, volunteers=1306, code_version="r-77")
    rate(table, 1000)

    text = page(client)

    assert "<b>28\u202f417</b> judgements" in text
    assert "<b>1\u202f306</b> judges" in text
    assert table.published_at.isoformat()[:19] in text
    assert "<b>r-77</b>" in text
    assert 'href="/about"' in text and 'href="/data"' in text


def test_the_dotted_line_marks_the_leaders_lower_end(client: Client) -> None:
    table = publish_table()
    rate(table, 1100, width=20)
    rate(table, 900, width=20)

    text = page(client)

    # From 880 to 1120, with two per cent free at either end: 1080 is at 82 %.
    assert re.findall(r'class="ref" x1="([\d.]+)%"', text) == ["82.0", "82.0"]
    assert re.findall(r'class="pt" cx="([\d.]+)%"', text) == ["90.0", "10.0"]


def test_groups_without_a_vote_between_them_have_tables_of_their_own(
    client: Client,
) -> None:
    table = publish_table()
    house = [make_contestant(provider="house") for _ in range(2)]
    for contestant in house:
        rate(table, 1000, group=1, contestant=contestant)
    rate(table, 1200, group=2)
    rate(table, 1300, group=3)

    text = page(client)

    headings = re.findall(r'<h2 id="group-\d">([^<]+)', text)
    assert headings == ["House programs", "Models", "Models, group 2"]
    assert text.count('<table class="lb"') == 3
    assert "not ranked against each other" in text


def test_one_group_alone_needs_no_heading(client: Client) -> None:
    rated(1100, 1000)

    text = page(client)

    assert 'id="group-' not in text
    assert "not ranked against each other" not in text


def test_provisional_models_stand_apart_without_a_place(client: Client) -> None:
    table = publish_table()
    settled = rate(table, 1000).contestant.name
    young = rate(table, 1400, provisional=True, rank_low=1, rank_high=2)

    text = page(client)

    first, second = text.split("Provisional", 1)
    assert names(first) == [settled]
    assert names(second) == [young.contestant.name]
    assert "1–2</td>" in second


def test_models_nobody_has_judged_are_named_and_drafts_are_not(client: Client) -> None:
    rated(1000)
    make_contestant(name="Waiting", provider="openai")
    make_contestant(name="Secret", state="draft")

    text = page(client)

    assert "Waiting" in text.partition("Not judged yet")[2]
    assert "Secret" not in text


def test_house_and_proprietary_models_are_labelled(client: Client) -> None:
    table = publish_table()
    rate(table, 1000, contestant=make_contestant(name="Program", provider="house"))
    closed = make_contestant(name="Closed", provider="openai", licence="Proprietary")
    rate(table, 990, contestant=closed)

    text = page(client)

    labels = re.findall(r'class="tag \w+">([^<]+)', text)
    assert labels == ["house program", "proprietary"]


def test_names_are_escaped(client: Client) -> None:
    rate(publish_table(), 1000, contestant=make_contestant(name="<b>Bold</b>"))

    assert b"<b>Bold" not in client.get("/leaderboard").content


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("", ["B", "A", "C"]),
        ("-rating", ["B", "A", "C"]),
        ("rating", ["C", "A", "B"]),
        ("name", ["A", "B", "C"]),
        ("-name", ["C", "B", "A"]),
        ("votes", ["A", "C", "B"]),
        ("size", ["C", "A", "B"]),
        ("-size", ["A", "C", "B"]),
        ("nonsense", ["B", "A", "C"]),
    ],
)
def test_the_table_sorts_by_each_column(
    client: Client, sort: str, expected: list[str]
) -> None:
    table = publish_table()
    for name, rating, votes, size in (
        ("A", 1100, 100, 70),
        ("B", 1200, 300, None),
        ("C", 1000, 200, 7),
    ):
        contestant = make_contestant(name=name, provider="openai", parameters_b=size)
        rate(table, rating, contestant=contestant, wins=votes - 40)

    assert names(page(client, f"/leaderboard?sort={sort}")) == expected


def test_a_place_belongs_to_the_rating_whatever_the_order(client: Client) -> None:
    best, worst = rated(1200, 1000)

    text = page(client, "/leaderboard?sort=rating")

    assert names(text) == [worst, best]
    assert re.findall(r'class="rank num">(\d+)', text) == ["2", "1"]


def test_the_header_says_how_the_table_is_sorted(client: Client) -> None:
    rated(1000)

    text = page(client, "/leaderboard?sort=-votes")

    sorted_by = re.findall(r'aria-sort="(\w+)"><button[^>]+value="([^"]+)">(\w+)', text)
    assert sorted_by == [("descending", "votes", "Judgements")]


def test_the_page_is_read_conditionally(client: Client) -> None:
    rated(1000)
    etag = client.get("/leaderboard").headers["ETag"]

    again = client.get("/leaderboard", headers={"If-None-Match": etag})

    assert again.status_code == 304


def publish(models: int, days: int = 3) -> None:
    """Tables of so many days, and a battle of each model with each other."""
    contestants = [make_contestant(provider="openai") for _ in range(models)]
    for day in range(days):
        table = publish_table(published_at=timezone.now() - timedelta(days=days - day))
        for number, contestant in enumerate(contestants):
            rate(
                table,
                1000 + number,
                contestant=contestant,
                provisional=number > 2 and number % 2 == 0,
            )
    for first, second in permutations(contestants, 2):
        Tally.objects.create(first=first, second=second, outcome="a", count=2)
        make_contestant(provider="openai")


@pytest.mark.parametrize(("models", "days"), [(3, 2), (12, 9)])
@pytest.mark.parametrize(
    ("address", "number"),
    [
        ("/leaderboard", 9),
        ("/leaderboard?cells=battles&open=on&sort=votes", 7),
        ("/leaderboard/table", 4),
        ("/leaderboard/plots/pairs.csv", 6),
        ("/leaderboard/plots/time.svg", 6),
    ],
)
def test_the_number_of_queries_grows_with_nothing(
    client: Client,
    django_assert_num_queries: Any,
    models: int,
    days: int,
    address: str,
    number: int,
) -> None:
    publish(models, days)
    Contestant.objects.update(open_weights=True)

    with django_assert_num_queries(number):
        assert client.get(address).status_code == 200
