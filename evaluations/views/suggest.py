"""Suggesting a prompt for everybody: the page on which it is written."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from evaluations import moderation, personal_data
from evaluations.forms import SuggestionForm, checked, sent
from evaluations.templatetags.arena import category_name
from evaluations.views.ask import PersonalDataFound
from evaluations.views.choices import Option
from evaluations.views.consent import ask_consent
from evaluations.views.errors import refuse, told_when, wants_json
from evaluations.views.visitors import for_visitor
from evaluations.volunteers import Visitor
from evaluations.voting import ConsentNeeded, Refusal, consenting

MOST_SHOWN = 20


@for_visitor("GET", "HEAD", "POST")
def suggest(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Take a suggestion, or show the page on which it is written."""
    if request.method != "POST":
        return compose(request, visitor, {})
    fields = sent(request)
    try:
        consenting(visitor)
        given = _read(fields)
        moderation.suggest(
            visitor=visitor,
            text=given["suggestion"],
            language=given["language"],
            category=given["category"],
        )
    except ConsentNeeded:
        first = ConsentNeeded("Before your first suggestion, please agree to this.")
        return ask_consent(request, first, fields)
    except Refusal as refusal:
        if wants_json(request):
            return refuse(request, refusal)
        return compose(request, visitor, fields, refusal=refusal)
    return redirect(f"{reverse('suggest')}?sent=1")


@for_visitor("POST")
def take_back(request: HttpRequest, visitor: Visitor, prompt_id: UUID) -> HttpResponse:
    moderation.take_back(visitor=visitor, prompt_id=prompt_id)
    return redirect("suggest")


def _read(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The cleaned fields; PersonalDataFound unless that was seen and meant."""
    given = checked(SuggestionForm(fields))
    found = personal_data.find(given["suggestion"])
    if found and not given["personal_ok"]:
        raise PersonalDataFound(personal_data.sentence(found))
    return given


def compose(
    request: HttpRequest,
    visitor: Visitor,
    fields: Mapping[str, Any],
    *,
    refusal: Refusal | None = None,
) -> HttpResponse:
    """The page with the suggestion as it stands, and why it was not sent."""
    own = list(moderation.suggestions_of(visitor=visitor)[:MOST_SHOWN])
    values = {
        "suggestion": fields.get("suggestion") or "",
        "publish": bool(fields.get("publish")),
        "languages": _languages(fields.get("language") or "en"),
        "categories": _categories(fields.get("category") or ""),
        "refusal": refusal,
        "personal": isinstance(refusal, PersonalDataFound),
        "is_sent": "sent" in request.GET and not refusal,
        "own": own,
        "licence": moderation.LICENCE,
        "longest": moderation.LONGEST,
        "a_day": settings.ARENA_SUGGESTIONS_PER_DAY,
    }
    status = refusal.status if refusal else 200
    response = render(request, "prompts/suggest.html", values, status=status)
    return told_when(response, refusal)


def _languages(chosen: str) -> list[Option]:
    return [
        Option(code, name, code == chosen)
        for code, name in SuggestionForm.base_fields["language"].choices  # type: ignore[attr-defined]
    ]


def _categories(chosen: str) -> list[Option]:
    offered = [("", "Not sure")]
    offered += [(each, category_name(each)) for each in moderation.offered_categories()]
    return [Option(value, name, value == chosen) for value, name in offered]
