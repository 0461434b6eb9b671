"""Decisions on prompts: each is written down, and can be undone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from evaluations import leaderboard
from evaluations.live import pooling
from evaluations.models import Decision, Prompt

UNDONE = "its approval was undone"


class NothingToUndo(Exception):
    """No decision of this person stands, or the prompt was changed since."""


@dataclass(frozen=True)
class Undone:
    decision: Decision
    prompt: Prompt


def approve(*, prompts: QuerySet[Prompt], by: User) -> int:
    """Let everybody judge these, as far as they may be; return how many there are."""
    with transaction.atomic():
        before = _standing(prompts)
        approved = pooling.approve(prompts=prompts)
        _write_down(Decision.Kind.APPROVE, before, by)
    return approved


def reject(
    *,
    prompts: QuerySet[Prompt],
    by: User,
    reason: str = Decision.Reason.OTHER,
) -> int:
    """Keep these from the volunteers; return how many there are."""
    with transaction.atomic():
        before = _standing(prompts)
        rejected = pooling.reject(prompts=prompts)
        _write_down(Decision.Kind.REJECT, before, by, reason=reason)
    return rejected


def edit(*, prompt: Prompt, language: str, categories: Sequence[str], by: User) -> bool:
    """Say what kind of prompt it is; False where that is what it was."""
    with transaction.atomic():
        before = _standing(Prompt.objects.filter(pk=prompt.pk))
        prompt.language, prompt.categories = language, list(categories)
        prompt.save(update_fields=["language", "categories"])
        changed = _write_down(Decision.Kind.EDIT, before, by)
        if changed:
            # Its volunteer's own vote now belongs to other tables.
            leaderboard.count_again(prompt=prompt)
    return bool(changed)


def last_decision(*, by: User) -> Decision | None:
    """The one that an undo would take back."""
    own = Decision.objects.standing().filter(decided_by=by)
    return own.select_related("prompt").order_by("-pk").first()


def undo(*, by: User) -> Undone:
    """Put the prompt of one's last decision back to what it was.

    Raises NothingToUndo, also where somebody has decided on it since.
    """
    with transaction.atomic():
        decision = last_decision(by=by)
        if decision is None or not _is_newest(decision):
            raise NothingToUndo
        claimed = Decision.objects.standing().filter(pk=decision.pk)
        if not claimed.update(undone_at=Now(), undone_by=by):
            raise NothingToUndo
        prompt = decision.prompt
        if decision.kind == Decision.Kind.APPROVE:
            pooling.take_back(prompt=prompt, reason=UNDONE)
        for name, value in decision.before.items():
            setattr(prompt, name, value)
        prompt.save(update_fields=list(decision.before))
        if decision.kind == Decision.Kind.EDIT:
            leaderboard.count_again(prompt=prompt)
    return Undone(decision, prompt)


def _is_newest(decision: Decision) -> bool:
    since = Decision.objects.standing().filter(prompt=decision.prompt_id)
    return not since.filter(pk__gt=decision.pk).exists()


def _standing(prompts: QuerySet[Prompt]) -> dict[int, dict[str, Any]]:
    rows = prompts.exclude(state=Prompt.State.PRIVATE)
    return {
        pk: {"state": state, "language": language, "categories": categories}
        for pk, state, language, categories in rows.values_list(
            "pk", "state", "language", "categories"
        )
    }


def _write_down(
    kind: Decision.Kind,
    before: dict[int, dict[str, Any]],
    by: User,
    *,
    reason: str = "",
) -> list[Decision]:
    """One row for each prompt that is not what it was."""
    after = _standing(Prompt.objects.filter(pk__in=list(before)))
    return Decision.objects.bulk_create(
        Decision(
            prompt_id=pk, kind=kind, reason=reason, before=before[pk], decided_by=by
        )
        for pk in before
        if after.get(pk) != before[pk]
    )
