"""Who asks for many answers at once waits for whoever does so already."""

import pytest
from pytest_django import Settings

from evaluations import battles
from evaluations.models import Battle, Contestant, PromptSet, RunItem
from evaluations.runs import advance_run
from tests.factories import make_contestant, make_prompt
from tests.races import while_held
from tests.runs.driving import make_set, start

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def koala(settings: Settings) -> PromptSet:
    settings.ARENA_SESSION_LENGTH = settings.ARENA_READY_BATTLES = 3
    make_contestant(provider="openai"), make_contestant(provider="openai")
    for _ in range(9):
        make_prompt(set="koala")
    return PromptSet.objects.get()


def test_what_the_queue_is_being_filled_with_counts_for_a_chosen_set(
    koala: PromptSet,
) -> None:
    opened: list[int] = []

    while_held(
        battles.fill_queue, lambda: opened.append(battles.fill_set(prompt_set=koala))
    )

    assert opened == [0]
    assert Battle.objects.count() == 3


def test_a_chosen_set_is_filled_after_what_a_run_just_asks_for(
    koala: PromptSet,
) -> None:
    run = start(make_set(["Elsewhere?"]), *Contestant.objects.all())
    asked_before: list[bool] = []

    def fill() -> None:
        battles.fill_set(prompt_set=koala)
        asked_before.append(RunItem.objects.filter(answer__isnull=False).exists())

    while_held(lambda: advance_run(run_id=run.pk), fill)

    assert asked_before == [True]
