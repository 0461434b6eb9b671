"""The filters of the leaderboard, as addresses and forms say them."""

import re
from html import unescape

import pytest
from django.test import Client

from evaluations.models import Leaderboard, PromptSet
from tests.factories import make_contestant
from tests.views.tables import publish_table, rate

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tables() -> None:
    """One model in each table, named after it."""
    PromptSet.objects.create(slug="koala", title="Koala’s questions", licence="CC0")
    for name, adjustment in (
        ("all", ""),
        ("all", "style"),
        ("all", "reliability"),
        ("category:creative-writing", ""),
        ("category:creative-writing", "style"),
        ("language:de", ""),
        ("set:koala", ""),
        ("set:koala", "style"),
        ("size:workstation", ""),
        ("size:phone", ""),
        ("size:laptop", ""),
    ):
        table = publish_table(slice=name, adjustment=adjustment)
        called = f"{name} {adjustment}".strip()
        rate(table, 1000, contestant=make_contestant(name=called, slug=slug()))


def slug() -> str:
    return f"of-{Leaderboard.objects.count()}"


def page(client: Client, query: str = "") -> str:
    response = client.get(f"/leaderboard{query}")
    assert response.status_code == 200
    return unescape(response.content.decode())


def names(text: str) -> list[str]:
    boards = text.partition('data-part="boards"')[2].partition("data-part=")[0]
    return re.findall(r'<a href="/models/[^"]+">([^<]+)</a>', boards)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "all"),
        ("?style=on", "all style"),
        ("?reliability=on", "all reliability"),
        ("?category=creative-writing", "category:creative-writing"),
        ("?category=creative-writing&style=on", "category:creative-writing style"),
        ("?language=de", "language:de"),
        ("?set=koala", "set:koala"),
        ("?set=koala&style=on", "set:koala style"),
        ("?size=phone", "size:phone"),
    ],
)
def test_an_address_leads_to_its_table(
    client: Client, query: str, expected: str
) -> None:
    assert names(page(client, query)) == [expected]


@pytest.mark.parametrize(
    ("query", "expected", "note"),
    [
        ("?category=cooking", "all", "no table of that choice yet. All votes are"),
        ("?set=unheard-of", "all", "no table of that choice"),
        ("?set=unheard-of&size=phone", "size:phone", "no table of that choice yet.</"),
        ("?language=de&style=on", "language:de", "no corrected table"),
        (
            "?category=creative-writing&size=phone",
            "category:creative-writing",
            "a time",
        ),
        ("?style=on&reliability=on", "all style", "one way at a time"),
    ],
)
def test_what_there_is_not_is_said(
    client: Client, query: str, expected: str, note: str
) -> None:
    text = page(client, query)

    assert names(text) == [expected]
    assert note in re.findall(r"data-count[^>]*>(.*?</p>)", text)[0]


@pytest.mark.parametrize(
    ("was", "expected"),
    [
        ("size:phone", "category:creative-writing"),
        ("category:creative-writing", "size:phone"),
    ],
)
def test_a_plain_form_that_changes_the_kind_gets_the_new_one(
    client: Client, was: str, expected: str
) -> None:
    text = page(client, f"?category=creative-writing&size=phone&was={was}")

    assert names(text) == [expected]


def test_a_plain_form_leads_to_a_short_address(client: Client) -> None:
    sent = "?category=&language=de&size=&q=&was=all&sort=-votes"

    response = client.get(f"/leaderboard{sent}")

    assert response.status_code == 302
    assert response.headers["Location"] == "/leaderboard?language=de&sort=-votes"


def test_only_what_has_a_table_is_offered(client: Client) -> None:
    text = page(client)

    options = re.findall(r'<option value="([^"]*)"[^>]*>([^<]+)</option>', text)
    assert options == [
        ("", "All prompts"),
        ("creative-writing", "Creative writing"),
        ("", "All languages"),
        ("de", "German"),
        ("", "All question sets"),
        ("koala", "Koala’s questions"),
        ("", "Any size"),
        ("phone", "Phone, up to 4B"),
        ("laptop", "Laptop, up to 15B"),
        ("workstation", "Workstation, up to 80B"),
    ]


def test_the_table_of_a_set_says_what_it_is(client: Client) -> None:
    text = page(client, "?set=koala&style=on")

    said = re.findall(r"data-count[^>]*>(.*?</p>)", text)[0]
    assert said.startswith(
        "1 model. Question set: Koala’s questions, corrected for length and style. "
        "From the judgements on these questions alone."
    )


def test_without_such_tables_there_are_no_such_filters(client: Client) -> None:
    Leaderboard.objects.exclude(slice="all", adjustment="").delete()

    text = page(client)

    assert "<select" not in text
    assert "Correct for length" not in text


def test_the_form_says_what_is_shown(client: Client) -> None:
    text = page(client, "?size=phone&open=on&q=Maker&sort=votes")

    assert '<option value="phone" selected>' in text
    assert re.search(r'name="open" checked', text)
    assert 'value="Maker"' in text
    assert '<input type="hidden" name="sort" value="votes">' in text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?q=heron", ["Heron 7B", "Heron 70B"]),
        ("?q=HERON+70", ["Heron 70B"]),
        ("?q=papermill", ["Quill"]),
        ("?q=goose-1", ["Quill"]),
        ("?open=on", ["Heron 70B"]),
        ("?open=on&q=quill", []),
    ],
)
def test_rows_are_found_by_name_maker_alias_and_weights(
    client: Client, query: str, expected: list[str]
) -> None:
    table = publish_table()
    for number, (name, maker, open_weights) in enumerate(
        (
            ("Heron 7B", "Wetlands", False),
            ("Quill", "Papermill", False),
            ("Heron 70B", "Wetlands", True),
        )
    ):
        contestant = make_contestant(
            name=name,
            maker=maker,
            open_weights=open_weights,
            aliases=["goose-1"] if name == "Quill" else [],
        )
        rate(table, 1200 - number, contestant=contestant)

    text = page(client, query)

    assert names(text) == expected
    assert f"{len(expected)} of 3 models" in text


def test_places_stay_those_of_the_whole_table(client: Client) -> None:
    table = publish_table()
    for number, name in enumerate(("Wren", "Quail", "Plover")):
        rate(table, 1200 - number, contestant=make_contestant(name=name))

    text = page(client, "?q=plover")

    assert re.findall(r'class="rank num">(\d+)', text) == ["3"]


def test_sorting_keeps_the_filters(client: Client) -> None:
    text = page(client, "?size=phone&q=phone&sort=-votes")

    form = text.partition('<form id="sort"')[2].partition("</form>")[0]
    fields = re.findall(r'name="(\w+)" value="([^"]*)"', form)
    assert fields == [("size", "phone"), ("q", "phone")]


def test_a_slice_says_what_it_is_of(client: Client) -> None:
    text = page(client, "?category=creative-writing&style=on")

    assert (
        "1 model. Category: Creative writing, corrected for length and style." in text
    )
    assert "<title>Leaderboard, Category: Creative writing · Open Arena" in text


EFFECTS = [
    {"name": "length", "elo": 93.0, "low": 66.0, "high": 123.0},
    {"name": "headings", "elo": 12.0, "low": -9.0, "high": 33.0},
    {"name": "bold", "elo": -18.0, "low": -33.0, "high": -3.0},
    {"name": "lists", "elo": -3.0, "low": -15.0, "high": 9.0},
    {"name": "position", "elo": 3.5, "low": 1.2, "high": 5.8},
]


def test_each_effect_of_style_is_a_sentence(client: Client) -> None:
    rate(publish_table(adjustment="style", coefficients=EFFECTS), 1000)

    text = page(client, "?style=on")

    assert re.findall(r"<li>((?:An|The) answer .*?)</li>", text) == [
        "An answer twice as long as the other gains 31 points "
        "(95 % interval 22 to 41).",
        "An answer with twice as many headings gains 4 points "
        "(95 % interval −3 to 11); it may make no difference.",
        "An answer with twice as much in bold loses 6 points (95 % interval 1 to 11).",
        "An answer with twice as many list items loses 1 point "
        "(95 % interval −3 to 5); it may make no difference.",
        "The answer on the left gains 4 points (95 % interval 1 to 6).",
    ]


def test_the_table_alone_is_the_same_table(client: Client) -> None:
    rate(publish_table(adjustment="style", coefficients=EFFECTS), 1000)
    whole = page(client, "?style=on&sort=name")

    alone = client.get("/leaderboard/table?style=on&sort=name").content.decode()

    assert unescape(alone).strip() in whole
    assert "An answer twice as long" in alone and "<table" in alone
