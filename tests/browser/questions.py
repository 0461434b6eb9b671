"""Sets of prompts, asked and judged by some, as their pages show them."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page

from evaluations import leaderboard, studies
from evaluations.models import Battle, Prompt, PromptSet, Vote
from evaluations.studies import volunteers
from tests.factories import (
    make_answer,
    make_battle,
    make_contestant,
    make_prompt,
    make_volunteer,
)

KINDS = ("coding", "creative-writing", "everyday", "reasoning")
VERDICTS = ("a", "a", "b", "tie", "a", "both_bad", "b", "a")
ABOUT = "Questions that people put to assistants, chosen to be of many kinds and hard."


def make_sets(*, prompts: int = 60) -> Prompt:
    """A large frozen set and a small one; return a prompt with pairs to read."""
    models = [make_contestant(name=f"Heron {n}.{n % 3}") for n in range(6)]
    volunteers_ = [make_volunteer() for _ in range(4)]
    made = [
        make_prompt(
            f"Number {n}: how would a Donaudampfschifffahrtskapitän explain the tides "
            f"to a child of {n % 9 + 4}, and what would he leave out?",
            set="koala",
            external_id=str(n),
            language="de" if n % 4 == 3 else "en",
            categories=[KINDS[n % 4]],
        )
        for n in range(prompts)
    ]
    made[0].references = ["The moon pulls, the sea follows."]
    made[0].turns.append("And at the equator?\n\nIn two sentences.")
    made[0].save()
    make_prompt("Why?", set="small")
    for n, prompt in enumerate(made[: prompts * 2 // 3]):
        _judge(make_battle(models[n % 5], models[5], prompt), volunteers_, n)
        make_answer(models[(n + 1) % 5], prompt)
    PromptSet.objects.filter(slug="koala").update(
        title="Koala test set",
        description=ABOUT,
        licence="Apache-2.0",
        source="https://questions.example/with/a-rather-long/address/koala-test-set",
        frozen_at=timezone.now(),
    )
    leaderboard.rebuild_tallies()
    studies.make_study(volunteers, volunteers.NAME)
    return made[0]


def _judge(battle: Battle, judges: list[object], number: int) -> None:
    then = timezone.now() - timedelta(days=90)
    Battle.objects.filter(pk=battle.pk).update(judgements=1, opened_at=then)
    Vote.objects.bulk_create(
        Vote(
            battle=battle,
            volunteer=judge,
            verdict=VERDICTS[(number + n * (number % 3)) % len(VERDICTS)],
            left="x",
            cast_at=then,
            state="counted",
        )
        for n, judge in enumerate(judges[: 1 + number % 4])
    )


def sets(page: Page) -> None:
    make_sets(prompts=24)
    page.goto("/prompts")


def one_set(page: Page) -> None:
    make_sets()
    page.goto("/prompts/koala?sort=disagreement")


def one_prompt(page: Page) -> None:
    prompt = make_sets(prompts=6)
    page.goto(f"/prompts/koala/{prompt.public_id}")
    for summary in page.locator("main summary").all():
        summary.click()


QUESTIONS: dict[str, str | Callable[[Page], None]] = {
    "prompts": sets,
    "prompts before there are any": "/prompts",
    "prompts of one set": one_set,
    "one prompt": one_prompt,
}
