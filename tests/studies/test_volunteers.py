"""Agreement between volunteers, from the ledger to the figures of each set."""

from collections import Counter
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluations import leaderboard, studies
from evaluations.battles import withdraw_battle
from evaluations.models import Battle, Study, Vote
from evaluations.studies import volunteers
from tests.factories import make_battle, make_control, make_prompt, vote_for
from tests.rating.test_inter_rater import by_definition, raw_by_definition

pytestmark = pytest.mark.django_db


def judged(verdicts: str, **values: Any) -> Battle:
    """Shown left, verdict by verdict: xa is a win of x that stood left, yb one too."""
    battle = make_battle(prompt=make_prompt(**values))
    for said in verdicts.split():
        vote = vote_for(battle)
        verdict = {"t": "tie", "0": "both_bad"}.get(said[1], said[1])
        Vote.objects.filter(pk=vote.pk).update(
            left=said[0], verdict=verdict, state="counted"
        )
    return battle


def figures() -> Any:
    return volunteers.figures(volunteers.NAME)


def test_a_choice_is_the_same_whichever_side_it_stood_on() -> None:
    judged("xa yb xa", set="koala")
    judged("xa ya", set="koala")
    judged("xt yt x0", set="koala")

    units = [Counter(x=3), Counter(x=1, y=1), Counter(t=2, bad=1)]
    found = figures()["sets"]["koala"]
    assert found["alpha"] == pytest.approx(by_definition(units))
    assert found["raw"] == pytest.approx(raw_by_definition(units))
    assert (found["units"], found["ratings"]) == (3, 8)
    assert found["alpha_low"] is None


def test_each_set_and_category_has_figures_of_its_own() -> None:
    judged("xa xa", set="koala", categories=["coding", "writing"])
    judged("xa xb", set="koala", categories=["writing"])
    judged("xa xb xt", set="llama", categories=[])
    judged("xa", set="made")

    found = figures()

    assert found["all"]["units"] == 3
    assert {slug: each["units"] for slug, each in found["sets"].items()} == {
        "koala": 2,
        "llama": 1,
    }
    of_category = found["sets"]["koala"]["categories"]
    assert {name: each["raw"] for name, each in of_category.items()} == {
        "coding": 1.0,
        "writing": 0.5,
    }
    assert found["sets"]["llama"]["categories"] == {}


def test_what_does_not_count_in_the_table_counts_here_as_little() -> None:
    judged("xa xa")
    withdraw_battle(battle=judged("xa xb"), reason="personal data")
    judged("xa xb").votes.filter(verdict="b").update(state="flagged", rule="r")
    control = make_control(judgements_wanted=2)
    for verdict in "ab":
        vote_for(control, verdict)
    control.votes.update(state="counted")

    assert (figures()["all"]["units"], figures()["all"]["raw"]) == (1, 1.0)


def test_before_the_first_pair_that_several_judged_there_is_nothing() -> None:
    judged("xa")

    assert figures() == {"all": None, "sets": {}}


@pytest.mark.django_db(transaction=True)
def test_it_is_made_anew_when_a_vote_counts_or_no_longer_does() -> None:
    battle = judged("xa xb")
    assert studies.make_due_studies(sources=[volunteers]) == 1
    assert studies.make_due_studies(sources=[volunteers]) == 0

    for change in (leaderboard.rebuild_tallies, lambda: withdraw(battle)):
        change()
        leaderboard.roll_up()
        assert studies.make_due_studies(sources=[volunteers]) == 1

    newest = Study.objects.newest_of(volunteers.NAME)
    assert newest is not None and newest.results["all"] is None


def withdraw(battle: Battle) -> None:
    withdraw_battle(battle=battle, reason="personal data")


def test_one_question_to_the_database_serves_all_sets() -> None:
    for number in range(4):
        judged("xa xb", set=f"set-{number}")

    with CaptureQueriesContext(connection) as captured:
        figures()

    assert len(captured) == 1
