"""Contestants answer a question set: every prompt, turn by turn."""

from collections.abc import Iterator, Sequence
from typing import Any

from evaluations.models import Prompt, Run, RunItem

Messages = list[dict[str, str]]


def plan(run: Run) -> Iterator[RunItem]:
    """All first turns, then all second ones: a later turn seldom has to wait."""
    contestants = list(run.contestants.order_by("slug"))
    prompts = list(_prompts(run))
    longest = max((len(prompt.turns) for prompt in prompts), default=0)
    asked = (
        (contestant, prompt, turn)
        for turn in range(1, longest + 1)
        for prompt in prompts
        if turn <= len(prompt.turns)
        for contestant in contestants
    )
    for number, (contestant, prompt, turn) in enumerate(asked, start=1):
        yield RunItem(
            run=run, number=number, contestant=contestant, prompt=prompt, turn=turn
        )


def _prompts(run: Run) -> Iterator[Prompt]:
    """Those of the set that are approved, in the order in which they came."""
    approved = Prompt.objects.approved().filter(prompt_set=run.prompt_set)
    return approved.order_by("pk").iterator()


def messages(item: RunItem) -> Messages | None:
    """The conversation so far with the contestant's own answers; None without them."""
    said = _said_before(item) if item.turn > 1 else []
    if item.prompt is None or len(said) < item.turn - 1:
        return None
    return conversation(item.prompt, said)


def conversation(prompt: Prompt, said: Sequence[str]) -> Messages:
    """What is sent for the turn after those that were answered so."""
    sent: Messages = []
    for asked, answered in zip(prompt.turns, said, strict=False):
        sent.append({"role": "user", "content": asked})
        sent.append({"role": "assistant", "content": answered})
    return [*sent, {"role": "user", "content": prompt.turns[len(said)]}]


def _said_before(item: RunItem) -> list[str]:
    before = RunItem.objects.filter(
        run=item.run_id,
        contestant=item.contestant_id,
        prompt=item.prompt_id,
        turn__lt=item.turn,
        state=RunItem.State.DONE,
    )
    return list(before.order_by("turn").values_list("answer__text", flat=True))


def overrides(item: RunItem) -> dict[str, Any]:
    """None: each contestant answers in its own way."""
    return {}


def settle(item: RunItem) -> None:
    """The answer stands by itself."""


def finish(run: Run) -> None:
    """The answers stand by themselves: battles are made of them as of any other."""
