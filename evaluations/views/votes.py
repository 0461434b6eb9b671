"""What a visitor does with a pair: vote, undo, say why, skip, report."""

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from evaluations.battles import ballot, report, reveal, skip
from evaluations.forms import (
    ReasonsForm,
    ReportForm,
    SkipForm,
    VoteForm,
    checked,
    sent,
    vote_sent,
)
from evaluations.models import Battle, Report
from evaluations.views.consent import ask_consent
from evaluations.views.errors import wants_json
from evaluations.views.stage import (
    going_to,
    next_after,
    next_fragments,
    reveal_fragments,
    told,
)
from evaluations.views.visitors import for_visitor
from evaluations.volunteers import Visitor
from evaluations.voting import (
    Cast,
    ConsentNeeded,
    cast_vote,
    set_reasons,
    undo_vote,
)


@for_visitor("POST")
def vote(request: HttpRequest, visitor: Visitor, battle_id: UUID) -> HttpResponse:
    fields = vote_sent(request)
    given = checked(VoteForm(fields))
    try:
        cast = cast_vote(visitor=visitor, battle_id=battle_id, **given)
    except ConsentNeeded as refusal:
        return ask_consent(request, refusal, fields | {"battle": battle_id})
    if not wants_json(request):
        return redirect(going_to(request, "judge_battle", battle_id))
    return JsonResponse(outcome(request, visitor, cast, page=bool(fields["next"])))


def outcome(
    request: HttpRequest, visitor: Visitor, cast: Cast, *, page: bool
) -> dict[str, Any]:
    """The reveal as JSON; for the open page with its fragments and the next pair."""
    revealed = reveal(vote=cast.vote)
    body = told(visitor, cast, revealed)
    if page:
        body["html"] = reveal_fragments(request, visitor, revealed)
        body["next"] = next_after(request, visitor, revealed)
    return body


@for_visitor("POST")
def undo(request: HttpRequest, visitor: Visitor, battle_id: UUID) -> HttpResponse:
    undone = undo_vote(visitor=visitor, battle_id=battle_id)
    if not wants_json(request):
        live = undone.battle.mode == Battle.Mode.LIVE
        page = "live_battle" if live else "judge_battle"
        return redirect(going_to(request, page, battle_id))
    # The vote that follows is another one, so it needs another key.
    return JsonResponse({"battle": battle_id, "idempotency_key": uuid4()})


@for_visitor("POST")
def reasons(request: HttpRequest, visitor: Visitor, battle_id: UUID) -> HttpResponse:
    fields = sent(request)
    given = checked(ReasonsForm(fields))
    if "comment" not in fields:
        given["comment"] = None
    told_why = set_reasons(visitor=visitor, battle_id=battle_id, **given)
    if not wants_json(request):
        return redirect(going_to(request, "judge_battle", battle_id))
    return JsonResponse({"reasons": told_why.reasons, "comment": told_why.comment})


@for_visitor("POST")
def skip_battle(
    request: HttpRequest, visitor: Visitor, battle_id: UUID
) -> HttpResponse:
    skip(visitor=visitor, battle_id=battle_id, **checked(SkipForm(sent(request))))
    return go_on(request, visitor, battle_id)


@for_visitor("GET", "HEAD", "POST")
def report_battle(
    request: HttpRequest, visitor: Visitor, battle_id: UUID
) -> HttpResponse:
    if request.method == "POST":
        given = checked(ReportForm(sent(request)))
        report(visitor=visitor, battle_id=battle_id, **given)
        return go_on(request, visitor, battle_id)
    values = {
        "ballot": ballot(visitor=visitor, battle_id=battle_id),
        "report_reasons": Report.Reason.choices,
    }
    return render(request, "judge/report.html", values)


def go_on(request: HttpRequest, visitor: Visitor, battle_id: UUID) -> HttpResponse:
    """To the next pair."""
    if not wants_json(request):
        return redirect(going_to(request, "judge"))
    following = next_fragments(request, visitor, avoiding=[battle_id])
    return JsonResponse({"battle": battle_id, "next": following})
