import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evaluations.models import Rating, Tally
from evaluations.rating.clusters import FEW_VOLUNTEERS
from evaluations.rating.table import rate as rate_tallies
from evaluations.rating.tallies import Tallies
from tests.factories import make_contestant
from tests.views.tables import publish_table, rate

pytestmark = pytest.mark.django_db


def words(client: Client) -> str:
    response = client.get("/about/methodology")
    assert response.status_code == 200
    text = re.sub(r"<[^>]+>", "", response.content.decode())
    return re.sub(r"\s+", " ", unescape(text))


def tally(first: Rating, second: Rating, **outcomes: int) -> None:
    for outcome, count in outcomes.items():
        Tally.objects.create(
            first=first.contestant,
            second=second.contestant,
            outcome=outcome,
            count=count,
        )


def three(**values: Any) -> list[Rating]:
    table = publish_table()
    return [
        rate(table, rating, contestant=make_contestant(name=name), **values)
        for name, rating in (("Larch", 1100), ("Rowan", 1000), ("Alder", 950))
    ]


def test_the_example_is_of_the_two_that_met_most(client: Client) -> None:
    larch, rowan, alder = three()
    tally(rowan, larch, a=20, b=30, tie=8, both_bad=2)
    tally(alder, larch, b=10)

    text = words(client)

    assert "Larch and Rowan have met 60 times: 30 wins for Larch, 20 for Rowan" in text
    assert "8 ties, and 2 times both were bad" in text
    assert "Larch took 35 of 60, or 58 %" in text
    # 1 / (1 + 10 ** (-100 / 400))
    assert "100 points apart" in text and "= 64 % for Larch" in text
    assert "has room for the prediction" in text
    assert "Larch against Alder: 150 points, expected 70 %, seen 100 % of 10" in text
    assert "Rowan against Alder: 50 points, expected 57 %, although they have" in text
    assert "invented" not in text


def test_a_prediction_outside_the_interval_is_told_as_such(client: Client) -> None:
    larch, rowan, _ = three()
    tally(larch, rowan, a=20, b=180)

    text = words(client)

    assert "the prediction lies outside" in text
    assert "has room for the prediction" not in text


@pytest.mark.parametrize("battles", [19, 20])
def test_too_few_battles_make_no_example(client: Client, battles: int) -> None:
    larch, rowan, _ = three()
    tally(larch, rowan, a=battles)

    assert ("invented numbers" in words(client)) == (battles < 20)


def test_provisional_ratings_make_no_example(client: Client) -> None:
    larch, rowan, _ = three(provisional=True)
    tally(larch, rowan, a=500)

    assert "invented numbers" in words(client)


def test_the_invented_example_is_what_the_arena_computes(client: Client) -> None:
    rows = [
        ("P", "Q", "a", 60),
        ("P", "Q", "tie", 20),
        ("P", "Q", "b", 20),
        ("Q", "R", "a", 50),
        ("Q", "R", "b", 50),
    ]
    (group,) = rate_tallies(Tallies.from_rows(rows)).groups

    ratings = {row.key: round(row.rating) for row in group.rows}

    assert ratings == {"P": 1098, "Q": 951, "R": 951}
    assert "P stands at 1098, Q and R at 951" in words(client)
    assert not any(row.provisional for row in group.rows)


def test_what_form_is_worth_is_told_from_the_corrected_table(client: Client) -> None:
    assert "once there is a corrected table" in words(client)
    length = {"name": "length", "elo": 90.0, "low": 60.0, "high": 120.0}
    publish_table(adjustment="style", coefficients=[length])

    text = words(client)

    # Twice as long is a third of a unit.
    assert "An answer twice as long as the other gains 30 points" in text


def test_the_newest_table_is_named_with_its_digest(client: Client) -> None:
    publish_table(digest="0" * 64)
    publish_table(digest="ab" * 32, code_version="f00f00f")
    publish_table(slice="category:coding")
    publish_table(slice="category:coding", adjustment="style")
    publish_table(slice="language:de")
    publish_table(slice="language:fr")

    text = words(client)

    assert "ab" * 32 in text and "f00f00f" in text
    assert "tables of 1 category and 2 languages. " in text


def test_the_number_of_queries_does_not_grow(client: Client) -> None:
    counts = []
    for models in (3, 30):
        table = publish_table()
        lines = [rate(table, 1000 + number) for number in range(models)]
        for line in lines[1:]:
            tally(lines[0], line, a=30, b=30)
        with CaptureQueriesContext(connection) as captured:
            words(client)
        counts.append(len(captured))

    assert counts == [5, 5]


def test_intervals_are_said_to_allow_for_volunteers_who_vote_much(
    client: Client,
) -> None:
    text = words(client)

    assert "intervals and rank ranges are wider by what the last audit" in text
    assert f"judged by fewer than {FEW_VOLUNTEERS} volunteers gets the mean" in text
