"""Who fills the queue and who fills a chosen set wait for one another."""

import pytest
from pytest_django import Settings

from evaluations import battles
from evaluations.models import Battle, PromptSet
from tests.factories import make_contestant, make_prompt
from tests.races import while_held

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
