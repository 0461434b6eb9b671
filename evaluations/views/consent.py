"""The agreement before the first vote or question, which waits for it meanwhile."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from evaluations.forms import (
    CarriedVoteForm,
    ConsentForm,
    QuestionForm,
    SuggestionForm,
    checked,
    sent,
)
from evaluations.views.errors import refuse, wants_json
from evaluations.views.stage import going_to
from evaluations.views.visitors import YEAR_SECONDS, for_visitor, remember
from evaluations.volunteers import (
    CONSENT_VERSION,
    Visitor,
    give_consent,
    visitor_with,
)
from evaluations.voting import BadVote, ConsentNeeded, Refusal, cast_vote


@for_visitor("GET", "HEAD", "POST")
def consent(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    if request.method != "POST":
        return consent_page(request, {})
    fields = sent(request)
    if not ConsentForm(fields).is_valid():
        unticked = BadVote("Please tick the box first, or just look around.")
        return ask_consent(request, unticked, fields)
    give_consent(token=visitor.token)
    response = agreed(request, visitor, fields)
    remember(response, visitor.token, seconds=YEAR_SECONDS)
    return response


def agreed(
    request: HttpRequest, visitor: Visitor, fields: Mapping[str, Any]
) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"consented": True, "version": CONSENT_VERSION})
    if fields.get("suggestion"):
        return redirect("suggest", preserve_request=True)
    if fields.get("prompt"):
        # The same fields once more, to where the question was going.
        return redirect("ask", preserve_request=True)
    if not fields.get("battle"):
        return redirect(going_to(request, "judge"))
    try:
        battle_id = cast_carried(visitor, fields)
    except Refusal as refusal:
        # The vote was refused; the consent stands, and with it the cookie.
        return refuse(request, refusal)
    return redirect(going_to(request, "judge_battle", battle_id))


def ask_consent(
    request: HttpRequest, refusal: BadVote | ConsentNeeded, waiting: Mapping[str, Any]
) -> HttpResponse:
    """Refuse with the page that asks for consent; vote or question are kept there."""
    if wants_json(request):
        return refuse(request, refusal)
    return consent_page(
        request, waiting, status=refusal.status, sentence=refusal.sentence
    )


def consent_page(
    request: HttpRequest,
    waiting: Mapping[str, Any],
    *,
    status: int = 200,
    sentence: str = "",
) -> HttpResponse:
    forms = (CarriedVoteForm, QuestionForm, SuggestionForm)
    names = [name for form in forms for name in form.base_fields]
    carried = {name: waiting.get(name) for name in names}
    values = {
        "carried": {name: text for name, text in carried.items() if text},
        "sentence": sentence,
    }
    return render(request, "consent.html", values, status=status)


def cast_carried(visitor: Visitor, fields: Mapping[str, Any]) -> UUID:
    """Cast the vote that waited for the consent; give its battle."""
    given = checked(CarriedVoteForm(fields))
    battle_id: UUID = given.pop("battle")
    volunteer = visitor_with(token=visitor.token)
    cast_vote(visitor=volunteer, battle_id=battle_id, **given)
    return battle_id
