"""Decisions on prompts: each is written down, and can be undone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from evaluations import leaderboard
from evaluations.live import pooling
from evaluations.models import Decision, Prompt

UNDONE = "its approval was undone"
# What a decision of this kind changes of a prompt, and an undo puts back.
TOUCHED: Final = {
    Decision.Kind.APPROVE: ("state",),
    Decision.Kind.REJECT: ("state",),
    Decision.Kind.EDIT: ("language", "categories"),
}


class NothingToUndo(Exception):
    """What stands cannot be taken back; the text is for people."""

    def __init__(self, why: str = "There is nothing of yours to undo.") -> None:
        super().__init__(why)


class ChangedSince(NothingToUndo):
    """Somebody has changed since what the decision had changed."""

    def __init__(self, decision: Decision) -> None:
        touched = " or ".join(decision.before)
        super().__init__(
            f"Its {touched} changed since it was {decision.get_kind_display()}: "
            "nothing is undone."
        )


@dataclass(frozen=True)
class Undone:
    decision: Decision
    prompt: Prompt


def approve(*, prompts: QuerySet[Prompt], by: User) -> int:
    """Let everybody judge these, as far as they may be; return how many there are."""
    with transaction.atomic():
        before = _standing(prompts, Decision.Kind.APPROVE)
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
        before = _standing(prompts, Decision.Kind.REJECT)
        rejected = pooling.reject(prompts=prompts)
        _write_down(Decision.Kind.REJECT, before, by, reason=reason)
    return rejected


def edit(*, prompt: Prompt, language: str, categories: Sequence[str], by: User) -> bool:
    """Say what kind of prompt it is; False where that is what it was."""
    with transaction.atomic():
        held = Prompt.objects.select_for_update().filter(pk=prompt.pk)
        before = _standing(held, Decision.Kind.EDIT)
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
    """Put back what one's last decision changed of its prompt, and nothing else.

    Raises NothingToUndo where none stands, and ChangedSince where that was changed
    again, by whomever.
    """
    with transaction.atomic():
        decision = last_decision(by=by)
        if decision is None:
            raise NothingToUndo
        # Held, so that nobody changes it between the look and the writing.
        prompt = Prompt.objects.select_for_update().get(pk=decision.prompt_id)
        _refuse_changed(decision, prompt)
        claimed = Decision.objects.standing().filter(pk=decision.pk)
        if not claimed.update(undone_at=Now(), undone_by=by):
            raise NothingToUndo
        if decision.kind == Decision.Kind.APPROVE:
            pooling.take_back(prompt=prompt, reason=UNDONE)
        for name, value in decision.before.items():
            setattr(prompt, name, value)
        prompt.save(update_fields=list(decision.before))
        if decision.kind == Decision.Kind.EDIT:
            leaderboard.count_again(prompt=prompt)
    return Undone(decision, prompt)


def _refuse_changed(decision: Decision, prompt: Prompt) -> None:
    touched = list(decision.before)
    later = Decision.objects.standing().filter(
        prompt=prompt, pk__gt=decision.pk, before__has_any_keys=touched
    )
    now = {name: getattr(prompt, name) for name in touched}
    if now != decision.after or later.exists():
        raise ChangedSince(decision)


def _standing(
    prompts: QuerySet[Prompt], kind: Decision.Kind
) -> dict[int, dict[str, Any]]:
    """By prompt, what a decision of this kind changes of it."""
    rows = prompts.exclude(state=Prompt.State.PRIVATE)
    return {row.pop("pk"): row for row in rows.values("pk", *TOUCHED[kind])}


def _write_down(
    kind: Decision.Kind,
    before: dict[int, dict[str, Any]],
    by: User,
    *,
    reason: str = "",
) -> list[Decision]:
    """One row for each prompt that is not what it was, with what changed of it."""
    after = _standing(Prompt.objects.filter(pk__in=list(before)), kind)
    changes = {
        pk: [name for name in was if after[pk][name] != was[name]]
        for pk, was in before.items()
        if pk in after
    }
    return Decision.objects.bulk_create(
        Decision(
            prompt_id=pk,
            kind=kind,
            reason=reason,
            before={name: before[pk][name] for name in changed},
            after={name: after[pk][name] for name in changed},
            decided_by=by,
        )
        for pk, changed in changes.items()
        if changed
    )
