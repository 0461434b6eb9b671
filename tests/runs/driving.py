"""Runs for tests, and a worker of this process that takes them to their end."""

from typing import Any

from django.utils import timezone

from evaluations import fetching, runs
from evaluations.models import Contestant, PromptSet, Run
from tests.factories import make_contestant, make_prompt
from tests.fakes.model_server import ModelServer


def make_set(*conversations: list[str], slug: str = "fixed") -> PromptSet:
    """A frozen set of these questions, each given by its turns."""
    for turns in conversations:
        make_prompt(set=slug, turns=turns)
    PromptSet.objects.filter(slug=slug).update(frozen_at=timezone.now())
    return PromptSet.objects.get(slug=slug)


def make_questions(number: int, *, slug: str = "fixed") -> PromptSet:
    return make_set(*([f"What is {one} and two?"] for one in range(number)), slug=slug)


def make_paid(server: ModelServer, **values: Any) -> Contestant:
    """A contestant behind a server, at one dollar for a million tokens of any kind."""
    return make_contestant(
        **{
            "provider": "openai",
            "base_url": f"{server.url}/v1",
            "api_model": "fake-small",
            "price_in": 1,
            "price_out": 1,
            "requests_per_minute": 10_000,
            **values,
        }
    )


def make_run(prompt_set: PromptSet, *contestants: Contestant, **values: Any) -> Run:
    """A planned evaluation."""
    run = Run.objects.create(kind="evaluation", prompt_set=prompt_set, **values)
    run.contestants.set(contestants)
    runs.plan_run(run=run)
    return run


def start(prompt_set: PromptSet, *contestants: Contestant, **values: Any) -> Run:
    run = make_run(prompt_set, *contestants, **values)
    runs.start_run(run=run)
    return run


def take_to_its_end(run: Run, *, steps: int = 100) -> Run:
    """Advance and fetch by turns until nothing moves any more."""
    for _ in range(steps):
        moved = runs.advance_run(run_id=run.pk)
        if not (fetch_all(run) or moved):
            break
    run.refresh_from_db()
    return run


def fetch_all(run: Run) -> int:
    """Fetch what is queued; return how many answers."""
    fetched = 0
    for pk in Contestant.objects.filter(pk__in=run.items.values("contestant")):
        while fetching.fetch_next(contestant_id=pk.pk) is True:
            fetched += 1
    return fetched
