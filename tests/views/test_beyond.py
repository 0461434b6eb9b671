import csv
import io
import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluations.models import Contestant, Study
from evaluations.studies import beyond, make_study
from tests.factories import make_prompt
from tests.judged_sets import judge_prompts, judge_set_and_pool, make_prompts

pytestmark = pytest.mark.django_db
ADDRESS = "/prompts/koala/beyond"


def page(client, address: str = ADDRESS) -> str:
    return unescape(client.get(address).content.decode())


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.fixture
def _studied():
    judge_set_and_pool()
    make_study(beyond, "beyond:koala")


def test_a_set_without_votes_says_what_is_missing(client):
    make_prompt(set="koala")

    html = page(client)

    assert '<a href="/judge?set=koala">Judge a pair</a>' in html
    shown = words(html)
    assert "This needs 5 judged questions and 200 counted votes" in shown
    assert "0 judged questions and 0 counted votes" in shown


def test_a_set_with_enough_is_told_to_wait(client):
    judge_set_and_pool()

    assert "On its way" in page(client)


def test_no_such_set_is_not_found(client):
    assert client.get("/prompts/koala/beyond").status_code == 404


def test_the_set_leads_there(client):
    make_prompt(set="koala")

    assert f'href="{ADDRESS}"' in page(client, "/prompts/koala")


@pytest.mark.usefixtures("_studied")
def test_each_model_has_both_ratings_and_their_difference(client):
    [line] = [
        model
        for model in Study.objects.get().results["comparison"]["models"]
        if model["slug"] == "m2"
    ]

    rows = re.findall(r"<tr>(.*?)</tr>", page(client), re.DOTALL)
    [row] = [words(row) for row in rows if 'href="/models/m2"' in row]

    set_, low, high = (f"{value:.0f}" for value in line["set"])
    assert row.startswith(f"Model 02 {set_} {low} to {high}")
    assert row.endswith("no")


@pytest.mark.usefixtures("_studied")
def test_who_stands_elsewhere_is_named_first(client):
    study = Study.objects.get()
    study.results["comparison"]["models"][0] |= {"differs": True, "slug": "m1"}
    study.save()

    shown = words(page(client))

    assert "1 of 3 models stands elsewhere" in shown
    assert shown.partition("more than chance explains: ")[2].startswith("Model 01")


@pytest.mark.usefixtures("_studied")
def test_a_draft_is_not_named(client):
    Contestant.objects.filter(slug="m1").update(state="draft")

    assert "Model 01" not in page(client)
    assert "Model 01" not in page(client, f"{ADDRESS}/ratings.csv")


@pytest.mark.usefixtures("_studied")
def test_a_set_without_a_pool_still_has_its_curves(client):
    study = Study.objects.get()
    study.results["comparison"] = None
    study.save()

    shown = page(client)

    assert "fewer than two models have 20 votes" in shown
    assert "How alike two such rankings are" in shown
    assert client.get(f"{ADDRESS}/ratings.svg").status_code == 404


@pytest.mark.usefixtures("_studied")
@pytest.mark.parametrize("key", ["ratings", "half-width", "tau"])
def test_each_plot_is_there_to_take_away(client, key):
    drawing = client.get(f"{ADDRESS}/{key}.svg").content.decode()
    figures = client.get(f"{ADDRESS}/{key}.csv").content.decode()

    assert "<svg" in drawing and "class=" not in drawing
    rows = list(csv.reader(io.StringIO(figures)))
    assert len(rows) == (4 if key == "ratings" else 5)
    assert f'href="{ADDRESS}/{key}.csv"' in page(client)


@pytest.mark.usefixtures("_studied")
def test_the_table_of_a_curve_has_each_step(client):
    figures = client.get(f"{ADDRESS}/half-width.csv").content.decode()

    [first, *_, last] = csv.DictReader(io.StringIO(figures))
    assert (first["questions"], first["votes"]) == ("2", "84")
    assert (last["questions"], last["votes"]) == ("6", "252")
    widths = float(first["by_questions"]), float(last["by_questions"])
    assert widths[0] > widths[1]


@pytest.mark.usefixtures("_studied")
def test_the_page_asks_no_more_of_the_database_where_there_are_more_models(client):
    with CaptureQueriesContext(
        connection,
    ) as few:
        page(client)
    models = [*Contestant.objects.all()]
    judge_prompts(models, make_prompts(2, "koala"), voters=3)

    with CaptureQueriesContext(connection) as many:
        page(client)

    assert len(few) == len(many) <= 4
