"""How far the yardsticks agree, on the page, in files and for programs."""

import csv
import io
import re
from html import unescape
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evaluations.models import Contestant, Judge, Study
from evaluations.studies import agreement, make_study
from evaluations.studies.agreement_report import Figure
from evaluations.views.agreement_words import interval, number, with_interval
from tests.crowds import make_models
from tests.views.reading import plain, section
from tests.views.tables import publish_table, rate
from tests.yardsticks import (
    judge_prefers,
    make_benchmark,
    make_judge,
    publish_order,
    report_scores,
    study_judges,
)

pytestmark = pytest.mark.django_db
ADDRESS = "/agreement"
PAIR = {"x": "people", "y": "benchmark:mmlu"}


def compare(
    models: list[Contestant] | None = None, *, maker: str = "Far Away"
) -> list[Contestant]:
    """People; a judge who thinks alike; a benchmark that has the best one last."""
    models = models or make_models(6)
    publish_order(models)
    judge_prefers(make_judge(maker=maker), models[:5], times=1)
    Contestant.objects.filter(pk=models[1].pk).update(maker="OWN house")
    scores = {model: 50.0 - n for n, model in enumerate(models)}
    report_scores(make_benchmark("MMLU"), scores | {models[0]: 1.0})
    study_judges()
    make_study(agreement, agreement.NAME)
    return models


def page(client: Client, **query: str) -> str:
    response = client.get(ADDRESS, query)
    assert response.status_code == 200
    return unescape(response.content.decode())


def table_rows(text: str) -> list[list[str]]:
    body = text.partition('class="figures pairs"')[2].partition("</table>")[0]
    rows = re.findall(r"<tr>(.*?)</tr>", body.partition("<tbody>")[2])
    return [
        [plain(c) for c in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", r)] for r in rows
    ]


def test_before_the_first_study_the_page_says_what_to_do(client: Client) -> None:
    text = page(client)

    assert "Nothing to compare yet" in text
    assert "at least 5 models in common" in text
    assert "manage.py import_data" in text


def test_with_too_few_models_the_page_says_what_there_is(client: Client) -> None:
    publish_order(make_models(3))
    study_judges()
    make_study(agreement, agreement.NAME)

    text = page(client)

    assert "<li>People: 3 models</li>" in text
    assert client.get(f"{ADDRESS}/agreement.svg").status_code == 404


def test_the_matrix_has_each_pair_once_and_leads_to_it(client: Client) -> None:
    compare()

    text = page(client)

    heat = text.partition('<table class="heat">')[2].partition("</table>")[0]
    links = re.findall(r'href="([^"]*)"', heat)
    assert links == [
        "?x=people&y=judge%3Agpt-4#pair-h",
        "?x=people&y=benchmark%3Ammlu#pair-h",
        "?x=judge%3Agpt-4&y=benchmark%3Ammlu#pair-h",
    ]
    assert "People and MMLU: 0.14" in heat
    assert "over 6 models" in heat


def test_the_table_has_both_figures_with_intervals(client: Client) -> None:
    compare()
    study = Study.objects.newest_of(agreement.NAME)
    assert study is not None
    found = {(p["x"], p["y"]): p for p in study.results["pairs"]}

    rows = table_rows(page(client))

    assert [row[0] for row in rows] == [
        "People and Gpt 4",
        "People and MMLU",
        "Gpt 4 and MMLU",
    ]
    pair = found["people", "benchmark:mmlu"]
    figures = [with_interval(Figure(*pair[by])) for by in ("spearman", "kendall")]
    assert rows[1][1:] == ["6", *figures]
    assert rows[0][1:] == ["5", "1.00", "1.00"]


def test_kendall_is_a_choice_of_the_address(client: Client) -> None:
    compare()

    text = page(client, by="kendall")

    heat = text.partition('<table class="heat">')[2].partition("</table>")[0]
    assert "People and MMLU: 0.33" in heat
    assert "by=kendall#pair-h" in heat
    chosen = re.findall(r'href="([^"]*)" aria-current="true">(\w+)</a>', text)
    assert [name for _, name in chosen] == ["Kendall"]


def test_two_yardsticks_have_a_sentence_a_plot_and_the_models_they_differ_on(
    client: Client,
) -> None:
    compare()

    text = page(client, **PAIR)

    shown = section(text, "pair-h")
    words = plain(shown)
    assert "People and MMLU have 6 models in common" in words
    assert "have no order in common" in words
    assert "Spearman’s rank correlation is 0.14" in words
    assert "The interval includes 0: it may be chance." in words
    assert "So few models say little." in words
    assert shown.count("<circle") == 12
    differ = re.findall(r"<li>(.*?)</li>", shown)
    assert plain(differ[0]) == (
        "Model 00 People: ahead of 100 % of the others. MMLU: ahead of 0 %."
    )


def test_the_axes_follow_the_address(client: Client) -> None:
    compare()

    turned = section(page(client, x=PAIR["y"], y=PAIR["x"]), "pair-h")

    assert "MMLU and People" in turned
    assert "↑ People (Elo points)" in turned


def test_an_equal_order_has_no_interval(client: Client) -> None:
    compare()

    words = plain(section(page(client, x="people", y="judge:gpt-4"), "pair-h"))

    assert "put them in nearly the same order" in words
    assert "correlation is 1.00, Kendall’s 1.00." in words
    assert "Drawing other models from these would show no other figure." in words


def test_too_few_models_are_told_in_place_of_a_plot(client: Client) -> None:
    models = compare(make_models(9))
    few = {model: 1.0 * n for n, model in enumerate(models[4:])}
    report_scores(make_benchmark("Other"), few)
    study_judges()
    make_study(agreement, agreement.NAME)
    asked = {"x": "judge:gpt-4", "y": "benchmark:other"}

    text = page(client, **asked)

    words = plain(section(text, "pair-h"))
    assert "have 1 model in common; at least 5 are needed" in words
    assert "<circle" not in section(text, "pair-h")
    assert client.get(f"{ADDRESS}/pair.svg", asked).status_code == 404
    assert ["Gpt 4 and Other", "1", "too few", "too few"] in table_rows(text)


def test_a_yardstick_that_tells_no_model_from_another_is_named(client: Client) -> None:
    models = compare()
    same = make_contestants(5, "other")
    values = {each: 4.0 + n for n, each in enumerate(same)}
    values |= dict.fromkeys(models[:5], 3.0)
    report_scores(make_benchmark("Level"), values)
    study_judges()
    make_study(agreement, agreement.NAME)

    words = plain(section(page(client, x="people", y="benchmark:level"), "pair-h"))

    assert "but Level gives all of these the same value." in words


def test_when_all_models_are_hidden_since_there_is_nothing_to_draw(
    client: Client,
) -> None:
    compare()
    Contestant.objects.update(state="draft")

    assert "Nothing to compare yet" in page(client, **PAIR)
    assert client.get(f"{ADDRESS}/pair.svg", PAIR).status_code == 404


@pytest.mark.parametrize(
    "asked", [{"x": "people"}, {"x": "people", "y": "people"}, {"x": "a", "y": "b\0"}]
)
def test_what_is_no_pair_is_said(client: Client, asked: dict[str, str]) -> None:
    compare()

    assert "There are no two such yardsticks." in page(client, **asked)
    assert client.get(f"{ADDRESS}/pair.csv", asked).status_code == 404


def test_both_pages_mark_the_same_models_as_a_judges_own(client: Client) -> None:
    """One is spelt in another way, and one is the judge itself."""
    models = make_models(7)
    itself = {"contestant": models[2], "maker": "Own-House"}
    Judge.objects.create(slug="gpt-4", name="Gpt 4", **itself)
    compare(models, maker="Own-House")

    shown = section(page(client, x="people", y="judge:gpt-4"), "pair-h")
    beside = client.get("/judges/gpt-4").content.decode()

    assert "Hollow: a model of the judge’s own maker." in shown
    # Each in two drawings.
    assert shown.count('class="pt closed"') == 2 * beside.count(
        "its own maker’s</span>"
    )
    assert beside.count("its own maker’s</span>") == 2


def test_the_models_on_which_yardsticks_disagree_most_are_named(client: Client) -> None:
    compare()

    words = plain(section(page(client), "differ"))

    assert "the two yardsticks that place it most unlike" in words
    assert "Model 00 People: ahead of 100 % of the others. MMLU" in words
    assert "People against all the others" in words
    assert "Model 00 People place it 50 percentile points higher than 2" in words


def test_a_model_that_is_hidden_since_is_not_named(client: Client) -> None:
    models = compare()
    Contestant.objects.filter(pk=models[0].pk).update(state="draft")

    assert "Model 00" not in page(client, **PAIR)
    assert "Model 00" not in client.get(f"{ADDRESS}/pair.csv", PAIR).content.decode()
    assert "m0" not in client.get("/api/v1/agreement").content.decode()


def test_files_have_the_figures_and_the_drawings(client: Client) -> None:
    compare()

    def rows(key: str) -> list[dict[str, str]]:
        text = client.get(f"{ADDRESS}/{key}.csv", PAIR).content.decode()
        return list(csv.DictReader(io.StringIO(text, newline="")))

    pairs, models = rows("agreement"), rows("pair")
    assert pairs[1]["y"] == "MMLU"
    assert float(pairs[1]["spearman"]) == pytest.approx(1 / 7)
    assert models[0]["name"] == "Model 00"
    assert (models[0]["x"], models[0]["x_low"], models[0]["y_low"]) == (
        "1200.0",
        "1180.0",
        "",
    )
    for key in ("agreement", "pair"):
        response = client.get(f"{ADDRESS}/{key}.svg", PAIR)
        assert response.headers["Content-Type"] == "image/svg+xml"
        ElementTree.fromstring(response.content)  # noqa: S314  our own drawing
    assert client.get(f"{ADDRESS}/other.svg").status_code == 404


def test_the_number_of_queries_does_not_grow(client: Client) -> None:
    counts = []
    compare()
    for number_of in (1, 6):
        models = make_contestants(9, f"w{number_of}")
        for each in range(number_of):
            scores = {model: float(n) for n, model in enumerate(models)}
            report_scores(make_benchmark(f"Bench {number_of} {each}"), scores)
        study_judges()
        make_study(agreement, agreement.NAME)
        with CaptureQueriesContext(connection) as captured:
            page(client)
        counts.append(len(captured))

    assert counts == [2, 2]


def make_contestants(count: int, start: str) -> list[Contestant]:
    table = publish_table(slice=f"set:{start}")
    return [rate(table, 1000.0 + n).contestant for n in range(count)]


def test_programs_get_the_same(client: Client) -> None:
    compare()

    got = client.get("/api/v1/agreement").json()

    assert got["least_models"] == 5
    assert [each["key"] for each in got["yardsticks"]] == [
        "people",
        "judge:gpt-4",
        "benchmark:mmlu",
    ]
    assert got["yardsticks"][0]["values"][0] == {
        "slug": "m0",
        "value": 1200,
        "low": 1180,
        "high": 1220,
    }
    [pair] = [p for p in got["pairs"] if (p["x"], p["y"]) == tuple(PAIR.values())]
    assert (pair["models"], pair["outcome"]) == (6, "compared")
    assert pair["spearman"]["value"] == pytest.approx(1 / 7)
    assert got["people"]["yardsticks"] == 2


def test_before_the_first_study_programs_get_an_empty_table(client: Client) -> None:
    got = client.get("/api/v1/agreement").json()

    assert (got["yardsticks"], got["pairs"], got["people"]) == ([], [], None)


def test_the_explanation_says_how_far_they_agree_and_leads_there(
    client: Client,
) -> None:
    cache.clear()
    compare()

    text = unescape(client.get("/about").content.decode())

    expected = number((1 + 1 / 7) / 2)
    assert f"2 judges and benchmarks so far: the median rank correlation is {expected}."
    assert f'is {expected}. <a href="{ADDRESS}">' in text


def test_figures_are_written_with_their_sign() -> None:
    assert [number(value) for value in (0.734, -0.5, -0.001)] == [
        "0.73",
        "−0.50",
        "0.00",
    ]
    assert interval(Figure(1, None, None)) == "–"
    assert with_interval(Figure(-0.5, -0.8, 0.1)) == "−0.50 (−0.80 to 0.10)"
