"""From the ledger to the figures of a set beside the pool."""

import pytest

from evaluations.models import Contestant, Prompt, Study
from evaluations.studies import beyond, make_study
from tests.crowds import make_models
from tests.judged_sets import judge_prompts, judge_set_and_pool, make_prompts

pytestmark = pytest.mark.django_db


@pytest.fixture
def _judged():
    models = judge_set_and_pool()
    judge_prompts(models, make_prompts(1, "refused", state="rejected"), voters=70)


@pytest.mark.usefixtures("_judged")
def test_a_set_is_studied_once_it_has_prompts_and_votes_enough():
    assert list(beyond.names()) == ["beyond:koala"]


@pytest.mark.usefixtures("_judged")
def test_the_set_stands_beside_all_other_approved_prompts():
    found = beyond.figures("beyond:koala")

    assert found["votes"] == {"set": 252, "pool": 126}
    assert found["questions"] == {"set": 6, "pool": 7}
    models = found["comparison"]["models"]
    assert [model["slug"] for model in models] == ["m2", "m1", "m0"]
    best = models[0]
    rating, low, high = best["set"]
    assert low < rating < high
    apart = best["difference"]
    assert apart[0] == pytest.approx(rating - best["pool"][0], abs=0.02)
    assert [p["questions"] for p in found["curves"]["by_questions"]] == [2, 3, 5, 6]


@pytest.mark.usefixtures("_judged")
def test_near_duplicates_count_as_one_question():
    first, second, *_ = Prompt.objects.filter(prompt_set__slug="koala")
    Prompt.objects.filter(pk=second.pk).update(near=first, near_found="wording")

    found = beyond.figures("beyond:koala")

    assert found["questions"] == {"set": 5, "pool": 7}
    assert found["votes"]["set"] == 252


def test_nothing_to_compare_with_is_said():
    models = make_models(3)
    judge_prompts(models, make_prompts(5, "koala"), voters=14)

    found = beyond.figures("beyond:koala")

    assert found["comparison"] is None
    assert found["curves"]["questions"] == 5


@pytest.mark.usefixtures("_judged")
def test_it_is_made_again_only_when_the_votes_have_grown():
    assert make_study(beyond, "beyond:koala")
    judge_prompts(Contestant.objects.all(), make_prompts(1, "pool"), voters=1)
    assert not make_study(beyond, "beyond:koala")

    judge_prompts(Contestant.objects.all(), make_prompts(1, "pool"), voters=9)

    assert make_study(beyond, "beyond:koala")
    assert Study.objects.count() == 2
