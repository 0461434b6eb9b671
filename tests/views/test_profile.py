"""The parts of a model's page that say how it did, beyond its line in the table."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evaluations.auditing import run_audit
from evaluations.battles import withdraw_battle
from evaluations.models import Battle, Contestant, Leaderboard, Vote
from tests.factories import (
    make_battle,
    make_contestant,
    make_control,
    make_visitor,
    make_volunteer,
)
from tests.views.reading import plain, rows, section
from tests.views.tables import publish_table, rate

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forget() -> None:
    cache.clear()


def page(client: Client, contestant: Contestant) -> str:
    response = client.get(f"/models/{contestant.slug}")
    assert response.status_code == 200
    return unescape(response.content.decode())


def rated(rating: float = 1050, **values: Any) -> Contestant:
    """A model with 300 votes in all."""
    own: Contestant = rate(publish_table(), rating, wins=260, **values).contestant
    return own


def test_each_category_and_language_has_its_rating(client: Client) -> None:
    own = rated()
    rate(publish_table(slice="category:coding"), 1120, contestant=own)
    few = publish_table(slice="category:creative-writing")
    rate(few, 980, contestant=own, provisional=True, wins=2, width=90)
    rate(publish_table(slice="category:cooking"), 1000)
    rate(publish_table(slice="language:de"), 1010, contestant=own)
    corrected = publish_table(slice="category:coding", adjustment="style")
    rate(corrected, 1500, contestant=own)

    text = page(client, own)

    by_category, by_language = (
        section(text, f"{k}-h") for k in ("category", "language")
    )
    assert rows(by_category) == [
        ["Coding", "1120", "1100", "1140", "100", "no"],
        ["Creative writing", "980", "890", "1070", "42", "yes"],
    ]
    assert by_category.count('class="pt closed"') == 2
    assert by_category.count(">42</text>") == 2
    assert [cells[0] for cells in rows(by_language)] == ["German"]


def test_a_slice_that_has_all_votes_says_nothing_new(client: Client) -> None:
    own = rated()
    rate(publish_table(slice="language:en"), 1050, contestant=own, wins=260)

    assert 'id="language-h"' not in page(client, own)


def test_the_rank_within_its_size_class_stands_beside_the_whole(client: Client) -> None:
    own = rated(contestant=make_contestant(provider="openai", parameters_b=7))
    table = publish_table(slice="size:laptop")
    rate(table, 1050, contestant=own, rank_low=2, rank_high=2)
    rate(table, 1000)
    rate(table, 1000, group=2)
    rate(publish_table(slice="size:phone"), 900)

    text = section(page(client, own), "rating")

    assert "<dt>Among models of its size (laptop)</dt><dd>2 of 2</dd>" in text


def test_corrected_ratings_stand_beside_the_plain_one(client: Client) -> None:
    own = rated()
    rate(
        publish_table(adjustment="style"), 1031, contestant=own, rank_low=4, rank_high=9
    )

    text = section(page(client, own), "rating")

    assert "<dt>Rating corrected for length and style</dt>" in text
    assert "1031 ±20, rank 4–9 of 1" in plain(text)
    assert "weighted by reliability" not in text


def published(days_ago: int, hour: int = 12) -> Leaderboard:
    noon = datetime(2031, 5, 20, hour, tzinfo=UTC)
    return publish_table(published_at=noon - timedelta(days=days_ago))


def test_the_history_has_the_last_table_of_each_day(client: Client) -> None:
    own = make_contestant(provider="openai")
    for days_ago, hour, rating in (
        (2, 8, 900),
        (2, 20, 950),
        (1, 9, 990),
        (0, 9, 1010),
    ):
        rate(
            published(days_ago, hour), rating, contestant=own, provisional=rating == 990
        )

    text = section(page(client, own), "time-h")

    assert rows(text) == [
        ["2031-05-20", "1010", "990", "1030"],
        ["2031-05-18", "950", "930", "970"],
    ]
    assert text.count('class="line"') == 2


def test_one_day_is_no_history(client: Client) -> None:
    assert 'id="time-h"' not in page(client, rated())


def give(battle: Battle, verdict: str, left: str, *reasons: str, **values: Any) -> Vote:
    return Vote.objects.create(
        battle=battle,
        verdict=verdict,
        left=left,
        reasons=list(reasons),
        volunteer=values.pop("volunteer", None) or make_volunteer(),
        **{"state": Vote.State.COUNTED, **values},
    )


def test_reasons_are_told_apart_by_who_was_preferred(client: Client) -> None:
    own = rated()
    as_x, as_y = make_battle(x=own), make_battle(y=own)
    give(as_x, "a", "x", "correct", "clear")
    give(as_x, "b", "y", "correct")
    give(as_y, "a", "y", "correct")
    give(as_y, "b", "x", "style")
    give(as_x, "b", "x", "safe")
    give(as_y, "b", "y", "safe", "complete")
    give(make_battle(), "a", "x", "instructions")

    text = page(client, own)

    won, lost = rows(section(text, "won-h")), rows(section(text, "lost-h"))
    assert won[0] == ["More correct", "3", "75 %"]
    assert {(name, number) for name, number, _ in won if number != "0"} == {
        ("More correct", "3"),
        ("Clearer", "1"),
        ("Better style", "1"),
    }
    assert lost[0] == ["Safer", "2", "100 %"]
    assert [cells[1] for cells in lost] == ["2", "1", "0", "0", "0", "0"]
    assert "Of the 4 judgements that preferred its answer" in plain(text)


def test_reasons_that_do_not_count_are_left_out(client: Client) -> None:
    own = rated()
    control = make_control(own)
    withdrawn = make_battle(x=own)
    give(make_battle(x=own), "a", "x", "clear", state="flagged", rule="too fast")
    give(make_battle(x=own), "a", "x", "clear", state="pending")
    give(make_battle(x=own), "tie", "x", "clear")
    give(make_battle(x=own), "a", "x")
    give(control, "a", "x", "clear")
    give(withdrawn, "a", "x", "clear")
    withdraw_battle(battle=withdrawn, reason="personal data")

    text = page(client, own)

    assert 'id="won-h"' not in text and 'id="lost-h"' not in text


def test_every_plot_can_be_taken_away(client: Client) -> None:
    own = rated()
    rate(publish_table(slice="category:coding"), 1120, contestant=own)
    rate(published(-1), 1010, contestant=own, wins=260)
    give(make_battle(x=own), "a", "x", "clear")

    text = page(client, own)

    drawn = re.findall(rf'href="(/models/{own.slug}/plots/\w+)\.svg"', text)
    assert [address.rpartition("/")[2] for address in drawn] == [
        "category",
        "time",
        "won",
    ]
    for address in drawn:
        root = ElementTree.fromstring(client.get(f"{address}.svg").content)  # noqa: S314
        assert root.find("{*}title") is not None
        figures = client.get(f"{address}.csv")
        assert figures["Content-Type"].startswith("text/csv")
        assert len(figures.content.splitlines()) > 1
    assert client.get(f"/models/{own.slug}/plots/nothing.svg").status_code == 404


def test_names_within_the_page_are_its_own(client: Client) -> None:
    own = rated()
    for name in ("category:coding", "language:de"):
        rate(publish_table(slice=name), 1120, contestant=own)

    found = re.findall(r' id="([^"]+)"', page(client, own))

    assert len(found) == len(set(found))


def test_the_votes_that_would_swap_it_with_its_neighbours_are_told(
    client: Client,
) -> None:
    first, own, last = (make_contestant(name=n, provider="openai") for n in "ABC")
    table = publish_table()
    for rating, contestant in ((1050, first), (1000, own), (950, last)):
        rate(table, rating, contestant=contestant)
    crowd = [make_visitor() for _ in range(20)]
    for better, worse, wins in ((first, own, 13), (own, last, 15)):
        battle = make_battle(better, worse, judgements_wanted=99)
        for number, visitor in enumerate(crowd):
            give(
                battle, "a" if number < wins else "b", "x", volunteer=visitor.volunteer
            )
    run_audit()

    text = plain(section(page(client, own), "rating"))

    assert re.search(r"\d+ votes removed would swap it with A, the next above", text)
    assert re.search(r"\d+ votes removed would swap it with C, the next below", text)
    assert page(client, last).count("would swap it with") == 1
    assert "would swap" not in page(client, make_contestant())


def test_it_is_told_how_often_it_was_drawn_against_what_is_expected(
    client: Client,
) -> None:
    own, _ = make_contestant(), make_contestant(state="retired")
    for _ in range(3):
        make_battle(own, make_contestant(state="retired"), judgements=1)
    make_battle(own, make_contestant(state="retired"))
    make_control(own)
    withdraw_battle(battle=make_battle(x=own), reason="personal data")

    told = plain(section(page(client, own), "exposure"))

    assert "Drawn for 3 battles, shown 0 times and judged 3 times" in told
    assert "expected from here on" in told
    newer = make_contestant(state="paused")
    assert "so new that nothing" in section(page(client, newer), "exposure")
    cache.clear()
    assert "not drawn at present" in section(page(client, newer), "exposure")


def test_the_number_of_queries_does_not_grow(client: Client) -> None:
    counts = []
    for number in (2, 12):
        own = make_contestant(provider="openai", parameters_b=7)
        for days_ago in range(number):
            rate(published(days_ago), 1000, contestant=own)
        for place in range(number):
            rate(publish_table(slice=f"category:c{number}-{place}"), 1, contestant=own)
            give(make_battle(x=own), "a", "x", "clear")
        rate(publish_table(slice="size:laptop"), 1000, contestant=own)
        rate(publish_table(adjustment="style"), 1000, contestant=own)
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            page(client, own)
        counts.append(len(captured))

    assert counts[0] == counts[1] <= 18
