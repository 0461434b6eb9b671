"""Prompts and their sets."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.text import normalize_newlines
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextareaWidget

from evaluations.admin.base import ModelAdmin, raw_text
from evaluations.models import Prompt, PromptSet
from evaluations.models.prompts import digest_of

BETWEEN_TURNS = "\n---\n"
RULE = re.compile(r"^---[ \t]*$", re.MULTILINE)


@admin.register(PromptSet)
class PromptSetAdmin(ModelAdmin):
    list_display = ("title", "slug", "licence", "source", "frozen_at")
    search_fields = ("title", "slug")
    prepopulated_fields = {"slug": ("title",)}


class PromptForm(forms.ModelForm):  # type: ignore[type-arg]
    turns = forms.CharField(
        strip=False,
        widget=UnfoldAdminTextareaWidget,
        help_text="Several turns are separated by a line that holds only ---.",
    )

    class Meta:
        model = Prompt
        fields = (
            "prompt_set",
            "turns",
            "language",
            "categories",
            "reference",
            "origin",
            "state",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if isinstance(turns := self.initial.get("turns"), list):
            self.initial["turns"] = BETWEEN_TURNS.join(turns)

    def clean_turns(self) -> list[str]:
        text = normalize_newlines(self.cleaned_data["turns"])
        if text == normalize_newlines(self.initial.get("turns") or ""):
            # A turn that came from elsewhere may hold such a line itself.
            return list(self.instance.turns)
        turns = [turn.strip("\n") for turn in RULE.split(text)]
        for turn in turns:
            _check_turn(turn)
        return turns

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("prompt_set") and cleaned.get("turns"):
            self._check_set(cleaned["prompt_set"], cleaned["turns"])
        return cleaned

    def _check_set(self, prompt_set: PromptSet, turns: list[str]) -> None:
        same = prompt_set.prompts.filter(digest=digest_of(turns))
        if same.exclude(pk=self.instance.pk).exists():
            self.add_error("turns", "The set has a prompt of the same words already.")

    def save(self, commit: bool = True) -> Prompt:
        self.instance.fill_digests()
        prompt: Prompt = super().save(commit)
        return prompt


def _check_turn(turn: str) -> None:
    if not turn.strip():
        raise ValidationError("A turn is empty.")
    if len(turn) > settings.ARENA_PROMPT_CHARS:
        raise ValidationError(
            f"A turn has {len(turn)} characters; "
            f"{settings.ARENA_PROMPT_CHARS} are allowed."
        )


@admin.register(Prompt)
class PromptAdmin(ModelAdmin):
    form = PromptForm
    list_display = ("__str__", "prompt_set", "language", "categories", "state")
    list_filter = ("state", "prompt_set", "language", "origin")
    list_select_related = ("prompt_set",)
    search_fields = ("turns",)
    actions = ("approve", "reject")

    def get_fields(self, request: HttpRequest, obj: Prompt | None = None) -> list[str]:
        """What was asked in a battle is shown as it is: its answers belong to it."""
        fields = list(PromptForm.Meta.fields)
        if _is_asked(obj):
            fields[fields.index("turns")] = "asked"
        return fields

    def get_readonly_fields(
        self, request: HttpRequest, obj: Prompt | None = None
    ) -> tuple[str, ...]:
        return ("prompt_set", "turns", "asked") if _is_asked(obj) else ()

    @display(description="Turns")
    def asked(self, prompt: Prompt) -> SafeString:
        return raw_text(BETWEEN_TURNS.join(prompt.turns))

    @admin.action(description="Approve", permissions=["change"])
    def approve(self, request: HttpRequest, chosen: QuerySet[Prompt]) -> None:
        chosen.update(state=Prompt.State.APPROVED)

    @admin.action(description="Reject", permissions=["change"])
    def reject(self, request: HttpRequest, chosen: QuerySet[Prompt]) -> None:
        chosen.update(state=Prompt.State.REJECTED)


def _is_asked(prompt: Prompt | None) -> bool:
    return prompt is not None and prompt.battles.exists()
