import re
from html import unescape
from math import hypot
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evaluations.models import Contestant, Leaderboard, Rating, Tally
from tests.factories import make_contestant
from tests.views.reading import plain, rows, section
from tests.views.tables import publish_table, rate

pytestmark = pytest.mark.django_db


def address(a: str, b: str) -> str:
    return f"/compare?a={a}&b={b}"


def text_of(client: Client, where: str, *, status: int = 200) -> str:
    response = client.get(where)
    assert response.status_code == status
    return re.sub(r"\s+", " ", unescape(response.content.decode()))


def pair(table: Leaderboard, **values: object) -> tuple[Rating, Rating]:
    """Larch at 1100 and Rowan at 1040."""
    larch = make_contestant(name="Larch", slug="larch", provider="openai")
    rowan = make_contestant(name="Rowan", slug="rowan", provider="openai")
    told = {"tie_threshold": 0.5, **values}
    return (
        rate(table, 1100, contestant=larch, tie_strength=0.75, **told),
        rate(table, 1040, contestant=rowan, tie_strength=-0.75, **told),
    )


def tally(first: Contestant, second: Contestant, **outcomes: int) -> None:
    name = str(outcomes.pop("slice", "all"))
    for outcome, count in outcomes.items():
        Tally.objects.create(
            slice=name, first=first, second=second, outcome=outcome, count=count
        )


def test_without_two_models_there_are_two_to_choose(client: Client) -> None:
    pair(publish_table())
    make_contestant(name="Not yet", state="draft")

    empty = text_of(client, "/compare")
    half = text_of(client, "/compare?a=larch")

    assert "Choose two" in empty and "Choose the other model" in half
    options = re.findall(r"<option value=\"([^\"]*)\"( selected)?>", empty)
    assert options == [("", ""), ("larch", ""), ("rowan", "")] * 2
    assert half.count('<option value="larch" selected>') == 1


def test_an_arena_without_models_says_so(client: Client) -> None:
    assert "no two models to compare yet" in text_of(client, "/compare")


def test_a_model_is_not_compared_with_itself(client: Client) -> None:
    pair(publish_table())

    text = text_of(client, address("larch", "larch"))

    assert "cannot be compared with itself" in text
    assert 'id="ratings"' not in text


@pytest.mark.parametrize("unknown", ["nobody", "hidden"])
def test_an_unknown_model_is_named_and_not_found(client: Client, unknown: str) -> None:
    pair(publish_table())
    make_contestant(slug="hidden", state="draft")

    text = text_of(client, address("larch", unknown), status=404)

    assert f"There is no model called “{unknown}”" in text
    assert '<option value="larch" selected>' in text


def test_the_difference_has_the_interval_of_the_comparison_errors(
    client: Client,
) -> None:
    table = publish_table()
    pair(table, comparison_error=10, rank_low=1, rank_high=2)

    text = plain(section(text_of(client, address("larch", "rowan")), "ratings"))

    reach = 1.96 * hypot(10, 10)
    assert f"60 points ahead of Rowan, 95 % interval +{60 - reach:.0f} to" in text
    assert f"to +{60 + reach:.0f}." in text
    assert "their order is not settled" in text
    assert "hold for all models at once" in text


def test_without_comparison_errors_those_of_the_ratings_serve(client: Client) -> None:
    a, _ = pair(publish_table(), width=98)
    Rating.objects.filter(pk=a.pk).update(comparison_error=1)

    text = plain(section(text_of(client, address("rowan", "larch")), "ratings"))

    # 1.96 * hypot(50, 50) = 139
    assert "Rowan is 60 points behind Larch, 95 % interval −199 to +79" in text
    assert "room for either in front" in text


def test_ranges_that_do_not_overlap_settle_the_order(client: Client) -> None:
    a, _ = pair(publish_table(), rank_low=3, rank_high=4)
    Rating.objects.filter(pk=a.pk).update(rank_low=1, rank_high=2)

    text = text_of(client, address("larch", "rowan"))

    assert "their order is settled" in text
    Rating.objects.filter(pk=a.pk).update(rank_high=3)
    assert "is not settled" in text_of(client, address("larch", "rowan"))


def test_unconnected_models_are_not_compared(client: Client) -> None:
    _, b = pair(publish_table())
    Rating.objects.filter(pk=b.pk).update(group=2)

    text = text_of(client, address("larch", "rowan"))

    assert "not comparable" in section(text, "ratings")
    assert "points ahead" not in text and "is expected to win" not in text


def test_a_model_without_votes_has_nothing_to_compare(client: Client) -> None:
    pair(publish_table())
    make_contestant(name="Fresh", slug="fresh")

    text = plain(section(text_of(client, address("larch", "fresh")), "ratings"))

    assert "Fresh has not been judged yet" in text
    assert "points ahead" not in text


def test_what_is_expected_stands_beside_what_happened(client: Client) -> None:
    a, b = (rating.contestant for rating in pair(publish_table()))
    other = make_contestant()
    tally(a, b, a=10, b=3, tie=2, both_bad=1)
    tally(b, a, a=4, b=20)
    tally(a, other, a=99)

    text = section(text_of(client, address("larch", "rowan")), "meetings")

    # 1 / (1 + exp(-(1.5 - 0.5))) = 0.731; 1 / (1 + exp(1.5 + 0.5)) = 0.119
    assert "Larch is expected to win 73 % of their battles" in text

    assert [[cells[n] for n in (0, 1, 2, 4, 5, 6)] for cells in rows(text)] == [
        ["Larch won", "73 %", "75 %", "30", "10", "20"],
        ["Tie", "15 %", "5 %", "2", "2", "0"],
        ["Both bad", "among ties", "2 %", "1", "1", "0"],
        ["Rowan won", "12 %", "18 %", "7", "3", "4"],
    ]
    # Wilson for 30 of 40
    assert rows(text)[0][3] == "60 % to 86 %"
    assert "took 79 % of them" in text


def test_where_they_never_met_the_page_says_so(client: Client) -> None:
    pair(publish_table())

    text = text_of(client, address("larch", "rowan"))

    assert "No vote on a battle between the two has been counted yet" in text


def categories(a: Contestant, b: Contestant) -> None:
    for name, ahead in (("category:coding", 40), ("category:creative-writing", -30)):
        table = publish_table(slice=name)
        rate(table, 1000 + ahead, contestant=a, comparison_error=5)
        rate(
            table, 1000, contestant=b, comparison_error=5, provisional=ahead < 0, wins=2
        )
    lone = publish_table(slice="category:cooking")
    rate(lone, 1000, contestant=a)
    corrected = publish_table(slice="category:coding", adjustment="style")
    for one in (a, b):
        rate(corrected, 1000, contestant=one)


def test_each_category_has_its_difference_and_usable_shares(client: Client) -> None:
    a, b = (rating.contestant for rating in pair(publish_table()))
    categories(a, b)
    tally(a, b, a=7, slice="category:coding")

    text = text_of(client, address("larch", "rowan"))

    assert rows(section(text, "categories-h")) == [
        ["Coding", "+40", "+26", "+54", "1040", "1000", "7", "no"],
        ["Creative writing", "−30", "−44", "−16", "970", "1000", "0", "yes"],
    ]
    assert text.count('class="pt closed"') == 2
    usable = rows(section(text, "usable"))
    assert [cells[0] for cells in usable] == ["Coding", "Creative writing"]
    assert usable[0][1].startswith("96 % 90 % to 98 %, of 100")
    # 4 of 42 judgements called both bad
    assert usable[0][2].startswith("90 %")


def test_the_plot_can_be_taken_away(client: Client) -> None:
    a, b = (rating.contestant for rating in pair(publish_table()))
    categories(a, b)

    drawing = client.get("/compare/categories.svg?a=larch&b=rowan")
    figures = client.get("/compare/categories.csv?a=larch&b=rowan")

    assert drawing["Content-Type"] == "image/svg+xml"
    root = ElementTree.fromstring(drawing.content)  # noqa: S314  our own drawing
    assert len(root.findall(".//{*}circle")) == 2
    lines = figures.content.decode().splitlines()
    assert lines[0].startswith("category,difference,difference_low")
    assert lines[1].startswith("Coding,40.0,26.1")
    assert client.get("/compare/categories.svg?a=larch").status_code == 404
    text = text_of(client, address("larch", "rowan"))
    assert 'href="/compare/categories.svg?a=larch&b=rowan"' in text


def test_facts_stand_side_by_side(client: Client) -> None:
    make_contestant(
        slug="one", maker="Heath", licence="MIT", open_weights=True, parameters_b=7,
        provider="openai", release_date="2026-02-03",
    )  # fmt: skip
    make_contestant(slug="two", maker="Grove", provider="openai")

    facts = rows(section(text_of(client, address("one", "two")), "facts"))

    assert facts == [
        ["Maker", "Heath", "Grove"],
        ["Licence", "MIT", "not stated"],
        ["Weights", "open", "not known to be open"],
        ["Size", "7B, laptop", "undisclosed"],
        ["Released", "3 February 2026", "not stated"],
        ["State", "active", "active"],
    ]


def test_the_number_of_queries_does_not_grow(client: Client) -> None:
    counts = []
    for models in (2, 20):
        Contestant.objects.all().delete()
        table = publish_table()
        a, b = (rating.contestant for rating in pair(table))
        tally(a, b, a=models)
        for number in range(models):
            other = rate(table, 900 + number).contestant
            tally(a, other, a=1)
            of_category = publish_table(slice=f"category:number-{number}")
            for one in (a, b):
                rate(of_category, 1000, contestant=one)
        with CaptureQueriesContext(connection) as captured:
            text_of(client, address("larch", "rowan"))
        counts.append(len(captured))

    assert counts == [3, 3]
