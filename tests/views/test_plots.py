"""The plots of the leaderboard, on the page and as files."""

import csv
import io
import re
from datetime import timedelta
from html import unescape
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from evaluations.models import Contestant, Leaderboard, Tally
from tests.factories import make_contestant
from tests.views.tables import publish_table, rate

pytestmark = pytest.mark.django_db
SVG = "{http://www.w3.org/2000/svg}"
PLOTS = ["size", "time", "pairs", "judgements"]


def models(*names: str, **values: Any) -> list[Contestant]:
    return [
        make_contestant(
            name=name, provider="openai", parameters_b=number, open_weights=True
        )
        for number, name in enumerate(names, start=1)
    ]


def publish(*contestants: Contestant, days_ago: int = 0, **values: Any) -> Leaderboard:
    """A table in which they stand in this order."""
    table = publish_table(published_at=timezone.now() - timedelta(days=days_ago))
    for number, contestant in enumerate(contestants):
        rate(table, 1200 - 20 * number - days_ago, contestant=contestant, **values)
    return table


def meet(first: Contestant, second: Contestant, **counts: int) -> None:
    for outcome, count in counts.items():
        Tally.objects.create(first=first, second=second, outcome=outcome, count=count)


def publish_all() -> list[Contestant]:
    contestants = models("Alpha", "Beta")
    publish(*contestants, days_ago=3)
    publish(*contestants)
    meet(*contestants, a=3, b=1)
    return contestants


def page(client: Client, query: str = "") -> str:
    return unescape(client.get(f"/leaderboard{query}").content.decode())


def plot(text: str, key: str) -> str:
    return text.partition(f'aria-labelledby="{key}-h"')[2].partition("</section>")[0]


def rows(client: Client, key: str, query: str = "") -> list[dict[str, str]]:
    response = client.get(f"/leaderboard/plots/{key}.csv{query}")
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.content.decode())))


def drawn(client: Client, key: str, query: str = "") -> ElementTree.Element:
    response = client.get(f"/leaderboard/plots/{key}.svg{query}")
    assert response.headers["Content-Type"] == "image/svg+xml"
    expected = f'attachment; filename="{key}.svg"'
    assert response.headers["Content-Disposition"] == expected
    return ElementTree.fromstring(response.content)  # noqa: S314  our own drawing


def test_every_plot_has_a_title_a_sentence_and_files(client: Client) -> None:
    publish_all()

    text = page(client)

    assert re.findall(r'aria-labelledby="(\w+)-h"', text) == PLOTS
    for key in PLOTS:
        part = plot(text, key)
        assert re.search(r"<h2[^>]*>[^<]+</h2><p>[^<]+\.", part)
        assert f'href="/leaderboard/plots/{key}.svg"' in part
        assert f'href="/leaderboard/plots/{key}.csv"' in part


@pytest.mark.parametrize("key", ["size", "time", "judgements"])
def test_every_drawing_says_what_it_shows_and_has_its_figures(
    client: Client, key: str
) -> None:
    publish_all()

    part = plot(page(client), key)

    assert part.count("<title ") == part.count("<desc ") == 2
    assert 'class="plot wide"' in part and 'class="plot narrow"' in part
    assert "Show as table<" in part
    assert part.count('<th scope="row">') >= 2


@pytest.mark.parametrize("key", ["rating", *PLOTS])
def test_a_drawing_is_handed_out_with_its_colours(client: Client, key: str) -> None:
    publish_all()

    root = drawn(client, key)

    assert root.tag == f"{SVG}svg"
    assert not any("class" in part.attrib for part in root.iter())
    assert "Alpha" in "".join(root.itertext())


def test_the_files_follow_the_filters(client: Client) -> None:
    alpha, _ = publish_all()
    Contestant.objects.filter(pk=alpha.pk).update(open_weights=False)

    assert [row["name"] for row in rows(client, "rating")] == ["Alpha", "Beta"]
    assert [row["name"] for row in rows(client, "rating", "?open=on")] == ["Beta"]
    assert 'judgements.csv?open=on"' in page(client, "?open=on")


@pytest.mark.parametrize("address", ["rating.svg", "rating.csv", "nonsense.svg"])
def test_what_is_not_drawn_is_not_to_be_had(client: Client, address: str) -> None:
    assert client.get(f"/leaderboard/plots/{address}").status_code == 404


def test_names_that_look_like_formulas_are_guarded(client: Client) -> None:
    publish(*models("=1+1", "Beta"))

    assert rows(client, "rating")[0]["name"] == "'=1+1"


def test_sizes_come_with_rating_and_interval(client: Client) -> None:
    contestants = models("Alpha", "Beta", "Gamma")
    Contestant.objects.filter(name="Beta").update(parameters_b=None)
    publish(*contestants, width=20)

    assert rows(client, "size") == [
        {
            "name": name,
            "parameters_b": size,
            "open_weights": "True",
            "rating": f"{rating}.0",
            "rating_low": f"{rating - 20}.0",
            "rating_high": f"{rating + 20}.0",
        }
        for name, size, rating in (("Alpha", "1.0", 1200), ("Gamma", "3.0", 1160))
    ]
    assert "from" not in plot(page(client), "size").partition("<desc")[2][:200]
    assert "The frontier: Alpha (1B) at 1200." in page(client)


def test_the_last_table_of_each_day_makes_the_history(client: Client) -> None:
    contestants = models("Alpha", "Beta")
    noon = timezone.now().replace(hour=12, minute=0, second=0, microsecond=0)
    for number, published_at in enumerate(
        (
            noon - timedelta(days=2, hours=2),
            noon - timedelta(days=2),
            noon - timedelta(days=1),
        )
    ):
        table = publish_table(published_at=published_at)
        for contestant in contestants:
            rate(table, 1000 + number, contestant=contestant)

    seen = [
        (row["date"], row["rating"])
        for row in rows(client, "time")
        if row["name"] == "Alpha"
    ]

    days = [(noon - timedelta(days=ago)).date().isoformat() for ago in (2, 1)]
    assert seen == [(days[0], "1001.0"), (days[1], "1002.0")]


def test_history_leaves_out_what_was_provisional_or_of_other_tables(
    client: Client,
) -> None:
    contestants = models("Alpha", "Beta")
    publish(*contestants, days_ago=5, provisional=True)
    publish(*contestants, days_ago=4)
    other = publish_table(
        slice="language:de", published_at=timezone.now() - timedelta(days=3)
    )
    rate(other, 1500, contestant=contestants[0])
    publish(*contestants)

    assert len(rows(client, "time")) == 4


def test_a_single_day_is_no_history(client: Client) -> None:
    publish(*models("Alpha", "Beta"))

    assert 'id="time-h"' not in page(client)


def test_history_goes_back_half_a_year(client: Client) -> None:
    contestants = models("Alpha", "Beta")
    for days_ago in range(200, -1, -1):
        publish(*contestants, days_ago=days_ago)

    found = [row for row in rows(client, "time") if row["name"] == "Alpha"]

    assert len(found) == 180
    assert found[-1]["rating"] == "1200.0"
    # The page has some days of it alone.
    assert plot(page(client), "time").count('<th scope="row">') == 60


def test_meetings_count_from_both_sides_and_ties_as_half(client: Client) -> None:
    alpha, beta, gamma = models("Alpha", "Beta", "Gamma")
    publish(alpha, beta, gamma)
    meet(alpha, beta, a=3, b=1, tie=2)
    meet(beta, alpha, a=1, both_bad=2)

    found = {(r["model_a"], r["model_b"]): r for r in rows(client, "pairs")}

    assert found.keys() == {("Alpha", "Beta"), ("Beta", "Alpha")}
    first, second = found["Alpha", "Beta"], found["Beta", "Alpha"]
    assert (first["battles"], second["battles"]) == ("9", "9")
    assert float(first["win_rate"]) == pytest.approx(5 / 9)
    assert float(second["win_rate"]) == pytest.approx(4 / 9)


def test_the_cells_show_shares_or_battles(client: Client) -> None:
    alpha, beta = models("Alpha", "Beta")
    publish(alpha, beta)
    meet(alpha, beta, a=3, b=1)

    shares, battles = (plot(page(client, q), "pairs") for q in ("", "?cells=battles"))

    cells = r'<td data-tip="[^"]+"[^>]*>([^<]+)</td>'
    assert re.findall(cells, shares) == ["75", "25"]
    assert re.findall(cells, battles) == ["4", "4"]
    assert 'href="?cells=battles#pairs-h"' in shares
    assert re.search(r'href="\?cells=battles#pairs-h"[^>]* aria-current', battles)


def test_meetings_are_those_of_the_slice_and_of_all_for_a_size(client: Client) -> None:
    alpha, beta = models("Alpha", "Beta")
    for name in ("category:writing", "size:phone", "all"):
        table = publish_table(slice=name)
        for contestant in (alpha, beta):
            rate(table, 1000, contestant=contestant)
    meet(alpha, beta, a=3)
    Tally.objects.create(
        slice="category:writing", first=alpha, second=beta, outcome="a", count=8
    )

    def battles(query: str) -> str:
        return rows(client, "pairs", query)[0]["battles"]

    assert battles("") == battles("?size=phone") == "3"
    assert battles("?category=writing") == "8"


def test_at_most_25_models_meet_on_the_page_and_all_in_the_file(client: Client) -> None:
    contestants = models(*(f"M{number}" for number in range(27)))
    publish(*contestants)
    for other in contestants[1:]:
        meet(contestants[0], other, a=1)

    assert plot(page(client), "pairs").count('<th scope="row">') == 25
    assert "The first 25 by rating" in page(client)
    assert len(rows(client, "pairs")) == 52
    # A square for each meeting, and the paper.
    assert len(drawn(client, "pairs").findall(f".//{SVG}rect")) == 48 + 1


def test_judgements_are_of_all_groups_and_provisional_models(client: Client) -> None:
    table = publish_table()
    for number, (group, provisional) in enumerate(
        ((1, False), (1, True), (2, False)), start=1
    ):
        rate(table, 1000, group=group, provisional=provisional, wins=100 * number)

    assert [row["votes"] for row in rows(client, "judgements")] == ["340", "240", "140"]


def test_plots_of_several_groups_are_of_the_most_judged(client: Client) -> None:
    table = publish_table()
    for group, wins in ((1, 10), (2, 500)):
        for contestant in models(f"A{group}", f"B{group}"):
            rate(table, 1000, group=group, wins=wins, contestant=contestant)

    for key in ("rating", "size"):
        assert {row["name"] for row in rows(client, key)} == {"A2", "B2"}
    assert "of the group with most judgements" in page(client)
