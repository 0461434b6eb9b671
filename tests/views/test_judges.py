import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evaluations.charts import wilson
from evaluations.models import Battle, Contestant, Judge, Study
from evaluations.templatetags.figures import percent_number
from tests.crowds import judge_all, make_models
from tests.factories import make_battle, make_contestant, make_visitor, vote_for
from tests.verdicts import judge_of, say, say_of_all, study_of
from tests.yardsticks import score_all

pytestmark = pytest.mark.django_db(transaction=True)

STRENGTHS = (1.2, 0.6, 0.1, -0.3, -0.7, -1.1)


def words(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", unescape(main)).split()).replace(" .", ".")


def measured(*, people: int = 8, **values: Any) -> Judge:
    """A judge of six models that people have judged, the first of its own maker."""
    models = make_models(6)
    Contestant.objects.filter(pk=models[0].pk).update(maker="Heath")
    judge_all(models, strengths=STRENGTHS, volunteers=people, rounds=2)
    judge = judge_of(slug="alder", name="Alder Judge", maker="Heath")
    strengths = {m.pk: s for m, s in zip(models, STRENGTHS, strict=True)}
    say_of_all(judge, Battle.objects.order_by("pk"), strengths=strengths, **values)
    study_of(judge)
    return judge


def edit(judge: Judge, **results: Any) -> None:
    study = Study.objects.get(name=f"judge:{judge.slug}")
    study.results |= results
    study.save()


def test_without_a_judge_the_page_says_so(client: Client) -> None:
    assert "No judge has been measured yet" in words(client, "/judges")
    assert client.get("/judges/nobody").status_code == 404
    assert client.get("/judges/nobody/plots/ratings.svg").status_code == 404


def test_a_judge_without_figures_waits_for_them(client: Client) -> None:
    judge = judge_of(name="Alder Judge")

    assert "Not measured yet Alder Judge by Nobody" in words(client, "/judges")
    assert "within a few minutes" in words(client, f"/judges/{judge.slug}")


def test_the_table_of_judges_has_agreement_habit_and_worth(client: Client) -> None:
    measured()

    page = words(client, "/judges")

    assert "1 judge measured" in page
    row = page.partition("Alder Judge")[2].partition("Agreement with a vote:")[0]
    assert re.match(r" ?Heath 30 30 by people too \d+ % \(\d+ to \d+ %\) 0\.\d\d", row)
    assert row.count("%") == 6
    assert "at most" in row


def test_the_page_sets_agreement_beside_that_of_people(client: Client) -> None:
    judge = measured()
    found = Study.objects.get().results["agreement"]

    page = words(client, "/judges/alder")

    share = f"{found['votes']['share']['value']:.0%}".replace("%", " %")
    assert f"chose the same as a single vote in {share}" in page
    assert "of 240 comparisons" in page
    among = f"{found['people']['share']['value']:.0%}".replace("%", " %")
    assert f"Two people on one pair agree in {among}" in page
    assert (
        f"Cohen’s kappa, which takes it off, is {found['votes']['kappa']['value']:.2f}"
        in page
    )
    assert judge.name in page


def test_of_few_pairs_the_pages_say_so_in_place_of_a_kappa(client: Client) -> None:
    judge, battles = judge_of(slug="alder"), [make_battle() for _ in range(3)]
    for battle in battles:
        say(judge, battle, "a")
        vote_for(battle, "a", visitor=make_visitor()).battle.votes.update(
            state="counted", left="x"
        )
    study_of(judge)

    table, page = words(client, "/judges"), words(client, "/judges/alder")

    low = percent_number(wilson(1.0, 3)[0])
    assert f"100 % ({low} to 100 %) too few pairs" in table
    assert "these are too few pairs: Cohen’s kappa needs 10." in page


def test_habits_are_told_with_their_intervals(client: Client) -> None:
    measured(first=0.9)

    page = words(client, "/judges/alder")

    assert "So it leans to the first place." in page
    assert re.search(
        r"the first place is worth \+\d+ Elo points \(\+\d+ to \+\d+\)", page
    )
    assert "Asked in both orders on 30 pairs" in page
    assert re.search(
        r"Models of Heath get \d+ % .* points of a hundred (more|less)", page
    )
    assert "What length is worth to it cannot be told" in page


def test_a_habit_that_may_be_chance_is_called_so(client: Client) -> None:
    judge = measured()
    position = Study.objects.get().results["position"]
    leaning = {"value": -0.1, "low": -0.4, "high": 0.2, "battles": 30}

    edit(judge, position=position | {"log_odds": leaning, "swapped": None})

    page = words(client, "/judges/alder")
    assert "is worth −17 Elo points (−69 to +35) to it" in page
    assert "That may be chance." in page
    assert "asked in one order only" in page


def test_verdicts_without_a_known_order_are_left_out_in_words(client: Client) -> None:
    judge = measured()
    position = Study.objects.get().results["position"]
    edit(judge, position=position | {"unplaced": 2})
    some = words(client, "/judges/alder")
    nothing = dict.fromkeys(("share", "log_odds", "swapped"))
    edit(judge, position=position | nothing | {"placed": 0, "unplaced": 1})
    every = words(client, "/judges/alder")

    left_out = "in which order the answers were shown: they are left out here."
    assert f"Of 2 verdicts nobody knows {left_out} Where it prefers" in some
    assert f"Of 1 verdict nobody knows {left_out}" in every
    assert "asked in one order only" not in every


def test_the_combined_column_is_there_when_asked_for(client: Client) -> None:
    measured()

    plain, asked = (
        client.get(f"/judges/alder{query}").content.decode()
        for query in ("", "?combined=1")
    )

    assert "Combined</th>" not in plain
    assert 'href="?combined=1#worth"' in plain
    assert "Combined</th>" in asked
    assert "Hide the combined estimate" in asked
    body = asked.partition("Combined</th>")[2]
    cells = re.findall(r"<tr>.*?</tr>", body, re.DOTALL)
    assert len(cells) == 6
    assert all(cell.count("±") == 4 for cell in cells)


def test_worth_is_said_in_votes(client: Client) -> None:
    judge = measured()
    figures = Study.objects.get().results["combined"]
    assert "All its verdicts on pairs of models that people know" in words(
        client, "/judges/alder"
    )

    edit(judge, combined=figures | {"more": 1200, "worth": 219.4, "ceiling": 270})

    page = words(client, "/judges/alder")
    assert (
        "People have cast 240 votes on these models. Its verdicts on 1 200 further "
        "battles narrow their intervals as much as 219 more votes would."
    ) in page.replace("\u202f", " ")
    assert "worth about 270 votes" in page


def test_own_models_are_marked_in_table_and_plot(client: Client) -> None:
    measured()

    html = client.get("/judges/alder").content.decode()

    assert html.count("its own maker’s</span>") == 1
    plot = html.partition('id="ratings-h"')[2].partition('class="plot')[2]
    assert plot.partition("</svg>")[0].count("pt closed") == 1


def test_plots_can_be_taken_away(client: Client) -> None:
    measured()

    for key, line in (("agreement", "All pairs,30,"), ("ratings", "Model 00,")):
        drawing = client.get(f"/judges/alder/plots/{key}.svg")
        figures = client.get(f"/judges/alder/plots/{key}.csv").content.decode()
        assert drawing["Content-Type"] == "image/svg+xml"
        assert line in figures
    assert client.get("/judges/alder/plots/other.csv").status_code == 404


def test_a_judge_of_what_nobody_judged_still_has_its_page(client: Client) -> None:
    judge = judge_of(maker="Heath")
    say(judge, make_battle(make_contestant(maker="Heath")), "a")
    study_of(judge)

    page = words(client, f"/judges/{judge.slug}")

    assert "None of its battles has been judged by people as well" in page
    assert "its table stands alone" in page
    assert "people have judged none of them" in page
    assert client.get(f"/judges/{judge.slug}/plots/agreement.svg").status_code == 404


def test_a_model_that_left_the_table_is_not_named(client: Client) -> None:
    measured()
    Contestant.objects.filter(name="Model 03").update(state="draft")

    assert "Model 03" not in client.get("/judges/alder").content.decode()


def test_the_work_of_both_pages_does_not_grow(client: Client) -> None:
    queries, judge = [], measured()
    for _ in range(2):
        counts = []
        for address in ("/judges", "/judges/alder?combined=1"):
            with CaptureQueriesContext(connection) as captured:
                words(client, address)
            counts.append(len(captured))
        queries.append(counts)
        models = make_models_more()
        say_of_all(
            judge,
            [make_battle(x, y) for x in models for y in models if x.pk < y.pk],
            strengths={model.pk: 0.0 for model in models},
        )
        other = judge_of()
        say(other, make_battle(), "a")
        study_of(other)
        study_of(judge)

    assert queries[0] == queries[1]
    assert max(queries[0]) <= 3


def make_models_more() -> list[Contestant]:
    return [make_contestant() for _ in range(5)]


def test_the_interface_has_the_same_figures(client: Client) -> None:
    measured()
    judge_of(slug="zelkova", name="Zelkova")
    found = Study.objects.get().results

    alder, waiting = client.get("/api/v1/judges").json()

    assert alder["agreement"] == found["agreement"]["votes"]["share"]
    assert alder["kappa"] == found["agreement"]["votes"]["kappa"]
    assert alder["first_place_log_odds"] == found["position"]["log_odds"]
    assert (alder["battles"], alder["worth"]) == (30, found["combined"]["worth"])
    assert (waiting["slug"], waiting["made_at"], waiting["worth"]) == (
        *("zelkova", None),
        None,
    )


def test_the_interface_has_one_judge_in_full(client: Client) -> None:
    judge = measured()
    found = Study.objects.get().results
    several = [{"all_agree": False, **found["agreement"]}]
    models = [row["slug"] for row in found["table"]]
    points = {"battles": 2, "points_x": 15.0, "points_y": 9.5}
    pair = {"x": models[0], "y": models[1], **points}
    given = {"value": 7.6, "low": None, "high": None, "questions": 2, "values": 5}
    scored = {"slug": models[0], "is_own": True, **given}
    scores = {"models": [scored], "correlation": None}
    edit(judge, unanimity=several, pairs=[pair], scores=scores)

    [alder] = client.get("/api/v1/judges?judge=alder").json()

    share = found["agreement"]["votes"]["share"]
    assert (alder["name"], alder["agreement"]) == ("Alder Judge", share)
    close = [each for each in alder["kinds"] if each["apart_from"] is not None]
    assert len(close) == len(found["closeness"]) > 0
    assert close[0]["agreement"] == found["closeness"][0]["votes"]["share"]
    assert (alder["kinds"][-1]["one_mind"], alder["kinds"][-1]["kappa"]) == (
        False,
        found["agreement"]["votes"]["kappa"],
    )
    assert [each["slug"] for each in alder["models"]] == models
    first, row = alder["models"][0], found["table"][0]
    assert first["judge"]["low"] == row["rating"] - row["reach"]
    assert first["people"]["rating"] == row["people"]["rating"]
    together = {each["slug"]: each for each in found["combined"]["rows"]}[models[0]]
    assert first["combined"]["rating"] == together["rating"]
    assert first["people_alone"]["rating"] == together["alone"]
    assert alder["scores"][0]["answers"] == 5
    assert alder["pairs"] == [pair]


def test_the_interface_knows_a_judge_that_waits_but_no_stranger(client: Client) -> None:
    judge_of(slug="zelkova", name="Zelkova")

    [zelkova] = client.get("/api/v1/judges?judge=zelkova").json()
    assert (zelkova["made_at"], zelkova["models"]) == (None, [])
    assert client.get("/api/v1/judges?judge=nobody").status_code == 404


def test_the_yardsticks_lead_there(client: Client) -> None:
    assert 'href="/judges"' in client.get("/agreement").content.decode()
    html = client.get("/judges").content.decode()
    assert 'href="/agreement" aria-current="true"' in html


def test_scores_of_single_answers_have_their_table_and_files(client: Client) -> None:
    judge, models = judge_of(slug="alder", maker="Heath"), make_models(2)
    Contestant.objects.filter(pk=models[1].pk).update(maker="heath")
    score_all(judge, {models[0]: [6, 8, 7, 9, 8], models[1]: [5]})
    study_of(judge)

    page, table = words(client, "/judges/alder"), words(client, "/judges")
    address = "/judges/alder/plots/scores"
    rows = client.get(f"{address}.csv").content.decode().splitlines()[-2:]

    assert "6 answers scored" in page
    assert "Model 00 7.60 6.18 9.02 5 5 no" in page
    assert "Model 01 5.00 – – 1 1 yes" in page
    assert "too few models of people’s table for a rank correlation" in page
    # Nothing is said of verdicts where it has given none.
    assert "one order only" not in page and "0 verdicts" not in page
    assert "0 by people too 6 answers scored alone" in table
    assert rows[0].startswith("Model 00,7.6,6.18")
    assert rows[1] == "Model 01,5.0,,,1,1,True"
    assert client.get(f"{address}.svg")["Content-Type"] == "image/svg+xml"


def test_points_in_comparisons_are_summed_pair_by_pair(client: Client) -> None:
    judge, (x, y) = judge_of(slug="alder"), make_models(2)
    two = [make_battle(contestant_x=x, contestant_y=y) for _ in range(2)]
    # Asked in both orders about the first: 8 and 6, then 7 and 5.5 the other way.
    say(judge, two[0], "a", left="x", score_a=8, score_b=6)
    say(judge, two[0], "b", left="y", score_a=5.5, score_b=7)
    say(judge, two[1], "b", left="x", score_a=3, score_b=9)
    study_of(judge)

    assert "Model 00 10.5 Model 01 14.8 2" in words(client, "/judges/alder")


def test_agreement_by_minds_is_in_the_table_of_kinds(client: Client) -> None:
    judge = measured()
    found = Study.objects.get().results["agreement"]
    edit(judge, unanimity=[{"all_agree": each, **found} for each in (True, False)])

    figures = client.get("/judges/alder/plots/agreement.csv").content.decode()

    assert "People all of one mind,30," in figures
    assert "People divided,30," in figures
    assert "People divided 30" in words(client, "/judges/alder")


def test_a_longer_answer_is_worth_what_twice_the_length_is(client: Client) -> None:
    judge = measured()
    figure = {"value": 0.35, "low": 0.33, "high": 0.37, "battles": 30}
    less = {"value": -0.1, "low": -0.12, "high": -0.08, "battles": 30}
    leaning = {"value": 0.6, "low": 0.3, "high": 0.9, "battles": 30}

    points = {"judge": figure, "people": figure | {"value": 0.45}, "more": less}
    odds = {"log_odds": leaning, "people_log_odds": None}
    length = {"points": points, "placed": True, **odds}
    edit(judge, length=length)

    page = words(client, "/judges/alder")
    assert "35 % (33 to 37 %) of the points from it and 45 %" in page
    assert "30 pairs: 10 points of a hundred less (−12 to −8)." in page
    assert "twice as long gains +35 Elo points (+17 to +52) with it." in page
