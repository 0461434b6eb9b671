"""Prompts that wait, one at a time, decided on with one key each."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.postgres.forms import SimpleArrayField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.widgets import UnfoldAdminTextInputWidget

from evaluations import moderation, personal_data
from evaluations.admin.base import ReadOnlyAdmin, user_of
from evaluations.live import pooling
from evaluations.models import Decision, Prompt
from evaluations.moderation import NothingToUndo, Waiting

GONE = "That prompt does not wait any more."


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    """Who decided what, and when."""

    list_display = (
        "prompt",
        "kind",
        "reason",
        "decided_by",
        "decided_at",
        "undone_by",
        "undone_at",
    )
    list_filter = ("kind", "reason", "decided_by")
    list_select_related = ("prompt", "decided_by", "undone_by")
    ordering = ("-id",)


class EditForm(forms.Form):
    """What kind of prompt it is; its words are its volunteer's."""

    language = forms.CharField(max_length=12, widget=UnfoldAdminTextInputWidget)
    categories = SimpleArrayField(
        forms.CharField(max_length=40),
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text="Several are separated by commas.",
    )


def moderate(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """Show the prompt that the address names, or decide on the one that was sent."""
    if request.method == "POST":
        return HttpResponseRedirect(_address(_decide(request)))
    at = request.GET.get("at", "")
    waiting = moderation.waiting_at(int(at) if at.isdecimal() else None)
    return TemplateResponse(
        request, "admin/moderate.html", _context(model_admin, request, waiting)
    )


def _address(at: int | None = None) -> str:
    where = reverse("admin:evaluations_prompt_moderate")
    return f"{where}?at={at}" if at else where


def _context(
    model_admin: Any, request: HttpRequest, waiting: Waiting | None
) -> dict[str, Any]:
    context = {
        **model_admin.admin_site.each_context(request),
        "title": "Prompts that wait",
        "opts": model_admin.model._meta,
        "waiting": waiting,
        "shares": moderation.pool_shares(),
        "last": moderation.last_decision(by=user_of(request)),
    }
    return context | (_shown(model_admin, waiting) if waiting else {})


def _shown(model_admin: Any, waiting: Waiting) -> dict[str, Any]:
    prompt = waiting.prompt
    is_live = prompt.origin == Prompt.Origin.LIVE
    told = model_admin.answered(prompt) if is_live else model_admin.asked(prompt)
    kind = {"language": prompt.language, "categories": prompt.categories}
    return {
        "told": told,
        "personal": personal_data.sentence(
            personal_data.find("\n\n".join(prompt.turns))
        ),
        "alike": moderation.likely_duplicates(prompt=prompt),
        "reasons": [
            (number, *reason)
            for number, reason in enumerate(Decision.Reason.choices, start=1)
        ],
        "decisions": prompt.decisions.select_related("decided_by").order_by("-pk"),
        "before": _address(waiting.before) if waiting.before else "",
        "after": _address(waiting.after) if waiting.after else "",
        "form": EditForm(initial=kind),
    }


def _decide(request: HttpRequest) -> int | None:
    """Do what a button says; return which prompt to go on from."""
    act, by = request.POST.get("act", ""), user_of(request)
    if act == "undo":
        return _undo(request)
    sent = request.POST.get("prompt", "")
    waiting = pooling.waiting().filter(pk=int(sent) if sent.isdecimal() else 0)
    prompt = waiting.first()
    if prompt is None:
        messages.warning(request, GONE)
    elif act == "approve":
        done = moderation.approve(prompts=waiting, by=by)
        _say(request, "Approved." if done else GONE, done)
    elif act in Decision.Reason.values:
        done = moderation.reject(prompts=waiting, by=by, reason=act)
        _say(request, "Rejected." if done else GONE, done)
    elif act == "edit":
        _edit(request, prompt)
    return int(sent) if sent.isdecimal() else None


def _say(request: HttpRequest, sentence: str, done: int) -> None:
    messages.add_message(
        request, messages.SUCCESS if done else messages.WARNING, sentence
    )


def _undo(request: HttpRequest) -> int | None:
    try:
        undone = moderation.undo(by=user_of(request))
    except NothingToUndo as refused:
        messages.warning(request, str(refused))
        return None
    kind, state = undone.decision.get_kind_display(), undone.prompt.state
    messages.success(request, f"It is no longer {kind}: it is {state}.")
    return undone.prompt.pk


def _edit(request: HttpRequest, prompt: Prompt) -> None:
    form = EditForm(request.POST)
    if not form.is_valid():
        name, complaints = next(iter(form.errors.items()))
        messages.error(request, f"{name}: {complaints[0]}")
    elif moderation.edit(prompt=prompt, by=user_of(request), **form.cleaned_data):
        messages.success(request, "Edited.")
