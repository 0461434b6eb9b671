"""The page of a live battle, and what its volunteer does there besides voting."""

from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.gzip import gzip_page

from evaluations import live
from evaluations.battles import Ballot, session_progress
from evaluations.forms import sent
from evaluations.models import Report
from evaluations.views.ask import PersonalDataFound, read_question
from evaluations.views.errors import refuse, told_when, wants_json
from evaluations.views.visitors import for_visitor, has_consented
from evaluations.volunteers import Visitor
from evaluations.voting import Refusal, standing_vote


@gzip_page
@for_visitor("GET", "HEAD")
def live_battle(
    request: HttpRequest, visitor: Visitor, battle_id: UUID
) -> HttpResponse:
    """Show how the battle stands; a script goes on from there."""
    shown = live.snapshot(visitor=visitor, battle_id=battle_id)
    if shown.state == "voted" and standing_vote(visitor=visitor, battle_id=battle_id):
        return redirect("judge_battle", battle_id)
    return live_page(request, visitor, shown)


@for_visitor("GET", "HEAD")
def live_state(request: HttpRequest, visitor: Visitor, battle_id: UUID) -> HttpResponse:
    """How the battle stands, for a page without a WebSocket."""
    return JsonResponse(live.told(live.snapshot(visitor=visitor, battle_id=battle_id)))


@for_visitor("POST")
def say(request: HttpRequest, visitor: Visitor, battle_id: UUID) -> HttpResponse:
    fields = sent(request)
    try:
        text = read_question(fields)["prompt"]
        live.say(visitor=visitor, battle_id=battle_id, text=text)
    except Refusal as refusal:
        if wants_json(request):
            return refuse(request, refusal)
        shown = live.snapshot(visitor=visitor, battle_id=battle_id)
        message = str(fields.get("prompt") or "")
        return live_page(request, visitor, shown, refusal=refusal, message=message)
    return done(request, battle_id)


@for_visitor("POST")
def stop(request: HttpRequest, visitor: Visitor, battle_id: UUID) -> HttpResponse:
    live.stop(visitor=visitor, battle_id=battle_id)
    return done(request, battle_id)


@for_visitor("POST")
def retry(request: HttpRequest, visitor: Visitor, battle_id: UUID) -> HttpResponse:
    live.retry(visitor=visitor, battle_id=battle_id)
    return done(request, battle_id)


@for_visitor("POST")
def leave(request: HttpRequest, visitor: Visitor, battle_id: UUID) -> HttpResponse:
    """Give the battle up; a new question that came along is asked at once."""
    live.leave(visitor=visitor, battle_id=battle_id)
    if wants_json(request):
        return JsonResponse({"ok": True})
    return redirect("ask", preserve_request=bool(sent(request).get("prompt")))


def done(request: HttpRequest, battle_id: UUID) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"ok": True})
    return redirect("live_battle", battle_id)


def live_page(
    request: HttpRequest,
    visitor: Visitor,
    shown: live.Snapshot,
    *,
    refusal: Refusal | None = None,
    message: str = "",
) -> HttpResponse:
    values = live_values(visitor, shown) | {
        "refusal": refusal,
        "personal": isinstance(refusal, PersonalDataFound),
        "message": message,
    }
    status = refusal.status if refusal else 200
    page = render(request, "battle/page.html", values, status=status)
    return told_when(page, refusal)


def live_values(visitor: Visitor, shown: live.Snapshot) -> dict[str, Any]:
    """What the page gets before the vote: the snapshot, and no more of the battle."""
    return {
        "live": True,
        "shown": shown,
        # What the judging page's bar reads.
        "ballot": Ballot(
            public_id=shown.battle_id,
            left=shown.left,
            category="",
            language="",
            turns=(),
            ready=shown.state == "ready",
        ),
        "idempotency_key": uuid4(),
        "progress": session_progress(visitor=visitor),
        "consented": has_consented(visitor),
        "report_reasons": Report.Reason.choices,
        "limit": settings.ARENA_PROMPT_CHARS,
        "again": f"{reverse('ask')}?again={shown.battle_id}",
    }
