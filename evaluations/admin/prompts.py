"""Prompts and their sets."""

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from evaluations.admin.base import ModelAdmin
from evaluations.models import Prompt, PromptSet


@admin.register(PromptSet)
class PromptSetAdmin(ModelAdmin):
    list_display = ("title", "slug", "licence", "source", "frozen_at")
    search_fields = ("title", "slug")
    prepopulated_fields = {"slug": ("title",)}


class PromptForm(forms.ModelForm):  # type: ignore[type-arg]
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

    def save(self, commit: bool = True) -> Prompt:
        self.instance.fill_digests()
        prompt: Prompt = super().save(commit)
        return prompt


@admin.register(Prompt)
class PromptAdmin(ModelAdmin):
    form = PromptForm
    list_display = ("__str__", "prompt_set", "language", "categories", "state")
    list_filter = ("state", "prompt_set", "language", "origin")
    list_select_related = ("prompt_set",)
    search_fields = ("turns",)
    actions = ("approve", "reject")

    @admin.action(description="Approve", permissions=["change"])
    def approve(self, request: HttpRequest, chosen: QuerySet[Prompt]) -> None:
        chosen.update(state=Prompt.State.APPROVED)

    @admin.action(description="Reject", permissions=["change"])
    def reject(self, request: HttpRequest, chosen: QuerySet[Prompt]) -> None:
        chosen.update(state=Prompt.State.REJECTED)
