"""What is under way counts against a run's limit, whenever it ends."""

import contextlib
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from evaluations import runs
from evaluations.models import Answer, Run
from evaluations.runs.budget import Budget
from tests.factories import make_answer, make_contestant, make_prompt
from tests.runs.driving import make_set, start

pytestmark = pytest.mark.django_db

NEXT = [{"role": "user", "content": "Next?"}]


def dear_run(*questions: str, most: int = 10, limit: str) -> Run:
    """Its contestant asked once before, for so many tokens of a dollar each."""
    contestant = make_contestant(price_in=1_000_000, price_out=0)
    make_answer(contestant, make_prompt(set="before"), prompt_tokens=most)
    prompts = make_set(*([question] for question in questions))
    return start(prompts, contestant, spend_limit=Decimal(limit))


def allows(run: Run) -> bool:
    run.refresh_from_db()
    return Budget(run).allows(run.contestants.get(), NEXT)


@contextlib.contextmanager
def ending_after(queries: int) -> Iterator[list[str]]:
    """Let the answer under way come in after so many queries of what is done within."""
    seen: list[str] = []

    def run_query(execute: Any, sql: str, *rest: Any) -> Any:
        found = execute(sql, *rest)
        seen.append(sql)
        if len(seen) == queries:
            Answer.objects.filter(state="queued").update(
                state="ready", finished_at=timezone.now(), claims=1, prompt_tokens=10
            )
        return found

    with connection.execute_wrapper(run_query):
        yield seen


def test_a_call_that_ends_while_the_limit_is_looked_at_is_counted():
    run = dear_run("One?", limit="15")
    runs.advance_run(run_id=run.pk)
    assert run.items.under_way().count() == 1
    assert not allows(run)

    for queries in range(1, 6):
        Answer.objects.filter(pk=run.items.get().answer_id).update(
            state="queued", finished_at=None
        )
        with ending_after(queries) as seen:
            assert not allows(run), f"it ended after {seen[queries - 1]}"
        assert len(seen) > queries


def test_a_call_under_way_is_reserved_by_its_own_length():
    run = dear_run("long " * 80, limit="110")
    runs.advance_run(run_id=run.pk)

    # 400 characters are 100 tokens; ten are what the next one may take.
    assert allows(run)
    Run.objects.update(spend_limit=109)
    assert not allows(run)


def test_a_call_whose_worker_was_lost_is_reserved_twice():
    run = dear_run("One?", limit="30")
    runs.advance_run(run_id=run.pk)
    Answer.objects.filter(state="queued").update(claims=1)

    assert allows(run)
    Run.objects.update(spend_limit=29)
    assert not allows(run)
