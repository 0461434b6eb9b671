"""The judge queue, page by page; each works without JavaScript."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.gzip import gzip_page

from evaluations.battles import (
    ballot,
    judged_set,
    offer,
    queue_depth,
    reveal,
    session_progress,
    session_summary,
)
from evaluations.templatetags.arena import set_asked
from evaluations.views.stage import (
    ballot_values,
    chosen_set,
    going_to,
    reveal_values,
)
from evaluations.views.visitors import for_visitor
from evaluations.volunteers import Visitor
from evaluations.voting import standing_vote

# How soon a page that waits for answers looks again; a header, so that no script is
# needed.
REFRESH_SECONDS = 3


@for_visitor("GET", "HEAD")
def judge(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Hand out the next pair at an address of its own: going back finds the reveal.

    Of all sets, or of the one that the address names.
    """
    slug = set_asked(request)
    prompt_set = judged_set(slug=slug) if slug else None
    offered = offer(visitor=visitor, prompt_set=prompt_set)
    if offered is not None:
        return redirect(going_to(request, "judge_battle", offered.public_id))
    values = {"progress": session_progress(visitor=visitor), "chosen": prompt_set}
    if queue_depth(prompt_set=prompt_set).waiting:
        return waiting(render(request, "judge/waiting.html", values))
    return render(request, "judge/empty.html", values)


@gzip_page
@for_visitor("GET", "HEAD")
def judge_battle(
    request: HttpRequest, visitor: Visitor, battle_id: UUID
) -> HttpResponse:
    """Show the ballot, or the reveal once the visitor has voted."""
    vote = standing_vote(visitor=visitor, battle_id=battle_id)
    shown = ballot(visitor=visitor, battle_id=battle_id)
    if vote is not None:
        values = reveal_values(visitor, reveal(vote=vote), shown)
        values["chosen"] = chosen_set(request)
        return render(request, "judge/reveal.html", values)
    values = ballot_values(visitor, shown) | {"chosen": chosen_set(request)}
    page = render(request, "judge/ballot.html", values)
    return page if shown.ready else waiting(page)


@for_visitor("GET", "HEAD")
def judge_pause(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Say what the session's judgements did."""
    summary = session_summary(visitor=visitor)
    if summary is None:
        return redirect(going_to(request, "judge"))
    values = {"summary": summary, "progress": session_progress(visitor=visitor)}
    return render(request, "judge/pause.html", values)


def waiting(response: HttpResponse) -> HttpResponse:
    response["Refresh"] = str(REFRESH_SECONDS)
    return response
