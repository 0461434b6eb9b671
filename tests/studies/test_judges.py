import itertools
import math
from statistics import fmean, stdev
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from scipy import stats

from evaluations.models import Battle, Contestant, Judge, JudgeVerdict, Vote
from evaluations.studies import judges
from tests.crowds import judge_all, make_models
from tests.factories import (
    make_answer,
    make_battle,
    make_contestant,
    make_control,
    make_prompt,
    make_volunteer,
)
from tests.verdicts import judge_of, say, say_of_all, study_of
from tests.yardsticks import give_score

pytestmark = pytest.mark.django_db(transaction=True)

STRENGTHS = (1.2, 0.6, 0.1, -0.3, -0.7, -1.1)


def crowd(rounds: int = 2) -> list[Contestant]:
    """Six models that eight people have judged, each pair on some prompts."""
    models = make_models(6)
    judge_all(models, strengths=STRENGTHS, volunteers=8, rounds=rounds)
    return models


def unjudged(models: list[Contestant], *, prompts: int) -> None:
    """Battles of each pair that nobody has voted on."""
    for prompt in [make_prompt() for _ in range(prompts)]:
        for x, y in itertools.combinations(models, 2):
            make_battle(x, y, prompt)


def judged(models: list[Contestant], **values: Any) -> Judge:
    judge = judge_of()
    strengths = {m.pk: s for m, s in zip(models, STRENGTHS, strict=True)}
    battles = Battle.objects.order_by("pk")
    say_of_all(judge, battles, strengths=strengths, **values)
    return judge


def vote(battle: Battle, verdict: str, left: str = "x") -> None:
    Vote.objects.create(
        battle=battle,
        volunteer=make_volunteer(),
        verdict=verdict,
        left=left,
        state="counted",
    )


def figures(judge: Judge) -> dict[str, Any]:
    return judges.figures(f"judge:{judge.slug}")


def test_a_judge_has_a_study_once_it_has_said_something() -> None:
    silent, speaking, scoring = (judge_of(slug=slug) for slug in "bac")
    say(speaking, make_battle())
    give_score(scoring, make_answer(make_contestant(), make_prompt()), 4)

    assert list(judges.names()) == ["judge:a", "judge:c"]
    assert silent.verdicts.count() == 0


def test_votes_are_held_against_verdicts_whoever_stood_left() -> None:
    judge, same, other, tied = judge_of(), make_battle(), make_battle(), make_battle()
    vote(same, "b", left="y")
    vote(other, "a", left="y")
    vote(tied, "both_bad")
    say(judge, same, "a")
    say(judge, other, "a")
    say(judge, tied, "tie", left="y")

    found = figures(judge)["agreement"]["votes"]

    assert (found["votes"], found["share"]["value"]) == (3, pytest.approx(2 / 3))
    assert found["decided"]["value"] == 0.5


def test_what_could_not_be_read_or_does_not_stand_is_left_out() -> None:
    judge, battle = judge_of(), make_battle()
    say(judge, battle, "a")
    say(judge, battle, "", left="y")
    say(judge, make_control(), "a")
    say(judge, make_battle(withdrawn_at="2031-01-01T00:00Z", withdrawn_reason="x"))
    vote(battle, "a")
    Vote.objects.create(
        battle=battle, volunteer=make_volunteer(), verdict="b", left="x"
    )

    found = figures(judge)

    assert found["judged"] == {"battles": 1, "shared": 1, "votes": 1}
    assert found["states"] == {"read": 3, "unreadable": 1, "failed": 0}


def test_a_bent_for_the_first_place_is_found_within_its_interval() -> None:
    models = make_models(6)
    unjudged(models, prompts=6)

    found = figures(judged(models, first=0.7))["position"]

    truth = math.log(0.7 / 0.3)
    assert found["log_odds"]["low"] < truth < found["log_odds"]["high"]
    assert found["log_odds"]["low"] > 0
    assert found["share"]["value"] > 0.55
    assert found["swapped"]["cases"] == Battle.objects.count()
    assert found["swapped"]["first"]["value"] > found["swapped"]["second"]["value"]


def test_an_order_that_is_not_known_tells_nothing_of_the_place() -> None:
    models = make_models(6)
    unjudged(models, prompts=6)
    judge = judged(models, first=0.7)
    known = figures(judge)["position"]
    JudgeVerdict.objects.filter(pk__in=_half(judge)).update(order_known=False)
    half = figures(judge)["position"]
    JudgeVerdict.objects.update(order_known=False)
    found = figures(judge)

    total = judge.verdicts.count()
    assert (known["placed"], known["unplaced"]) == (total, 0)
    assert (half["placed"], half["unplaced"]) == (total / 2, total / 2)
    assert half["log_odds"]["battles"] == known["log_odds"]["battles"] / 2
    assert half["swapped"]["cases"] == known["swapped"]["cases"] / 2
    unplaced = found["position"]
    assert not any(unplaced[key] for key in ("share", "log_odds", "swapped", "placed"))
    assert len(found["table"]) == 6


def _half(judge: Judge) -> list[int]:
    """Verdicts on every second battle."""
    numbers = sorted(judge.verdicts.values_list("battle", flat=True).distinct())
    return list(
        judge.verdicts.filter(battle__in=numbers[::2]).values_list("pk", flat=True)
    )


def test_its_own_makers_models_are_those_of_the_same_name() -> None:
    own = make_contestant(maker="Open Maker")
    judge, battle = judge_of(maker="open-maker"), make_battle(own)
    say(judge, battle, "a")
    vote(battle, "b")

    found = figures(judge)["own_maker"]

    assert (found["slugs"], found["battles"]) == ([own.slug], 1)
    assert found["points"]["more"]["value"] == 1


def test_the_longer_answer_is_known_by_its_tokens() -> None:
    judge, prompt = judge_of(), make_prompt()
    battle = make_battle(prompt=prompt)
    turn = battle.turns.get()
    for answer, tokens in ((turn.answer_x, 10), (turn.answer_y, 30)):
        answer.style = {"tokens": tokens, "headings": 0, "list_items": 0, "bold": 0}
        answer.save()
    say(judge, battle, "b")
    vote(battle, "a")
    unmeasured = make_battle()
    say(judge, unmeasured, "a")
    vote(unmeasured, "a")

    found = figures(judge)["length"]["points"]

    assert (found["judge"]["value"], found["people"]["value"]) == (1, 0)
    assert found["more"]["battles"] == 1


def test_both_tables_stand_side_by_side_on_one_scale() -> None:
    """People know one more model, so that their mean is another one."""
    models = crowd()
    judge, stranger = judged(models), make_contestant()
    for _ in range(8):
        vote(make_battle(models[0], stranger), "a")

    found = figures(judge)

    rows = found["table"]
    assert len(rows) == 6
    assert rows == sorted(rows, key=lambda row: -row["rating"])
    mean = sum(row["rating"] for row in rows) / 6
    assert mean == pytest.approx(sum(row["people"]["rating"] for row in rows) / 6)
    assert found["correlation"]["models"] == 6
    assert found["correlation"]["spearman"]["value"] > 0.7


def test_verdicts_beyond_peoples_battles_narrow_the_combined_intervals() -> None:
    models = crowd(rounds=2)
    unjudged(models, prompts=8)

    found = figures(judged(models))["combined"]

    assert (found["both"], found["more"]) == (30, 120)
    assert len(found["rows"]) == 6
    assert 0 <= found["worth"] <= found["ceiling"]
    assert sum(row["reach"] for row in found["rows"]) <= sum(
        row["alone_reach"] for row in found["rows"]
    )


def test_categories_of_enough_battles_come_with_peoples_own_agreement() -> None:
    judge = judged(crowd())

    [found] = figures(judge)["categories"]

    assert found["name"] == "mathematics"
    assert found["votes"]["share"]["battles"] == 30
    assert found["people"]["votes"] == 30 * 8


def test_battles_of_several_people_are_told_apart_by_their_minds() -> None:
    """Ten on which two people agree, ten on which they do not, one of one alone."""
    judge, said = judge_of(), []
    for number in range(20):
        battle, verdict = make_battle(), "a" if number % 3 else "b"
        votes = ("a", "a") if number < 10 else ("a", "tie")
        for each in votes:
            vote(battle, each)
        say(judge, battle, verdict)
        said.append([each == verdict for each in votes])
    alone = make_battle()
    vote(alone, "a")
    say(judge, alone, "a")

    of_one_mind, divided = figures(judge)["unanimity"]

    assert (of_one_mind["all_agree"], divided["all_agree"]) == (True, False)
    for found, rows in ((of_one_mind, said[:10]), (divided, said[10:])):
        share = found["votes"]["share"]
        assert (share["battles"], found["votes"]["votes"]) == (10, 20)
        assert share["value"] == pytest.approx(sum(map(sum, rows)) / 20)


def test_scores_stand_beside_peoples_ratings() -> None:
    """All pairs were judged as often, so that points put people's order."""
    models, judge = crowd(), judge_of(maker=make_contestant(maker="Own One").maker)
    Contestant.objects.filter(pk=models[2].pk).update(maker="own-one")
    given = {m.slug: [7.0, 5 + n % 3, 9 - n, 4, 6] for n, m in enumerate(models)}
    prompts = [make_prompt() for _ in range(5)]
    for model in models:
        for prompt, score in zip(prompts, given[model.slug], strict=True):
            give_score(judge, make_answer(model, prompt), score)
    points = dict.fromkeys(given, 0.0)
    for each in Vote.objects.select_related(
        "battle__contestant_x", "battle__contestant_y"
    ):
        x, y = each.battle.contestant_x.slug, each.battle.contestant_y.slug
        first, second = (x, y) if each.left == "x" else (y, x)
        won = {"a": 1.0, "b": 0.0}.get(each.verdict, 0.5)
        points[first], points[second] = points[first] + won, points[second] + 1 - won

    found = figures(judge)["scores"]

    means = {slug: fmean(scores) for slug, scores in given.items()}
    rows = {row["slug"]: row for row in found["models"]}
    assert {slug: row["value"] for slug, row in rows.items()} == pytest.approx(means)
    assert list(rows) == sorted(means, key=lambda slug: (-means[slug], slug))
    half = stats.t.ppf(0.975, 4) * stdev(given["m1"]) / math.sqrt(5)
    assert rows["m1"]["high"] - rows["m1"]["value"] == pytest.approx(half)
    assert [slug for slug, row in rows.items() if row["is_own"]] == ["m2"]
    assert {(row["questions"], row["values"]) for row in rows.values()} == {(5, 5)}
    orders = ([each[slug] for slug in given] for each in (points, means))
    expected = stats.spearmanr(*orders).statistic
    assert found["correlation"]["models"] == 6
    assert found["correlation"]["spearman"]["value"] == pytest.approx(expected)


def test_a_judge_that_nobody_can_be_held_against_still_has_a_table() -> None:
    judge, battle = judge_of(), make_battle()
    say(judge, battle, "a")

    found = figures(judge)

    assert (found["agreement"], found["combined"], found["correlation"]) == (None,) * 3
    assert [row["people"] for row in found["table"]] == [None, None]


def test_unreadable_verdicts_alone_leave_every_figure_empty() -> None:
    judge = judge_of()
    say(judge, make_battle(), "")

    found = figures(judge)

    assert (found["table"], found["agreement"]) == ([], None)
    assert study_of(judge).results == found


def test_a_study_is_due_where_verdicts_scores_votes_or_the_maker_changed() -> None:
    models = crowd()
    judge = judged(models)
    name, marks = f"judge:{judge.slug}", []
    marks.append(judges.digest(name))
    assert judges.digest(name) == marks[0]

    say(judge, make_battle(models[0], models[1]))
    marks.append(judges.digest(name))
    give_score(judge, make_answer(models[0], make_prompt()), 4)
    marks.append(judges.digest(name))
    judge_all(models, strengths=STRENGTHS, volunteers=1)
    marks.append(judges.digest(name))
    Contestant.objects.filter(pk=models[0].pk).update(maker="Nobody")
    marks.append(judges.digest(name))

    assert len(set(marks)) == 5


def test_the_work_does_not_ask_row_by_row() -> None:
    queries, models = [], crowd(rounds=1)
    for rounds in (1, 3):
        judge = judged(models)
        with CaptureQueriesContext(connection) as captured:
            judges.digest(f"judge:{judge.slug}")
            figures(judge)
        queries.append(len(captured))
        judge_all(models, strengths=STRENGTHS, volunteers=4, rounds=rounds)

    assert queries[0] == queries[1] <= 14
