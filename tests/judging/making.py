"""Rows of judges for tests, made with as few words as a test needs."""

import itertools
from typing import Any

from django.utils import timezone

from evaluations import judging
from evaluations.models import (
    Answer,
    Battle,
    Contestant,
    Judge,
    JudgeTemplate,
    Run,
    RunItem,
)
from evaluations.models.prompts import digest_of
from tests.factories import make_contestant

PAIR = "Q: {question}\n{reference}\n1: {answer_a}\n2: {answer_b}"
SCORE = "Q: {question}\n{reference}\nA: {answer}"
REFERENCE = "Good: {reference}"

_numbers = itertools.count(1)


def make_judge(contestant: Contestant | None = None, **values: Any) -> Judge:
    number = next(_numbers)
    contestant = contestant or make_contestant(judge_only=True)
    named = {"slug": f"judge-{number}", "name": f"Judge {number}", "maker": "Nobody"}
    return Judge.objects.create(**{"contestant": contestant, **named, **values})


def make_template(kind: str = "pair", **values: Any) -> JudgeTemplate:
    defaults = {
        "slug": f"template-{next(_numbers)}",
        "kind": kind,
        "text": PAIR if kind == "pair" else SCORE,
        "reference_text": REFERENCE,
        "parameters": {"temperature": 0},
    }
    return JudgeTemplate.objects.create(**{**defaults, **values})


def planned(run: Run) -> list[RunItem]:
    """The items of a run's plan, saved."""
    kind = judging.JUDGING if run.kind == Run.Kind.JUDGING else judging.SCORING
    RunItem.objects.bulk_create(kind.plan(run))
    return list(run.items.all())


def reply_to(item: RunItem, text: str, *, state: str = "ready") -> RunItem:
    """Let the judge have answered this item so."""
    messages = [{"role": "user", "content": f"call {next(_numbers)}"}]
    item.answer = Answer.objects.create(
        contestant=item.contestant,
        messages=messages,
        messages_digest=digest_of(messages),
        state=state,
        text=text,
        finished_at=timezone.now(),
    )
    item.state = RunItem.State.DONE
    item.save()
    return item


def run_over(*battles: Battle, **values: Any) -> Run:
    """A judging run whose plan holds these battles, in both orders."""
    judge = values.pop("judge", None) or make_judge()
    template = values.pop("template", None) or make_template()
    run = Run.objects.create(kind="judging", judge=judge, template=template, **values)
    orders = [(battle, left) for battle in battles for left in "xy"]
    RunItem.objects.bulk_create(
        RunItem(
            run=run, number=n, contestant=judge.contestant, battle=battle, left=left
        )
        for n, (battle, left) in enumerate(orders, 1)
    )
    return run
