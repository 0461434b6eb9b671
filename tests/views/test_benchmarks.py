import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evaluations.charts import wilson
from evaluations.models import Benchmark, Contestant
from tests.benchmarks.making import make_benchmark, make_test_set, measure, report
from tests.factories import make_contestant
from tests.views.reading import section
from tests.views.tables import publish_table, rate

pytestmark = pytest.mark.django_db

SUMS = {"2 + 2?": "4", "2 + 3?": "5", "1 + 1?": "2", "3 + 3?": "6"}


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return unescape(response.content.decode())


def words(html: str) -> str:
    return " ".join(re.sub("<[^>]+>", " ", html).split())


@pytest.fixture
def sums() -> Benchmark:
    return make_test_set(SUMS)


@pytest.fixture
def heron() -> Contestant:
    return make_contestant(name="Heron", provider="openai")


def test_without_any_benchmark_the_list_says_so(client):
    text = page(client, "/benchmarks")

    assert "no benchmark to run yet" in text
    assert "No scores from elsewhere" in text


def test_the_list_says_what_each_is_with_licence_source_and_models(client, sums, heron):
    shots = make_benchmark("MMLU", version="5-shot", description="Exams.")
    report(shots, heron, 61)
    report(shots, None, 70)

    text = page(client, "/benchmarks")

    own, reported = section(text, "own"), section(text, "reported")
    assert "Sums" in words(own) and "4 0 CC0-1.0" in words(own)
    assert "MMLU 5-shot Exams. accuracy, % 1 CC0-1.0 scores.example" in words(reported)


def test_nothing_is_shown_of_a_name_that_nobody_confirmed(client, heron):
    shots = make_benchmark("MMLU")
    report(shots, None, 61.25, suggested=heron, reported_as="heron-7b")

    shown = page(client, f"/models/{heron.slug}") + page(client, "/benchmarks/mmlu")

    assert "61.25" not in shown and "heron-7b" not in shown
    assert "1 more name of the source waits" in shown


@pytest.mark.parametrize("values", [{"state": "draft"}, {"judge_only": True}])
def test_nothing_is_shown_of_what_has_no_page(client, values):
    hidden = make_contestant(name="Hidden", **values)
    report(make_benchmark("MMLU"), hidden, 61.25)

    assert "Hidden" not in page(client, "/benchmarks/mmlu")
    assert "61.25" not in page(client, "/leaderboard?columns=mmlu")


def test_a_models_page_tells_reported_from_measured_scores(client, sums, heron):
    report(make_benchmark("MMLU", version="5-shot"), heron, 61.25, reported_as="h-7b")
    measure(sums, heron, True, True, True, False)

    shown = words(section(page(client, f"/models/{heron.slug}"), "benchmarks"))

    low, high = wilson(3 / 4, 4)
    assert f"75 {100 * low:.1f} to {100 * high:.1f} 4 measured here" in shown
    assert "61.25 – – reported by scores.example/table as h-7b" in shown


def test_items_without_a_reply_are_named_beside_every_score(client, sums, heron):
    measure(sums, heron, True, True, None, False)

    model = section(page(client, f"/models/{heron.slug}"), "benchmarks")
    assert "4 2 without reply" not in words(model)
    assert "4 1 without reply" in words(model)
    text = page(client, "/benchmarks/sums")
    assert "2 4 1 without reply measured here" in words(section(text, "models"))
    results = words(page(client, f"/benchmarks/sums/{heron.slug}"))
    assert "2 of 4 right, 50 %" in results
    assert "To 1 of them no reply came" in results
    rate(publish_table(), 1000, contestant=heron)
    board = words(page(client, "/leaderboard?columns=sums"))
    assert "≥ 50" in board and "no reply came to some items" in board


def test_a_model_without_scores_says_so(client, heron):
    shown = section(page(client, f"/models/{heron.slug}"), "benchmarks")

    assert "No benchmark score is known" in shown


def test_of_several_runs_the_newest_counts(client, sums, heron):
    measure(sums, heron, True, True, True, True)
    measure(sums, heron, True, False, False, False)

    text = page(client, "/benchmarks/sums")

    assert "25" in words(section(text, "models"))
    assert "100" not in words(section(text, "models"))


def test_models_stand_in_the_order_of_their_scores(client, sums):
    for name, right in (("Low", 1), ("High", 4), ("Middle", 2)):
        measure(sums, make_contestant(name=name), *(n < right for n in range(4)))

    shown = section(page(client, "/benchmarks/sums"), "models")

    assert re.findall(r">(High|Middle|Low)<", shown) == ["High", "Middle", "Low"]


def test_items_are_told_with_their_answers_only_after_a_run(client, sums, heron):
    assert "2 + 3?" not in page(client, "/benchmarks/sums")
    measure(sums, heron, True, False, True, True)

    items = words(section(page(client, "/benchmarks/sums"), "items"))

    assert "1 2 + 2? 4 1 of 1 Heron" in items
    assert "2 2 + 3? 5 0 of 1 nobody" in items


def test_each_reply_of_a_run_can_be_read(client, sums, heron):
    measure(sums, heron, True, False, True, True)

    shown = words(page(client, f"/benchmarks/sums/{heron.slug}"))

    assert "3 of 4 right, 75 %" in shown
    assert "Item 1 right 2 + 2? Right answer 4 Read from the reply 4" in shown
    assert "Item 2 wrong 2 + 3? Right answer 5 Read from the reply nothing" in shown


def test_a_long_test_set_has_several_pages(client, heron):
    long = make_test_set({f"1 + {n}?": str(n + 1) for n in range(53)}, name="Long")
    measure(long, heron, *(n != 51 for n in range(53)))

    for address in ("/benchmarks/long", f"/benchmarks/long/{heron.slug}"):
        first, second = page(client, address), page(client, f"{address}?page=2")

        assert '<a class="btn small" href="?page=2" rel="next"' in first
        assert "1 + 49?" in first and "1 + 50?" not in first
        assert re.findall(r"1 \+ \d+\?", second) == [f"1 + {n}?" for n in (50, 51, 52)]
        assert 'rel="next"' not in second
    assert "1 + 51? 52 0 of 1 nobody" in words(page(client, "/benchmarks/long?page=2"))


def test_many_models_have_several_pages_beside_those_of_the_items(client, sums, heron):
    measure(sums, heron, True, True, True, True)
    for number in range(50):
        report(sums, make_contestant(name=f"Model {number:02}"), number)

    second = page(client, "/benchmarks/sums?models=2")

    assert 'href="?models=2" rel="next"' in page(client, "/benchmarks/sums")
    models = words(section(second, "models"))
    assert "Model 00" in models and "Heron" not in models and "Right" in models
    assert "2 + 2? 4 1 of 1 Heron" in words(section(second, "items"))


@pytest.mark.parametrize(
    "address",
    ["/benchmarks/none", "/benchmarks/sums/none", "/benchmarks/sums/scores.svg"],
)
def test_what_there_is_not_is_not_found(client, sums, address):
    assert client.get(address).status_code == 404


def test_the_plot_comes_as_drawing_and_figures(client, sums, heron):
    measure(sums, heron, True, True, True, False)

    svg = client.get("/benchmarks/sums/scores.svg")
    csv = client.get("/benchmarks/sums/scores.csv").content.decode()

    assert svg["Content-Type"] == "image/svg+xml" and b"Heron" in svg.content
    assert csv.splitlines()[0] == "name,score,score_low,score_high,items,failed,source"
    assert csv.splitlines()[1].startswith("Heron,75.0,")


def test_the_leaderboard_has_benchmarks_as_columns_on_demand(client, sums, heron):
    rate(publish_table(), 1000, contestant=heron)
    report(make_benchmark("MMLU"), heron, 61.25)
    measure(sums, heron, True, True, True, False)

    plain = page(client, "/leaderboard")
    shown = page(client, "/leaderboard?columns=mmlu&columns=sums&columns=none")

    assert "61.25" not in plain and 'value="mmlu"' in plain
    row = words(shown[shown.index("data-model") : shown.index("</tbody>")])
    assert row.endswith("61.25 75")
    assert 'value="mmlu" checked' in shown
    assert 'type="hidden" name="columns" value="sums"' in shown


def test_columns_stay_when_the_order_changes(client, sums, heron):
    rate(publish_table(), 1000, contestant=heron)
    measure(sums, heron, True, True, True, False)

    response = client.get("/leaderboard?columns=sums&sort=name&was=all")

    assert response["Location"] == "/leaderboard?sort=name&columns=sums"
    assert "75" in page(client, "/leaderboard/table?columns=sums")


def test_the_queries_grow_with_neither_models_nor_benchmarks(client):
    counts = []
    for number in (2, 12):
        made = [make_contestant() for _ in range(number)]
        table = publish_table()
        for place in range(number):
            benchmark = make_test_set(SUMS, name=f"Set {number} {place}")
            for one in made:
                measure(benchmark, one, True, False)
        for place, one in enumerate(made):
            rate(table, 1000 - place, contestant=one)
        columns = "&".join(f"columns=set-{number}-{place}" for place in range(number))
        counts.append(
            [
                _queries(client, address)
                for address in (
                    *("/benchmarks", f"/benchmarks/set-{number}-0"),
                    f"/benchmarks/set-{number}-0/{made[0].slug}",
                    f"/leaderboard?{columns}",
                )
            ]
        )

    assert counts[0] == counts[1]
    assert max(counts[0][:3]) <= 6


def _queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        page(client, address)
    return len(captured)
