"""Prompts and their sets."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.text import normalize_newlines
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextareaWidget

from evaluations import leaderboard, moderation, question_sets
from evaluations.admin.base import ModelAdmin, raw_text, user_of
from evaluations.admin.evaluating import evaluate
from evaluations.admin.moderating import moderate
from evaluations.live import pooling
from evaluations.models import Battle, BattleTurn, Prompt, PromptSet
from evaluations.models.prompts import digest_of

ASKED = ("prompt_set", "turns", "asked")
# What a frozen set keeps of its questions.
FIXED = ("prompt_set", "turns", "references")
# What says in which tables the votes on a prompt count.
PLACES = {"prompt_set", "language", "categories"}
TURN = '<div class="asked">{}<div class="said">{}{}</div></div>'
BETWEEN_TURNS = "\n---\n"
RULE = re.compile(r"^---[ \t]*$", re.MULTILINE)


class LineForm(forms.ModelForm):  # type: ignore[type-arg]
    """A line of the list, whose field is named after its set."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = {"aria-label": f"Queue weight of {self.instance}"}
        self.fields["queue_weight"].widget.attrs.update(named)


@admin.register(PromptSet)
class PromptSetAdmin(ModelAdmin):
    list_display = ("title", "slug", "licence", "source", "frozen_at", "queue_weight")
    list_editable = ("queue_weight",)
    search_fields = ("title", "slug")
    actions = ("freeze", evaluate)

    def has_evaluate_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("evaluations.change_run")

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> Any:
        return super().get_changelist_form(request, form=LineForm, **kwargs)

    def get_readonly_fields(
        self, request: HttpRequest, obj: PromptSet | None = None
    ) -> tuple[str, ...]:
        """Its slug is part of addresses, and names the table of its votes."""
        fixed = ("slug", "frozen_at") if obj else ("frozen_at",)
        return (*fixed, "version") if obj and obj.frozen_at else fixed

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: PromptSet | None = None
    ) -> dict[str, tuple[str, ...]]:
        return {} if obj else {"slug": ("title",)}

    @admin.action(description="Freeze at their versions", permissions=["change"])
    def freeze(self, request: HttpRequest, chosen: QuerySet[PromptSet]) -> None:
        for prompt_set in chosen:
            try:
                frozen = question_sets.freeze(prompt_set=prompt_set)
            except question_sets.NothingToFreeze as nothing:
                messages.error(request, str(nothing))
                continue
            if frozen:
                self.log_change(request, prompt_set, "Frozen.")
            sentence = f"{prompt_set} is frozen at version {prompt_set.version}."
            messages.success(request, sentence)


class PromptForm(forms.ModelForm):  # type: ignore[type-arg]
    turns = forms.CharField(
        strip=False,
        widget=UnfoldAdminTextareaWidget,
        help_text="Several turns are separated by a line that holds only ---.",
    )
    references = forms.CharField(
        required=False,
        strip=False,
        widget=UnfoldAdminTextareaWidget,
        help_text="Good answers, one a turn, separated in the same way.",
    )

    class Meta:
        model = Prompt
        fields = (
            "prompt_set",
            "turns",
            "language",
            "categories",
            "references",
            "origin",
            "state",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("turns", "references"):
            if isinstance(texts := self.initial.get(name), list):
                self.initial[name] = BETWEEN_TURNS.join(texts)

    def clean_turns(self) -> list[str]:
        text = normalize_newlines(self.cleaned_data["turns"])
        if text == normalize_newlines(self.initial.get("turns") or ""):
            # A turn that came from elsewhere may hold such a line itself.
            return list(self.instance.turns)
        turns = [turn.strip("\n") for turn in RULE.split(text)]
        for turn in turns:
            _check_turn(turn)
        return turns

    def clean_references(self) -> list[str]:
        text = normalize_newlines(self.cleaned_data["references"])
        if text == normalize_newlines(self.initial.get("references") or ""):
            return list(self.instance.references)
        return [each.strip("\n") for each in RULE.split(text)] if text.strip() else []

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("prompt_set") and cleaned.get("turns"):
            self._check_set(cleaned["prompt_set"], cleaned["turns"])
        if not self.errors:
            self._check_frozen(cleaned)
        return cleaned

    def _check_set(self, prompt_set: PromptSet, turns: list[str]) -> None:
        same = prompt_set.prompts.filter(digest=digest_of(turns))
        if same.exclude(pk=self.instance.pk).exists():
            self.add_error("turns", "The set has a prompt of the same words already.")

    def _check_frozen(self, cleaned: dict[str, Any]) -> None:
        """Say it before the database does: such a set keeps its questions."""
        stored = Prompt.objects.filter(pk=self.instance.pk).first()
        sets = {stored.prompt_set_id} if stored else set()
        if chosen := cleaned.get("prompt_set"):
            sets.add(chosen.pk)
        # Held until the question is saved: somebody may be freezing one.
        held = PromptSet.objects.select_for_update(no_key=True).order_by("pk")
        frozen = [each for each in held.filter(pk__in=sets) if each.frozen_at]
        fixed = [name for name in FIXED if name in cleaned]
        differs = any(getattr(stored, n, None) != cleaned[n] for n in fixed)
        if frozen and differs:
            where = f"{frozen[0]} is frozen at version {frozen[0].version}"
            raise ValidationError(f"{where}: its questions stay as they are.")

    def save(self, commit: bool = True) -> Prompt:
        # A live question keeps its own digest, as its turns are not to be changed.
        if "turns" in self.fields:
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


class WaitingFilter(admin.SimpleListFilter):
    """Those that somebody has to decide on."""

    title = "waiting for approval"
    parameter_name = "waiting"

    def lookups(
        self, request: HttpRequest, model_admin: Any
    ) -> Iterable[tuple[str, str]]:
        return (("all", "all that wait"), ("live", "live questions"))

    def queryset(
        self, request: HttpRequest, prompts: QuerySet[Prompt]
    ) -> QuerySet[Prompt]:
        if self.value() is None:
            return prompts
        waiting = prompts.filter(pk__in=pooling.waiting())
        return waiting.filter(origin="live") if self.value() == "live" else waiting


@admin.register(Prompt)
class PromptAdmin(ModelAdmin):
    """Prompts, but for those that volunteers asked for themselves alone."""

    form = PromptForm
    list_display = ("__str__", "prompt_set", "language", "categories", "state")
    list_filter = (
        *(WaitingFilter, "state", "near_found", "prompt_set", "language", "origin"),
    )
    list_select_related = ("prompt_set",)
    search_fields = ("turns",)
    actions = ("approve", "reject")
    actions_list = ("moderate",)
    actions_submit_line = ("approve_this", "reject_this")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Prompt]:
        prompts: QuerySet[Prompt] = super().get_queryset(request)
        return prompts.exclude(state=Prompt.State.PRIVATE)

    def get_fields(self, request: HttpRequest, obj: Prompt | None = None) -> list[str]:
        """What was asked in a battle is shown as it is: its answers belong to it."""
        fields = list(PromptForm.Meta.fields)
        if _is_asked(obj):
            fields[fields.index("turns")] = "answered" if _is_live(obj) else "asked"
        return fields

    def get_readonly_fields(
        self, request: HttpRequest, obj: Prompt | None = None
    ) -> tuple[str, ...]:
        if _is_live(obj):
            # Its state has conditions and consequences, which only the actions know.
            return (*ASKED, "answered", "origin", "state")
        return ASKED if _is_asked(obj) else ()

    def save_model(
        self, request: HttpRequest, obj: Prompt, form: PromptForm, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        if change and "turns" in form.changed_data:
            question_sets.forget_likeness(prompts=[obj])
        moved = change and PLACES & set(form.changed_data)
        # Its votes now belong to other tables.
        if moved and leaderboard.count_again(prompt=obj):
            messages.success(request, "All tallies have been counted anew.")

    @display(description="Turns")
    def asked(self, prompt: Prompt) -> SafeString:
        return raw_text(BETWEEN_TURNS.join(prompt.turns))

    @display(description="Questions and answers")
    def answered(self, prompt: Prompt) -> SafeString:
        """Side by side, and by nobody: whoever decides may judge them as well."""
        turns = zip(prompt.turns, _turns(prompt), strict=False)
        texts = ((asked, t.answer_x.text, t.answer_y.text) for asked, t in turns)
        return format_html_join("", TURN, (map(raw_text, turn) for turn in texts))

    @admin.action(description="Approve", permissions=["change"])
    def approve(self, request: HttpRequest, chosen: QuerySet[Prompt]) -> None:
        wanted, approved = (
            chosen.count(),
            moderation.approve(prompts=chosen, by=user_of(request)),
        )
        self._say(request, "approved", approved, wanted - approved)

    @admin.action(description="Reject", permissions=["change"])
    def reject(self, request: HttpRequest, chosen: QuerySet[Prompt]) -> None:
        wanted, rejected = (
            chosen.count(),
            moderation.reject(prompts=chosen, by=user_of(request)),
        )
        self._say(request, "rejected", rejected, wanted - rejected)

    @action(
        description="Decide one by one", url_path="moderate", permissions=["change"]
    )
    def moderate(self, request: HttpRequest) -> HttpResponse:
        return moderate(self, request)

    @action(description="Save and approve", permissions=["change"])
    def approve_this(self, request: HttpRequest, prompt: Prompt) -> None:
        self.approve(request, Prompt.objects.filter(pk=prompt.pk))

    @action(description="Save and reject", permissions=["change"])
    def reject_this(self, request: HttpRequest, prompt: Prompt) -> None:
        self.reject(request, Prompt.objects.filter(pk=prompt.pk))

    def _say(self, request: HttpRequest, done: str, number: int, left: int) -> None:
        if number:
            messages.success(request, f"Prompts {done}: {number}.")
        if left:
            sentence = f"Left as they are: {left}, whose battles are not over or gone."
            messages.warning(request, sentence)


def _turns(prompt: Prompt) -> QuerySet[BattleTurn]:
    """Those of the live battle in which a prompt was asked."""
    turns = BattleTurn.objects.filter(
        battle__prompt=prompt, battle__mode=Battle.Mode.LIVE
    )
    return turns.select_related("answer_x", "answer_y").order_by("number")


def _is_asked(prompt: Prompt | None) -> bool:
    return prompt is not None and prompt.battles.exists()


def _is_live(prompt: Prompt | None) -> bool:
    return prompt is not None and prompt.origin == Prompt.Origin.LIVE
