"""A volunteer's own votes."""

from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from evaluations.models import Contestant, Vote
from evaluations.views.visitors import for_visitor
from evaluations.volunteers import Visitor
from evaluations.voting import (
    VoteUnknown,
    vote_counts,
    votes_of,
    withdraw_vote,
)

PAGE_LENGTH = 30


@dataclass(frozen=True)
class Line:
    """A vote as its volunteer reads it; a was shown left."""

    vote: Vote
    prompt: str
    a: Contestant
    b: Contestant

    @property
    def can_withdraw(self) -> bool:
        return self.vote.state != Vote.State.WITHDRAWN


@for_visitor("GET", "HEAD")
def me(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    if visitor.volunteer is None:
        return render(request, "me/empty.html")
    votes = votes_of(volunteer=visitor.volunteer).exclude(rule="undo")
    page: Page[Vote] = Paginator(votes, PAGE_LENGTH).get_page(request.GET.get("page"))
    values = {
        "page": page,
        "lines": [line_of(vote) for vote in page],
        "today": vote_counts(volunteer=visitor.volunteer)[1],
    }
    return render(
        request, "me/votes.html" if page.paginator.count else "me/empty.html", values
    )


@for_visitor("GET", "HEAD", "POST")
def withdraw(request: HttpRequest, visitor: Visitor, vote_id: UUID) -> HttpResponse:
    """Ask first, then take the vote back."""
    if request.method == "POST":
        withdraw_vote(visitor=visitor, vote_id=vote_id)
        return redirect("me")
    own = (
        votes_of(volunteer=visitor.volunteer)
        if visitor.volunteer
        else Vote.objects.none()
    )
    vote = own.filter(public_id=vote_id).first()
    if vote is None:
        raise VoteUnknown
    return render(request, "me/withdraw.html", {"line": line_of(vote)})


def line_of(vote: Vote) -> Line:
    x, y = vote.battle.contestant_x, vote.battle.contestant_y
    a, b = (x, y) if vote.left == Vote.Side.X else (y, x)
    return Line(vote=vote, prompt=vote.battle.prompt.turns[0], a=a, b=b)
