"""The judging page's parts, as template values, as HTML fragments and as JSON."""

from collections.abc import Collection
from dataclasses import asdict
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from evaluations.battles import (
    Ballot,
    Reveal,
    Revealed,
    SetNotJudged,
    judged_set,
    offer,
    session_progress,
)
from evaluations.models import PromptSet, Report, Vote
from evaluations.templatetags.arena import keeping_set, set_asked
from evaluations.views.visitors import has_consented
from evaluations.volunteers import Visitor
from evaluations.voting import Cast

# Fewer others than this would point at single people.
AGREEMENT_FROM = 5


def going_to(request: HttpRequest, name: str, *args: object) -> str:
    """An address with the visitor's choice of a set."""
    return reverse(name, args=args) + keeping_set(request)


def chosen_set(request: HttpRequest) -> PromptSet | None:
    """The set that the visitor chose; None for the mix of all, and where it is gone."""
    slug = set_asked(request)
    try:
        return judged_set(slug=slug) if slug else None
    except SetNotJudged:
        return None


def ballot_values(visitor: Visitor, ballot: Ballot) -> dict[str, Any]:
    """What the page gets before the vote: the ballot, and no more of the battle."""
    progress = session_progress(visitor=visitor)
    return {
        "ballot": ballot,
        "progress": progress,
        "pair_number": progress.done + 1,
        "idempotency_key": uuid4(),
        "consented": has_consented(visitor),
        "report_reasons": Report.Reason.choices,
    }


def reveal_values(
    visitor: Visitor, revealed: Reveal, ballot: Ballot | None = None
) -> dict[str, Any]:
    """What the page gets after the vote; the texts only where it is drawn anew."""
    progress = session_progress(visitor=visitor)
    done = progress.length if progress.finished else progress.done
    return {
        "ballot": ballot,
        "reveal": revealed,
        "progress": progress,
        "pair_number": done,
        "pairs_done": done,
        "consented": True,
        "reasons": Vote.Reason.choices,
        "report_reasons": Report.Reason.choices,
        "show_agreement": revealed.others >= AGREEMENT_FROM,
        "next_page": "judge_pause" if progress.finished else "judge",
    }


def told(visitor: Visitor, cast: Cast, revealed: Reveal) -> dict[str, Any]:
    """A vote's outcome for programs."""
    shown = revealed.others >= AGREEMENT_FROM
    return {
        "battle": revealed.battle_id,
        "verdict": revealed.verdict,
        "state": revealed.state,
        "repeated": cast.repeated,
        "undo_seconds": revealed.undo_seconds,
        "a": side_told(revealed.a),
        "b": side_told(revealed.b),
        "others": revealed.others if shown else None,
        "agreeing": revealed.agreeing if shown else None,
        "check": revealed.check,
        "same_choice": revealed.same_choice,
        "session": asdict(session_progress(visitor=visitor)),
    }


def side_told(side: Revealed) -> dict[str, Any]:
    billions = side.parameters_b
    return asdict(side) | {
        "parameters_b": None if billions is None else float(billions)
    }


def reveal_fragments(
    request: HttpRequest, visitor: Visitor, revealed: Reveal
) -> dict[str, str]:
    """What the open page swaps in: both headers, the tabs and the bar."""
    values = reveal_values(visitor, revealed)
    return {
        "a": _part(request, "identity", values | {"side": revealed.a, "letter": "A"}),
        "b": _part(request, "identity", values | {"side": revealed.b, "letter": "B"}),
        "bar": _part(request, "verdict", values),
    }


def next_after(
    request: HttpRequest, visitor: Visitor, revealed: Reveal
) -> dict[str, str]:
    """What follows a vote: the next pair, or the pause at a session's end."""
    if revealed.live:
        return {"url": reverse("ask")}
    if session_progress(visitor=visitor).finished:
        return {"url": going_to(request, "judge_pause")}
    return next_fragments(request, visitor, avoiding=[revealed.battle_id])


def next_fragments(
    request: HttpRequest, visitor: Visitor, *, avoiding: Collection[UUID]
) -> dict[str, str]:
    """The next pair, reserved and drawn; only an address where there is none."""
    prompt_set = chosen_set(request)
    if set_asked(request) and prompt_set is None:
        # Taken out of the queue meanwhile, which that page says.
        return {"url": going_to(request, "judge")}
    ballot = offer(visitor=visitor, avoiding=avoiding, prompt_set=prompt_set)
    if ballot is None:
        return {"url": going_to(request, "judge")}
    values = ballot_values(visitor, ballot) | {"chosen": prompt_set}
    return {
        "url": going_to(request, "judge_battle", ballot.public_id),
        "pair": _part(request, "pair", values),
        "bar": _part(request, "choices", values),
    }


def _part(request: HttpRequest, name: str, values: dict[str, Any]) -> str:
    return render_to_string(f"judge/parts/{name}.html", values, request)
