import csv
import io
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import make_contestant
from tests.views.tables import publish_table, rate
from tests.views.test_data import VOTES, make_dump

pytestmark = pytest.mark.django_db
TABLE = "/api/v1/leaderboard"


def rows_of(
    client: Client, address: str = f"{TABLE}?format=csv"
) -> list[dict[str, str]]:
    response = client.get(address)
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    text = response.content.decode()
    assert text.endswith("\r\n")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_table_has_its_rows_and_what_it_takes_to_recompute_it(
    client: Client,
) -> None:
    table = publish_table(votes=100, volunteers=7)
    first = rate(table, 1100.5, rank_low=1, rank_high=2, votes_to_median=30)
    rate(table, 1000, group=2, contestant=make_contestant(provider="house"))

    got = client.get(TABLE).json()

    rows = got.pop("rows")
    assert got.pop("published_at").startswith(f"{table.published_at:%Y-%m-%dT%H:%M:%S}")
    assert got == {
        "slice": "all",
        "adjustment": "",
        "coefficients": [],
        "simulated": False,
        "votes": 100,
        "volunteers": 7,
        "method": "bradley-terry",
        "parameters": {"few_votes": 50},
        "code_version": "abc1234",
        "digest": "d" * 64,
        "watermark": table.watermark,
    }
    assert rows[0] == {
        "group": 1,
        "rank_low": 1,
        "rank_high": 2,
        "slug": first.contestant.slug,
        "name": first.contestant.name,
        "maker": first.contestant.maker,
        "house_program": False,
        "rating": 1100.5,
        "rating_low": 1080.5,
        "rating_high": 1120.5,
        "provisional": False,
        "votes": 100,
        "wins": 60,
        "losses": 30,
        "ties": 6,
        "both_bad": 4,
        "win_rate": 0.65,
        "usable_share": 0.96,
        "votes_to_median": 30,
        "comparison_error": None,
        "design_effect": None,
        "votes_to_separate": None,
    }
    assert (rows[1]["group"], rows[1]["house_program"]) == (2, True)


def test_each_table_has_its_own_address(client: Client) -> None:
    publish_table()
    coding = publish_table(slice="category:coding", adjustment="style", votes=12)
    line = rate(coding, 1090)

    tables = client.get("/api/v1/leaderboards").json()
    got = client.get(TABLE, tables[1]).json()

    assert tables == [
        {"slice": "all", "adjustment": ""},
        {"slice": "category:coding", "adjustment": "style"},
    ]
    assert (got["slice"], got["adjustment"]) == ("category:coding", "style")
    assert (got["votes"], got["rows"][0]["rating"]) == (12, line.rating)
    for unknown in ("category:none", "\0"):
        assert client.get(TABLE, {"slice": unknown}).status_code == 404
        assert client.get(TABLE, {"adjustment": unknown}).status_code == 404


def test_the_table_is_empty_before_the_first_vote(client: Client) -> None:
    got = client.get(TABLE).json()

    assert (got["rows"], got["votes"], got["published_at"]) == ([], 0, None)
    assert rows_of(client) == []


def test_csv_has_the_same_rows(client: Client) -> None:
    table = publish_table()
    rate(table, 1100.123456789, votes_to_separate=1200)
    rate(table, 1000, provisional=True)

    from_json = client.get(TABLE).json()["rows"]

    assert rows_of(client) == [
        {name: "" if value is None else str(value) for name, value in row.items()}
        for row in from_json
    ]


def test_the_accept_header_asks_for_csv_as_well(client: Client) -> None:
    rate(publish_table(), 1000)

    response = client.get(TABLE, headers={"Accept": "text/csv"})

    assert response.headers["Content-Type"].startswith("text/csv")
    assert "Accept" in response.headers["Vary"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "|", "%", " =", "＝"])
def test_no_cell_begins_like_a_formula(client: Client, start: str) -> None:
    name = f"{start}HYPERLINK(1)"
    table = publish_table()
    rate(table, -12.5, contestant=make_contestant(name=name, maker="Plain"))

    (row,) = rows_of(client)

    assert row["name"] == f"'{name}"
    assert (row["maker"], row["rating"]) == ("Plain", "-12.5")
    assert client.get(TABLE).json()["rows"][0]["name"] == name


def test_every_origin_may_read_and_caches_ask_again(client: Client) -> None:
    rate(publish_table(), 1000)

    response = client.get(TABLE)

    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Cache-Control"] == "public, no-cache"
    assert "Set-Cookie" not in response.headers
    again = client.get(TABLE, headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["Access-Control-Allow-Origin"] == "*"


def test_a_new_table_has_a_new_etag(client: Client) -> None:
    rate(publish_table(), 1000)
    etag = client.get(TABLE).headers["ETag"]

    rate(publish_table(), 1001)

    assert client.get(TABLE, headers={"If-None-Match": etag}).status_code == 200


def is_problem(response: Any, status: int) -> bool:
    body = response.json()
    return (
        response.status_code == body["status"] == status
        and response.headers["Content-Type"] == "application/problem+json"
        and response.headers["Access-Control-Allow-Origin"] == "*"
        and {"type", "title", "detail"} <= body.keys()
    )


def test_errors_are_problem_details(client: Client) -> None:
    assert is_problem(client.get(f"{TABLE}?format=xml"), 422)
    assert is_problem(client.get("/api/v1/nothing"), 404)
    assert is_problem(client.post("/api/v1/nothing"), 404)
    for method in (client.post, client.put, client.patch, client.delete):
        response = method(TABLE)
        assert is_problem(response, 405)
        assert response.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_a_page_elsewhere_may_ask_before_it_reads(client: Client) -> None:
    response = client.options(TABLE)

    assert response.status_code == 204
    assert response.headers["Access-Control-Allow-Methods"] == "GET, HEAD"


def test_dumps_are_listed_with_addresses_that_work(
    client: Client, settings: Any, tmp_path: Path
) -> None:
    settings.ARENA_VAR = tmp_path
    make_dump("2031-04-01-1", folder=tmp_path)
    make_dump("2031-05-01-1", folder=tmp_path)
    make_dump("2031-06-01-1", folder=tmp_path, state="failed")

    versions = client.get("/api/v1/dumps").json()

    assert [v["version"] for v in versions] == ["2031-05-01-1", "2031-04-01-1"]
    file = versions[0]["files"][0]
    assert (file["name"], file["bytes"], file["rows"]) == (VOTES, 10, 12_345)
    assert client.get(file["url"]).status_code == 200


def test_openapi_describes_what_there_is(client: Client) -> None:
    response = client.get("/api/v1/openapi.json")

    described = response.json()
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert described["openapi"].startswith("3.1")
    assert set(described["paths"]) == {
        TABLE,
        "/api/v1/agreement",
        "/api/v1/exposure",
        "/api/v1/judges",
        "/api/v1/noise-floor",
        "/api/v1/prompts",
        "/api/v1/leaderboards",
        "/api/v1/dumps",
    }
    row = described["components"]["schemas"]["RatingRow"]["properties"]
    assert {"rank_low", "rank_high", "slug", "rating_low", "votes"} <= row.keys()


def test_the_number_of_queries_does_not_grow_with_the_models(client: Client) -> None:
    counts = []
    for models in (2, 30):
        table = publish_table()
        for number in range(models):
            rate(table, 1000 + number)
        with CaptureQueriesContext(connection) as captured:
            client.get(TABLE)
        counts.append(len(captured))

    assert counts == [2, 2]
