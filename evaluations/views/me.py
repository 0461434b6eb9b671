"""A volunteer's own votes and live battles."""

from typing import TypeVar
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from evaluations.live.erasing import delete
from evaluations.live.exporting import exported
from evaluations.live.own import (
    Key,
    Kind,
    Standing,
    battles_of,
    deed_of_battle,
    deed_of_vote,
    deeds,
    keys_of,
)
from evaluations.models import Vote
from evaluations.views.visitors import for_visitor
from evaluations.volunteers import Visitor
from evaluations.voting import (
    BattleUnknown,
    VoteUnknown,
    vote_counts,
    votes_of,
    withdraw_vote,
)

PAGE_LENGTH = 30
KINDS = {
    Kind.ALL: "Everything",
    Kind.LIVE: "Live battles",
    Kind.JUDGED: "Pairs judged",
}
STANDINGS = {
    Standing.ALL: "All",
    Standing.STANDING: "Standing",
    Standing.WITHDRAWN: "Withdrawn",
}
Choice = TypeVar("Choice", Kind, Standing)


@for_visitor("GET", "HEAD")
def me(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """List what this browser did, filtered as its address says."""
    if visitor.volunteer is None:
        return render(request, "me/empty.html")
    kind = _chosen(request, "kind", Kind.ALL)
    standing = _chosen(request, "standing", Standing.ALL)
    keys = keys_of(volunteer=visitor.volunteer, kind=kind, standing=standing)
    page: Page[Key] = Paginator(keys, PAGE_LENGTH).get_page(request.GET.get("page"))
    filtered = (kind, standing) != (Kind.ALL, Standing.ALL)
    if not page.paginator.count and not filtered:
        return render(request, "me/empty.html")
    values = {
        "page": page,
        "deeds": deeds(volunteer=visitor.volunteer, keys=page),
        "today": vote_counts(volunteer=visitor.volunteer)[1],
        "kinds": KINDS.items(),
        "standings": STANDINGS.items(),
        "kind": kind,
        "standing": standing,
    }
    return render(request, "me/list.html", values)


def _chosen(request: HttpRequest, name: str, otherwise: Choice) -> Choice:
    """What the address asks for; an unknown word is no wish."""
    try:
        return type(otherwise)(request.GET.get(name, otherwise))
    except ValueError:
        return otherwise


@for_visitor("GET", "HEAD")
def export(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Hand out all that is kept of this browser, as one file."""
    if visitor.volunteer is None:
        return redirect("me")
    response = JsonResponse(
        exported(volunteer=visitor.volunteer),
        json_dumps_params={"ensure_ascii": False, "indent": 2},
    )
    name = f"open-arena-{timezone.now():%Y-%m-%d}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


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
    return render(request, "me/withdraw.html", {"deed": deed_of_vote(vote)})


@for_visitor("GET", "HEAD", "POST")
def delete_battle(
    request: HttpRequest, visitor: Visitor, battle_id: UUID
) -> HttpResponse:
    """Ask first, then erase a live battle."""
    if request.method == "POST":
        delete(visitor=visitor, battle_id=battle_id)
        return redirect("me")
    if visitor.volunteer is None:
        raise BattleUnknown
    own = battles_of(volunteer=visitor.volunteer)
    live = own.filter(battle__public_id=battle_id).first()
    if live is None or not deed_of_battle(live).can_delete:
        raise BattleUnknown
    return render(request, "me/delete.html", {"deed": deed_of_battle(live)})
