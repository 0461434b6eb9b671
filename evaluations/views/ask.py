"""Asking a question of one's own: the page on which it is written."""

import random
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models.functions import Random
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from evaluations import personal_data
from evaluations.forms import QuestionForm, checked, sent
from evaluations.live import (
    NoContestants,
    OpenBattleExists,
    open_battle,
    open_battle_of,
    snapshot,
)
from evaluations.models import Contestant, Prompt
from evaluations.views.consent import ask_consent
from evaluations.views.errors import refuse, told_when, wants_json
from evaluations.views.visitors import for_visitor, has_consented
from evaluations.volunteers import Visitor
from evaluations.voting import ConsentNeeded, Refusal, consenting

STARTERS, STARTERS_SHOWN = "starter", 4


class PersonalDataFound(Refusal):
    """The question seems to tell who somebody is; it may be sent all the same."""

    status = 422


@for_visitor("GET", "HEAD", "POST")
def ask(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Take a question, or show the page on which it is written."""
    if request.method != "POST":
        return compose(request, visitor, {"prompt": wished(request, visitor)})
    fields = sent(request)
    try:
        consenting(visitor)
        question = read_question(fields)
        battle = open_battle(
            visitor=visitor, text=question["prompt"], publish=question["publish"]
        )
    except ConsentNeeded:
        first = ConsentNeeded("Before your first question, please agree to this.")
        return ask_consent(request, first, fields)
    except Refusal as refusal:
        if wants_json(request):
            return refuse(request, refusal)
        return compose(request, visitor, fields, refusal=refusal)
    if wants_json(request):
        return JsonResponse({"battle": battle.public_id}, status=201)
    return redirect("live_battle", battle.public_id)


def read_question(fields: dict[str, Any]) -> dict[str, Any]:
    """The cleaned fields; PersonalDataFound unless that was seen and meant."""
    question = checked(QuestionForm(fields))
    found = personal_data.find(question["prompt"])
    if found and not question["personal_ok"]:
        raise PersonalDataFound(personal_data.sentence(found))
    return question


def compose(
    request: HttpRequest,
    visitor: Visitor,
    fields: dict[str, Any],
    *,
    refusal: Refusal | None = None,
) -> HttpResponse:
    """The page with the question as it stands, and why it was not sent."""
    makers = asked_makers()
    values = {
        "prompt": fields.get("prompt") or "",
        "publish": bool(fields.get("publish")),
        "open_battle": open_battle_of(visitor=visitor),
        "refusal": None if isinstance(refusal, OpenBattleExists) else refusal,
        "personal": isinstance(refusal, PersonalDataFound),
        "nobody": len(makers) < 2 or isinstance(refusal, NoContestants),
        "makers": sorted(set(makers)),
        "starters": draw_starters(),
        "limit": settings.ARENA_PROMPT_CHARS,
        "consented": has_consented(visitor),
    }
    status = refusal.status if refusal else 200
    response = render(request, "battle/ask.html", values, status=status)
    return told_when(response, refusal)


def wished(request: HttpRequest, visitor: Visitor) -> str:
    """The question that a link asks for: a starter, or the visitor's own once more."""
    if again := request.GET.get("again"):
        return own_question(visitor, again)
    try:
        found = starters().filter(public_id=request.GET.get("prompt") or None).first()
    except ValidationError:
        return ""
    return found.turns[0] if found else ""


def own_question(visitor: Visitor, battle_id: str) -> str:
    try:
        shown = snapshot(visitor=visitor, battle_id=UUID(battle_id))
    except (ValueError, Refusal):
        return ""
    return shown.turns[0].prompt


@for_visitor("GET", "HEAD")
def other_starters(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    values = {"starters": draw_starters()}
    return render(request, "battle/parts/starters.html", values)


def starters() -> Any:
    return Prompt.objects.approved().filter(prompt_set__slug=STARTERS, language="en")


def draw_starters() -> list[Prompt]:
    """Some questions to begin with, each of another category."""
    one_each = list(starters().order_by("categories", Random()).distinct("categories"))
    return random.sample(one_each, min(STARTERS_SHOWN, len(one_each)))


def asked_makers() -> list[str]:
    """Whom a question may be sent to: a maker for each contestant that plays."""
    return list(Contestant.objects.playing().values_list("maker", flat=True))
