"""From the ledger to the figures of a set beside the pool."""

import secrets
from random import Random

import pytest

from evaluations import leaderboard
from evaluations.models import Contestant, Prompt, Study, Vote
from evaluations.studies import beyond, make_study
from tests.crowds import make_models
from tests.factories import make_battle, make_prompt, make_volunteer

pytestmark = pytest.mark.django_db
STRENGTHS = {"m0": 0.2, "m1": 0.5, "m2": 0.8}


def judge(models: list[Contestant], prompts: list[Prompt], *, votes: int) -> None:
    """So many votes on each prompt, all of one volunteer for want of others."""
    random, judged = Random(3), []
    for prompt in prompts:
        for _ in range(votes):
            x, y = random.sample(models, 2)
            battle = make_battle(x, y, prompt, judgements=1)
            wins = random.random() < 0.5 + STRENGTHS[x.slug] - STRENGTHS[y.slug]
            judged.append((battle, "a" if wins else "b"))
    voter = make_volunteer()
    Vote.objects.bulk_create(
        Vote(
            battle=battle,
            volunteer=voter,
            verdict=verdict,
            left="x",
            idempotency_key=secrets.token_hex(8),
            state=Vote.State.COUNTED,
        )
        for battle, verdict in judged
    )
    leaderboard.rebuild_tallies()


def make_prompts(number: int, slug: str, **values) -> list[Prompt]:
    return [make_prompt(set=slug, **values) for _ in range(number)]


@pytest.fixture
def _judged():
    models = make_models(3)
    judge(models, make_prompts(6, "koala"), votes=40)
    judge(models, make_prompts(7, "pool"), votes=20)
    judge(models, make_prompts(1, "refused", state="rejected"), votes=20)


@pytest.mark.usefixtures("_judged")
def test_a_set_is_studied_once_it_has_prompts_and_votes_enough():
    assert list(beyond.names()) == ["beyond:koala"]


@pytest.mark.usefixtures("_judged")
def test_the_set_stands_beside_all_other_approved_prompts():
    found = beyond.figures("beyond:koala")

    assert found["votes"] == {"set": 240, "pool": 140}
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
    assert found["votes"]["set"] == 240


def test_nothing_to_compare_with_is_said():
    models = make_models(3)
    judge(models, make_prompts(5, "koala"), votes=40)

    found = beyond.figures("beyond:koala")

    assert found["comparison"] is None
    assert found["curves"]["questions"] == 5


@pytest.mark.usefixtures("_judged")
def test_it_is_made_again_only_when_the_votes_have_grown():
    assert make_study(beyond, "beyond:koala")
    judge(list(Contestant.objects.all()), make_prompts(1, "pool"), votes=1)
    assert not make_study(beyond, "beyond:koala")

    judge(list(Contestant.objects.all()), make_prompts(1, "pool"), votes=40)

    assert make_study(beyond, "beyond:koala")
    assert Study.objects.count() == 2
